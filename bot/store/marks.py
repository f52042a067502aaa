"""What a door has to remember between two starts: how far it listened, and where.

Sealed like texts, and gone a month after it was last of use.
"""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from bot.store.database import inserting
from bot.store.keys import Keys, Owner
from bot.store.sealing import Seal
from bot.store.store import MEMORY
from bot.store.tables import MARKS

_NOBODY = Owner(None)


class Marks:
    """The marks of all doors. Everything here blocks for about a millisecond."""

    def __init__(self, engine: sa.Engine, seal: Seal) -> None:
        self._engine = engine
        self._seal = seal
        self.keys = Keys(seal)

    def put(self, kind: str, said: dict[str, str], owner: Owner = _NOBODY) -> None:
        """Remembers what is said under each name, in the place of what was said before.

        `owner`: whose it is, if it is anybody's.
        """
        now = time.time()
        with self._engine.begin() as connection:
            for each, text in said.items():
                name = self._seal.name(kind, each)
                sealed = self.keys.close(connection, owner.workspace, text, name)
                row = {"kind": kind, "sealed": sealed, "at": now, **owner._asdict()}
                adding = inserting(connection, MARKS).values(name=name, **row)
                connection.execute(adding.on_conflict_do_update(index_elements=["name"], set_=row))

    def of(self, kind: str, limit: int = 1000) -> list[str]:
        """What was said of a kind, the latest first; not what another key sealed."""
        query = sa.select(MARKS).where(MARKS.c.kind == kind)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(MARKS.c.at.desc()).limit(limit)).all()
            texts = [self._plain(connection, row) for row in rows]
        return [text for text in texts if text is not None]

    def said(self, kind: str, name: str) -> str | None:
        """What was last said under a name."""
        query = sa.select(MARKS).where(MARKS.c.name == self._seal.name(kind, name))
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
            return None if row is None else self._plain(connection, row)

    def forget_old(self) -> None:
        """Deletes what was not of use for a month."""
        before = time.time() - MEMORY.total_seconds()
        with self._engine.begin() as connection:
            connection.execute(MARKS.delete().where(MARKS.c.at <= before))

    def _plain(self, connection: sa.Connection, row: sa.Row[Any]) -> str | None:
        return self.keys.open(connection, row.workspace, row.sealed, row.name)

"""What a door has to remember between two starts: how far it listened, and where.

Sealed like texts, and gone a month after it was last of use.
"""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.store.sealing import Seal, SealBrokenError
from bot.store.store import MEMORY, create_tables

_tables = sa.MetaData()
_marks = sa.Table(
    "mikiwame_marks",
    _tables,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)


class Marks:
    """The marks of all doors. Everything here blocks for about a millisecond."""

    def __init__(self, engine: sa.Engine, seal: Seal) -> None:
        self._engine = engine
        self._seal = seal
        self._insert: Any = (
            postgres_insert if engine.dialect.name == "postgresql" else sqlite_insert
        )

    def create(self) -> None:
        """Makes what is not there yet."""
        create_tables(self._engine, _tables)

    def put(self, kind: str, said: dict[str, str]) -> None:
        """Remembers what is said under each name, in the place of what was said before."""
        now = time.time()
        with self._engine.begin() as connection:
            for each, text in said.items():
                name = self._seal.name(kind, each)
                row = {"kind": kind, "sealed": self._seal.close(text.encode(), name), "at": now}
                adding = self._insert(_marks).values(name=name, **row)
                connection.execute(adding.on_conflict_do_update(index_elements=["name"], set_=row))

    def of(self, kind: str, limit: int = 1000) -> list[str]:
        """What was said of a kind, the latest first; not what another key sealed."""
        query = sa.select(_marks).where(_marks.c.kind == kind)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(_marks.c.at.desc()).limit(limit)).all()
        return [text for row in rows if (text := self._plain(row.sealed, row.name)) is not None]

    def said(self, kind: str, name: str) -> str | None:
        """What was last said under a name."""
        hidden = self._seal.name(kind, name)
        query = sa.select(_marks.c.sealed).where(_marks.c.name == hidden)
        with self._engine.connect() as connection:
            sealed = connection.execute(query).scalar()
        return None if sealed is None else self._plain(sealed, hidden)

    def forget_old(self) -> None:
        """Deletes what was not of use for a month."""
        before = time.time() - MEMORY.total_seconds()
        with self._engine.begin() as connection:
            connection.execute(_marks.delete().where(_marks.c.at <= before))

    def _plain(self, sealed: bytes, name: str) -> str | None:
        try:
            return self._seal.open(sealed, name).decode()
        except SealBrokenError:
            return None

"""One sealed row for each workspace, in tables of `workspace`, `sealed` and `at`."""

from __future__ import annotations

import time

import sqlalchemy as sa

from bot.store.database import inserting
from bot.store.keys import Keys
from bot.store.tables import KEYS


class Rows:
    """Reads and writes such rows. All of it blocks for about a millisecond."""

    def __init__(self, engine: sa.Engine, keys: Keys) -> None:
        self._engine = engine
        self._keys = keys

    def read(self, table: sa.Table, workspace: str) -> str | None:
        """What was written for a workspace; None where nothing was, or no key opens it."""
        name = self._keys.workspace(workspace)
        query = sa.select(table.c.sealed).where(table.c.workspace == name)
        with self._engine.connect() as connection:
            sealed = connection.execute(query).scalar()
            return self._keys.open(connection, name, sealed, f"{table.name} {name}")

    def write(self, table: sa.Table, workspace: str, text: str) -> None:
        """Keeps a text for a workspace in the place of an earlier one."""
        name = self._keys.workspace(workspace)
        with self._engine.begin() as connection:
            sealed = self._keys.close(connection, name, text, f"{table.name} {name}")
            row = {"sealed": sealed, "at": time.time()}
            adding = inserting(connection, table).values(workspace=name, **row)
            connection.execute(adding.on_conflict_do_update(index_elements=["workspace"], set_=row))

    def all(self, table: sa.Table) -> list[str]:
        """What was written, for all workspaces; not what no key opens any more."""
        key = table.join(KEYS, KEYS.c.workspace == table.c.workspace)
        query = sa.select(table, KEYS.c.wrapped).select_from(key)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        texts = (
            self._keys.plain(
                row.workspace, row.wrapped, row.sealed, f"{table.name} {row.workspace}"
            )
            for row in rows
        )
        return [text for text in texts if text is not None]

    def note_once(self, table: sa.Table, name: str, lasts: float) -> bool:
        """Notes a name for so many seconds; False where it is noted already."""
        now = time.time()
        with self._engine.begin() as connection:
            connection.execute(table.delete().where(table.c.at < now - lasts))
            adding = inserting(connection, table).values(name=name, at=now)
            noted = adding.on_conflict_do_nothing().returning(table.c.name)
            return connection.execute(noted).first() is not None

"""Forgetting: everything that is stored of a person or a workspace, in this process or beside it.

What is erased is found by the keyed hashes in the columns `workspace` and `person` of all tables
(catalogue.py). A workspace's key goes first, and with it all that it sealed, wherever a copy is. A
running bot may go on meanwhile, on SQLite too: what it is about to answer leaves nothing behind
(store.py), and what comes in later begins anew.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import sqlalchemy as sa

from bot.store.catalogue import ALL
from bot.store.database import empty_log, is_postgres
from bot.store.keys import Keys
from bot.store.origins import erase_unowned
from bot.store.rows import Rows
from bot.store.tables import JOBS, KEYS
from bot.store.workspaces import Workspaces

#: Jobs whose rows of DBOS are deleted in one go.
_BATCH = 500
#: Milliseconds for which overwriting waits until it has the database for itself.
_PATIENCE = 30000

Conditions = Sequence[sa.ColumnElement[bool]]


class Forgetting:
    """Erases. Both ways block for as long as there is much to erase, and may be tried again."""

    def __init__(self, engine: sa.Engine, keys: Keys) -> None:
        self._engine = engine
        self._keys = keys

    def workspace(self, workspace: str) -> Counter[str]:
        """Erases a workspace (`slack/T…`, `discord/…`) and its key: how many rows, by table."""
        name = self._keys.workspace(workspace)
        return self._erase(lambda table: _where(table, workspace=name))

    def person(self, door: str, by: str, workspace: str | None = None) -> Counter[str]:
        """Erases what came of what a person did, in one workspace or in all: rows by table.

        What others asked about the same messages is theirs; of settings that name the person the
        rest stays.
        """
        hashes = {"person": self._keys.person(door, by)}
        if workspace is not None:
            hashes["workspace"] = self._keys.workspace(workspace)
        erased = self._erase(lambda table: _where(table, **hashes))
        naming = Workspaces(Rows(self._engine, self._keys)).leave_out(door, by, workspace)
        erased += Counter({"settings that named them": naming})
        if workspace is None:
            erased += self.workspace(f"{door}/@{by}")  # where the two of them talked alone
        return erased

    def _erase(self, which: Callable[[sa.Table], Conditions]) -> Counter[str]:
        erased: Counter[str] = Counter()
        self._erase_workflows(which(JOBS))
        # The key first: whoever is sealing with it holds it until that is written, and deleted.
        with self._engine.begin() as connection:
            for table in (KEYS, *(each for each in ALL if each is not KEYS)):
                if conditions := which(table):
                    gone = connection.execute(table.delete().where(*conditions)).rowcount
                    erased[table.info.get("said", table.name.removeprefix("mikiwame_"))] += gone
            erased["rows of an earlier release that may be anybody's"] += erase_unowned(connection)
        return +erased

    # ---- DBOS's own rows ----------------------------------------------------------------------

    def _erase_workflows(self, jobs: Conditions) -> None:
        """DBOS knows a job by its name; without it the job could still be found to have been."""
        schema = _dbos_schema(self._engine)
        if not jobs or not sa.inspect(self._engine).has_table("workflow_status", schema):
            return
        with self._engine.connect() as connection:
            names = connection.execute(sa.select(JOBS.c.name).where(*jobs)).scalars().all()
        if not names:
            return
        from dbos import DBOSClient  # noqa: PLC0415 - half a second, and often not needed

        client = DBOSClient(system_database_engine=self._engine, lazy=True)
        try:
            for start in range(0, len(names), _BATCH):
                client.delete_workflows(list(names[start : start + _BATCH]))
        finally:
            client.destroy()

    # ---- what the files still hold ------------------------------------------------------------

    def overwrite(self) -> bool:
        """Writes the database anew without what was deleted, so that no file of it holds that.

        Whoever uses the database waits meanwhile, about three seconds for 100 MB; False where
        somebody does not let go of it. On Postgres its log of changes (WAL) holds what was deleted
        for as long as the server keeps that.
        """
        if not is_postgres(self._engine):
            return _rewrite_file(str(self._engine.url.database))
        try:
            self._rewrite_tables()
        except sa.exc.OperationalError:
            return False
        return True

    def _rewrite_tables(self) -> None:
        engine = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f"SET lock_timeout = {_PATIENCE}"))
            try:
                for name in _named(connection):
                    connection.execute(sa.text(f"VACUUM (FULL) {name}"))
            finally:
                connection.execute(sa.text("RESET lock_timeout"))


def _rewrite_file(path: str) -> bool:
    """Writes a SQLite file anew and empties its log, where nobody is busy with it for long."""
    connection = sqlite3.connect(path, timeout=_PATIENCE / 1000, isolation_level=None)
    try:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("VACUUM")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return empty_log(path, _PATIENCE / 1000)


def _where(table: sa.Table, **hashes: str) -> Conditions:
    """The rows of a workspace or a person; none of a table that does not tell them apart."""
    if any(column not in table.c for column in hashes):
        return ()
    return [table.c[column] == said for column, said in hashes.items()]


def _named(connection: sa.Connection) -> Iterator[str]:
    """All tables, as SQL names them."""
    yield from (table.name for table in ALL)
    schema = _dbos_schema(connection)
    for name in sa.inspect(connection).get_table_names(schema):
        yield f'"{schema}"."{name}"'


def _dbos_schema(database: sa.Engine | sa.Connection) -> str | None:
    """Where DBOS keeps its tables."""
    return "dbos" if is_postgres(database) else None

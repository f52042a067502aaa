"""The tables as this release needs them: made, or brought there from what an earlier one left.

A new table is made wherever it is missing. A new column needs a step here, with the next number;
a step says what to do if the columns are not there, so that it may be tried again. Old processes go
on beside it on Postgres: columns are added, and may be NULL; nothing is taken away or renamed.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from bot.settings import SettingsError
from bot.store.catalogue import ALL
from bot.store.database import inserting, is_postgres
from bot.store.keys import Keys
from bot.store.origins import give_owners, sealed_before
from bot.store.sealing import Seal, SealBrokenError
from bot.store.tables import ABOUT, FAILURES, FEEDBACK, JOBS, KEPT, MARKS, TABLES

_VERSION, _CHECK = "version", "check"
_PROOF = b"mikiwame"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('mikiwame'))"

Step = Callable[[sa.Connection], None]


def prepare(engine: sa.Engine, seal: Seal) -> None:
    """Makes and upgrades the tables, all or nothing. Raises SettingsError in words for people."""
    with engine.begin() as connection:
        # Another process may be at it too; and SQLite's driver would commit each CREATE by itself.
        connection.exec_driver_sql(_LOCK if is_postgres(connection) else "BEGIN IMMEDIATE")
        found = _found(connection)
        if found > LATEST:
            raise SettingsError(
                f"this store was written by a newer release (its version is {found}, this one "
                f"knows {LATEST}): use that release, or restore a backup of before"
            )
        TABLES.create_all(connection, ALL)
        check_key(connection, seal)
        if _said(connection, _CHECK) is None:  # the first key that a store is used with is its key
            _say(connection, _CHECK, seal.close(_PROOF, _CHECK).hex())
        for number in range(found + 1, LATEST + 1):
            _STEPS[number](connection)
        give_owners(connection, Keys(seal))  # a process of an earlier version may have gone on
        _say(connection, _VERSION, str(LATEST))


def version_of(connection: sa.Connection) -> int:
    """The version of the tables; 0 where there are none yet."""
    said = _said(connection, _VERSION) if _has(connection, ABOUT) else None
    return int(said or _has(connection, JOBS))


def _found(connection: sa.Connection) -> int:
    return version_of(connection) or LATEST


def check_key(connection: sa.Connection, seal: Seal) -> None:
    """Raises SettingsError where another key sealed what is in a store."""
    proof = _said(connection, _CHECK) if _has(connection, ABOUT) else None
    fits = sealed_before(connection, seal) if proof is None else _opens(seal, proof)
    if not fits:
        raise SettingsError(
            "this store was sealed with another key: set SECRET_KEY to that key, or put the file "
            "secret.key that belongs to it into DATA_DIR. Where the key is lost, so is what it "
            "sealed: begin with a new store (another DATA_DIR, or an empty database)"
        )


def _opens(seal: Seal, proof: str) -> bool:
    try:
        return seal.open(bytes.fromhex(proof), _CHECK) == _PROOF
    except SealBrokenError:
        return False


def _has(connection: sa.Connection, table: sa.Table) -> bool:
    return sa.inspect(connection).has_table(table.name)


def _said(connection: sa.Connection, what: str) -> str | None:
    return connection.execute(sa.select(ABOUT.c.said).where(ABOUT.c.what == what)).scalar()


def _say(connection: sa.Connection, what: str, said: str) -> None:
    adding = inserting(connection, ABOUT).values(what=what, said=said)
    connection.execute(adding.on_conflict_do_update(index_elements=["what"], set_={"said": said}))


# ---- steps ------------------------------------------------------------------------------------


def add(connection: sa.Connection, *columns: sa.Column[object]) -> None:
    """Adds columns with their indexes, where they are not there yet."""
    for column in columns:
        table = column.table
        assert isinstance(table, sa.Table)  # noqa: S101 - columns of our tables are given
        there = {each["name"] for each in sa.inspect(connection).get_columns(table.name)}
        if column.name in there:
            continue
        kind = column.type.compile(connection.dialect)
        connection.execute(sa.text(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}"))
        for index in table.indexes:
            if column.name in index.columns:
                index.create(connection, checkfirst=True)


def _owners(connection: sa.Connection) -> None:
    """2: whose each row is, a key for each workspace, and how long each text is kept."""
    for table in (JOBS, KEPT, FEEDBACK, FAILURES, MARKS):
        add(connection, *(table.c[each] for each in ("workspace", "person")))
    add(connection, JOBS.c.until, KEPT.c.until)


def _rates(connection: sa.Connection) -> None:
    """3: by which it is counted how much somebody asked for of late."""
    for index in JOBS.indexes:
        index.create(connection, checkfirst=True)


_STEPS: dict[int, Step] = {2: _owners, 3: _rates}
LATEST = max(_STEPS)

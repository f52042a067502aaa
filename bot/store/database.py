"""The database: one SQLite file in `DATA_DIR`, or Postgres."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.settings import Settings

_FILE = "mikiwame.sqlite"
#: Seconds until a Postgres that accepts connections and says nothing counts as away.
_PATIENCE = 10


def engine_of(settings: Settings) -> sa.Engine:
    """The database of these settings; its tables may not be there yet."""
    if settings.database_url is not None:
        return postgres_engine(settings.database_url.get_secret_value())
    return sqlite_engine(sqlite_file(settings))


def sqlite_file(settings: Settings) -> Path:
    """Where the SQLite file of these settings is, or would be."""
    return settings.data_dir / _FILE


def postgres_engine(address: str) -> sa.Engine:
    """A Postgres database; `connect_timeout` in its address goes before ours."""
    url = sa.make_url(address).set(drivername="postgresql+psycopg")
    url = url.set(query={"connect_timeout": str(_PATIENCE), **url.query})
    return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=8)


def sqlite_engine(path: Path, patience: float = 30) -> sa.Engine:
    """One connection that all threads take in turn; it waits `patience` seconds for the file.

    SQLite writes one at a time anyway; who waits for its lock sleeps up to a tenth of a second,
    who waits for the connection goes on at once.
    """
    engine = sa.create_engine(
        f"sqlite:///{path}", hide_parameters=True, pool_size=1, max_overflow=0, pool_timeout=60
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        # first: the next one takes a lock
        connection.execute(f"PRAGMA busy_timeout = {round(patience * 1000)}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # recorded is on the disk
        connection.execute("PRAGMA secure_delete = ON")  # gone is overwritten
        connection.execute("PRAGMA foreign_keys = ON")

    return engine


def empty_log(path: str, patience: float = 0.1) -> bool:
    """Empties SQLite's log of changes into the file: what was deleted stands there a while longer.

    False where somebody was reading for `patience` seconds; nobody can write meanwhile.
    """
    connection = sqlite3.connect(path, timeout=patience)
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not busy


def is_postgres(database: sa.Engine | sa.Connection) -> bool:
    """Whether it is Postgres; SQLite otherwise."""
    return database.dialect.name == "postgresql"


def inserting(connection: sa.Connection, table: sa.Table) -> Any:
    """An INSERT that knows ON CONFLICT, which SQLAlchemy has for each dialect by itself."""
    return (postgres_insert if is_postgres(connection) else sqlite_insert)(table)

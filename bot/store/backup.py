"""A copy of a SQLite store, taken while the bot runs, and put back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import sqlalchemy as sa

from bot.settings import SettingsError
from bot.store.database import sqlite_engine
from bot.store.sealing import Seal
from bot.store.tables import MARKS
from bot.store.troubles import check_file, in_words
from bot.store.upgrading import prepare, version_of

#: Seconds for which a copy waits until SQLite lets it read.
_PATIENCE = 30.0


def back_up(source: Path, copy: Path) -> int:
    """Writes a copy of what is kept at this moment: whole or not at all. Returns its bytes.

    The copy holds nothing that was deleted before. Raises SettingsError.
    """
    if copy.exists():
        raise SettingsError(f"{copy} is there already: give another name")
    if not copy.parent.is_dir():
        raise SettingsError(f"there is no folder {copy.parent}")
    draft = _draft(copy)
    try:
        draft.touch(0o600)
        with in_words(sa.create_engine(f"sqlite:///{source}")):
            connection = sqlite3.connect(source, timeout=_PATIENCE)
            try:
                connection.execute("VACUUM INTO ?", (str(draft),))
            finally:
                connection.close()
        _to_disk(draft)
        draft.rename(copy)
    finally:
        draft.unlink(missing_ok=True)
    return copy.stat().st_size


def restore(copy: Path, target: Path, seal: Seal) -> Path | None:
    """Puts a copy in the place of the store; returns where the store of before is now, if any.

    The copy is looked at first: whole, ours, and sealed with this key. What Discord brought while
    nobody listened is not looked up after that: it was answered, but the copy does not know it.
    Raises SettingsError.
    """
    if not copy.is_file():
        raise SettingsError(f"there is no file {copy}")
    draft = _draft(target)
    try:
        draft.touch(0o600)
        shutil.copyfile(copy, draft)
        engine = sqlite_engine(draft)
        try:
            _check(engine, copy)
            with in_words(engine):
                prepare(engine, seal)
                with engine.begin() as connection:
                    connection.execute(MARKS.delete().where(MARKS.c.kind == "discord_heard"))
        finally:
            engine.dispose()
        before = _put_aside(target)
        _to_disk(draft)
        draft.rename(target)
    finally:
        for each in (draft, *_beside(draft)):
            each.unlink(missing_ok=True)
    return before


def _check(engine: sa.Engine, copy: Path) -> None:
    try:
        check_file(engine)
        with engine.connect() as connection:
            ours = bool(version_of(connection))
    except (sa.exc.DBAPIError, sqlite3.Error):
        ours = False
    if not ours:
        raise SettingsError(f"{copy} is no backup of this bot, or damaged")


def _put_aside(target: Path) -> Path | None:
    """The store that is replaced, log and all, stays under another name."""
    if not target.exists():
        return None
    aside = target.with_name(f"{target.name}.before")
    number = 1
    while aside.exists():
        number += 1
        aside = target.with_name(f"{target.name}.before-{number}")
    for there, here in zip(_beside(aside), _beside(target), strict=True):
        if here.exists():
            here.rename(there)
    return target.rename(aside)


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")


def _beside(path: Path) -> list[Path]:
    """SQLite's own files beside one of its databases."""
    return [path.with_name(path.name + end) for end in ("-wal", "-shm")]


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())

"""The store, opened to look at what was learnt from use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.settings import Settings
from bot.store.database import sqlite_file
from bot.store.opening import opened
from bot.store.tallies import Tallies


@contextmanager
def tallies_of(settings: Settings) -> Iterator[Tallies | None]:
    """What was learnt; None where nothing was ever kept. Raises SettingsError."""
    if settings.database_url is None and not sqlite_file(settings).exists():
        yield None
        return
    with opened(settings) as store:
        yield store.tallies

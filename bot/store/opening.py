"""The store, opened for a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.settings import Settings, SettingsError
from bot.store.database import engine_of, sqlite_file
from bot.store.sealing import load_seal
from bot.store.store import Store
from bot.store.troubles import in_words


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The store as it is. Raises SettingsError where there is none, or it can't be used."""
    if settings.database_url is None and not sqlite_file(settings).exists():
        raise SettingsError(f"nothing is kept in {settings.data_dir}: there is no store yet")
    engine = engine_of(settings)
    try:
        with in_words(engine):
            store = Store(engine, load_seal(settings), settings.text_ttl)
            store.create()
            yield store
    finally:
        engine.dispose()

"""The store, opened to look at what was learnt from use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings, SettingsError
from bot.store.database import engine_of, sqlite_file
from bot.store.sealing import load_seal
from bot.store.store import Store
from bot.store.tallies import Tallies


@contextmanager
def tallies_of(settings: Settings) -> Iterator[Tallies | None]:
    """What was learnt; None where nothing was ever kept. Raises SettingsError."""
    if settings.database_url is None and not sqlite_file(settings).exists():
        yield None
        return
    engine = engine_of(settings)
    try:
        store = Store(engine, load_seal(settings), settings.text_ttl)
        store.create()
        yield store.tallies
    except SQLAlchemyError as error:
        raise SettingsError(f"the store can't be read ({type(error).__name__})") from None
    finally:
        engine.dispose()

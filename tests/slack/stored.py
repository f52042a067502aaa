"""A look into the store of a running bot, as `doctor` has it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.settings import Settings
from bot.store.database import engine_of
from bot.store.sealing import load_seal
from bot.store.store import Failure, Store
from tests.process import Process


def store_of(bot: Process) -> Store:
    settings = Settings(data_dir=Path(bot.environment["DATA_DIR"]))
    return Store(engine_of(settings), load_seal(settings), timedelta(hours=24))


def failures(bot: Process) -> list[Failure]:
    """What the bot could not answer, the newest first."""
    store = store_of(bot)
    try:
        return store.failures()
    finally:
        store.engine.dispose()

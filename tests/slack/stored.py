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
    told = {each: bot.environment.get(each.upper()) for each in ("database_url", "secret_key")}
    settings = Settings.model_validate({"data_dir": Path(bot.environment["DATA_DIR"]), **told})
    return Store(engine_of(settings), load_seal(settings), timedelta(hours=24))


def failures(bot: Process) -> list[Failure]:
    """What the bot could not answer, the newest first."""
    store = store_of(bot)
    try:
        return store.failures()
    finally:
        store.engine.dispose()

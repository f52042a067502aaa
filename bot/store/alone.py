"""One process at a time on one SQLite file, where two would take up the same jobs."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bot.settings import Settings, SettingsError

#: Seconds that a process which is just ending has to let go of the store.
_PATIENCE = 1.0


@contextmanager
def alone(settings: Settings, otherwise: str) -> Iterator[None]:
    """As long as this lasts no other process serves from `DATA_DIR`.

    Raises SettingsError with what to do `otherwise`.
    """
    with (settings.data_dir / "lock").open("a") as file:
        deadline = time.monotonic() + _PATIENCE
        while not _locked(file.fileno()):
            if time.monotonic() > deadline:
                raise SettingsError(f"another process uses {settings.data_dir}: {otherwise}")
            time.sleep(0.1)
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

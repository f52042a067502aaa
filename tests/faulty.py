"""The bot on a machine that goes wrong: python -m tests.faulty.

The clock jumps by CLOCK_STEP seconds at SIGUSR1 and back at SIGUSR2; while there is a file NO_NAMES
no name is found.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

_STEP = float(os.environ.get("CLOCK_STEP", "0"))
_NO_NAMES = Path(os.environ.get("NO_NAMES", "/nonexistent"))
_time, _names = time.time, socket.getaddrinfo
_ahead = 0.0


def _moved() -> float:
    return _time() + _ahead


def _jump(number: int, _frame: object) -> None:
    global _ahead  # noqa: PLW0603 - it is the clock
    _ahead += _STEP if number == signal.SIGUSR1 else -_STEP


def _found(host: Any, *rest: Any, **more: Any) -> Any:
    if _NO_NAMES.exists() and str(host)[-1:].isalpha():
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    return _names(host, *rest, **more)


time.time, socket.getaddrinfo = _moved, _found
signal.signal(signal.SIGUSR1, _jump)
signal.signal(signal.SIGUSR2, _jump)

from bot.__main__ import main  # noqa: E402 - what is loaded from here on has both

if __name__ == "__main__":
    sys.exit(main(["serve"]))

"""The bot with its clock put forward: python -m tests.clock, by CLOCK_AHEAD seconds."""

from __future__ import annotations

import os
import sys
import time

_AHEAD = float(os.environ["CLOCK_AHEAD"])
_time = time.time


def _moved() -> float:
    return _time() + _AHEAD


time.time = _moved

from bot.__main__ import main  # noqa: E402 - what is loaded from here on has the moved clock

if __name__ == "__main__":
    sys.exit(main(["serve"]))

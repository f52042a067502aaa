"""The processes that look at pictures, seen from outside."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import psutil


def children() -> list[psutil.Process]:
    """Those of this process that still run."""
    found: list[psutil.Process] = []
    for each in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # one that has just ended, and waits to be buried
            if "bot.sight" in each.cmdline():
                found.append(each)
    return found


def most_held(child: psutil.Process) -> float:
    """Megabytes that it has held at most until now; where only Linux knows that, those held now."""
    try:
        status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
    except OSError:
        return float(child.memory_info().rss / 1e6)
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6

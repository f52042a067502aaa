"""One measured value against its limit, and how memory is measured."""

from __future__ import annotations

from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Figure:
    """`limit` None: a floor, printed beside the others and broken by nothing."""

    name: str
    value: float
    limit: float | None
    unit: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the value keeps its limit."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign = "ok  " if self.holds else "OVER"
        bound = "at least" if self.at_least else "limit"
        limit = "floor" if self.limit is None else f"{bound} {self.limit:g}"
        return f"{sign} {self.name:58} {self.value:9.3f} {self.unit:3} ({limit})"


def own_memory(process: psutil.Process) -> float:
    """Megabytes that a process holds for itself.

    The pages of files (Sudachi's dictionary) do not count, which the system takes back when it likes,
    whether another process shares them or not.
    """
    memory = process.memory_info()
    files = getattr(memory, "shared", None)  # told on Linux
    own = process.memory_full_info().uss if files is None else memory.rss - files
    return float(own) / 1024**2

"""What was fetched a moment ago, in memory only."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """Keeps things for a short time and no more than `room` bytes of them, the oldest given up."""

    def __init__(self, room: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._room = room
        self._clock = clock
        self._taken = 0
        self._things: OrderedDict[str, tuple[T, int, float]] = OrderedDict()

    def get(self, name: str) -> T | None:
        """What is kept under this name; None where its time is over."""
        found = self._things.get(name)
        if found is None:
            return None
        if self._clock() >= found[2]:
            self._drop(name)
            return None
        return found[0]

    def put(self, name: str, thing: T, size: int, seconds: float) -> None:
        """Keeps a thing of `size` bytes for so many seconds."""
        self._drop(name)
        self._things[name] = (thing, size, self._clock() + seconds)
        self._taken += size
        while self._taken > self._room:
            self._drop(next(iter(self._things)))

    def _drop(self, name: str) -> None:
        found = self._things.pop(name, None)
        if found is not None:
            self._taken -= found[1]

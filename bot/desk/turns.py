"""Whose turn it is: so many at a time, and of those who wait, each lane in its turn.

A lane is a workspace. However much one of them asks for, another waits for at most what is under
way, not for what waits.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType


class Turns:
    """At most `at_once` at a time, and `of_a_lane` of any one lane."""

    def __init__(self, at_once: int, of_a_lane: int) -> None:
        self._at_once = at_once
        self._of_a_lane = of_a_lane
        self._running: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    def turn(self, lane: str) -> Turn:
        """One turn, taken by `async with`."""
        return Turn(self, lane)

    async def enter(self, lane: str) -> None:
        """Returns when it is this one's turn."""
        coming = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(lane, deque()).append(coming)
        self._let_in()
        try:
            await coming
        except asyncio.CancelledError:
            if coming.done() and not coming.cancelled():
                self.leave(lane)
            raise

    def enter_at_once(self, lane: str) -> None:
        """Goes on without waiting: whoever waits may be waiting for this one."""
        self._running[lane] += 1

    def leave(self, lane: str) -> None:
        """Gives a turn back."""
        self._running[lane] -= 1
        if not self._running[lane]:
            del self._running[lane]
        self._let_in()

    def _let_in(self) -> None:
        while self._running.total() < self._at_once:
            lane = next((each for each in self._waiting if self._has_room(each)), None)
            if lane is None:
                return
            queue = self._waiting.pop(lane)
            coming = queue.popleft()
            if queue:
                self._waiting[lane] = queue  # now the last of all
            if not coming.done():
                self._running[lane] += 1
                coming.set_result(None)

    def _has_room(self, lane: str) -> bool:
        return self._running[lane] < self._of_a_lane


class Turn:
    """One turn: `async with turn`, and within that `async with turn.aside()` where it only waits."""

    def __init__(self, turns: Turns, lane: str) -> None:
        self._turns = turns
        self._lane = lane
        self._aside = 0

    async def __aenter__(self) -> Turn:
        await self._turns.enter(self._lane)
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._turns.leave(self._lane)

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """Others have the turn meanwhile."""
        self._aside += 1
        if self._aside == 1:
            self._turns.leave(self._lane)
        try:
            yield
        finally:
            self._aside -= 1
            if not self._aside:
                self._turns.enter_at_once(self._lane)

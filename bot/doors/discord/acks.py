"""Acknowledging interactions: Discord waits three seconds, then tells the person that we failed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.discord.calls import asked

_log = logging.getLogger(__name__)

#: Seconds that recording may take before Discord is told first that we are at it.
_PATIENCE = 1.5


class Acks:
    """Which interactions are being acknowledged: nothing can be answered to them before."""

    def __init__(self) -> None:
        self._open: dict[str, asyncio.Event] = {}

    async def take(
        self,
        token: str,
        record: Awaitable[bool],
        acknowledge: Callable[[], Awaitable[Any]],
        refuse: Callable[[], Awaitable[Any]],
    ) -> None:
        """Records, then acknowledges; the other way round only where the disk is too slow.

        Where `record` says that it was not taken, it is refused.
        """
        done = self._open[token] = asyncio.Event()
        recording = asyncio.ensure_future(record)
        try:
            await asyncio.wait({recording}, timeout=_PATIENCE)
            await asked(refuse() if _is_refused(recording) else acknowledge())
        except (HinderedError, UnanswerableError) as error:
            _log.warning("an interaction could not be acknowledged: %s", error)
        finally:
            del self._open[token]
            done.set()
            await recording

    async def done(self, token: str) -> None:
        """Returns when this interaction is acknowledged, or nobody is at it."""
        if (event := self._open.get(token)) is not None:
            await event.wait()


def _is_refused(recording: asyncio.Future[bool]) -> bool:
    return recording.done() and recording.exception() is None and not recording.result()

"""The reading room as the desk uses it: opened on first use, bounded in time and memory."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.reading.models import Attachment, Read, Trouble
from bot.requests import may_be_posting
from bot.settings import Settings
from rules import Rulebook
from rules.models import Frozen

if TYPE_CHECKING:
    from bot.reading.reader import Reader

_log = logging.getLogger(__name__)

TIME_LIMIT = 180.0
"""Seconds for all that comes with one message; each page and picture has a limit of its own."""
_AT_ONCE = 4  # messages whose files are in memory


class Brought(Frozen):
    """Files that came with a message, and why some could not be had."""

    files: tuple[Attachment, ...] = ()
    troubles: tuple[Trouble, ...] = ()


#: Fetches the files of one message.
Bring = Callable[[], Awaitable[Brought]]


class Room:
    """Reads for the desk. One for a process; what reading stands on is loaded when it is needed."""

    def __init__(
        self, settings: Settings, rulebook: Rulebook, time_limit: float = TIME_LIMIT
    ) -> None:
        self._settings = settings
        self._rulebook = rulebook
        self._time_limit = time_limit
        self._seats = asyncio.Semaphore(_AT_ONCE)
        self._opening = asyncio.Lock()
        self._made: Reader | None = None

    async def concerns(self, text: str) -> bool:
        """Whether a text holds the address of a posting, which is to be read."""
        if not may_be_posting(text, self._settings, self._rulebook):
            return False
        return (await self._reader()).concerns(text)

    async def parted(self, text: str) -> tuple[str, str]:
        """The words of a text without the addresses in it, and those, a line each."""
        return (await self._reader()).parted(text)

    async def read(
        self, text: str, bring: Bring | None = None, platform: str | None = None
    ) -> Read:
        """What came of a text, its posting and its files; what could not be had is in `troubles`.

        A reading that does not end is cut off, and the text judged without it. Raises what
        `bring` raises.
        """
        if bring is None:
            return await self._read(text, None, platform)
        async with self._seats:
            return await self._read(text, bring, platform)

    async def _read(self, text: str, bring: Bring | None, platform: str | None) -> Read:
        try:
            async with asyncio.timeout(self._time_limit):
                brought = Brought() if bring is None else await bring()
                read = await self._understood(text, brought, platform)
        except TimeoutError:
            return _unread(text)
        return read.model_copy(update={"troubles": brought.troubles + read.troubles})

    async def _understood(self, text: str, brought: Brought, platform: str | None) -> Read:
        reader = await self._reader()
        try:
            return await reader.read(text, brought.files, platform=platform)
        except Exception:
            _log.exception("reading failed")  # a fault of ours: the text can be judged all the same
            return _unread(text)

    async def _reader(self) -> Reader:
        async with self._opening:
            if self._made is None:
                self._made = await asyncio.to_thread(self._open)
            return self._made

    def _open(self) -> Reader:
        from bot.reading.reader import Reader  # noqa: PLC0415 - on first use

        return Reader.of(self._settings, self._rulebook)


def _unread(text: str) -> Read:
    """The text alone; nothing where it is but an address, which says nothing by itself."""
    is_address = "://" in text and len(text.split()) == 1
    return Read(text="" if is_address else text, troubles=(Trouble(code="not_read"),))

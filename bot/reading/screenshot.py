"""Screenshots: a picture in, what is said in it out. Read on this machine; nothing is sent anywhere.

The work is done in a child process of low priority (`bot.sight`): started on first use, one picture
at a time, bounded in memory and time, ended when it has had nothing to do for a while.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from importlib.util import find_spec
from pathlib import Path
from weakref import WeakKeyDictionary

from bot.reading.bubbles import speeches
from bot.reading.models import PictureText, Speaker, Speech, TroubleError
from bot.reading.seen import Seen
from bot.reading.texts import texts
from rules import Lang

DATA_LIMIT = 20_000_000
"""Bytes of a picture's file."""
TIME_LIMIT = 60.0
"""Seconds for one picture, also on a machine that is busy with other things."""
MEMORY_LIMIT = 700_000_000
"""Bytes that the child may ask for, beside the 100 MB that its program takes."""
IDLE_LIMIT = 60.0
"""Seconds without a picture after which the child is ended and its memory given back."""

_NEEDED = ("rapidocr", "onnxruntime", "zxingcpp", "PIL")
_KANA = re.compile("[\u3041-\u30ff]")
_ROOT = Path(__file__).parents[2]
_FRUGAL = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


class PictureReader:
    """Reads pictures, one at a time. One for a process: it belongs to the event loop of its first use.

    Its child ends when it is idle, and with the loop's tasks when the loop is closed.
    """

    def __init__(self, time_limit: float = TIME_LIMIT, idle_limit: float = IDLE_LIMIT) -> None:
        self._time_limit = time_limit
        self._idle_limit = idle_limit
        self._turn = asyncio.Lock()
        self._child: Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._used = 0.0

    async def read(self, data: bytes) -> PictureText:
        """What is said in a picture (PNG, JPEG, WebP, HEIC where its decoder has a wheel).

        Raises TroubleError: 'screenshots_extra' where the extra is missing, 'picture_kind',
        'picture_large', 'picture_damaged', 'picture_slow', 'picture_empty', 'picture_failed'.
        """
        if len(data) > DATA_LIMIT:
            raise TroubleError("picture_large")
        if not is_installed():
            raise TroubleError("screenshots_extra")
        async with self._turn:
            seen = await self._look(data)
        read = picture_text(seen)
        if not read.text:
            raise TroubleError("picture_empty")
        return read

    async def close(self) -> None:
        """Ends the child now."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])

    async def _look(self, data: bytes) -> Seen:
        try:
            async with asyncio.timeout(self._time_limit):
                answer = json.loads(await self._ask(data))
        except TimeoutError:
            await self.close()
            raise TroubleError("picture_slow") from None
        except (asyncio.IncompleteReadError, OSError):  # it died: of the picture, or for memory
            await self.close()
            raise TroubleError("picture_failed") from None
        except asyncio.CancelledError:
            await self.close()  # what it would say now is nobody's
            raise
        self._used = asyncio.get_running_loop().time()
        if "trouble" in answer:
            raise TroubleError(answer["trouble"])
        return Seen.model_validate(answer)

    async def _ask(self, data: bytes) -> bytes:
        """What the child answers, as it came. Raises OSError or IncompleteReadError where it died."""
        child = self._child
        if child is None or child.returncode is not None:
            child = await self._start()
        to_child, from_child = child.stdin, child.stdout
        if to_child is None or from_child is None:
            raise OSError
        to_child.write(struct.pack(">I", len(data)) + data)
        await to_child.drain()
        (length,) = struct.unpack(">I", await from_child.readexactly(4))
        return await from_child.readexactly(length)

    async def _start(self) -> Process:
        child = self._child = await _started()
        self._used = asyncio.get_running_loop().time()
        self._keeper = asyncio.create_task(self._end_when_idle(child))
        return child

    async def _end_when_idle(self, child: Process) -> None:
        """Waits until there has been nothing to do for a while; ends the child then, or if cancelled."""
        loop = asyncio.get_running_loop()
        try:
            while child.returncode is None and (
                self._turn.locked() or loop.time() < self._used + self._idle_limit
            ):
                await asyncio.sleep(min(1.0, self._idle_limit))
        finally:
            if self._child is child:
                self._child = None
            await _ended(child)


_readers: WeakKeyDictionary[asyncio.AbstractEventLoop, PictureReader] = WeakKeyDictionary()


async def read_picture(data: bytes) -> PictureText:
    """What is said in a picture, by the one reader of this process. Raises as `PictureReader.read`."""
    loop = asyncio.get_running_loop()
    if loop not in _readers:
        _readers[loop] = PictureReader()
    return await _readers[loop].read(data)


def picture_text(seen: Seen) -> PictureText:
    """What is judged of a picture (the client's words, where codes lead), and what is shown of it."""
    said = speeches(seen)
    links = tuple(dict.fromkeys(code.text for code in seen.codes))
    words = texts(Lang.JA if any(_KANA.search(each.text) for each in said) else Lang.EN)
    codes = [words["picture_code"].format(link=link) for link in links]
    judged = [each.text for each in said if each.speaker is not Speaker.WORKER]
    shown = [_told(each, words) for each in said]
    return PictureText(
        text="\n\n".join([*judged, *codes]),
        shown="\n".join([*shown, *codes]),
        speeches=said,
        links=links,
        whole=seen.whole,
    )


def _told(speech: Speech, words: dict[str, str]) -> str:
    """Who says it, where that could be seen, and what, as it was read."""
    if speech.speaker is None:
        return speech.text
    return words[f"picture_{speech.speaker}"].format(text=speech.text)


def is_installed() -> bool:
    """Whether the extra `screenshots` is there. Nothing of it is loaded."""
    return all(find_spec(name) is not None for name in _NEEDED)


async def _started() -> Process:
    """A child that has nothing of ours but its program: no settings, no tokens."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.sight",
        str(MEMORY_LIMIT),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=_ROOT,
        env=environment | _FRUGAL,
        process_group=0,  # Ctrl-C is for us, not for it; a session of its own would outweigh `nice`
    )


async def _ended(child: Process) -> None:
    """Ends a child and waits until nothing of it is left."""
    if child.returncode is None:
        child.kill()
    if child.stdin is not None:
        child.stdin.close()
    await child.communicate()

"""What a screenshot costs: time, memory, and what the texts that are judged meanwhile wait for.

The child has a low priority: on a machine that is busy its time is others' work. Its processor time
stands beside it: half of it is what two idle cores take at least.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator

import psutil

from bot.reading.screenshot import PictureReader
from tests.bench.figure import Figure
from tests.pictures import screenshots
from tests.pictures.child import children, most_held

#: A phone's screenshot, 1170 x 3276 pixels: 33 lines in bubbles, and the times beside them.
PHONE = "ja-long"
_ROUNDS = 3
_PAUSE = 0.01
_IDLE = 1.0


def measure(texts: list[str], judge: Callable[[str], object]) -> Iterator[Figure]:
    """All figures. `judge` is what happens to a text; half of the `texts` are for a calm time."""
    return iter(asyncio.run(_measure(texts, judge)))


async def _measure(texts: list[str], judge: Callable[[str], object]) -> list[Figure]:
    reader = PictureReader(idle_limit=_IDLE)
    picture = screenshots()[PHONE].data
    half = len(texts) // 2
    try:
        first = await _seconds(reader, picture)
        (child,) = children()
        rounds = [await _round(reader, picture, child) for _ in range(_ROUNDS)]
        held = most_held(child)
        await asyncio.sleep(2 + _IDLE)
        left = len(children())
        calm = await _waits(texts[:half], judge)
        busy = await _waits_while(reader, picture, texts[half:], judge)
    finally:
        await reader.close()
    ratio = statistics.median(busy) / statistics.median(calm)
    tail = _p95(busy) / _p95(calm)
    return [
        Figure("screenshot of 33 lines: best of three", min(each[0] for each in rounds), 2.5, "s"),
        Figure("screenshot: processor time / 2", min(each[1] for each in rounds) / 2, 2.5, "s"),
        Figure("first screenshot, with the start of the child", first, None, "s"),
        Figure("most memory of the child", held, 800, "MB"),
        Figure("children left when idle", left, 0, ""),
        Figure("a text while a picture is read / alone, median", ratio, 2, "x"),
        Figure("a text while a picture is read / alone, p95", tail, 2, "x"),
    ]


async def _round(
    reader: PictureReader, picture: bytes, child: psutil.Process
) -> tuple[float, float]:
    """Seconds that a picture took, by the clock and of the processor."""
    before = _processor(child)
    took = await _seconds(reader, picture)
    return took, _processor(child) - before


async def _seconds(reader: PictureReader, picture: bytes) -> float:
    began = time.perf_counter()
    await reader.read(picture)
    return time.perf_counter() - began


def _processor(child: psutil.Process) -> float:
    spent = child.cpu_times()
    return float(spent.user + spent.system)


async def _waits(texts: list[str], judge: Callable[[str], object]) -> list[float]:
    """Seconds for each text, a little apart, as they come in."""
    waits: list[float] = []
    for text in texts:
        await asyncio.sleep(_PAUSE)
        began = time.perf_counter()
        judge(text)
        waits.append(time.perf_counter() - began)
    return waits


async def _waits_while(
    reader: PictureReader, picture: bytes, texts: list[str], judge: Callable[[str], object]
) -> list[float]:
    """The same while pictures are read, one after another."""

    async def read_on() -> None:
        while True:
            await reader.read(picture)

    reading = asyncio.create_task(read_on())
    try:
        return await _waits(texts, judge)
    finally:
        reading.cancel()
        await asyncio.wait([reading])


def _p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20)[18]

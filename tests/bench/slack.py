"""What the Slack door costs, as a whole process, beside a bare Bolt bot that echoes."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.figure import Figure, own_memory
from tests.slack.delivery import Delivery, Slack
from tests.slack.process import Bot
from tests.slack.workspace import CHANNEL

#: One after another, with a pause; then all at once.
ONE_BY_ONE, AT_ONCE = 200, 200
_PAUSE = 0.02
_WARM_UP = 10
_IDLE = 10
_MEGA = 1024**2


@dataclass(frozen=True)
class Run:
    """One bot's figures: seconds, megabytes, a share of one core."""

    ready: float
    at_rest: float
    after: float
    cpu: float
    latencies: list[float]
    last_ack: float
    answers_a_second: float


def measure(texts: list[str]) -> Iterator[Figure]:
    """All figures of the door; `texts` are mentions that the bot has never seen."""
    floor = asyncio.run(_run(texts, "tests.bench.echo_bot"))
    door = asyncio.run(_run(texts, None))
    for name, run, limits in (("echo bot", floor, None), ("Slack", door, _LIMITS)):
        for key, value, unit, at_least in _values(run):
            limit = limits[key] if limits else None
            yield Figure(f"{name}: {key}", value, limit, unit, at_least)


_LIMITS: dict[str, float] = {
    "event to answer, median": 50,
    "event to answer, p99": 150,
    "200 at once: all acknowledged": 2.5,
    "200 at once: answered": 50,
    "ready after its start": 2,
    "memory at rest": 160,
    "memory of its own after all texts": 200,
    "CPU, idle": 2,
}


def _values(run: Run) -> Iterator[tuple[str, float, str, bool]]:
    yield "event to answer, median", statistics.median(run.latencies) * 1e3, "ms", False
    yield "event to answer, p99", statistics.quantiles(run.latencies, n=100)[98] * 1e3, "ms", False
    yield "200 at once: all acknowledged", run.last_ack, "s", False
    yield "200 at once: answered", run.answers_a_second, "/s", True
    yield "ready after its start", run.ready, "s", False
    yield "memory at rest", run.at_rest, "MB", False
    yield "memory of its own after all texts", run.after, "MB", False
    yield "CPU, idle", run.cpu, "%", False


async def _run(texts: list[str], module: str | None) -> Run:
    """One bot through all of it; every text is used once."""
    with tempfile.TemporaryDirectory() as folder:
        async with Slack(echo=False) as slack:
            bot = Bot(slack, Path(folder) / "data", module=module)
            began = time.perf_counter()
            await bot.start()
            ready = time.perf_counter() - began
            try:
                return await _measured(slack, bot, iter(texts), ready)
            finally:
                await bot.stop()


async def _measured(slack: Slack, bot: Bot, texts: Iterator[str], ready: float) -> Run:
    await slack.connected()
    process = psutil.Process(bot.pid)
    at_rest = process.memory_info().rss / _MEGA
    for _ in range(_WARM_UP):
        await _latency(slack, next(texts))
    latencies = []
    for _ in range(ONE_BY_ONE):
        latencies.append(await _latency(slack, next(texts)))
        await asyncio.sleep(_PAUSE)
    process.cpu_percent()
    await asyncio.sleep(_IDLE)
    cpu = process.cpu_percent()
    last_ack, rate = await _burst(slack, [next(texts) for _ in range(AT_ONCE)])
    after = own_memory(process)
    return Run(ready, at_rest, after, cpu, latencies, last_ack, rate)


async def _latency(slack: Slack, text: str) -> float:
    count = len(slack.called("chat.postMessage"))
    delivery = _mentioned(slack, text)
    await slack.until(lambda: slack.called("chat.postMessage")[count:])
    return slack.called("chat.postMessage")[-1].at - delivery.sent


async def _burst(slack: Slack, texts: list[str]) -> tuple[float, float]:
    """Seconds until the last acknowledgement, and answers a second."""
    count = len(slack.called("chat.postMessage"))
    began = time.perf_counter()
    deliveries = [_mentioned(slack, text) for text in texts]
    await slack.until(lambda: len(slack.called("chat.postMessage")) == count + len(texts), 60)
    took = slack.called("chat.postMessage")[-1].at - began
    await slack.until(lambda: all(each.acked for each in deliveries))
    return max(each.acked or 0 for each in deliveries) - began, len(texts) / took


def _mentioned(slack: Slack, text: str) -> Delivery:
    message = slack.post(f"<@U0BOT> {text}")
    event = {**message, "type": "app_mention", "channel": CHANNEL}
    return slack.deliveries[slack.happens(event)]

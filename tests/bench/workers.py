"""How work grows with the workers on one Postgres, and what an answer costs there.

Slack is made to take its time, as over the internet: so the figures show how work is shared, not how
many cores this machine has.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psutil
from aiohttp import web
from aiohttp.typedefs import Handler

from tests.bench.figure import Figure, own_memory
from tests.postgres import postgres
from tests.slack.delivery import Slack
from tests.slack.process import Bot
from tests.slack.workspace import CHANNEL

#: Messages, and seconds that each answer takes at Slack.
MESSAGES, _AT_SLACK = 64, 2.0
#: Texts with which each worker warms up.
_WARM_UP = 8
_WORKERS = (1, 2, 4)
TEXTS = len(_WORKERS) * MESSAGES + sum(_WORKERS) * _WARM_UP
_IDLE = 4


@dataclass(frozen=True)
class Run:
    """Answers a second; CPU milliseconds for a message, of all of ours and of Postgres; at rest."""

    rate: float
    cpu: float
    database_cpu: float
    idle: float
    memory: float


class Far(Slack):
    """A Slack that takes its time."""

    def __init__(self) -> None:
        super().__init__(echo=False)
        self.application.middlewares.append(self._late)

    @web.middleware
    async def _late(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.endswith("chat.postMessage"):
            await asyncio.sleep(_AT_SLACK)
        return await handler(request)


def measure(texts: list[str]) -> Iterator[Figure]:
    """One, two and four workers behind one process that listens; each run with texts of its own."""
    fresh = iter(texts)
    runs = {
        number: asyncio.run(_run(number, list(islice(fresh, MESSAGES + number * _WARM_UP))))
        for number in _WORKERS
    }
    one = runs[1]
    yield Figure("one worker: answers", one.rate, None, "/s")
    yield Figure("one worker: CPU for a message, bot", one.cpu, 60, "ms")
    yield Figure("one worker: CPU for a message, Postgres", one.database_cpu, None, "ms")
    yield Figure("one worker: CPU, idle", one.idle, 8, "%")
    yield Figure("one worker: memory of its own", one.memory, 220, "MB")
    yield Figure("two workers / one: answers", runs[2].rate / one.rate, 1.6, "x", at_least=True)
    yield Figure("four workers / one: answers", runs[4].rate / one.rate, 2.6, "x", at_least=True)


async def _run(number: int, texts: list[str]) -> Run:
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        shared = {"DATABASE_URL": server.get_uri(), "SECRET_KEY": "the same for all of them"}
        async with AsyncExitStack() as stack:
            slack = await stack.enter_async_context(Far())
            bots = [
                await stack.enter_async_context(
                    Bot(slack, Path(folder) / f"{each}", roles=(role,), told=shared)
                )
                for each, role in enumerate(["worker"] * number + ["slack"])
            ]
            await slack.connected()
            database = psutil.Process(server.get_pid())
            return await _measured(
                slack, [psutil.Process(bot.pid) for bot in bots], database, texts
            )


async def _measured(
    slack: Slack, bots: list[psutil.Process], database: psutil.Process, texts: list[str]
) -> Run:
    await _answered(slack, texts[MESSAGES:])
    worker = bots[0]
    worker.cpu_percent()
    await asyncio.sleep(_IDLE)
    idle = worker.cpu_percent()
    before, database_before = sum(map(_spent, bots)), _spent_by_all(database)
    began = time.perf_counter()
    await _answered(slack, texts[:MESSAGES])
    took = time.perf_counter() - began
    spent = sum(map(_spent, bots)) - before
    spent_there = _spent_by_all(database) - database_before
    return Run(
        rate=MESSAGES / took,
        cpu=spent / MESSAGES * 1e3,
        database_cpu=spent_there / MESSAGES * 1e3,
        idle=idle,
        memory=own_memory(worker),
    )


async def _answered(slack: Slack, texts: list[str]) -> None:
    count = len(slack.called("chat.postMessage")) + len(texts)
    for text in texts:
        message = slack.post(f"<@U0BOT> {text}")
        slack.happens({**message, "type": "app_mention", "channel": CHANNEL})
    await slack.until(lambda: len(slack.called("chat.postMessage")) == count, 90)


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _spent_by_all(process: psutil.Process) -> float:
    """Of a server and its children; what ended children spent counts as the server's own."""
    times = process.cpu_times()
    ended = float(times.children_user + times.children_system)
    return _spent(process) + ended + sum(map(_spent, process.children()))

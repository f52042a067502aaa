"""One workspace floods the bot: how long another, which asks something each second, waits meanwhile."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figure import Figure
from tests.slack.delivery import Slack
from tests.slack.installing import Browser, many
from tests.slack.process import Bot, free_port

#: What comes at once in the one workspace, and one by one in the other before that, and beside it.
FLOOD, ALONE, BESIDE = 300, 6, 4
TEXTS = FLOOD + ALONE + BESIDE + 2
_LOUD, _CALM = "T0LOUD", "T0CALM"
_PAUSE = 1.0


@dataclass(frozen=True)
class Run:
    """Seconds: of each answer in the calm workspace, alone and beside the flood; of the flood."""

    alone: list[float]
    beside: list[float]
    acked: float
    answered: float


def measure(texts: list[str]) -> Iterator[Figure]:
    """Milliseconds in the calm workspace; `texts` (TEXTS of them) were never seen before."""
    done = asyncio.run(run(texts))
    alone, beside = (statistics.median(each) * 1e3 for each in (done.alone, done.beside))
    beside_it = f"beside {FLOOD} at once in another"
    yield Figure("a calm workspace: answered, median", alone, None, "ms")
    yield Figure(f"the same {beside_it}", beside, 250, "ms")
    yield Figure(f"the longest {beside_it}", max(done.beside) * 1e3, 500, "ms")
    yield Figure(f"all {FLOOD} of that one acknowledged", done.acked, 3, "s")
    yield Figure(f"all {FLOOD} of that one answered", done.answered, 10, "s")


async def run(texts: list[str]) -> Run:
    """One bot with both workspaces."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        async with (
            Slack(echo=False) as slack,
            Bot(slack, Path(folder) / "data", told=many(port, socket=True)),
            Browser(slack, port) as browser,
        ):
            for team in (_LOUD, _CALM):
                assert (await browser.add_to(team)).status == 200
            await slack.connected()
            rest = iter(texts)
            for team in (_LOUD, _CALM):
                await _answered(slack, next(rest), team)
            alone = [await _answered(slack, next(rest)) for _ in range(ALONE)]
            began = time.perf_counter()
            with slack.inside(_LOUD):
                for _ in range(FLOOD):
                    slack.mention(next(rest))
            await asyncio.sleep(0.2)
            beside: list[float] = []
            while (left := FLOOD + 1 - len(_posts(slack, _LOUD))) > 0 and len(beside) < BESIDE:
                asked = time.perf_counter()
                beside.append(await _answered(slack, next(rest)))
                await asyncio.sleep(max(0, _PAUSE + asked - time.perf_counter()))
            await slack.until(lambda: len(_posts(slack, _LOUD)) == FLOOD + 1, 60)
            assert left > 0 or beside, "the flood was over too soon to measure anything beside it"
            assert not slack.given_up
            acked = max(each.acked or 0 for each in slack.deliveries.values()) - began
            return Run(alone, beside, acked, _posts(slack, _LOUD)[-1] - began)


async def _answered(slack: Slack, text: str, team: str = _CALM) -> float:
    count = len(_posts(slack, team))
    began = time.perf_counter()
    with slack.inside(team):
        slack.mention(text)
    await slack.until(lambda: _posts(slack, team)[count:], 30)
    return _posts(slack, team)[-1] - began


def _posts(slack: Slack, team: str) -> list[float]:
    return [call.at for call in slack.called("chat.postMessage") if call.team == team]

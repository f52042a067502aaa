"""The process as a service: it starts, says so, refuses what can't work, and ends in time."""

from __future__ import annotations

import asyncio
import time
from itertools import product
from pathlib import Path

import aiohttp
import pytest

from tests.loopback import Fault
from tests.slack.delivery import Slack
from tests.slack.process import Bot, free_port, over_http
from tests.slack.signing import signed
from tests.slack.wire import values_in
from tests.slack.workspace import BOT_USER, CHANNEL, SIGNING_SECRET

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"


async def refused(bot: Bot) -> str:
    """What a process says that does not serve."""
    await bot.start(ready=False)
    assert bot.process is not None
    assert await asyncio.wait_for(bot.process.wait(), 10) == 1
    assert "Traceback" not in bot.log
    return bot.log


async def logged(bot: Bot, words: str) -> None:
    """Waits until the log says these words."""
    async with asyncio.timeout(10):
        while words not in bot.log:
            await asyncio.sleep(0.05)


async def test_it_ends_in_time_while_slack_holds_everything_up(data: Path) -> None:
    async with Slack(clock=0.02) as slack, Bot(slack, data) as bot:
        limited = {"ok": False, "error": "ratelimited"}
        slack.faults.append(
            Fault("chat.postMessage", 99, status=429, body=limited, headers={"Retry-After": "600"})
        )
        ts = slack.mention(RISKY)
        await slack.until(lambda: slack.called("chat.postMessage"))
        assert await bot.stop() == 0
        slack.faults.clear()
        await bot.start()
        await slack.until(lambda: slack.answers(ts))


async def test_it_waits_for_slack_and_can_be_ended_meanwhile_and_says_when_it_is_ready(
    data: Path,
) -> None:
    async with Slack() as slack:
        bot = Bot(slack, data)
        await slack.away()
        await bot.start(ready=False)
        await logged(bot, "can't be reached")
        assert await bot.stop() == 0
        starting = asyncio.ensure_future(bot.start())
        await asyncio.sleep(1.5)
        await slack.back()
        assert "ready" in await starting
        assert await bot.stop() == 0
        assert bot.process is not None
        assert bot.process.stdout is not None
        assert await bot.process.stdout.read() == b""  # one line, and no more


async def test_a_second_process_on_one_store_is_refused_with_a_sentence(
    slack: Slack, bot: Bot
) -> None:
    said = await refused(Bot(slack, Path(bot.environment["DATA_DIR"])))
    assert "another process uses" in said
    assert "DATABASE_URL" in said
    ts = slack.mention(RISKY)  # the first goes on
    await slack.until(lambda: slack.answers(ts))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": ""}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "x"}, "PORT"),
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "SLACK_BOT_TOKEN (invalid_auth)"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "SLACK_APP_TOKEN (invalid_auth)"),
    ],
)
async def test_what_cannot_work_is_refused_in_words(
    data: Path, settings: dict[str, str], words: str
) -> None:
    async with Slack() as slack:
        said = await refused(Bot(slack, data, roles=("slack",), told=settings))
        assert words in said
        assert "wrong" not in said  # the value itself is never printed


class TestHttp:
    async def test_it_answers_signed_requests_and_no_others(self, data: Path) -> None:
        port = free_port()
        url = f"http://127.0.0.1:{port}/slack/events"
        async with Slack(http=url) as slack, Bot(slack, data, told=over_http(port)) as bot:
            ts = slack.mention(RISKY)
            answer = (await slack.until(lambda: slack.answers(ts)))[0]
            await slack.command(RISKY)
            await slack.until(lambda: slack.ephemeral)
            await slack.press(answer, _control(answer))
            await slack.until(lambda: slack.called("chat.update"))
            await self._refuses(slack, url)
            await self._refuses_what_cannot_be_read(url)
            assert "ERROR" not in bot.log
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/healthz") as response:
                    assert response.status == 200
                challenge = '{"type": "url_verification", "challenge": "abc"}'
                headers = signed(challenge) | {"Content-Type": "application/json"}
                async with session.post(url, data=challenge, headers=headers) as response:
                    assert "abc" in await response.text()

    async def _refuses(self, slack: Slack, url: str) -> None:
        """An old time stamp, a wrong secret, another body, no signature at all."""
        message = slack.post(f"<@{BOT_USER}> {RISKY}")
        event = {**message, "type": "app_mention", "channel": CHANNEL}
        body = slack.told(event)
        wrong = [
            signed(body, at=time.time() - 400),
            signed(body, secret=SIGNING_SECRET + "x"),
            signed(body + " "),
            {},
        ]
        async with aiohttp.ClientSession() as session:
            for headers in wrong:
                headers = {**headers, "Content-Type": "application/json"}  # noqa: PLW2901
                async with session.post(url, data=body, headers=headers) as response:
                    assert response.status == 401
        await asyncio.sleep(0.5)
        assert not slack.answers(message["ts"])

    async def _refuses_what_cannot_be_read(self, url: str) -> None:
        """Anybody can send such things: they are no error of ours."""
        kinds = ("application/json", "application/json; charset=unheard-of")
        async with aiohttp.ClientSession() as session:
            for body, kind in product(('{"type":', "[1]", "[" * 100_000), kinds):
                headers = {"Content-Type": kind}
                async with session.post(url, data=body, headers=headers) as response:
                    assert response.status in {400, 401}


def _control(answer: dict[str, object]) -> str:
    return next(value for value in values_in(answer["blocks"]) if "|lang|" in value)

"""Who sends too much is told so, kindly and once; all others go on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.slack.delivery import Slack
from tests.slack.process import Bot
from tests.slack.wire import texts_in
from tests.slack.workspace import CHANNEL, USER

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
QUIET = 0.5


def notices(slack: Slack, user: str = USER) -> list[str]:
    """What this person alone was told."""
    told = [each for each in slack.ephemeral if each.get("user") == user]
    return ["".join(texts_in(each["blocks"])) for each in told]


async def test_what_is_over_the_limits_is_left_out_and_told_once(data: Path) -> None:
    limits = {"LIMIT_PERSON": "3/1h", "LIMIT_WORKSPACE": "6/1h"}  # the word to Ann counts
    async with Slack(clock=0.02) as slack, Bot(slack, data, told=limits):
        await slack.connected()
        asked = [slack.mention(f"{RISKY} ({number})") for number in range(8)]
        await slack.until(lambda: len(slack.answers()) == 3 and notices(slack))
        slack.locale = "en-US"
        others = [slack.mention(RISKY, user="U0BOB") for _ in range(4)]
        await slack.until(lambda: len(slack.answers()) == 5 and notices(slack, "U0BOB"))
        await asyncio.sleep(QUIET)
        assert len([each for each in asked if slack.answers(each)]) == 3
        assert len([each for each in others if slack.answers(each)]) == 2
        assert len(notices(slack)) == len(notices(slack, "U0BOB")) == 1
        assert "少し時間をおいて" in notices(slack)[0]
        assert "wait a little" in notices(slack, "U0BOB")[0]
        assert not slack.given_up
        # Slack's second event of an answered message is no new message
        message = next(m for m in slack.messages[CHANNEL] if slack.answers(m["ts"]))
        slack.happens({**message, "channel": CHANNEL, "channel_type": "channel"})
        await asyncio.sleep(QUIET)
        assert len(slack.answers()) == 5
        assert len(notices(slack)) == 1


async def test_commands_are_told_too(data: Path) -> None:
    async with Slack() as slack, Bot(slack, data, told={"LIMIT_PERSON": "1/1h"}):
        await slack.connected()
        for _ in range(4):
            await slack.command(RISKY)
        await slack.until(lambda: len(slack.ephemeral) == 2)
        await asyncio.sleep(QUIET)
        said = ["".join(texts_in(each["blocks"])) for each in slack.ephemeral]
        assert len([each for each in said if "少し時間をおいて" in each]) == 1
        assert len(said) == 2

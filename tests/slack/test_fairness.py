"""One workspace's flood does not slow another's answers (figures: tests/bench/fairness.py)."""

from __future__ import annotations

from pathlib import Path

from tests.slack.delivery import Slack
from tests.slack.installing import Browser, many
from tests.slack.process import Bot, free_port
from tests.slack.workspace import Call

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
LOUD, CALM = "T0LOUD", "T0CALM"
FLOOD = 150


def posts(slack: Slack, team: str) -> list[Call]:
    return [call for call in slack.called("chat.postMessage") if call.team == team]


async def test_a_calm_workspace_is_answered_while_another_floods(data: Path) -> None:
    """Asked last, it is answered while most of the flood still waits, whatever the machine's speed."""
    port = free_port()
    async with (
        Slack(clock=0.2, echo=False) as slack,
        Bot(slack, data, told=many(port, socket=True)),
        Browser(slack, port) as browser,
    ):
        for team in (LOUD, CALM):
            assert (await browser.add_to(team)).status == 200
        await slack.connected()
        with slack.inside(LOUD):
            flood = [slack.mention(f"{RISKY} ({number})") for number in range(FLOOD)]
        for number in range(2):
            with slack.inside(CALM):
                slack.mention(RISKY)
            await slack.until(lambda number=number: len(posts(slack, CALM)) > number, 60)  # type: ignore[misc]
            assert len(posts(slack, LOUD)) < FLOOD / 2
        await slack.until(lambda: len(posts(slack, LOUD)) >= FLOOD, 100)
        with slack.inside(LOUD):
            assert {each["thread_ts"] for each in slack.answers()} == set(flood)
            assert len(slack.answers()) == FLOOD

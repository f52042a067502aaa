"""Private by default: nothing in logs, nothing readable on disk, and nothing after its time."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from tests.loopback import Fault
from tests.slack.delivery import Slack
from tests.slack.process import Bot
from tests.slack.wire import values_in
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN, CHANNEL, DIRECT, TEAM, USER

REMARKABLE = "むらさきの傘"
RISKY = f"{REMARKABLE}の件、お打ち合わせのため、LINEの友だち追加をお願いします。"


async def _everything_happens(slack: Slack, bot: Bot) -> None:
    """All ways in, and all that can go wrong on them."""
    for fault in (
        Fault("chat.postMessage", status=500),
        Fault("chat.postMessage", status=200, body="<html>a proxy</html>"),
        Fault("chat.postMessage", hang_up=True),
        Fault("chat.postMessage", status=429, headers={"Retry-After": "1"}, body={"ok": False}),
    ):
        slack.faults.append(fault)
        ts = slack.mention(RISKY)
        answer = (await slack.until(lambda ts=ts: slack.answers(ts)))[0]  # type: ignore[misc]
    await slack.press(answer, next(v for v in values_in(answer["blocks"]) if "|more|" in v))
    slack.faults.append(
        Fault("chat.postMessage", status=200, body={"ok": False, "error": "is_archived"})
    )
    slack.mention(RISKY)
    await slack.until(lambda: slack.ephemeral)
    slack.say(RISKY)
    await slack.until(lambda: slack.answers(channel=DIRECT))
    await slack.command(RISKY)
    # What is no request of Slack's, and what our own code can't take.
    await slack.bring_raw({"type": "event_callback", "event": {"type": "message", "text": RISKY}})
    await slack.bring_raw({"type": RISKY})
    await slack.drop_sockets()
    await slack.connected()
    await slack.until(lambda: not slack.on_their_way)
    assert await bot.stop() == 0


async def test_logs_and_disk_hold_no_text_no_names_and_no_tokens(data: Path) -> None:
    async with Slack(clock=0.02) as slack, Bot(slack, data) as bot:
        await _everything_happens(slack, bot)
        assert "is_archived" in bot.log  # the log is not simply empty
        for word in (REMARKABLE, "LINE", "xoxb", "xapp", USER, CHANNEL, DIRECT, TEAM):
            assert word not in bot.log
        files = [path for path in data.iterdir() if path.name != "log"]
        assert any(path.name.startswith("mikiwame.sqlite") for path in files)
        for path in files:
            held = path.read_bytes()
            for word in (REMARKABLE, "友だち追加", BOT_TOKEN, APP_TOKEN, USER):
                assert word.encode() not in held, path.name
        assert (data / "secret.key").stat().st_mode & 0o077 == 0


async def test_a_text_is_gone_after_its_time_and_a_control_says_so(data: Path) -> None:
    async with Slack(clock=0.02) as slack, Bot(slack, data, TEXT_TTL="2s") as bot:
        ts = slack.mention(RISKY)
        answer = (await slack.until(lambda: slack.answers(ts)))[0]
        wrong = next(v for v in values_in(answer["blocks"]) if "|feedback|wrong" in v)
        await slack.press(answer, wrong)
        form = (await slack.until(lambda: slack.views))[0]
        await asyncio.sleep(2.5)
        missed = {"verdict": {"selected_option": {"value": "missed"}}}
        assert (await slack.submit(form, missed))["response_action"] == "errors"
        await slack.press(answer, wrong)
        await slack.until(lambda: slack.ephemeral)
        assert len(slack.views) == 1  # no form that would be filled in for nothing
        slack.ephemeral.clear()
        await slack.press(answer, next(v for v in values_in(answer["blocks"]) if "|lang|" in v))
        await slack.until(lambda: slack.ephemeral)
        assert not slack.called("chat.update")
        slack.mention("in English", thread_ts=ts)
        await slack.until(lambda: slack.ephemeral[1:] or slack.answers(ts)[1:])
        await asyncio.sleep(3.5)  # nothing of the question either
        await bot.stop()
        rows = sqlite3.connect(data / "mikiwame.sqlite")
        assert rows.execute("select count(*) from mikiwame_kept").fetchone() == (0,)
        kept = rows.execute("select count(*) from mikiwame_jobs where sealed is not null")
        assert kept.fetchone() == (0,)


async def test_controls_work_after_a_restart_and_another_key_is_refused(data: Path) -> None:
    async with Slack(clock=0.02) as slack, Bot(slack, data) as bot:
        ts = slack.mention(RISKY)
        answer = (await slack.until(lambda: slack.answers(ts)))[0]
        await bot.kill()
        await bot.start()
        await slack.press(answer, next(v for v in values_in(answer["blocks"]) if "|lang|en" in v))
        await slack.until(lambda: slack.called("chat.update"))
        await bot.stop()
        bot.environment |= {"SECRET_KEY": "another key, long enough"}
        await bot.start(ready=False)
        assert bot.process is not None
        assert await bot.process.wait() == 1
        assert "sealed with another key: set SECRET_KEY" in bot.log

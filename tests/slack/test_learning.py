"""What is learnt from use, through a running bot: votes, texts that may be kept, the weekly digest."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rules import load_rulebook
from tests.loopback import Fault, Json
from tests.moving import until_monday, wants_digest
from tests.postgres import postgres
from tests.process import ROOT
from tests.quality.score import judge, read_labels, score
from tests.slack.delivery import Slack
from tests.slack.process import Bot
from tests.slack.stored import store_of
from tests.slack.wire import texts_in, values_in
from tests.slack.workspace import CHANNEL, TEAM

RISKY = "お打ち合わせのため、鈴木様、LINEの友だち追加をお願いします。"
LEFT = "お打ち合わせのため、LINEの友だち追加をお願いします。"
CONTACT = "off_platform_contact"
#: Seconds in which something that must not happen would have happened.
QUIET = 3.0


async def ask(bot: Bot, *command: str) -> str:
    """What a command says of what the running bot keeps."""
    run = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", *command],
        env=bot.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


async def form_for(slack: Slack, user: str) -> Json:
    """The form that Ann gets on 'not quite', under an answer to a text of `user`."""
    ts = slack.mention(RISKY, user=user)
    answer = (await slack.until(lambda: slack.answers(ts)))[0]
    await asyncio.sleep(0.2)  # nobody presses before the answer is on the disk
    slack.views.clear()
    await slack.press(
        answer, next(v for v in values_in(answer["blocks"]) if "|feedback|wrong" in v)
    )
    form: Json = (await slack.until(lambda: slack.views))[0]
    return form


def filled(verdict: str, *, agreed: bool) -> Json:
    box: list[Any] = [{"value": "yes"}] if agreed else []
    return {
        "verdict": {"selected_option": {"value": verdict}},
        "word": {"value": "いつもの取引先です"},
        "text": {"value": LEFT},
        "keep": {"selected_options": box},
    }


async def samples(bot: Bot) -> list[Json]:
    return [json.loads(line) for line in (await ask(bot, "feedback", "export")).splitlines()]


class TestFeedback:
    async def test_a_text_is_kept_with_a_yes_alone_and_exported_as_it_was_left(
        self, data: Path, tmp_path: Path
    ) -> None:
        async with Slack() as slack, Bot(slack, data) as bot:
            form = await form_for(slack, "U0ANN")
            shown = next(each for each in form["blocks"] if each["block_id"] == "text")
            assert shown["element"]["initial_value"] == RISKY
            await slack.submit(form, filled("wrong_alarm", agreed=False))
            await voted(bot, wrong_alarm=1)
            assert await samples(bot) == []
            await slack.submit(form, filled("missed", agreed=True))
            await voted(bot, missed=1)
            (kept,) = await samples(bot)
            assert kept["text"] == LEFT
            assert kept["feedback"]["verdict"] == "missed"
            assert kept["feedback"]["word"] == "いつもの取引先です"
            assert kept["feedback"]["version"] == load_rulebook().version
            file = tmp_path / "cases.jsonl"
            assert "1 text" in await ask(bot, "feedback", "export", str(file))
            assert file.stat().st_mode & 0o077 == 0
            labels = read_labels([file])
            assert labels[0].quotes.keys() == {CONTACT}
            assert score(judge(labels, load_rulebook())).micro.f1 == 1
            await slack.submit(form, filled("wrong_alarm", agreed=False))
            await voted(bot, wrong_alarm=1)
            assert await samples(bot) == []

    async def test_another_persons_text_is_neither_shown_nor_kept(self, data: Path) -> None:
        async with Slack() as slack, Bot(slack, data) as bot:
            form = await form_for(slack, "U0BOB")
            assert "鈴木" not in json.dumps(form, ensure_ascii=False)
            assert [each["block_id"] for each in form["blocks"]] == ["verdict", "word"]
            await slack.submit(form, filled("wrong_alarm", agreed=True))
            await voted(bot, wrong_alarm=1)
            assert await samples(bot) == []

    async def test_votes_and_counts_are_shown(self, data: Path) -> None:
        async with Slack() as slack, Bot(slack, data) as bot:
            await slack.submit(await form_for(slack, "U0ANN"), filled("wrong_alarm", agreed=False))
            await voted(bot, wrong_alarm=1)
            told = await ask(bot, "feedback")
            assert f"{CONTACT}/" in told
            assert load_rulebook().version in told
            assert "いつもの取引先です" in told
            figures = json.loads(await ask(bot, "stats", "--json", "--days", "2"))
            assert figures["vetted"] == 1
            assert figures["doors"]["slack"]["codes"] == {CONTACT: 1}
            assert figures["feedback"] == {"right": 0, "wrong_alarm": 1, "missed": 0}
            shown = await ask(bot, "stats")
            assert CONTACT in shown
            assert "鈴木" not in shown + told


async def test_what_is_shared_is_counted_once(data: Path) -> None:
    async with Slack() as slack, Bot(slack, data) as bot:
        await slack.command(RISKY)
        answer = (await slack.until(lambda: slack.ephemeral))[0]
        await slack.press(answer, next(v for v in values_in(answer["blocks"]) if "|share|" in v))
        await slack.until(slack.answers)
        await asyncio.sleep(0.5)
        assert json.loads(await ask(bot, "stats", "--json"))["vetted"] == 1


async def voted(bot: Bot, **expected: int) -> None:
    """Waits until the votes are these."""
    store = store_of(bot)
    try:
        for _ in range(100):
            if store.tallies.verdicts(1) == expected:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(store.tallies.verdicts(1))
    finally:
        store.engine.dispose()


# ---- the weekly digest ------------------------------------------------------------------------


def digests(slack: Slack) -> list[str]:
    """The digests in the channel, as they are seen."""
    seen = ("\n".join(texts_in(each.get("blocks"))) for each in slack.messages[CHANNEL])
    return [each for each in seen if "先週の見極め" in each]


async def vetted(slack: Slack, times: int) -> None:
    asked = [slack.mention(f"{LEFT} ({number})") for number in range(times)]
    for ts in asked:
        await slack.until(lambda ts=ts: slack.answers(ts))  # type: ignore[misc]
    await asyncio.sleep(0.3)


async def a_week_passed(slack: Slack, data: Path, times: int) -> None:
    """Some texts were vetted last week, in a workspace that wants a digest."""
    async with Bot(slack, data) as bot:
        await vetted(slack, times)
        wants_digest(store_of(bot), f"slack/{TEAM}", CHANNEL, lang="ja", who="named")


def on_monday(
    slack: Slack, data: Path, weeks: int = 0, hour: int = 10, told: dict[str, str] | None = None
) -> Bot:
    moved = {**(told or {}), **until_monday(weeks, hour)}
    return Bot(slack, data, module="tests.clock", told=moved)


class TestDigest:
    async def test_it_comes_on_monday_at_ten_once_whatever_crashes(self, data: Path) -> None:
        async with Slack(clock=0.02) as slack:
            await a_week_passed(slack, data, 6)
            async with on_monday(slack, data, hour=8):
                await asyncio.sleep(QUIET)
                assert digests(slack) == []
            async with on_monday(slack, data) as bot:
                (said,) = await slack.until(lambda: digests(slack))
                assert "6件の文" in said
                assert "サイトの外での連絡:6件" in said
                await asyncio.sleep(QUIET)
                await bot.kill()
                await bot.start()
                await asyncio.sleep(QUIET)
            async with on_monday(slack, data, hour=12):
                await asyncio.sleep(QUIET)
            assert len(digests(slack)) == 1
            async with on_monday(slack, data, weeks=1):
                await asyncio.sleep(QUIET)
            assert len(digests(slack)) == 1  # nothing was vetted in that week

    @pytest.mark.parametrize("sent", [True, False])
    async def test_who_dies_while_sending_has_sent_it_once(self, data: Path, sent: bool) -> None:
        async with Slack(clock=0.02) as slack:
            await a_week_passed(slack, data, 2)
            slack.calls.clear()
            slack.faults.append(Fault("chat.postMessage", times=1000, status=503, done=sent))
            later = float(until_monday()["CLOCK_AHEAD"])
            slack.stamp = lambda: f"{time.time() + later:.6f}"  # type: ignore[method-assign]
            async with on_monday(slack, data) as bot:
                await slack.until(lambda: slack.called("chat.postMessage"))
                await bot.kill()
                slack.faults.clear()
                await bot.start()
                await slack.until(lambda: digests(slack))
                await asyncio.sleep(QUIET)
            (said,) = digests(slack)
            assert "5件未満" in said
            assert "サイトの外" not in said

    async def test_where_it_cannot_be_sent_that_is_noted_and_nobody_is_bothered(
        self, data: Path
    ) -> None:
        async with Slack(clock=0.02) as slack:
            await a_week_passed(slack, data, 1)
            slack.archived.add(CHANNEL)
            slack.calls.clear()
            async with on_monday(slack, data) as bot:
                await slack.until(lambda: slack.called("chat.postMessage"))
                await asyncio.sleep(1)
                assert [each.reason for each in store_of(bot).failures()] == ["is_archived"]
            assert not slack.ephemeral
            assert len(slack.called("chat.postMessage")) == 1


@pytest.fixture
def database() -> Iterator[str]:
    with postgres() as server:
        yield server.get_uri()


async def test_of_several_processes_one_sends_it_and_another_takes_over(
    database: str, tmp_path: Path
) -> None:
    shared = {"SECRET_KEY": "the same for all of them", "DATABASE_URL": database}
    async with Slack(clock=0.02) as slack:
        async with Bot(slack, tmp_path / "a", told=shared) as bot:
            await vetted(slack, 5)
            wants_digest(store_of(bot), f"slack/{TEAM}", CHANNEL, lang="ja")
        later = float(until_monday()["CLOCK_AHEAD"])
        slack.stamp = lambda: f"{time.time() + later:.6f}"  # type: ignore[method-assign]
        slack.calls.clear()
        slack.faults.append(Fault("chat.postMessage", times=1000, status=503, done=True))
        many = [on_monday(slack, tmp_path / name, told=shared) for name in "bcd"]
        async with many[0], many[1], many[2]:
            await slack.until(lambda: slack.called("chat.postMessage"))
            for each in many[:2]:
                await each.kill()
            slack.faults.clear()
            store = store_of(many[2])
            await slack.until(lambda: digests(slack), 30)
            for _ in range(60):
                if not store.unfinished():
                    break
                await asyncio.sleep(1)
            assert store.unfinished() == []
            assert store.failures() == []
            store.engine.dispose()
        assert len(digests(slack)) == 1

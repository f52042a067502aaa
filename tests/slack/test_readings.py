"""Postings, files and screenshots through the running bot, as Slack brings them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.bot.doors.slack.limits import assert_within_limits
from tests.pictures import screenshots
from tests.postings import NEW, OPENED, Postings
from tests.running import kept_open
from tests.slack.delivery import Slack
from tests.slack.process import Bot
from tests.slack.test_ways_in import answered, changed, control, seen, whispered
from tests.slack.workspace import CHANNEL, DIRECT

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"


@pytest.fixture(scope="module")
def opened(
    runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Slack, Postings]]:
    """A workspace, and a bot that may read the postings beside it."""

    @asynccontextmanager
    async def both() -> AsyncIterator[tuple[Slack, Postings]]:
        data = tmp_path_factory.mktemp("bot")
        async with (
            Slack(clock=0.02) as slack,
            Postings() as postings,
            Bot(slack, data, told=OPENED),
        ):
            yield slack, postings

    yield from kept_open(runner, both())


@pytest.fixture
def reading(opened: tuple[Slack, Postings]) -> Slack:
    """The workspace."""
    opened[0].ephemeral.clear()
    opened[0].may_read_files = True
    return opened[0]


@pytest.fixture
def postings(opened: tuple[Slack, Postings]) -> Postings:
    """The postings."""
    opened[1].asked.clear()
    return opened[1]


class TestPostings:
    async def test_a_posting_is_judged_with_its_client(
        self, reading: Slack, postings: Postings
    ) -> None:
        ts = reading.mention(f"<{postings.url}1>")
        answer = await answered(reading, ts)
        assert_within_limits(answer["blocks"])
        shown = seen(answer)
        assert NEW.said["title"] in shown
        assert "sato_work" in shown
        assert "△ 本人確認" in shown
        assert "– " in shown

    async def test_controls_work_without_reading_again(
        self, reading: Slack, postings: Postings
    ) -> None:
        ts = reading.mention(f"これどう思いますか? {postings.url}1")
        answer = await answered(reading, ts)
        asked = len(postings.asked)
        await changed(reading, answer, control(answer, "|lang|en"), "What the page says")
        assert "△ Identity check" in seen(answer)
        await changed(reading, answer, control(answer, "|more|yes"), "Sources")
        assert_within_limits(answer["blocks"])
        assert len(postings.asked) == asked

    @pytest.mark.parametrize(
        ("number", "words"), [(2, "公開されたページ"), (3, "403"), (4, "公開が終わっている")]
    )
    async def test_a_page_that_is_not_to_be_had_has_a_next_step(
        self, reading: Slack, postings: Postings, number: int, words: str
    ) -> None:
        reading.say(f"{postings.url}{number}", CHANNEL)  # nobody asked
        before = len(reading.messages[DIRECT])
        reading.say(f"{postings.url}{number}")
        told = (await reading.until(lambda: reading.messages[DIRECT][before + 1 :]))[0]
        assert "貼り付ける" in told["text"]
        assert words in told["text"]

    async def test_what_can_be_judged_without_the_page_is_judged(
        self, reading: Slack, postings: Postings
    ) -> None:
        ts = reading.mention(f"{RISKY}\n{postings.url}3")
        shown = seen(await answered(reading, ts))
        assert "403" in shown
        assert "LINE" in shown

    async def test_inside_stays_inside(self, slack: Slack, postings: Postings) -> None:
        ts = slack.mention(f"{RISKY}\n{postings.url}1")
        assert "LINE" in seen(await answered(slack, ts))
        assert not postings.asked


class TestFiles:
    async def test_a_text_is_judged_with_what_was_said(self, reading: Slack) -> None:
        file = reading.attach("message.txt", RISKY.encode("cp932"), "text/plain")
        ts = reading.mention("これどう思いますか?", subtype="file_share", files=[file])
        shown = seen(await answered(reading, ts))
        assert "LINEの友だち追加" in shown
        assert "これどう" not in shown

    async def test_one_at_the_root_of_a_thread(self, reading: Slack) -> None:
        file = reading.attach("root.txt", RISKY.encode(), "text/plain")
        root = reading.post("", subtype="file_share", files=[file])["ts"]
        reading.mention("", thread_ts=root)
        assert "LINEの友だち追加" in seen(await answered(reading, root))

    async def test_one_in_the_menu_of_a_message(self, reading: Slack) -> None:
        file = reading.attach("menu.txt", RISKY.encode(), "text/plain")
        message = reading.post("", subtype="file_share", files=[file])
        await reading.shortcut(message)
        assert "LINEの友だち追加" in seen(await answered(reading, message["ts"]))

    async def test_an_unknown_kind_is_said_beside_what_was_judged(self, reading: Slack) -> None:
        file = reading.attach("book.xlsx", b"PK\x03\x04\0\0", "application/vnd.ms-excel")
        ts = reading.mention(RISKY, files=[file])
        shown = seen(await answered(reading, ts))
        assert "「book.xlsx」" in shown
        assert "LINE" in shown

    async def test_files_that_may_not_be_read(self, reading: Slack) -> None:
        reading.may_read_files = False
        file = reading.attach("shot.png", b"\x89PNG", "image/png")
        reading.mention("", files=[file])
        assert "files:read" in (await whispered(reading))["text"]

    async def test_the_token_goes_to_slack_alone(self, reading: Slack, postings: Postings) -> None:
        file = reading.attach("a.txt", b"a", "text/plain") | {"url_private": f"{postings.url}1"}
        reading.mention("", files=[file])
        assert "「a.txt」" in (await whispered(reading))["text"]
        assert not postings.asked

    async def test_one_of_another_workspace_is_asked_for(self, reading: Slack) -> None:
        file = reading.attach("shared.txt", RISKY.encode(), "text/plain")
        reading.shared_files[file["id"]] = file
        ts = reading.mention("", files=[{"id": file["id"], "file_access": "check_file_info"}])
        assert "LINE" in seen(await answered(reading, ts))


class TestPictures:
    async def test_a_screenshot_is_read_and_a_text_does_not_wait_for_it(
        self, reading: Slack
    ) -> None:
        pytest.importorskip("rapidocr")
        picture = screenshots()["ja-small"].data
        file = reading.attach("shot.png", picture, "image/png")
        ts = reading.mention("これどうですか?", subtype="file_share", files=[file])
        meanwhile = reading.mention(RISKY)
        assert "LINE" in seen(await answered(reading, meanwhile))
        assert not reading.answers(ts)
        answer = (await reading.until(lambda: reading.answers(ts), 60))[0]
        assert_within_limits(answer["blocks"])
        assert "免許証" in seen(answer)
        assert "相手:" in seen(answer)


class TestCrashes:
    async def test_what_was_being_read_is_read_again_and_answered_once(self, data: Path) -> None:
        async with Slack(clock=0.02) as slack, Bot(slack, data) as bot:
            file = slack.attach("late.txt", RISKY.encode(), "text/plain")
            slack.holding.clear()
            ts = slack.mention("", files=[file])
            await slack.until(lambda: slack.fetched)
            await bot.kill()
            slack.holding.set()
            await bot.start()
            assert "LINE" in seen(await answered(slack, ts))
            await asyncio.sleep(0.5)
            assert len(slack.answers(ts)) == 1

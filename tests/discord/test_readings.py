"""Postings, files and screenshots through the running bot, as Discord brings them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.discord.community import seen
from tests.discord.gateway import Discord
from tests.discord.process import Bot
from tests.discord.test_ways_in import answered, changed, told, whispered
from tests.pictures import screenshots
from tests.postings import NEW, OPENED, Postings
from tests.running import kept_open

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
QUOTE = "LINEの友だち追加"


@pytest.fixture(scope="module")
def opened(
    runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Discord, Postings]]:
    """A Discord, and a bot that may read the postings beside it."""

    @asynccontextmanager
    async def both() -> AsyncIterator[tuple[Discord, Postings]]:
        data = tmp_path_factory.mktemp("bot")
        async with Discord() as discord, Postings() as postings, Bot(discord, data, **OPENED):
            yield discord, postings

    yield from kept_open(runner, both())


@pytest.fixture
def reading(opened: tuple[Discord, Postings]) -> Discord:
    """The Discord, which looks at every limit."""
    opened[0].broken.clear()
    return opened[0]


@pytest.fixture
def postings(opened: tuple[Discord, Postings]) -> Postings:
    """The postings."""
    opened[1].asked.clear()
    return opened[1]


class TestPostings:
    async def test_a_posting_is_judged_with_its_client_and_read_once(
        self, reading: Discord, postings: Postings
    ) -> None:
        answer = await answered(reading, reading.mention(f"{postings.url}1"))
        shown = seen(answer)
        assert NEW.said["title"] in shown.replace("\\", "")
        assert "sato\\_work" in shown
        assert "△ 本人確認" in shown
        asked = len(postings.asked)
        reading.press(answer, "|more|yes")
        await changed(reading, answer, "出典")
        reading.press(answer, "|lang|en")
        await changed(reading, answer, "What the page says")
        assert len(postings.asked) == asked

    @pytest.mark.parametrize(("number", "words"), [(2, "公開されたページ"), (3, "403")])
    async def test_a_page_that_is_not_to_be_had_has_a_next_step(
        self, reading: Discord, postings: Postings, number: int, words: str
    ) -> None:
        said = await told(reading, reading.say(f"{postings.url}{number}"))
        assert words in said
        assert "貼り付ける" in said

    async def test_a_command_reads_too(self, reading: Discord, postings: Postings) -> None:
        command = reading.command("vet", text=f"{RISKY}\n{postings.url}3")
        shown = seen(await whispered(reading, command))
        assert "403" in shown
        assert QUOTE in shown

    async def test_inside_stays_inside(self, discord: Discord, postings: Postings) -> None:
        answer = await answered(discord, discord.mention(f"{RISKY}\n{postings.url}1"))
        assert QUOTE in seen(answer)
        assert not postings.asked


class TestFiles:
    async def test_an_unknown_kind_is_said_beside_what_was_judged(self, reading: Discord) -> None:
        file = reading.attach("book.xlsx", b"PK\x03\x04\0\0", "application/vnd.ms-excel")
        shown = seen(await answered(reading, reading.mention(RISKY, attachments=[file])))
        assert "「book\\.xlsx」" in shown
        assert QUOTE in shown

    async def test_many_that_can_not_be_read_leave_room_for_the_risks(
        self, reading: Discord
    ) -> None:
        files = [reading.attach(f"{n}-{'x' * 80}.bin", b"\0", "a/b") for n in range(10)]
        answer = await answered(reading, reading.mention(RISKY, attachments=files))
        reading.press(answer, "|more|yes")
        await changed(reading, answer, "出典")
        assert QUOTE in seen(answer)

    async def test_of_a_reply_the_files_of_what_it_replies_to(self, reading: Discord) -> None:
        file = reading.attach("root.txt", RISKY.encode("cp932"))
        root = reading.say("", attachments=[file], missed=True)
        reply = reading.reply("これどうですか?", root)
        assert QUOTE in seen(await answered(reading, reply))

    async def test_nothing_is_fetched_but_from_discord(
        self, reading: Discord, postings: Postings
    ) -> None:
        file = reading.attach("a.txt", b"a") | {"url": f"{postings.url}1"}
        assert "「a\\.txt」" in await told(reading, reading.mention("", attachments=[file]))
        assert not postings.asked


class TestPictures:
    async def test_a_screenshot_is_read_and_a_text_does_not_wait_for_it(
        self, reading: Discord
    ) -> None:
        pytest.importorskip("rapidocr")
        file = reading.attach("shot.png", screenshots()["ja-small"].data, "image/png")
        message = reading.mention("これどうですか?", attachments=[file])
        meanwhile = reading.mention(RISKY)
        assert QUOTE in seen(await answered(reading, meanwhile))
        assert not reading.answers_to(message)
        answer = (await reading.until(lambda: reading.answers_to(message), 60))[0]
        assert "相手" in seen(answer)
        assert "スマホ1台" in seen(answer)


class TestCrashes:
    async def test_what_was_being_read_is_read_again_and_answered_once(self, data: Path) -> None:
        async with Discord() as discord, Bot(discord, data) as bot:
            file = discord.attach("late.txt", RISKY.encode())
            discord.holding.clear()
            message = discord.mention("", attachments=[file])
            await discord.until(lambda: discord.fetched)
            await bot.kill()
            discord.holding.set()
            await bot.start()
            assert QUOTE in seen(await answered(discord, message))
            await asyncio.sleep(0.6)
            assert len(discord.answers_to(message)) == 1

"""The reading room as the desk uses it."""

from __future__ import annotations

import asyncio

import pytest

from bot.reading.models import Attachment, Read, Trouble
from bot.reading.room import Brought, Room
from bot.settings import Settings
from rules import load_rulebook

RULEBOOK = load_rulebook()
POSTING = "https://crowdworks.jp/public/jobs/1"
LINE = "お打ち合わせのため、LINEの友だち追加をお願いします。"


async def never() -> Brought:
    """Files that do not come."""
    await asyncio.Event().wait()
    return Brought()


@pytest.mark.parametrize(("said", "left"), [(LINE, LINE), (POSTING, ""), ("", "")])
def test_what_does_not_end_is_cut_off_and_the_text_is_left(said: str, left: str) -> None:
    found = asyncio.run(Room(Settings(), RULEBOOK, time_limit=0.05).read(said, never))
    assert found == Read(text=left, troubles=(Trouble(code="not_read"),))


def test_a_file_with_what_could_not_be_fetched() -> None:
    trouble = Trouble(code="file_away", values={"name": "a.png"})

    async def bring() -> Brought:
        return Brought(files=(Attachment(name="a.txt", data=LINE.encode()),), troubles=(trouble,))

    found = asyncio.run(Room(Settings(), RULEBOOK).read("", bring))
    assert found.text == LINE
    assert found.troubles == (trouble,)


@pytest.mark.parametrize(
    ("said", "words", "addresses"),
    [
        (f"これどう思いますか? {POSTING}", "これどう思いますか?", POSTING),
        (f"<{POSTING}> と https://example.com/a", "と", f"{POSTING}\nhttps://example.com/a"),
        (POSTING, "", POSTING),
    ],
)
def test_words_and_addresses(said: str, words: str, addresses: str) -> None:
    found = asyncio.run(Room(Settings(), RULEBOOK).parted(said))
    assert (found[0].strip("<> "), found[1]) == (words, addresses)


@pytest.mark.parametrize(
    ("said", "concerned"), [(POSTING, True), ("https://example.com/a", False), (LINE, False)]
)
def test_what_concerns_it(said: str, concerned: bool) -> None:
    assert asyncio.run(Room(Settings(), RULEBOOK).concerns(said)) is concerned

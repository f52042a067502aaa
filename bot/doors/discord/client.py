"""The connection to Discord: no privileged intents, next to nothing kept in memory."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Protocol

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.discord.calls import asked
from bot.doors.discord.commands import InOurLanguages, Interaction, add_commands
from bot.doors.discord.thin import thinned
from rules import Rulebook, Stage

# It would warn that it can't speak.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

_log = logging.getLogger(__name__)

#: Seconds without another server after which all are taken for told.
_ALL_TOLD = 1.0
#: Seconds between two new connections, as Discord wants it.
_BETWEEN = 5.0
#: Seconds between tries to tell Discord the commands.
_PAUSES = (1, 5, 30, 60, 300, 600)


class Hears(Protocol):
    """What is done with what Discord tells."""

    async def message(self, message: discord.Message) -> None:
        """A message was written."""

    async def interaction(self, interaction: Interaction) -> None:
        """A control or a form was used."""

    async def vet(
        self, interaction: Interaction, text: str, site: str | None, stage: Stage | None
    ) -> None:
        """`/vet` was used."""

    async def vet_message(self, interaction: Interaction, message: discord.Message) -> None:
        """'Vet this message' was used."""

    async def settings(self, interaction: Interaction) -> None:
        """`/settings` was used."""

    async def removed(self, guild: int) -> None:
        """A server removed the bot, or is no more."""


class Follows(Protocol):
    """What is done with what becomes of the connections."""

    def open(self) -> None:
        """They are about to be made."""

    async def close(self) -> None:
        """They are about to end."""

    async def connected(self, shard: int) -> None:
        """A shard has a new connection."""

    async def ready(self, shard: int) -> None:
        """And knows its servers."""

    async def gone(self, shard: int) -> None:
        """A shard's connection broke."""

    async def resumed(self, shard: int) -> None:
        """A shard's connection was taken up again."""


class Client(discord.AutoShardedClient):
    """discord.py's client, told where Discord is, and how little we want of it.

    Without a rulebook it has no commands. `listeners` and `looking_back` are given before it
    connects.
    """

    listeners: Hears
    looking_back: Follows

    def __init__(
        self, api: str, rulebook: Rulebook | None = None, shards: tuple[range, int] | None = None
    ) -> None:
        self.api = api
        Route.BASE = api  # the library has it as a class's constant
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        super().__init__(
            intents=intents,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=_ALL_TOLD,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        if shards is not None:
            self.shard_ids, self.shard_count = list(shards[0]), shards[1]
        self.tree: app_commands.CommandTree[Client] = app_commands.CommandTree(self)
        self.connected = asyncio.Event()
        self.deaf = False
        self._begun = -_BETWEEN
        self._keep_little()
        self._telling: asyncio.Task[None] | None = None
        self._tells_commands = rulebook is not None and (shards is None or 0 in shards[0])
        if rulebook is not None:
            add_commands(self.tree, rulebook, self._vet, self._vet_message, self._settings)

    def _keep_little(self) -> None:
        """The library has no setting for this; it asks its table for who parses an event."""
        parsers = self._connection.parsers
        parse = parsers["GUILD_CREATE"]
        parsers["GUILD_CREATE"] = lambda data: parse(thinned(data, self._connection.self_id or 0))

    async def setup_hook(self) -> None:
        """Tells Discord the commands; of several processes the one with the first shard does."""
        await self.tree.set_translator(InOurLanguages())
        if self._tells_commands:
            self._telling = asyncio.create_task(self._tell_commands())

    async def _tell_commands(self) -> None:
        """Beside everything else: all other ways to ask work without."""
        for pause in _PAUSES:
            try:
                await asked(self.tree.sync())
                return
            except UnanswerableError as error:
                _log.warning("Discord does not take the commands (%s)", error.reason)
                return
            except HinderedError:
                await asyncio.sleep(pause)
        _log.warning("the commands could not be told to Discord; they stay as they were")

    async def launch_shards(self) -> None:
        """Where the gateway is, only Discord's API says; the library asks in some cases only."""
        count, url, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        self.shard_count = self.shard_count or count
        await super().launch_shards()

    async def before_identify_hook(self, _shard: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - as the library calls it
        """Discord lets one connection begin in five seconds; the library would always wait them."""
        await asyncio.sleep(max(self._begun + _BETWEEN - time.monotonic(), 0))
        self._begun = time.monotonic()

    async def on_shard_connect(self, shard: int) -> None:
        """A shard has a new connection."""
        await self.looking_back.connected(shard)
        self.connected.set()

    async def on_message(self, message: discord.Message) -> None:
        """A message was written; the library calls this and the following."""
        if not self.deaf:
            await self.listeners.message(message)

    async def _vet(
        self, interaction: Interaction, text: str, site: str | None, stage: Stage | None
    ) -> None:
        if not self.deaf:
            await self.listeners.vet(interaction, text, site, stage)

    async def _vet_message(self, interaction: Interaction, message: discord.Message) -> None:
        if not self.deaf:
            await self.listeners.vet_message(interaction, message)

    async def _settings(self, interaction: Interaction) -> None:
        if not self.deaf:
            await self.listeners.settings(interaction)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """A server removed the bot; one that is merely out of reach is not told here."""
        if not self.deaf:
            await self.listeners.removed(guild.id)

    async def on_interaction(self, interaction: Interaction) -> None:
        """A control or a form was used."""
        if not self.deaf:
            await self.listeners.interaction(interaction)

    async def on_shard_ready(self, shard: int) -> None:
        """A shard has a new connection, and knows its servers."""
        await self.looking_back.ready(shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        """A shard's connection broke."""
        await self.looking_back.gone(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """A shard's connection was taken up again."""
        await self.looking_back.resumed(shard)

"""The Discord door: its client, connected and kept connected by discord.py."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import discord
from aiohttp import web

from bot.desk import Desk
from bot.doors.discord.acks import Acks
from bot.doors.discord.client import Client
from bot.doors.discord.commands import add_commands
from bot.doors.discord.listeners import Listeners
from bot.doors.discord.looking_back import LookingBack
from bot.doors.discord.sender import DiscordDoor
from bot.settings import Settings, SettingsError

_log = logging.getLogger(__name__)

_LONGEST_PAUSE = 30.0


class Discord:
    """One bot's Discord: `connect`, then `listen`, then `silence` and `close`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: Client | None = None
        self._looking_back: LookingBack | None = None
        self._connection: asyncio.Task[None] | None = None

    @property
    def way(self) -> str:
        """How Discord reaches this door, in words."""
        shards = self._settings.discord_shards
        return f"Discord (shards {shards})" if shards else "Discord"

    async def connect(self, desk: Desk) -> None:
        """Introduces the bot to Discord and the door to the desk; waits while Discord is away.

        Raises SettingsError where Discord refuses the token.
        """
        assert self._settings.discord_token is not None  # noqa: S101 — checked before serving
        token = self._settings.discord_token.get_secret_value()
        pause = 1.0
        while True:
            client = Client(self._settings.discord_api_url, self._settings.shards)
            looking_back = wire(client, desk)
            try:
                await client.login(token)
            except discord.LoginFailure:
                await client.close()
                raise SettingsError("Discord does not accept DISCORD_TOKEN") from None
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                await client.close()
                _log.warning(
                    "Discord can't be reached (%s); trying again in %.0f s",
                    type(error).__name__,
                    pause,
                )
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                self._client, self._looking_back = client, looking_back
                return

    async def listen(self, _http: web.Application) -> None:
        """From now on Discord's events come in; returns when the first connection stands."""
        assert self._client is not None  # noqa: S101 — connected first
        assert self._looking_back is not None  # noqa: S101
        self._looking_back.open()
        self._connection = asyncio.create_task(self._client.connect())
        connected = asyncio.ensure_future(self._client.connected.wait())
        await asyncio.wait({self._connection, connected}, return_when=asyncio.FIRST_COMPLETED)
        connected.cancel()
        if self._connection.done():
            raise _refused(self._connection.exception())

    async def silence(self) -> None:
        """Takes no more events: what comes from now on is looked up at the next start."""
        if self._client is not None:
            self._client.deaf = True
        if self._looking_back is not None:
            await self._looking_back.close()

    async def close(self) -> None:
        """Ends all connections."""
        if self._client is not None:
            await self._client.close()
        if self._connection is not None:
            self._connection.cancel()
            await asyncio.gather(self._connection, return_exceptions=True)


def wire(client: Client, desk: Desk) -> LookingBack:
    """Joins a client and the desk: what is heard becomes jobs, what is answered is sent."""
    acks = Acks()
    looking_back = LookingBack(client, desk.marks)
    listeners = Listeners(desk, acks, client, looking_back.direct)
    looking_back.hear = listeners.message
    client.listeners = listeners
    client.looking_back = looking_back
    add_commands(client.tree, desk.rulebook, listeners.vet, listeners.vet_message)
    desk.join(DiscordDoor(client, acks, desk.rulebook))
    return looking_back


def _refused(error: BaseException | None) -> SettingsError:
    """Why Discord lets us log in but not listen."""
    _log.error("the connection to Discord ended", exc_info=error)
    reason = type(error).__name__
    if isinstance(error, discord.ConnectionClosed):
        reason = f"gateway code {error.code}"
    return SettingsError(f"Discord does not let this bot listen ({reason})")

"""The Discord door: its client, connected and kept connected."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import discord
from aiohttp import web

from bot.desk.desk import Desk
from bot.doors.discord.acks import Acks
from bot.doors.discord.client import Client
from bot.doors.discord.listeners import Listeners
from bot.doors.discord.looking_back import LookingBack
from bot.doors.discord.sender import DiscordDoor
from bot.settings import Settings, SettingsError

_log = logging.getLogger(__name__)

_LONGEST_PAUSE = 30.0
#: Seconds before a connection that ended for a reason of its own is tried anew.
_REST = 5.0


class Discord:
    """One bot's Discord: `connect`, then `listen`, then `silence` and `close`.

    One that does not listen answers through Discord's API alone, without a connection of its own.
    """

    def __init__(self, settings: Settings, *, listens: bool = True) -> None:
        self._settings = settings
        self._listens = listens
        self._desk: Desk | None = None
        self._door: DiscordDoor | None = None
        self._client: Client | None = None
        self._keeping: asyncio.Task[None] | None = None

    @property
    def way(self) -> str:
        """How Discord reaches this door, in words."""
        shards = self._settings.discord_shards
        return f"Discord (shards {shards})" if shards else "Discord"

    @property
    def is_connected(self) -> bool:
        """Whether every shard has its connection."""
        client = self._client
        if client is None or not client.connected.is_set():
            return False
        return not any(shard.is_closed() for shard in client.shards.values())

    async def connect(self, desk: Desk) -> None:
        """Introduces the bot to Discord and the door to the desk; waits while Discord is away.

        Raises SettingsError where Discord refuses the token.
        """
        self._desk = desk
        self._client = await self._logged_in(desk)
        self._door = wire(self._client, desk)

    async def _logged_in(self, desk: Desk) -> Client:
        assert self._settings.discord_token is not None  # noqa: S101 - checked before serving
        token = self._settings.discord_token.get_secret_value()
        pause = 1.0
        while True:
            told = desk.rulebook if self._listens else None
            client = Client(self._settings.discord_api_url, told, self._settings.shards)
            try:
                await client.login(token)
                return client
            except discord.LoginFailure:
                await client.close()
                raise SettingsError("Discord does not accept DISCORD_TOKEN") from None
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                await client.close()
                name = type(error).__name__
                _log.warning("Discord can't be reached (%s); again in %.0f s", name, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def listen(self, _http: web.Application) -> None:
        """From now on Discord's events come in; returns when the first connection stands."""
        client = self._client
        assert client is not None  # noqa: S101 - connected first
        connection = self._begin(client)
        connected = asyncio.ensure_future(client.connected.wait())
        await asyncio.wait({connection, connected}, return_when=asyncio.FIRST_COMPLETED)
        connected.cancel()
        if connection.done():
            raise SettingsError(f"Discord does not let this bot listen ({_said(connection)})")
        self._keeping = asyncio.create_task(self._keep(client, connection))

    def _begin(self, client: Client) -> asyncio.Task[None]:
        client.looking_back.open()
        return asyncio.create_task(client.connect())

    async def _keep(self, client: Client, connection: asyncio.Task[None]) -> None:
        """Where the library gives a connection up, it is begun anew with another client.

        The door stays the same, for jobs that are under way know it.
        """
        assert self._desk is not None  # noqa: S101 - connected first
        while True:
            await asyncio.wait({connection})
            _log.error("the connection to Discord ended: %s", _said(connection))
            await client.looking_back.close()
            await asyncio.sleep(_REST)
            try:
                client = await self._logged_in(self._desk)
            except SettingsError as error:
                _log.error("%s", error)
                continue
            self._client = client
            wire(client, self._desk, self._door)
            connection = self._begin(client)

    async def silence(self) -> None:
        """Takes no more events: what comes from now on is looked up at the next start."""
        if self._keeping is not None:
            self._keeping.cancel()
        if self._client is not None:
            self._client.deaf = True
            await self._client.looking_back.close()

    async def close(self) -> None:
        """Ends all connections."""
        if self._client is not None:
            await self._client.close()


def wire(client: Client, desk: Desk, door: DiscordDoor | None = None) -> DiscordDoor:
    """Joins a client and the desk: what is heard becomes jobs, what is answered is sent."""
    if door is None:
        door = DiscordDoor(client, Acks(), desk.rulebook)
    door.client = client
    looking_back = LookingBack(client, desk.marks)
    listeners = Listeners(desk, door.acks, client, looking_back.direct)
    looking_back.hear = listeners.message
    client.listeners, client.looking_back = listeners, looking_back
    desk.join(door)
    return door


def _said(connection: asyncio.Task[None]) -> str:
    """Why a connection ended."""
    error = None if connection.cancelled() else connection.exception()
    if isinstance(error, discord.ConnectionClosed):
        return f"gateway code {error.code}"
    return type(error).__name__

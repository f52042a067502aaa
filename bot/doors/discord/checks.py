"""What `doctor` looks at in Discord: the token, the application, channels. Only looks, sends nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

import discord

from bot.check import Check, missing, ok, wrong
from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.discord.calls import asked
from bot.doors.discord.client import Client
from bot.doors.discord.permissions import NEEDED, for_oneself, invitation
from bot.settings import Settings

_WHERE = "https://discord.com/developers/applications"
_TIMEOUT = 20

#: What Discord's error codes mean, and what to do.
WORDS = {
    "discord_401": "Discord does not know this token; copy it again from the application's page",
    "discord_403": "the bot may not do that there",
    "discord_404": "that is gone",
    "discord_10003": "there is no such channel any more",
    "discord_10008": "the message was deleted",
    "discord_10015": "the time to answer a command was over",
    "discord_10062": "the time to answer a command was over",
    "discord_50001": "the bot can't see that channel: it needs View Channel there",
    "discord_50007": "that person takes no direct messages from the bot",
    "discord_50013": "a permission is missing there; compare with docs/discord.md",
    "discord_50083": "the thread is archived",
    "discord_160005": "the thread is locked",
}


def examine_discord(settings: Settings, channels: Sequence[str]) -> list[Check]:
    """What is found about the Discord door; `channels` are ids that the bot should be able to use."""
    return asyncio.run(_all(settings, channels))


async def _all(settings: Settings, channels: Sequence[str]) -> list[Check]:
    if settings.discord_token is None:
        said = "DISCORD_TOKEN is not set (docs/discord.md says how to get it)"
        return [missing("Discord", said)]
    logging.getLogger("discord").setLevel(logging.CRITICAL)  # all is said here, in words
    client = Client(settings.discord_api_url)
    try:
        async with asyncio.timeout(_TIMEOUT):
            await client.login(settings.discord_token.get_secret_value())
            return [each async for each in _examined(client, channels)]
    except discord.LoginFailure:
        return [wrong("Discord token", f"{WORDS['discord_401']} ({_WHERE})")]
    except (discord.DiscordException, OSError):
        host = urlsplit(settings.discord_api_url).hostname
        return [wrong("Discord token", f"{host} can't be reached from here")]
    finally:
        await client.close()


async def _examined(client: Client, channels: Sequence[str]) -> AsyncIterator[Check]:
    application = client.application
    assert client.user is not None  # noqa: S101 - logged in
    assert application is not None  # noqa: S101 - as above
    yield ok("Discord token", f"{client.user.name}")
    if application.interactions_endpoint_url:
        yield wrong(
            "Discord commands",
            "the application has an Interactions Endpoint URL, so commands and buttons never get "
            f"here; empty that field ({_WHERE})",
        )
    yield ok("Discord invitation", invitation(application.id))
    yield ok("Discord, for one's own account", for_oneself(application.id))
    for channel in channels:
        yield await _usable(client, channel)


async def _usable(client: Client, channel: str) -> Check:
    """Whether the bot has its permissions in a channel."""
    what = f"channel {channel}"
    try:
        lacking = await _lacking(client, int(channel))
    except UnanswerableError as error:
        return wrong(what, f"{WORDS.get(error.reason, 'Discord refuses it')} ({error.reason})")
    except HinderedError:
        return wrong(what, "Discord does not answer")
    if lacking:
        said = "; ".join(f"{_title(each)}, {NEEDED[each]}" for each in lacking)
        return missing(what, f"missing there: {said}")
    return ok(what, "all permissions there")


async def _lacking(client: Client, channel: int) -> list[str]:
    found = await asked(client.fetch_channel(channel))
    if not isinstance(found, discord.abc.GuildChannel | discord.Thread):
        return []
    guild = await asked(client.fetch_guild(found.guild.id))
    assert client.user is not None  # noqa: S101 - logged in
    me = await asked(guild.fetch_member(client.user.id))
    place = await asked(guild.fetch_channel(channel))
    if isinstance(place, discord.Thread):
        place = await asked(guild.fetch_channel(place.parent_id))
    may = place.permissions_for(me)
    return [each for each in NEEDED if not getattr(may, each)]


def _title(permission: str) -> str:
    """A permission as Discord's pages call it."""
    return permission.replace("_", " ").title().replace(" In ", " in ")

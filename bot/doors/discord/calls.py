"""Calling Discord: what may be tried again, and what will never work.

The library waits as long as Discord asks for (429, for one route or for all) and repeats some
server errors by itself; a message carries its nonce, so repeating it is safe. What is left is put
into the desk's words here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

import aiohttp
import discord

from bot.desk.jobs import HinderedError, UnanswerableError

T = TypeVar("T")


class Code:
    """Discord's error codes that mean something to us, as reasons."""

    UNKNOWN_CHANNEL = "discord_10003"
    UNKNOWN_MESSAGE = "discord_10008"
    UNKNOWN_WEBHOOK = "discord_10015"
    UNKNOWN_INTERACTION = "discord_10062"
    NO_ACCESS = "discord_50001"
    NO_PERMISSION = "discord_50013"
    NO_DIRECT_MESSAGES = "discord_50007"
    EXPIRED_TOKEN = "discord_50027"  # noqa: S105 - a reason, no token
    HAS_THREAD = "discord_160004"


#: The bot may not do it there.
FORBIDDEN = frozenset({Code.NO_ACCESS, Code.NO_PERMISSION, Code.UNKNOWN_CHANNEL})
#: An interaction's fifteen minutes, or its three seconds, are over.
TOO_LATE = frozenset({Code.UNKNOWN_WEBHOOK, Code.UNKNOWN_INTERACTION, Code.EXPIRED_TOKEN})


async def call(work: Coroutine[Any, Any, T], where: object = "") -> T:
    """What a call of the library answers; `where` names the place for the operator.

    The call goes on where the job that wants it is cancelled: the library must not be interrupted
    while it waits, for all others wait with it. Raises HinderedError or UnanswerableError.
    """
    task = asyncio.ensure_future(work)
    task.add_done_callback(_seen)
    return await asked(asyncio.shield(task), where)


async def asked(work: Awaitable[T], where: object = "") -> T:
    """The same without that protection."""
    try:
        return await work
    except discord.RateLimited:
        raise HinderedError(unsure=False) from None
    except discord.HTTPException as error:
        raise _meaning(error, str(where)) from None
    except aiohttp.ClientConnectorError:
        raise HinderedError(unsure=False) from None
    except (aiohttp.ClientError, OSError, RuntimeError, KeyError, TypeError, ValueError):
        # the last ones: the library met a body that is not Discord's, of some proxy between, or
        # its connections are closed already
        raise HinderedError(unsure=True) from None


def _seen(task: asyncio.Future[Any]) -> None:
    """Nobody else may be left to look at what went wrong."""
    if not task.cancelled():
        task.exception()


def _meaning(error: discord.HTTPException, where: str) -> Exception:
    if error.status == 429:
        return HinderedError(unsure=False)
    if error.status >= 500:
        return HinderedError(unsure=True)
    return UnanswerableError(f"discord_{error.code or error.status}", where)

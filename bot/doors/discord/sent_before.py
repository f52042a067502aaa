"""Looking for our own answer, where an earlier try may have sent it: a nonce lasts some minutes."""

from __future__ import annotations

import discord

from bot.desk.jobs import UnanswerableError
from bot.doors.discord.calls import call
from bot.doors.discord.controls import keys_in
from bot.doors.discord.digest import is_digest
from bot.doors.discord.spot import Spot

#: Messages that are looked through.
_LOOKED_THROUGH = 300


async def sent_before(
    channel: discord.PartialMessageable, spot: Spot, key: str, me: discord.ClientUser | None
) -> int | None:
    """The id of our answer of this key; None where there is none. Raises HinderedError."""

    async def look() -> int | None:
        after = discord.Object(spot.message) if spot.message else None
        async for message in channel.history(limit=_LOOKED_THROUGH, after=after):
            is_it = key in keys_in(message.components) or is_digest(message, key)
            if is_it and message.author == me:
                return message.id
        return None

    try:
        return await call(look(), spot.channel)
    except UnanswerableError:
        return None  # can't be looked up (a permission): the nonce has to do

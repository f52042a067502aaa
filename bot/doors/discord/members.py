"""Who somebody is in a server: looked up only where its settings name who may use the bot."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import discord

from bot.desk.jobs import UnanswerableError
from bot.doors.discord.calls import call

#: Seconds for which somebody is taken to be who they were, and people of whom that is remembered.
_FRESH, _MANY = 60.0, 2000


class Members:
    """The members of all servers, over a client that may change."""

    def __init__(self, client: Callable[[], discord.Client]) -> None:
        self._client = client
        self._known: dict[tuple[int, int], tuple[float, bool, frozenset[str]]] = {}

    async def may(self, guild: int, person: int, roles: Sequence[str]) -> bool:
        """Whether somebody manages a server, or has one of these roles. Raises HinderedError."""
        at, manages, theirs = self._known.get((guild, person), (0.0, False, frozenset[str]()))
        if time.monotonic() - at > _FRESH:
            manages, theirs = await self._asked(guild, person)
            if len(self._known) >= _MANY:
                self._known.clear()
            self._known[guild, person] = time.monotonic(), manages, theirs
        return manages or not theirs.isdisjoint(roles)

    async def _asked(self, guild: int, person: int) -> tuple[bool, frozenset[str]]:
        try:
            server = await call(self._client().fetch_guild(guild))
            member = await call(server.fetch_member(person))
        except UnanswerableError:
            return False, frozenset()  # the bot is not in that server, or they are not
        roles = frozenset(str(each.id) for each in member.roles)
        return member.guild_permissions.manage_guild, roles

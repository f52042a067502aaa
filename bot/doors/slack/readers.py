"""Who reads: in which language somebody reads Slack, and whether they manage their workspace."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.slack.teams import Team
from rules import Lang
from rules.models import Frozen

#: How many people are remembered, and for how many seconds.
_MANY = 2000
_FRESH = 3600.0
_MANAGES = ("is_admin", "is_owner", "is_primary_owner")

#: What is chosen for everybody in a workspace, by it or by the operator; None: their own language.
Chosen = Callable[[str], Awaitable[Lang | None]]


class Reader(Frozen):
    """A person. `manages`: an admin or owner of the workspace (of an organization: of that)."""

    lang: Lang
    manages: bool = False


class Readers:
    """People of all workspaces, as Slack knows them; kept in memory for a while."""

    def __init__(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self._known: dict[tuple[str, str], tuple[float, Reader]] = {}

    async def lang(self, team: Team, user: str) -> Lang:
        """What is chosen for the workspace, else the person's own; Japanese where Slack is silent."""
        return await self._chosen(team.workspace) or (await self._perhaps(team, user)).lang

    async def of(self, team: Team, user: str) -> Reader:
        """The person, as Slack said lately: for what may be shown."""
        return await self._in_their_language(team, await self._perhaps(team, user))

    async def manages(self, team: Team, user: str) -> bool:
        """Whether somebody is an admin, as Slack said lately. Raises HinderedError."""
        return (await self._remembered(team, user)).manages

    async def asked(self, team: Team, user: str) -> Reader:
        """The person, as Slack says now: for what may be done.

        Raises HinderedError where Slack can't be asked.
        """
        self._known.pop((team.workspace, user), None)
        return await self._in_their_language(team, await self._reader(team, user))

    async def _in_their_language(self, team: Team, reader: Reader) -> Reader:
        lang = await self._chosen(team.workspace)
        return reader if lang is None else reader.model_copy(update={"lang": lang})

    async def _perhaps(self, team: Team, user: str) -> Reader:
        try:
            return await self._remembered(team, user)
        except HinderedError:
            return Reader(lang=Lang.JA)

    async def _remembered(self, team: Team, user: str) -> Reader:
        at, reader = self._known.get((team.workspace, user), (0.0, None))
        if reader is not None and time.monotonic() - at < _FRESH:
            return reader
        return await self._reader(team, user)

    async def _reader(self, team: Team, user: str) -> Reader:
        try:
            info = await team.api(team.client.users_info, user=user, include_locale=True)
        except UnanswerableError:
            info = {}
        said = info.get("user") or {}
        locale = said.get("locale") or "ja"
        lang = Lang.JA if locale.startswith("ja") else Lang.EN
        reader = Reader(lang=lang, manages=_manages(said, team.workspace.removeprefix("slack/")))
        if len(self._known) >= _MANY:
            self._known.clear()
        self._known[team.workspace, user] = time.monotonic(), reader
        return reader


def _manages(user: dict[str, Any], home: str) -> bool:
    """Whether somebody is an admin here, and not of another workspace that shares a channel."""
    org = user.get("enterprise_user") or {}
    if home.startswith("E"):
        return org.get("enterprise_id") == home and any(org.get(each) for each in _MANAGES)
    homes = {user.get("team_id"), *(org.get("teams") or ())} - {None}
    guest = user.get("is_stranger") or user.get("deleted") or (homes and home not in homes)
    return not guest and any(user.get(each) for each in _MANAGES)

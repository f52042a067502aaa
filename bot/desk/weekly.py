"""Sees to it that workspaces that want it are told of their last week, once.

Every process looks; a digest is a job like others, named by its workspace and week, and so it is
sent once, however many look and whatever crashes meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.desk.jobs import Digest
from bot.desk.weeks import Week, week_to_tell
from bot.store.workspaces import WorkspaceSettings

if TYPE_CHECKING:
    from bot.desk.desk import Desk

_log = logging.getLogger(__name__)

#: Seconds between two looks, and before the first.
_PAUSE, _FIRST = 60.0, 1.0


class Weekly:
    """Looks for a desk, by the hours of a time zone."""

    def __init__(self, desk: Desk, zone: ZoneInfo) -> None:
        self._desk = desk
        self._zone = zone
        self._accepted: set[str] = set()

    async def run(self) -> None:
        """Looks again and again."""
        await asyncio.sleep(_FIRST)
        while True:
            try:
                await self._look()
            except Exception:
                _log.exception("looking for weekly digests failed and will be tried again")
            await asyncio.sleep(_PAUSE)

    async def _look(self) -> None:
        week = week_to_tell(time.time(), self._zone)
        if week is None:
            self._accepted.clear()
            return
        for workspace, settings in await self._desk.tenants.wanting_digests():
            try:
                await self._tell(workspace, settings, week)
            except ValueError:  # a channel that is none: the next workspace must not suffer
                _log.exception("the digest of a workspace can't be begun")

    async def _tell(self, workspace: str, settings: WorkspaceSettings, week: Week) -> None:
        """Hands over the digest of a workspace, once, where a door of this process can send it."""
        once = f"digest/{workspace}/{week.name}"
        name = workspace.partition("/")[0]
        door = self._desk.door(name)
        if once in self._accepted or door is None or settings.digest_channel is None:
            return
        digest = Digest(
            once=once,
            door=name,
            workspace=workspace,
            place=door.room(workspace, settings.digest_channel),
            week=week.name,
            lang=settings.lang or self._desk.lang,
        )
        await self._desk.accept(digest)
        self._accepted.add(once)

"""Sees to it that workspaces that want it are told of their last week, once.

Every process looks; a digest is a job like others, named by its workspace and week, and so it is
sent once, however many look and whatever crashes meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
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
        for digest in self._digests(week, await self._desk.tenants.wanting_digests()):
            if digest.once not in self._accepted:
                await self._desk.accept(digest)
                self._accepted.add(digest.once)

    def _digests(
        self, week: Week, wanting: list[tuple[str, WorkspaceSettings]]
    ) -> Iterator[Digest]:
        """The digests that can be sent by a door of this process."""
        for workspace, settings in wanting:
            name = workspace.partition("/")[0]
            door = self._desk.door(name)
            if door is not None and settings.digest_channel is not None:
                yield Digest(
                    once=f"digest/{workspace}/{week.name}",
                    door=name,
                    workspace=workspace,
                    place=door.room(workspace, settings.digest_channel),
                    week=week.name,
                    lang=settings.lang or self._desk.lang,
                )

"""The workspaces that share this bot: what each chose for itself, and how one is forgotten."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy.exc import InterfaceError, OperationalError

from bot.settings import Settings
from bot.store.forgetting import Forgetting
from bot.store.rows import Rows
from bot.store.store import Store
from bot.store.workspaces import Workspaces, WorkspaceSettings
from rules import Lang


class Tenants:
    """Everything that is a matter of a workspace as a whole."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.rows = rows = Rows(store.engine, store.keys)
        self._store = store
        self._forgetting = Forgetting(store.engine, store.keys)
        self.longest: timedelta = settings.text_ttl
        self._lang = settings.lang
        self._workspaces = Workspaces(rows)

    async def settings_of(self, workspace: str) -> WorkspaceSettings:
        """What a workspace chose; as the operator has it where it chose nothing."""
        known = self.known(workspace)
        return known if known is not None else await asyncio.to_thread(self.read, workspace)

    def known(self, workspace: str) -> WorkspaceSettings | None:
        """What is in memory of what a workspace chose."""
        return self._workspaces.known(workspace)

    def read(self, workspace: str) -> WorkspaceSettings:
        """What a workspace chose; where it is not in memory this blocks for a moment."""
        return self._workspaces.of(workspace)

    async def set_up(self, workspace: str, settings: WorkspaceSettings) -> None:
        """Keeps what a workspace's admin chose."""
        await asyncio.to_thread(self._workspaces.put, workspace, settings)
        if settings.texts_for is not None:
            seconds = settings.texts_for.total_seconds()
            await asyncio.to_thread(self._store.shorten, workspace, seconds)

    async def lang_for(self, workspace: str) -> Lang | None:
        """The language in which a workspace wants to be answered, else the operator's choice.

        While the database is away nobody waits for that.
        """
        try:
            return (await self.settings_of(workspace)).lang or self._lang
        except (OperationalError, InterfaceError):
            return self._lang

    async def wanting_digests(self) -> list[tuple[str, WorkspaceSettings]]:
        """The workspaces that want a weekly digest, with their settings."""
        return await asyncio.to_thread(self._workspaces.wanting_digests)

    async def forget(self, workspace: str) -> None:
        """Erases all that is stored of a workspace."""
        self._workspaces.drop(workspace)
        await asyncio.to_thread(self._forgetting.workspace, workspace)

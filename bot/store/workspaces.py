"""What each workspace chose for itself."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Literal

from bot.store.rows import Rows
from bot.store.tables import SETTINGS
from rules import Lang
from rules.models import Frozen

#: Seconds for which settings are taken as they were, and workspaces of which that is remembered.
_FRESH, _MANY = 5.0, 5000


class WorkspaceSettings(Frozen):
    """A workspace's own settings; what is not set is as the operator has it, or as each text says.

    `platform`: the site of texts that name none. `who`: everybody, or its admins with the `people`
    and `groups` (roles, in Discord) that they named, by their ids. `rules_off`: codes of risks that
    are not looked for. `texts_for`: how long texts are kept, at most as long as the operator lets
    them be. `digest_channel`: where the weekly digest goes, if there is to be one.
    """

    lang: Lang | None = None
    platform: str | None = None
    who: Literal["everybody", "named"] = "everybody"
    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    rules_off: tuple[str, ...] = ()
    texts_for: timedelta | None = None
    digest: bool = False
    digest_channel: str | None = None

    @property
    def seconds_to_keep(self) -> float | None:
        """How many seconds texts are kept; None: as long as the operator keeps them."""
        return None if self.texts_for is None else self.texts_for.total_seconds()


class _Row(Frozen):
    """What is written: the row itself does not say whose it is."""

    workspace: str
    settings: WorkspaceSettings


class Workspaces:
    """The settings of all workspaces. What is not in memory blocks for about a millisecond."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._known: dict[str, tuple[float, WorkspaceSettings]] = {}

    def known(self, workspace: str) -> WorkspaceSettings | None:
        """What is in memory and fresh."""
        at, settings = self._known.get(workspace, (0.0, None))
        return settings if time.monotonic() - at < _FRESH else None

    def of(self, workspace: str) -> WorkspaceSettings:
        """A workspace's settings; all open where it chose nothing."""
        settings = self.known(workspace)
        if settings is None:
            said = self._rows.read(SETTINGS, workspace)
            settings = (
                WorkspaceSettings() if said is None else _Row.model_validate_json(said).settings
            )
            self._remember(workspace, settings)
        return settings

    def put(self, workspace: str, settings: WorkspaceSettings) -> None:
        """Keeps what a workspace chose; other processes see it in a few seconds."""
        row = _Row(workspace=workspace, settings=settings)
        self._rows.write(SETTINGS, workspace, row.model_dump_json(exclude_defaults=True))
        self._remember(workspace, settings)

    def wanting_digests(self) -> list[tuple[str, WorkspaceSettings]]:
        """The workspaces that switched the weekly digest on, with their settings."""
        return [each for each in self._all() if each[1].digest]

    def leave_out(self, door: str, by: str, workspace: str | None = None) -> int:
        """Takes a person's id out of the settings that name it, there or everywhere: of how many."""
        naming = [
            (where, chosen)
            for where, chosen in self._all()
            if by in chosen.people and workspace in {None, where} and where.startswith(f"{door}/")
        ]
        for where, chosen in naming:
            people = tuple(each for each in chosen.people if each != by)
            self.put(where, chosen.model_copy(update={"people": people}))
        return len(naming)

    def _all(self) -> list[tuple[str, WorkspaceSettings]]:
        rows = (_Row.model_validate_json(each) for each in self._rows.all(SETTINGS))
        return [(row.workspace, row.settings) for row in rows]

    def drop(self, workspace: str) -> None:
        """Forgets what is in memory."""
        self._known.pop(workspace, None)

    def _remember(self, workspace: str, settings: WorkspaceSettings) -> None:
        if len(self._known) >= _MANY:
            self._known.clear()
        self._known[workspace] = time.monotonic(), settings

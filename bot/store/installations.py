"""The workspaces that added the app to Slack, with their tokens; and the states by which they do.

Bolt's interfaces over our database. A token is sealed with its workspace's own key, so that it is
gone for good when the workspace is forgotten.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.store.rows import Rows
from bot.store.tables import INSTALLATIONS, STATES

_log = logging.getLogger(__name__)

#: Seconds in which somebody who began to add the app has to be done.
STATE_LASTS = 600.0


class Installations(AsyncInstallationStore):
    """Who added the app: one installation for each workspace, or organization; the last one counts.

    `forget` erases all that is stored of a workspace.
    """

    def __init__(self, rows: Rows, forget: Callable[[str], Awaitable[None]]) -> None:
        self._rows = rows
        self._forget = forget

    @property
    def logger(self) -> logging.Logger:
        """Bolt's interface asks for it."""
        return _log

    async def of(self, workspace: str) -> Installation | None:
        """The installation of `slack/T…` or `slack/E…`; None where there is none that opens."""
        said = await asyncio.to_thread(self._rows.read, INSTALLATIONS, workspace)
        return None if said is None else Installation(**{"user_id": "", **json.loads(said)})

    # ---- Bolt's interface ---------------------------------------------------------------------

    async def async_save(self, installation: Installation) -> None:
        """Keeps an installation in the place of the workspace's earlier one."""
        whole = installation.is_enterprise_install
        workspace = _workspace(installation.enterprise_id, None if whole else installation.team_id)
        kept = vars(installation) | {"user_id": None}  # who added it is nobody's business later
        said = json.dumps({key: value for key, value in kept.items() if value})
        await asyncio.to_thread(self._rows.write, INSTALLATIONS, workspace, said)

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,  # noqa: ARG002 - Bolt's interface
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The installation; whoever made it, it is everybody's: people have no tokens here."""
        return await self.of(_workspace(enterprise_id, None if is_enterprise_install else team_id))

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """The bot's part of it."""
        found = await self.async_find_installation(
            enterprise_id=enterprise_id,
            team_id=team_id,
            is_enterprise_install=is_enterprise_install,
        )
        return None if found is None else found.to_bot()

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """One person's part of an installation: there is none."""

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Erases the workspace: without its bot nothing can be done there."""
        await self._forget(_workspace(enterprise_id, team_id))


class States(AsyncOAuthStateStore):
    """The states by which somebody adds the app: valid for ten minutes, and once.

    A state proves by itself that it is ours: `name` gives keyed hashes. So nothing is written for whoever merely looks at the
    address; only that a state was used is kept, for as long as it would be valid.
    """

    def __init__(self, rows: Rows, name: Callable[..., str]) -> None:
        self._rows = rows
        self._name = name

    @property
    def logger(self) -> logging.Logger:
        """Bolt's interface asks for it."""
        return _log

    async def async_issue(self, *_: object, **__: object) -> str:
        """A new state: when, something random, and the proof."""
        said = f"{int(time.time())}.{secrets.token_urlsafe(16)}"
        return f"{said}.{self._proof(said)}"

    async def async_consume(self, state: str) -> bool:
        """Whether a state is ours, in time, and used for the first time."""
        said, _, proof = state.rpartition(".")
        if not secrets.compare_digest(proof.encode(), self._proof(said).encode()):
            return False
        if time.time() - int(said.partition(".")[0]) > STATE_LASTS:
            return False
        return await asyncio.to_thread(self._rows.note_once, STATES, proof, STATE_LASTS)

    def _proof(self, said: str) -> str:
        return self._name("slack state", said)


def _workspace(enterprise_id: str | None, team_id: str | None) -> str:
    return f"slack/{team_id or enterprise_id}"

"""The workspaces that the bot serves, each with its own token: who the bot is there, and calls there.

One workspace's token is in the settings, or many added the app and their tokens are in the store.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.downloads import File
from bot.doors.slack.calls import Calls, Method
from bot.store.installations import Installations
from rules.models import Frozen

_log = logging.getLogger(__name__)

#: Seconds for which a workspace is not looked up again: another process may have a newer token.
_FRESH = 60.0
#: Workspaces that are remembered.
_MANY = 5000
#: Slack's words for a token that will never work again.
GONE = frozenset({"account_inactive", "token_revoked"})
#: The reason where a workspace is not, or no longer, known.
NOT_INSTALLED = "not_installed"


class Who(Frozen):
    """Who the bot is in a workspace: its user there, and how it is called."""

    bot_user: str
    bot_id: str | None = None
    called: str = "@Mikiwame"


class Team:
    """One workspace (or organization, `slack/E…`), as far as the bot goes."""

    def __init__(self, teams: Teams, workspace: str, who: Who, token: str) -> None:
        self._teams = teams
        self.workspace = workspace
        self.who = who
        self.token = token

    async def api(self, method: Method, *, where: str = "", **arguments: Any) -> dict[str, Any]:
        """One call of the Web API with this workspace's token, as `Calls.api`."""
        try:
            return await self._teams.calls.api(
                method, where=where, team=self.workspace, token=self.token, **arguments
            )
        except UnanswerableError as error:
            if error.reason in GONE:
                await self._teams.gone(self)
            raise

    async def open(self, trigger: str, form: dict[str, Any]) -> None:
        """Shows a form. An error leaves the request unacknowledged, and Slack tells the person."""
        await self.api(self.client.views_open, trigger_id=trigger, view=form)

    @property
    def client(self) -> AsyncWebClient:
        """The methods that `api` calls."""
        return self._teams.calls.client

    async def file(self, file: File) -> bytes:
        """The bytes of a file of this workspace, as `Calls.file`."""
        return await self._teams.calls.file(file, self.token)


class Teams:
    """All workspaces. `forget` erases whatever is stored of one."""

    def __init__(self, calls: Calls, forget: Callable[[str], Awaitable[None]]) -> None:
        self.calls = calls
        self._forget = forget
        self._home: Team | None = None
        self._installations: Installations | None = None
        self._known: dict[str, tuple[float, Team]] = {}

    def settle(self, said: dict[str, Any], token: str) -> None:
        """The workspace whose token is in the settings; `said`: what Slack says of that token.

        It is an organization only where that installed the app as a whole: Slack names it for each
        of its workspaces.
        """
        who = Who(
            bot_user=said["user_id"],
            bot_id=said.get("bot_id"),
            called=f"@{said.get('user') or 'Mikiwame'}",
        )
        whole = said.get("enterprise_id") if said.get("is_enterprise_install") else None
        self._home = Team(self, f"slack/{whole or said.get('team_id') or ''}", who, token)

    def look_up(self, installations: Installations) -> None:
        """From now on workspaces that added the app are known too."""
        self._installations = installations

    async def of(self, workspace: str) -> Team:
        """The workspace of this name. Raises UnanswerableError where it did not add the app.

        While the database is away the token that was known serves on; without one, HinderedError.
        """
        at, team = self._known.get(workspace, (0.0, None))
        if team is not None and time.monotonic() - at < _FRESH:
            return team
        try:
            team = await self._looked_up(workspace)
        except (OperationalError, InterfaceError):
            if team is None:
                raise HinderedError(unsure=False) from None
            return team
        if team is None:
            raise UnanswerableError(NOT_INSTALLED)
        if len(self._known) >= _MANY:
            self._known.clear()
        self._known[workspace] = time.monotonic(), team
        return team

    async def _looked_up(self, workspace: str) -> Team | None:
        if self._installations is None:
            return self._home  # all that comes, comes to the one token that there is
        found = await self._installations.of(workspace)
        if found is not None and found.bot_token:
            return Team(self, workspace, _who(found), found.bot_token)
        return self._home if self._home and self._home.workspace == workspace else None

    async def gone(self, team: Team) -> None:
        """Slack says that a token was revoked: the app was removed there, and that was not told.

        All that is stored of the workspace is erased, as on being told. Raises HinderedError where
        it has another token by now.
        """
        self._known.pop(team.workspace, None)
        if team is self._home or self._installations is None:
            return  # the operator's own token is the operator's to replace
        found = await self._installations.of(team.workspace)
        if found is None:
            return
        if found.bot_token != team.token:
            raise HinderedError(unsure=False, after=0)
        await self.removed_perhaps(team.workspace)

    async def removed_perhaps(self, workspace: str) -> None:
        """A workspace may have removed the app: all of it is erased where its token is dead."""
        self._known.pop(workspace, None)
        found = await self._installations.of(workspace) if self._installations else None
        if found is not None and not await self._works(found.bot_token):
            await self.forget(workspace)

    async def removed(self, workspace: str, at: float) -> None:
        """Slack tells that the app was removed at `at` (Unix time): all of it is erased.

        Not where it was added again since: Slack may tell late, and twice.
        """
        self._known.pop(workspace, None)
        found = await self._installations.of(workspace) if self._installations else None
        if found is not None and found.installed_at > at and await self._works(found.bot_token):
            return
        await self.forget(workspace)

    async def forget(self, workspace: str) -> None:
        """Erases all that is stored of a workspace, its token too."""
        self._known.pop(workspace, None)
        await self._forget(workspace)
        _log.info("a workspace removed the app: what was stored of it is erased")

    async def _works(self, token: str | None) -> bool:
        """Whether Slack still knows a token. Raises HinderedError where it can't be asked."""
        try:
            await self.calls.api(self.calls.client.auth_test, token=token)
        except UnanswerableError:
            return False
        return True


def _who(installation: Installation) -> Who:
    return Who(
        bot_user=installation.bot_user_id or "",
        bot_id=installation.bot_id,
        called=installation.custom_values.get("called") or "@Mikiwame",
    )

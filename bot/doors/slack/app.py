"""The Slack door: Bolt's app, the two ways by which Slack reaches it, and the way to add it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiohttp import web
from pydantic import SecretStr
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize

from bot.desk.desk import Desk
from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.slack.calls import Calls
from bot.doors.slack.install import Install
from bot.doors.slack.listeners import Listeners
from bot.doors.slack.management import Management
from bot.doors.slack.readers import Readers
from bot.doors.slack.sender import SlackDoor
from bot.doors.slack.socket import Socket
from bot.doors.slack.spot import workspace_of
from bot.doors.slack.teams import Teams
from bot.doors.slack.texts import texts
from bot.settings import Settings, SettingsError
from bot.store.installations import Installations, States
from rules import Lang

_log = logging.getLogger(__name__)

PATH = "/slack/events"
#: Bolt reads a body before it checks the signature; what it can't read then is not Slack's.
_UNREADABLE = (ValueError, AttributeError, LookupError, RecursionError)
#: Seconds between two tries to reach Slack at the start, at most.
_LONGEST_PAUSE = 30.0


class Slack:
    """Slack, one workspace or many: `connect`, then `listen`, then `close`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._app_token = _said(settings.slack_app_token)
        self._calls = Calls(settings.slack_api_url)
        self._install: Install | None = None
        self._socket: Socket | None = None
        self._app: AsyncApp | None = None

    @property
    def way(self) -> str:
        """How Slack reaches this door, in words."""
        many = ", many workspaces" if self._settings.installs_slack else ""
        return f"Slack (Socket Mode{many})" if self._app_token else f"Slack (HTTP{many})"

    @property
    def is_connected(self) -> bool:
        """Whether there is a socket, where Slack's events come over one."""
        return self._app_token is None or (self._socket is not None and self._socket.is_connected)

    async def connect(self, desk: Desk) -> None:
        """Introduces the bot to Slack and the door to the desk; waits while Slack is away.

        Raises SettingsError where Slack refuses the token.
        """
        teams = Teams(self._calls, desk.tenants.forget)
        token = _said(self._settings.slack_bot_token)
        if token is not None:
            teams.settle(await self._introduce(token), token)
        if self._settings.installs_slack:
            rows = desk.tenants.rows
            installations = Installations(rows, desk.tenants.forget)
            self._install = Install(
                self._settings, self._calls, installations, States(rows, desk.name)
            )
            teams.look_up(installations)
        self._app = AsyncApp(
            name="mikiwame",
            client=self._calls.client,
            authorize=_Authorize(teams),  # type: ignore[arg-type]  # Bolt takes its own class too
            oauth_flow=self._install,
            signing_secret=_said(self._settings.slack_signing_secret) or "",
            request_verification_enabled=self._app_token is None,
            process_before_response=True,  # recorded first, acknowledged then
            user_facing_authorize_error_message="\n".join(
                texts(lang)["not_installed"] for lang in Lang
            ),
        )
        readers = Readers(desk.tenants.lang_for)
        Management(desk, teams, readers).listen(self._app)
        Listeners(desk, teams, readers).listen(self._app)
        desk.join(SlackDoor(self._calls, teams, readers, desk.rulebook))

    async def _introduce(self, token: str) -> dict[str, Any]:
        pause = 1.0
        while True:
            try:
                return await self._calls.api(self._calls.client.auth_test, token=token)
            except UnanswerableError as error:
                raise SettingsError(
                    f"Slack does not accept SLACK_BOT_TOKEN ({error.reason})"
                ) from None
            except HinderedError as error:
                why = str(error) or "no answer of its"
                _log.warning("Slack can't be reached (%s); trying again in %.0f s", why, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def listen(self, http: web.Application) -> None:
        """From now on Slack's events come in: over a socket, or as requests to `http`."""
        assert self._app is not None  # noqa: S101 - connected first
        if self._install is not None:
            self._install.serve(http)
        if self._app_token is None:
            http.router.add_post(PATH, self._request)
            return
        self._socket = Socket(self._app, self._calls, self._app_token)
        await self._socket.open()

    async def _request(self, request: web.Request) -> web.StreamResponse:
        assert self._app is not None  # noqa: S101 - connected first
        try:
            asked = await to_bolt_request(request)
        except _UNREADABLE:
            return web.Response(status=400)
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    async def silence(self) -> None:
        """Takes no more events; what is acknowledged is on the disk."""
        if self._socket is not None:
            await self._socket.close()

    async def close(self) -> None:
        """Ends all connections."""
        await self._calls.close()


class _Authorize(AsyncAuthorize):
    """Who the bot is where a request comes from; where it was not added, nothing is answered."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        **_: Any,
    ) -> AuthorizeResult | None:
        try:
            team = await self._teams.of(workspace_of(context))
        except UnanswerableError:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=team.who.bot_user,
            bot_id=team.who.bot_id,
            bot_token=team.token,
        )


def _said(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()

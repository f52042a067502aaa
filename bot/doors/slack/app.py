"""The Slack door: Bolt's app, and the two ways by which Slack reaches it."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web
from pydantic import SecretStr
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.desk.desk import Desk
from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.slack.calls import Calls
from bot.doors.slack.listeners import Listeners
from bot.doors.slack.readers import Readers
from bot.doors.slack.sender import SlackDoor
from bot.doors.slack.socket import Socket
from bot.settings import Settings, SettingsError

_log = logging.getLogger(__name__)

PATH = "/slack/events"
#: Bolt reads a body before it checks the signature; what it can't read then is not Slack's.
_UNREADABLE = (ValueError, AttributeError, LookupError, RecursionError)
#: Seconds between two tries to reach Slack at the start, at most.
_LONGEST_PAUSE = 30.0


class Slack:
    """One workspace's Slack: `connect`, then `listen`, then `close`."""

    def __init__(self, settings: Settings) -> None:
        self._token = _said(settings.slack_bot_token)
        self._app_token = _said(settings.slack_app_token)
        self._signing_secret = _said(settings.slack_signing_secret)
        self._calls = Calls(self._token, settings.slack_api_url)
        self._socket: Socket | None = None
        self._app: AsyncApp | None = None

    @property
    def way(self) -> str:
        """How Slack reaches this door, in words."""
        return "Slack (Socket Mode)" if self._app_token else "Slack (HTTP)"

    async def connect(self, desk: Desk) -> None:
        """Introduces the bot to Slack and the door to the desk; waits while Slack is away.

        Raises SettingsError where Slack refuses the token.
        """
        who = await self._introduce()
        client = self._calls.client

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=who.get("enterprise_id"),
                team_id=who.get("team_id"),
                bot_user_id=who["user_id"],
                bot_id=who.get("bot_id"),
                bot_token=self._token,
            )

        self._app = AsyncApp(
            name="mikiwame",
            client=client,
            authorize=authorize,
            signing_secret=self._signing_secret or "",
            request_verification_enabled=self._app_token is None,
            process_before_response=True,  # recorded first, acknowledged then
        )
        readers = Readers(self._calls, desk.lang)
        names = {"bot_user": who["user_id"], "called": f"@{who.get('user') or 'Mikiwame'}"}
        Listeners(desk, self._calls, readers, **names).listen(self._app)
        desk.join(SlackDoor(self._calls, readers, desk.rulebook, **names))

    async def _introduce(self) -> dict[str, str]:
        pause = 1.0
        while True:
            try:
                return await self._calls.api(self._calls.client.auth_test)
            except UnanswerableError as error:
                raise SettingsError(
                    f"Slack does not accept SLACK_BOT_TOKEN ({error.reason})"
                ) from None
            except HinderedError:
                _log.warning("Slack can't be reached; trying again in %.0f s", pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def listen(self, http: web.Application) -> None:
        """From now on Slack's events come in: over a socket, or as requests to `http`."""
        assert self._app is not None  # noqa: S101 — connected first
        if self._app_token is None:
            http.router.add_post(PATH, self._request)
            return
        self._socket = Socket(self._app, self._calls, self._app_token)
        await self._socket.open()

    async def _request(self, request: web.Request) -> web.StreamResponse:
        assert self._app is not None  # noqa: S101 — connected first
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


def _said(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()

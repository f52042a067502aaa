"""Socket Mode, kept up: Slack's SDK connects, this sees to it that it connects again."""

from __future__ import annotations

import asyncio
import logging

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.slack.calls import Calls
from bot.settings import SettingsError

_log = logging.getLogger(__name__)

#: Seconds between pings; the SDK takes a connection for dead after four without an answer.
_PING = 5
#: Seconds between two looks whether there is a connection.
_LOOKING = 1.0
_LONGEST_PAUSE = 30


class Socket:
    """The socket over which Slack's events come."""

    def __init__(self, app: AsyncApp, calls: Calls, token: str) -> None:
        self._calls = calls
        self._token = token
        self._handler = AsyncSocketModeHandler(
            app, token, web_client=calls.client, ping_interval=_PING
        )
        self._client = self._handler.client
        self._watching: asyncio.Task[None] | None = None

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection just now."""
        session = self._client.current_session
        return session is not None and not session.closed

    async def open(self) -> None:
        """Connects, however long that takes. Raises SettingsError where Slack refuses the token."""
        self._client.wss_uri = await self._address()
        await self._handler.connect_async()  # type: ignore[no-untyped-call]
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Takes no more events."""
        if self._watching is not None:
            self._watching.cancel()
        await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _address(self) -> str | None:
        """The first address: asked for here, for the SDK would try a wrong token for ever.

        None where Slack is away just now; that the SDK does try again.
        """
        try:
            opened = await self._calls.api(
                self._calls.client.apps_connections_open, app_token=self._token
            )
        except UnanswerableError as error:
            raise SettingsError(f"Slack does not accept SLACK_APP_TOKEN ({error.reason})") from None
        except HinderedError:
            return None
        return str(opened["url"])

    async def _watch(self) -> None:
        """Connects anew as soon as a connection is gone: the SDK looks every five seconds only."""
        pause = _LOOKING
        while True:
            await asyncio.sleep(pause)
            if await self._client.is_connected():
                pause = _LOOKING
                continue
            # An address serves once; where one was refused, the SDK would try it for ever.
            self._client.wss_uri = None
            try:
                await self._client.connect_to_new_endpoint()
            except Exception as error:
                _log.warning("Slack can't be reached over a socket: %s", type(error).__name__)
            pause = min(2 * pause, _LONGEST_PAUSE)

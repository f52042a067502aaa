"""Calling Slack: what is held back, what may be tried again, what will never work.

Slack has no nonce for messages. A call that may have worked (the connection broke, a server
error) is said to be unsure, and whoever repeats it looks first; nothing is repeated blindly here
but what Slack refused with 429, which did not happen.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.downloads import File, data_at, origin_of
from bot.reading.models import TroubleError
from bot.settings import SLACK_API

T = TypeVar("T")
_log = logging.getLogger(__name__)

#: Calls that are under way at once.
_AT_ONCE = 16
_TIMEOUT = aiohttp.ClientTimeout(total=20, connect=10)
#: Where Slack's response URLs are.
_HOOKS = "hooks.slack.com"
#: Where files are. No other host is ever shown the token.
_FILES = ("https://files.slack.com", "https://files.slack-gov.com")
#: Slack's words for calls that it did not take, one of them without a status of its own.
_TOO_MANY = frozenset({"ratelimited", "rate_limited"})
#: Slack's words for trouble of its own: it may have done what was asked.
_UNSURE = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)


#: A method of Slack's Web API, as the SDK has it.
Method = Callable[..., Awaitable[AsyncSlackResponse]]


class Calls:
    """All calls of one bot to Slack, over one pool of connections. It knows no token: see Team."""

    def __init__(self, api: str = SLACK_API) -> None:
        self._hosts = {_HOOKS, urlsplit(api).netloc}
        self._origins = {*_FILES, origin_of(api)}
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT, trust_env=True)
        self.client = AsyncWebClient(
            base_url=api,
            session=self._session,
            retry_handlers=[],  # the usual one repeats what may have worked
        )
        self.client.proxy = None  # the session knows the proxies, and what goes without them
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._held: dict[str, float] = {}

    async def close(self) -> None:
        """Closes all connections."""
        await self._session.close()

    async def api(
        self, method: Method, *, where: str = "", team: str = "", **arguments: Any
    ) -> dict[str, Any]:
        """One call of the Web API, a method of `client`; `where`: the channel, if there is one.

        `team`: whose token is among the arguments. Raises HinderedError or UnanswerableError.
        """

        async def call() -> dict[str, Any]:
            response = await method(**arguments)
            return response.data if isinstance(response.data, dict) else {}

        # Slack counts by workspace and method, and what is posted by channel.
        lane = f"{team} {getattr(method, '__name__', '')} {where}"
        return await self._in_line(lane, call, where)

    async def respond(self, url: str, **body: Any) -> None:
        """Posts to a response URL of Slack's. Raises HinderedError or UnanswerableError."""
        if urlsplit(url).netloc not in self._hosts:
            raise UnanswerableError("strange_response_url")

        async def call() -> None:
            async with self._session.post(url, json=body) as response:
                await response.read()
                if response.status == 429:
                    raise _TooManyError(response.headers.get("Retry-After"))
                if response.status >= 500:
                    raise HinderedError(unsure=True)
                if response.status >= 400:
                    raise UnanswerableError(f"response_url_{response.status}")

        await self._in_line(f"respond {url}", call, where="")

    async def file(self, file: File, token: str) -> bytes:
        """The bytes of a file. Raises TroubleError, HinderedError or UnanswerableError."""
        headers = {"Authorization": f"Bearer {token}"}
        async with self._slots:
            data, kind = await data_at(self._session, file, self._origins, headers)
        if kind == "text/html" and len(data) != file.size:
            raise TroubleError("file_scope")  # the page on which people log in
        return data

    async def _in_line(self, lane: str, call: Callable[[], Awaitable[T]], where: str) -> T:
        """Calls, unless Slack asked to wait with calls of this lane."""
        async with self._slots:
            left = self._held.get(lane, 0) - time.monotonic()
            if left > 0:
                raise HinderedError(unsure=False, after=left)
            self._held.pop(lane, None)
            try:
                return await call()
            except _TooManyError as error:
                raise self._hold(lane, error.seconds) from None
            except SlackApiError as error:
                seconds = _asked_to_wait(error)
                raise (
                    _meaning(error, where) if seconds is None else self._hold(lane, seconds)
                ) from None
            except aiohttp.ClientConnectorError as error:
                raise HinderedError(unsure=False, why=type(error).__name__) from None
            except (aiohttp.ClientError, OSError, TimeoutError, AttributeError, ValueError):
                # the last two: the SDK met a body that is not Slack's, of some proxy between
                raise HinderedError(unsure=True) from None

    def _hold(self, lane: str, seconds: float) -> HinderedError:
        _log.info("Slack asks to wait %.0f s", seconds)
        self._held[lane] = time.monotonic() + seconds
        return HinderedError(unsure=False, after=seconds)


class _TooManyError(Exception):
    def __init__(self, retry_after: str | None) -> None:
        super().__init__()
        self.seconds = _seconds(retry_after)


def _seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after and retry_after.isdigit() else 1.0


def _asked_to_wait(error: SlackApiError) -> float | None:
    if _status(error) == 429 or _code(error) in _TOO_MANY:
        headers = getattr(error.response, "headers", None) or {}
        return _seconds(headers.get("Retry-After"))
    return None


def _status(error: SlackApiError) -> int:
    response = error.response
    return getattr(response, "status_code", None) or getattr(response, "status", None) or 0


def _code(error: SlackApiError) -> str | None:
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) else None


def _meaning(error: SlackApiError, where: str) -> Exception:
    code = _code(error)
    if code is None or code in _UNSURE or _status(error) >= 500:
        return HinderedError(unsure=True)
    return UnanswerableError(code, where)

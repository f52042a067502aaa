"""Slack on 127.0.0.1: workspaces with channels and messages, the Web API, response URLs, faults.

It behaves as Slack's documentation says, for what a bot like this can observe. Deliveries to the
bot are in delivery.py. There is one workspace at first; others add the app (installing.py), and
`with slack.inside(team)` all that is done or looked at is in that one.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import encode_basic_auth, web

from tests.loopback import Loopback
from tests.slack.wire import Json, arguments_of, parsed

BOT_USER, BOT_ID, APP, TEAM, USER = "U0BOT", "B0BOT", "A0APP", "T0TEAM", "U0ANN"
CLIENT_ID, CLIENT_SECRET = "12.34", "test-client-secret"
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-1-test-bot", "xapp-1-test-app", "test-signing-secret"
CHANNEL, DIRECT, PRIVATE, ELSEWHERE = "C0GENERAL", "D0ANN", "G0PRIVATE", "C0ELSEWHERE"
EVENT = "mikiwame_answer"


@dataclass(frozen=True)
class Call:
    """One call of the bot's."""

    at: float
    method: str
    arguments: Json
    team: str = TEAM


class ApiError(Exception):
    """A call that Slack refuses, by its code."""


class Workspace(Loopback):
    """The server. `async with Workspace() as slack`; `slack.api_url` is what the bot is told."""

    def __init__(self) -> None:
        super().__init__()
        self.team = TEAM
        self._said: defaultdict[str, dict[str, list[Json]]] = defaultdict(_channels)
        self.tokens = {BOT_TOKEN: TEAM}
        self.dead_tokens: set[str] = set()
        self.codes: dict[str, str] = {}
        self.admins: set[str] = set()
        self.member_of = {CHANNEL, DIRECT, PRIVATE}
        self.archived: set[str] = set()
        self.revoked = False
        self.gives_metadata = True
        self.locale = "ja-JP"
        self.calls: list[Call] = []
        self.ephemeral: list[Json] = []
        self.files: dict[str, bytes] = {}
        self.shared_files: dict[str, Json] = {}
        self.may_read_files = True
        self.fetched: list[str] = []
        self.holding = asyncio.Event()
        self.holding.set()
        self.views: list[Json] = []
        self._stamps = itertools.count(1)
        self.application.router.add_route("*", "/api/{method}", self._api)
        self.application.router.add_post("/response/{id}", self._response)
        self.application.router.add_get("/files-pri/{name}", self._file)

    # ---- the server ---------------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        return f"{self.host}/api/"

    # ---- workspaces ---------------------------------------------------------------------------

    @contextmanager
    def inside(self, team: str) -> Iterator[None]:
        """What is done or looked at is in this workspace. Nothing may be awaited meanwhile."""
        before, self.team = self.team, team
        try:
            yield
        finally:
            self.team = before

    @property
    def messages(self) -> dict[str, list[Json]]:
        """Those of the workspace, by channel."""
        return self._said[self.team]

    @property
    def bot_user(self) -> str:
        """Who the bot is in the workspace."""
        return BOT_USER if self.team == TEAM else f"U0BOT{self.team}"

    @property
    def organization(self) -> str | None:
        """The enterprise that the app was added to as a whole."""
        return self.team if self.team.startswith("E") else None

    # ---- what tests look at -------------------------------------------------------------------

    def answers(self, thread: str | None = None, channel: str = CHANNEL) -> list[Json]:
        """The bot's answers in a channel, or in one thread of it."""
        return [
            each
            for each in self.messages[channel]
            if each.get("metadata", {}).get("event_type") == EVENT
            and thread in {None, each.get("thread_ts")}
        ]

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def last_calls(self) -> list[str]:
        return [call.method for call in self.calls[-12:]]

    # ---- messages -----------------------------------------------------------------------------

    def stamp(self) -> str:
        """A time stamp that no other message has."""
        return f"{int(time.time())}.{next(self._stamps):06d}"

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._ids):08d}"

    def post(self, text: str, channel: str = CHANNEL, **more: Any) -> Json:
        """A person writes a message."""
        message = {"type": "message", "user": USER, "text": text, "ts": self.stamp(), **more}
        message = {key: value for key, value in message.items() if value is not None}
        self.messages[channel].append(message)
        return message

    def response_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/response/{self.new_id('R')}"

    def attach(self, name: str, data: bytes, kind: str) -> Json:
        """A file that a message can have."""
        self.files[name] = data
        return {
            "id": self.new_id("F"),
            "name": name,
            "mimetype": kind,
            "size": len(data),
            "url_private": f"{self.host}/files-pri/{name}",
        }

    async def _file(self, request: web.Request) -> web.Response:
        """A file for who may read it; for all others the page on which people log in."""
        self.fetched.append(request.match_info["name"])
        await self.notify()
        await self.holding.wait()
        if not (_token(request) in self.tokens and self.may_read_files):
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        return web.Response(body=self.files[request.match_info["name"]])

    # ---- the Web API --------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await arguments_of(request)
        team = self.tokens.get(_token(request), TEAM)
        self.calls.append(Call(time.perf_counter(), method, arguments, team))
        fault = self.fault_of(method)
        if fault is not None:
            if fault.done:
                self._perform(request, method, arguments)
            await self.notify()
            return fault.answer(request)
        try:
            result = {"ok": True, **self._perform(request, method, arguments)}
        except ApiError as error:
            result = {"ok": False, "error": str(error)}
        await self.notify()
        return web.json_response(result, headers={"x-oauth-scopes": "chat:write,commands"})

    def _perform(self, request: web.Request, method: str, arguments: Json) -> Json:
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            raise ApiError("unknown_method")
        with self.inside(self._whose(request, method)):
            result: Json = handler(arguments)
        return result

    def _whose(self, request: web.Request, method: str) -> str:
        """The workspace whose token came with a request."""
        token = _token(request)
        if method == "apps.connections.open" and token == APP_TOKEN and not self.revoked:
            return TEAM
        if method == "oauth.v2.access":
            if token != encode_basic_auth(CLIENT_ID, CLIENT_SECRET):
                raise ApiError("bad_client_secret")
            return TEAM
        if self.revoked:
            raise ApiError("token_revoked")
        if token in self.dead_tokens:
            raise ApiError("account_inactive")
        if token not in self.tokens or method == "apps.connections.open":
            raise ApiError("invalid_auth")
        return self.tokens[token]

    def _auth_test(self, _: Json) -> Json:
        whole = self.organization is not None
        return {
            "user_id": self.bot_user,
            "bot_id": BOT_ID,
            "team_id": self.team,
            "user": "mikiwame",
            "url": "https://example.enterprise.slack.com/"
            if whole
            else "https://example.slack.com/",
        }

    def _oauth_v2_access(self, arguments: Json) -> Json:
        """A code is changed for a token, once."""
        team = self.codes.pop(arguments.get("code", ""), None)
        if team is None:
            raise ApiError("invalid_code")
        token = f"xoxb-{self.new_id('token')}"
        self.tokens[token] = team
        with self.inside(team):
            org = {"id": self.organization, "name": "Example"} if self.organization else None
            return {
                "app_id": APP,
                "access_token": token,
                "token_type": "bot",
                "scope": "chat:write,commands",
                "bot_user_id": self.bot_user,
                "authed_user": {"id": USER},
                "enterprise": org,
                "team": None if org else {"id": team, "name": "Example"},
                "is_enterprise_install": org is not None,
            }

    def _apps_connections_open(self, _: Json) -> Json:
        return {"url": f"ws{self.host[4:]}/socket/{self.new_id('ticket')}"}

    def _chat_postMessage(self, arguments: Json) -> Json:  # noqa: N802
        channel = self._writable(arguments)
        blocks = arguments.get("blocks") or []
        if len(blocks) > 50 or not arguments.get("text"):
            raise ApiError("invalid_blocks")
        message = {
            "type": "message",
            "user": self.bot_user,
            "bot_id": BOT_ID,
            "app_id": APP,
            "ts": self.stamp(),
            **{
                key: arguments[key]
                for key in ("text", "blocks", "thread_ts", "metadata")
                if arguments.get(key)
            },
        }
        self.messages[channel].append(message)
        self.on_posted(channel, message)
        return {"channel": channel, "ts": message["ts"], "message": message}

    def on_posted(self, channel: str, message: Json) -> None:
        """The bot's own messages come back as events (delivery.py)."""

    def _chat_update(self, arguments: Json) -> Json:
        message = self._own(arguments)
        message.update({key: arguments[key] for key in ("text", "blocks") if key in arguments})
        message["edited"] = {"user": self.bot_user, "ts": self.stamp()}
        return {"channel": arguments["channel"], "ts": message["ts"]}

    def _chat_delete(self, arguments: Json) -> Json:
        self.messages[arguments["channel"]].remove(self._own(arguments))
        return {}

    def _chat_postEphemeral(self, arguments: Json) -> Json:  # noqa: N802
        self._writable(arguments)
        self.ephemeral.append(arguments)
        return {"message_ts": self.stamp()}

    def _conversations_open(self, _: Json) -> Json:
        return {"channel": {"id": DIRECT}}

    def _conversations_replies(self, arguments: Json) -> Json:
        root = arguments["ts"]
        found = [
            each for each in self._read(arguments) if root in {each["ts"], each.get("thread_ts")}
        ]
        if not found:
            raise ApiError("thread_not_found")
        oldest = float(arguments.get("oldest") or 0)
        found = [each for each in found if each["ts"] == root or float(each["ts"]) > oldest]
        return self._page(found, arguments)

    def _conversations_history(self, arguments: Json) -> Json:
        oldest = float(arguments.get("oldest") or 0)
        found = [
            each
            for each in self._read(arguments)
            if each.get("thread_ts") in {None, each["ts"]} and float(each["ts"]) > oldest
        ]
        return self._page(found[::-1], arguments)

    def _conversations_info(self, arguments: Json) -> Json:
        channel = arguments["channel"]
        if channel not in self.messages:
            raise ApiError("channel_not_found")
        member, archived = channel in self.member_of, channel in self.archived
        return {"channel": {"id": channel, "is_member": member, "is_archived": archived}}

    def _files_info(self, arguments: Json) -> Json:
        if arguments["file"] not in self.shared_files:
            raise ApiError("file_not_found")
        return {"file": self.shared_files[arguments["file"]]}

    def _users_info(self, arguments: Json) -> Json:
        user = arguments["user"]
        admin = user in self.admins
        return {
            "user": {"id": user, "team_id": self.team, "locale": self.locale, "is_admin": admin}
        }

    def _views_open(self, arguments: Json) -> Json:
        self.views.append(parsed(arguments["view"]))
        return {"view": {"id": self.new_id("V")}}

    def _views_publish(self, arguments: Json) -> Json:
        self.views.append(parsed(arguments["view"]))
        return {}

    def _writable(self, arguments: Json) -> str:
        channel: str = arguments["channel"]
        if channel not in self.messages:
            raise ApiError("channel_not_found")
        if channel in self.archived:
            raise ApiError("is_archived")
        if channel not in self.member_of:
            raise ApiError("not_in_channel")
        return channel

    def _own(self, arguments: Json) -> Json:
        for message in self.messages[self._writable(arguments)]:
            if message["ts"] == arguments["ts"]:
                if message.get("bot_id") != BOT_ID:
                    raise ApiError("cant_update_message")
                return message
        raise ApiError("message_not_found")

    def _read(self, arguments: Json) -> list[Json]:
        channel = arguments["channel"]
        if channel not in self.messages or channel not in self.member_of:
            raise ApiError("channel_not_found")
        shown = self.messages[channel]
        wanted = str(arguments.get("include_all_metadata", "")).lower() in {"true", "1"}
        if wanted and self.gives_metadata:
            return shown
        return [{key: value for key, value in each.items() if key != "metadata"} for each in shown]

    def _page(self, found: list[Json], arguments: Json) -> Json:
        start, limit = int(arguments.get("cursor") or 0), int(arguments.get("limit") or 100)
        more = start + limit < len(found)
        cursor = {"next_cursor": str(start + limit) if more else ""}
        page = found[start : start + limit]
        return {"messages": page, "has_more": more, "response_metadata": cursor}

    async def _response(self, request: web.Request) -> web.StreamResponse:
        arguments = await arguments_of(request)
        self.calls.append(Call(time.perf_counter(), "response_url", arguments))
        fault = self.fault_of("response_url")
        if fault is None or fault.done:
            self.ephemeral.append(arguments | {"response_url": str(request.url)})
        await self.notify()
        return fault.answer(request) if fault is not None else web.Response(text="ok")


def _channels() -> dict[str, list[Json]]:
    return {CHANNEL: [], DIRECT: [], PRIVATE: [], ELSEWHERE: []}


def _token(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")

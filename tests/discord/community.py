"""A Discord on 127.0.0.1: servers, channels, threads and messages, the REST API, faults.

It behaves as Discord's documentation says, for what a bot like this can observe. Events are in
gateway.py.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.loopback import Json, Loopback, as_json

TOKEN = "test.bot.token"  # noqa: S105
BOT, APP, ANN, GUILD = "1000", "1000", "2000", "3000"
GENERAL, QUIET, DIRECT = "3001", "3002", "4000"
BEA, ELSEWHERE, THERE, ROLE = "2001", "3500", "3501", "3900"
_EPOCH = 1420070400000
_NONCE_LASTS = 300.0
_TOKEN_LASTS = 900.0
EVERYTHING = (1 << 50) - 1
MANAGING = 1 << 3 | 1 << 5
V2, EPHEMERAL = 1 << 15, 1 << 6


_PLAIN: Json = {
    "position": 0,
    "permission_overwrites": [],
    "nsfw": False,
    "rate_limit_per_user": 0,
    "parent_id": None,
}


class RestError(Exception):
    """A call that Discord refuses: status, its own code."""

    def __init__(self, status: int, code: int = 0) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


@dataclass(frozen=True)
class Call:
    """One call of the bot's."""

    at: float
    name: str
    body: Json


@dataclass
class Interaction:
    """One interaction: how it was responded to first, and until when its token serves."""

    id: str
    token: str
    channel: str
    message: str | None
    began: float
    response: Json | None = None
    responded: float = 0.0
    original: str | None = None


class Community(Loopback):
    """The server. `async with Discord() as discord`; `discord.api_url` is what the bot is told."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[str, list[Json]] = {GENERAL: [], QUIET: [], DIRECT: []}
        self.channels: dict[str, Json] = {
            GENERAL: {"id": GENERAL, "type": 0, "guild_id": GUILD, "name": "general", **_PLAIN},
            QUIET: {"id": QUIET, "type": 0, "guild_id": GUILD, "name": "quiet", **_PLAIN},
            DIRECT: {"id": DIRECT, "type": 1, "recipients": [person(ANN)]},
        }
        self.forbidden: set[tuple[str, str]] = (
            set()
        )  # (what, channel): 'thread', 'send', 'read', 'see'
        self.files: dict[str, bytes] = {}
        self.fetched: list[str] = []
        self.holding = asyncio.Event()
        self.holding.set()
        self.interactions: dict[str, Interaction] = {}
        self.whispers: dict[str, Json] = {}
        self.commands: list[Json] = []
        self.calls: list[Call] = []
        self.nonce_lasts = _NONCE_LASTS
        self.token_lasts = _TOKEN_LASTS
        self.direct_closed = False
        self.may = EVERYTHING
        self.roles: dict[str, list[str]] = {}
        self.replied: set[str] = set()
        self._nonces: dict[tuple[str, str], tuple[float, Json]] = {}
        self.application.router.add_route("*", "/api/v10/{path:.*}", self._api)
        self.application.router.add_get("/files/{name}", self._file)

    # ---- the server ---------------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        return f"{self.host}/api/v10"

    # ---- what tests look at -------------------------------------------------------------------

    def answers(self, channel: str) -> list[Json]:
        """The bot's answers in a channel: its messages with controls."""
        return [
            each
            for each in self.messages.get(channel, [])
            if each["author"]["id"] == BOT and list(ids_in(each["components"]))
        ]

    def answers_to(self, message: Json) -> list[Json]:
        """The answers to one message: in its thread, or in reply to it."""
        replies = [
            each
            for channel in self.messages
            for each in self.answers(channel)
            if str((each.get("message_reference") or {}).get("message_id")) == message["id"]
        ]
        return self.answers(message["id"]) + replies

    def called(self, name: str) -> list[Call]:
        return [call for call in self.calls if re.search(name, call.name)]

    def last_calls(self) -> list[str]:
        return [call.name for call in self.calls[-12:]]

    # ---- making things ------------------------------------------------------------------------

    def new_id(self) -> str:
        """A snowflake of now."""
        return str((int(time.time() * 1000) - _EPOCH) << 22 | next(self._ids) & 0x3FFFFF)

    def write(self, channel: str, text: str, author: str = ANN, **more: Any) -> Json:
        """Somebody writes a message."""
        found = self.channels[channel]
        message: Json = {
            "id": self.new_id(),
            "type": 19 if "message_reference" in more and not more.get("message_snapshots") else 0,
            "channel_id": channel,
            "author": person(author),
            "content": text,
            "timestamp": "2026-11-28T00:00:00.000000+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [person(each) for each in re.findall(r"<@!?(\d+)>", text)],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": False,
            "flags": 0,
            **({"guild_id": found["guild_id"]} if "guild_id" in found else {}),
            **more,
        }
        self.messages[channel].append(message)
        found["last_message_id"] = message["id"]
        return message

    def attach(self, name: str, data: bytes, kind: str = "text/plain; charset=utf-8") -> Json:
        """A file that a message can have."""
        self.files[name] = data
        return {
            "id": self.new_id(),
            "filename": name,
            "size": len(data),
            "url": f"{self.host}/files/{name}",
            "proxy_url": f"{self.host}/files/{name}",
            "content_type": kind,
        }

    def new_thread(self, thread_id: str, parent: str) -> Json:
        thread = {
            "id": thread_id,
            "type": 11,
            "guild_id": self.channels[parent]["guild_id"],
            "parent_id": parent,
            "name": "thread",
            "owner_id": BOT,
            "message_count": 0,
            "member_count": 1,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 60,
                "archive_timestamp": "2026-11-28T00:00:00.000000+00:00",
                "locked": False,
            },
        }
        self.channels[thread_id] = thread
        self.messages[thread_id] = []
        return thread

    # ---- the REST API -------------------------------------------------------------------------

    async def _file(self, request: web.Request) -> web.Response:
        assert "Authorization" not in request.headers  # the token goes to the API alone
        self.fetched.append(request.match_info["name"])
        await self.notify()
        await self.holding.wait()
        return web.Response(body=self.files[request.match_info["name"]])

    async def _api(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        body: Json | list[Json] = json.loads(await request.read() or b"{}")
        name = f"{request.method} {path}"
        self.calls.append(Call(time.time(), name, body if isinstance(body, dict) else {}))
        fault = self.fault_of(name)
        if fault is not None:
            if fault.done:
                self._perform(request, path, body)
            await self.notify()
            return fault.answer(request)
        try:
            result, status = self._perform(request, path, body), 200
        except AssertionError as error:  # the bot broke a limit: no trouble of Discord's
            self.broken.append(f"{name}: {error!r}"[:2000])
            result, status = {"code": 50035, "message": "invalid"}, 400
        except RestError as error:
            result, status = {"code": error.code, "message": "refused"}, error.status
        await self.notify()
        if result is None:
            return web.Response(status=204)
        return as_json(result, status)

    def _perform(self, request: web.Request, path: str, body: Any) -> Any:
        public = re.match(r"/(?:webhooks|interactions)/", path)
        if not public and request.headers.get("Authorization") != f"Bot {TOKEN}":
            raise RestError(401)
        for pattern, handler in _ROUTES:
            match = re.fullmatch(pattern, f"{request.method} {path}")
            if match:
                return handler(self, body, request.query, *match.groups())
        raise AssertionError(f"the bot calls {request.method} {path}, which is not built here")

    def _me(self, *_: Any) -> Json:
        return person(BOT)

    def _application(self, *_: Any) -> Json:
        return {
            "id": APP,
            "name": "Mikiwame",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "",
            "flags": 0,
            "summary": "",
            "team": None,
            "owner": person(ANN),
        }

    def _gateway(self, *_: Any) -> Json:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        url = f"ws://127.0.0.1:{self.port}/gateway"
        return {"url": url, "shards": 1, "session_start_limit": limit}

    def _set_commands(self, body: list[Json], *_: Any) -> list[Json]:
        defaults = {
            "application_id": APP,
            "version": "1",
            "default_member_permissions": None,
            "description": "",
        }
        self.commands = [{"id": self.new_id(), **defaults, **each} for each in body]
        return self.commands

    def _channel(self, _body: Any, _query: Any, channel: str) -> Json:
        return self._seen(channel)

    def _seen(self, channel: str) -> Json:
        if channel not in self.channels:
            raise RestError(404, 10003)
        if ("see", channel) in self.forbidden:
            raise RestError(403, 50001)
        return self.channels[channel]

    def _may(self, what: str, channel: str) -> None:
        parent = self._seen(channel).get("parent_id") or channel
        if (what, channel) in self.forbidden or (what, parent) in self.forbidden:
            raise RestError(403, 50013)

    def _send(self, body: Json, _query: Any, channel: str) -> Json:
        self._may("send", channel)
        if channel == DIRECT and self.direct_closed:
            raise RestError(403, 50007)
        check(body)
        nonce = str(body.get("nonce") or "")
        known = self._nonces.get((channel, nonce))
        if body.get("enforce_nonce") and known and time.time() - known[0] < self.nonce_lasts:
            return {**known[1], "nonce": nonce}
        reference = body.get("message_reference")
        more = {"components": body.get("components", []), "flags": body.get("flags", 0)}
        more |= {"message_reference": reference} if reference else {}
        message = self.write(channel, body.get("content") or "", BOT, **more)
        self._nonces[channel, nonce] = time.time(), message
        self.replied.add(str((reference or {}).get("message_id")))
        self.on_message({**message, "nonce": nonce})
        return {**message, "nonce": nonce}

    def on_message(self, message: Json) -> None:
        """The bot's own messages come back as events (gateway.py)."""

    def on_thread(self, thread: Json) -> None:
        """So do its threads."""

    def _list(self, _body: Any, query: Any, channel: str) -> list[Json]:
        self._may("read", channel)
        found = self.messages[channel]
        limit = int(query.get("limit", 50))
        if "after" in query:
            later = [each for each in found if int(each["id"]) > int(query["after"])]
            return [self._hidden(each) for each in later[:limit]][::-1]
        before = int(query.get("before", 1 << 63))
        earlier = [each for each in found if int(each["id"]) < before]
        return [self._hidden(each) for each in earlier[::-1][:limit]]

    def _hidden(self, message: Json) -> Json:
        """A message as a bot without the message content intent sees it."""
        names = {each["id"] for each in message["mentions"]}
        if message["channel_id"] == DIRECT or message["author"]["id"] == BOT or BOT in names:
            return message
        return {**message, "content": "", "attachments": [], "embeds": [], "components": []}

    def _fetch(self, _body: Any, _query: Any, channel: str, message: str) -> Json:
        self._may("read", channel)
        return self._hidden(self._one(channel, message))

    def _one(self, channel: str, message: str) -> Json:
        found = next((m for m in self.messages.get(channel, []) if m["id"] == message), None)
        if found is None:
            raise RestError(404, 10008)
        return found

    def _edit(self, body: Json, _query: Any, channel: str, message: str) -> Json:
        self._seen(channel)
        found = self._one(channel, message)
        if found["author"]["id"] != BOT:
            raise RestError(403, 50005)
        check(body)
        found.update({key: body[key] for key in ("content", "components") if key in body})
        found["edited_timestamp"] = "2026-11-28T00:00:01.000000+00:00"
        return found

    def _delete(self, _body: Any, _query: Any, channel: str, message: str) -> None:
        self.messages[channel].remove(self._one(channel, message))

    def _open_thread(self, body: Json, _query: Any, channel: str, message: str) -> Json:
        if self._seen(channel)["type"] != 0:
            raise RestError(400, 50024)
        self._may("thread", channel)
        self._one(channel, message)
        if message in self.channels:
            raise RestError(400, 160004)
        assert body["auto_archive_duration"] in {60, 1440, 4320, 10080}
        assert 0 < len(body["name"]) <= 100
        thread = self.new_thread(message, channel)
        self.on_thread(thread)
        return thread

    def _open_direct(self, *_: Any) -> Json:
        return self.channels[DIRECT]

    # ---- servers ------------------------------------------------------------------------------

    def _guild(self, _body: Any, _query: Any, number: str) -> Json:
        return self.guild(number)

    def _member(self, _body: Any, _query: Any, guild: str, number: str) -> Json:
        member = dict(self.guild(guild)["members"][0])
        return {**member, "user": person(number), "roles": self.roles.get(number, [])}

    def add_server(self) -> None:
        """A second server, with one channel."""
        named = {"name": "elsewhere", **_PLAIN}
        self.channels[THERE] = {"id": THERE, "type": 0, "guild_id": ELSEWHERE, **named}
        self.messages[THERE] = []

    def guild(self, number: str) -> Json:
        """A server as Discord describes it."""
        own = [each for each in self.channels.values() if each.get("guild_id") == number]
        everyone = {
            "id": number,
            "name": "@everyone",
            "permissions": str(self.may),
            "position": 0,
            "color": 0,
            "colors": {"primary_color": 0},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        me = {"user": person(BOT), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00"}
        return {
            "id": number,
            "name": "Writers",
            "owner_id": ANN,
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "roles": [everyone, {**everyone, "id": ROLE, "name": "writers", "permissions": "0"}],
            "emojis": [],
            "features": [],
            "mfa_level": 0,
            "system_channel_flags": 0,
            "premium_tier": 0,
            "preferred_locale": "ja",
            "nsfw_level": 0,
            "stickers": [],
            "member_count": 2,
            "members": [{**me, "deaf": False, "mute": False, "flags": 0}],
            "channels": [each for each in own if each["type"] == 0],
            "threads": [each for each in own if each["type"] == 11],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "large": False,
            "unavailable": False,
        }

    # ---- interactions -------------------------------------------------------------------------

    def _respond(self, body: Json, _query: Any, number: str, token: str) -> Json:
        found = self.interactions.get(token)
        if found is None or found.id != number or time.time() - found.began > 3:
            raise RestError(404, 10062)
        if found.response is not None:
            raise RestError(400, 40060)
        found.response, found.responded = body, time.time()
        if body["type"] == 5:
            found.original = self._whispered({}, ephemeral=True, channel=found.channel)["id"]
        elif body["type"] == 6:
            found.original = found.message
        elif body["type"] == 7:
            check(body["data"])
            found.original = found.message
            shown = self.whispers.get(str(found.message)) or self._one(
                found.channel, str(found.message)
            )
            shown["components"] = body["data"]["components"]
        elif body["type"] == 4:
            check(body["data"])
            found.original = self._whispered(body["data"], ephemeral=True, channel=found.channel)[
                "id"
            ]
        told = {"id": found.id, "type": 2, "response_message_id": found.original}
        return {"interaction": {**told, "response_message_loading": True}}

    def _whispered(self, body: Json, *, ephemeral: bool, channel: str) -> Json:
        more = {"components": body.get("components", []), "flags": body.get("flags", 0)}
        if not ephemeral:
            return self.write(channel, "", BOT, **more)
        more["flags"] |= EPHEMERAL
        message: Json = {"id": self.new_id(), "channel_id": channel, "type": 0}
        message["author"] = person(BOT)
        message |= {
            "content": "",
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
        }
        message |= {
            "timestamp": "2026-11-28T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
        }
        message |= {"mention_everyone": False, "pinned": False, **more}
        self.whispers[message["id"]] = message
        return message

    def _live(self, token: str) -> Interaction:
        found = self.interactions.get(token)
        if found is None or found.response is None or time.time() - found.began > self.token_lasts:
            raise RestError(404, 10015)
        return found

    def _original(self, token: str, message: str) -> Json:
        found = self._live(token)
        number = str(found.original) if message in {"@original", "%40original"} else message
        if number in self.whispers:
            return self.whispers[number]
        return self._one(found.channel, number)

    def _edit_by_token(self, body: Json, _query: Any, token: str, message: str) -> Json:
        check(body)
        found = self._original(token, message)
        found.update({key: body[key] for key in ("content", "components") if key in body})
        found["flags"] |= body.get("flags", 0)
        found["edited_timestamp"] = "2026-11-28T00:00:01.000000+00:00"
        return found

    def _delete_by_token(self, _body: Any, _query: Any, token: str, message: str) -> None:
        found = self._original(token, message)
        if self.whispers.pop(found["id"], None) is None:
            self.messages[found["channel_id"]].remove(found)

    def _follow_up(self, body: Json, _query: Any, token: str) -> Json:
        check(body)
        found = self._live(token)
        ephemeral = bool(body.get("flags", 0) & EPHEMERAL)
        return self._whispered(body, ephemeral=ephemeral, channel=found.channel)


_ROUTES: list[tuple[str, Callable[..., Any]]] = [
    (r"GET /users/@me", Community._me),
    (r"GET /(?:oauth2/applications|applications)/@me", Community._application),
    (r"GET /gateway/bot", Community._gateway),
    (r"PUT /applications/\d+/commands", Community._set_commands),
    (r"POST /users/@me/channels", Community._open_direct),
    (r"GET /guilds/(\d+)", Community._guild),
    (r"GET /guilds/(\d+)/members/(\d+)", Community._member),
    (r"GET /channels/(\d+)", Community._channel),
    (r"POST /channels/(\d+)/messages", Community._send),
    (r"GET /channels/(\d+)/messages", Community._list),
    (r"GET /channels/(\d+)/messages/(\d+)", Community._fetch),
    (r"PATCH /channels/(\d+)/messages/(\d+)", Community._edit),
    (r"DELETE /channels/(\d+)/messages/(\d+)", Community._delete),
    (r"POST /channels/(\d+)/messages/(\d+)/threads", Community._open_thread),
    (r"POST /interactions/(\d+)/([\w.-]+)/callback", Community._respond),
    (r"POST /webhooks/\d+/([\w.-]+)", Community._follow_up),
    (r"PATCH /webhooks/\d+/([\w.-]+)/messages/([\w@%]+)", Community._edit_by_token),
    (r"DELETE /webhooks/\d+/([\w.-]+)/messages/([\w@%]+)", Community._delete_by_token),
]


def person(number: str) -> Json:
    """A user."""
    name = {BOT: "mikiwame", ANN: "ann"}.get(number, f"user{number}")
    return {
        "id": number,
        "username": name,
        "global_name": None,
        "discriminator": "0",
        "avatar": None,
        "bot": number == BOT,
    }


def check(body: Json) -> None:
    """Discord's limits on what is sent, and our own rule that nobody is ever pinged."""
    assert body.get("allowed_mentions", {}).get("parse") == [], "somebody could be pinged"
    components = body.get("components", [])
    if body.get("flags", 0) & V2:
        assert not body.get("content")
        assert not body.get("embeds")
    every = list(_every(components))
    assert 0 < len(every) <= 40
    assert sum(len(each.get("content", "")) for each in every) <= 4000
    names = [each["custom_id"] for each in every if "custom_id" in each]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 100 for name in names)
    for each in every:
        if each["type"] == 1:
            assert 0 < len(each["components"]) <= 5
        if each["type"] == 2:
            assert 0 < len(each["label"]) <= 80
        if each["type"] == 3:
            assert 0 < len(each["options"]) <= 25
            assert all(0 < len(o["label"]) <= 100 >= len(o["value"]) for o in each["options"])


def _every(components: Any) -> Iterator[Json]:
    for each in components:
        yield each
        yield from _every(each.get("components", []))


def ids_in(components: Any) -> Iterator[str]:
    """The id of every control, and the value of every choice."""
    for each in _every(components):
        if "custom_id" in each:
            yield each["custom_id"]
        yield from (option["value"] for option in each.get("options", []))


def seen(message: Json) -> str:
    """All words of a message."""
    return "\n".join(each["content"] for each in _every(message["components"]) if "content" in each)

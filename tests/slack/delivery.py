"""How Slack brings its events: over sockets or signed HTTP, again where nobody acknowledges.

An event that is not acknowledged in three seconds comes again at once, after one minute and after
five. `clock` makes all of that faster.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web

from tests.slack.signing import signed
from tests.slack.wire import Json, valued
from tests.slack.workspace import (
    APP,
    CHANNEL,
    DIRECT,
    USER,
    Workspace,
)

_AGAIN = (0.0, 60.0, 300.0)
_LIMIT = 3.0


@dataclass
class Delivery:
    """One event on its way: when it was first sent, and acknowledged (None: not yet)."""

    sent: float
    acked: float | None = None
    tries: int = 0
    reply: Json = field(default_factory=dict[str, Any])


class Slack(Workspace):
    """A workspace that tells the bot what happens in it."""

    def __init__(
        self,
        clock: float = 1.0,
        *,
        http: str | None = None,
        echo: bool = True,
        limit: float | None = None,
    ) -> None:
        super().__init__()
        self.clock = clock
        #: Seconds in which an event has to be acknowledged; faster with the clock, unless given.
        self.limit = limit or max(_LIMIT * clock, 0.5)
        self.http = http
        self.echo = echo
        self.deliveries: dict[str, Delivery] = {}
        self.refusing_sockets = 0
        self.deaf = False
        self.on_their_way: set[str] = set()
        self.given_up: list[Json] = []
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self.application.router.add_get("/socket/{ticket}", self._socket)
        self._tickets: set[str] = set()

    async def away(self) -> None:
        await self.drop_sockets()
        await super().away()

    async def __aexit__(self, *rest: object) -> None:
        for task in self._tasks:
            task.cancel()
        await super().__aexit__(*rest)

    # ---- sockets ------------------------------------------------------------------------------

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        ticket = request.match_info["ticket"]
        if self.refusing_sockets or ticket in self._tickets:  # a ticket serves once
            self.refusing_sockets = max(0, self.refusing_sockets - 1)
            return web.Response(status=408)
        self._tickets.add(ticket)
        socket = web.WebSocketResponse(heartbeat=None)
        await socket.prepare(request)
        await socket.send_json(
            {"type": "hello", "num_connections": 1, "connection_info": {"app_id": APP}}
        )
        self._sockets.append(socket)
        await self.notify()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._take_ack(json.loads(message.data))
        if socket in self._sockets:
            self._sockets.remove(socket)
        return socket

    def _take_ack(self, said: Json) -> None:
        waiting = None if self.deaf else self._waiting.get(said.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(said.get("payload") or {})

    @property
    def sockets(self) -> int:
        """How many connections the bot has open."""
        return len(self._sockets)

    async def connected(self) -> None:
        await self.until(lambda: self._sockets, 30)

    async def drop_sockets(self, *, politely: bool = False) -> None:
        """All sockets break; politely: Slack asks to connect anew first."""
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            if politely:
                await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
            elif socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()

    # ---- what people do -----------------------------------------------------------------------

    def mention(self, text: str, channel: str = CHANNEL, **more: Any) -> str:
        """Somebody mentions the bot; returns the message's time stamp. Two events tell of it."""
        message = self.post(f"<@{self.bot_user}> {text}", channel, **more)
        self.happens({**message, "type": "app_mention", "channel": channel})
        return str(message["ts"])

    def say(self, text: str, channel: str = DIRECT, **more: Any) -> str:
        """Somebody writes a message; returns its time stamp."""
        message = self.post(text, channel, **more)
        self.happens({**message, "channel": channel, "channel_type": _type(channel)})
        return str(message["ts"])

    def on_posted(self, channel: str, message: Json) -> None:
        if self.echo:
            self.happens({**message, "channel": channel, "channel_type": _type(channel)})

    def command(self, text: str, channel: str = CHANNEL) -> asyncio.Task[Json]:
        """`/vet`, with or without a text."""
        payload = {
            "command": "/vet",
            "text": text,
            "team_id": self.team,
            "channel_id": channel,
            "user_id": USER,
            "api_app_id": APP,
            "trigger_id": self.new_id("trigger"),
            "response_url": self.response_url(),
        }
        return self._start(self._bring("slash_commands", payload))

    def shortcut(self, message: Json, channel: str = CHANNEL) -> asyncio.Task[Json]:
        """'Vet this message'."""
        payload = {
            "type": "message_action",
            "callback_id": "vet_message",
            "message": message,
            "message_ts": message["ts"],
            "channel": {"id": channel},
            **self._by(),
        }
        return self._start(self._bring("interactive", payload))

    def press(self, message: Json, value: str, channel: str = CHANNEL) -> asyncio.Task[Json]:
        """Somebody uses the control of a message that has this value."""
        ephemeral = "response_url" in message
        container = {
            "type": "message",
            "message_ts": message.get("ts") or self.stamp(),
            "channel_id": channel,
            "is_ephemeral": ephemeral,
            **({"thread_ts": message["thread_ts"]} if message.get("thread_ts") else {}),
        }
        action = _action(message["blocks"], value) | {"action_ts": self.stamp(), "block_id": "b"}
        payload = {
            "type": "block_actions",
            "container": container,
            "channel": {"id": channel},
            "message": message,
            "actions": [action],
            **self._by(),
        }
        return self._start(self._bring("interactive", payload))

    def press_in_home(self, action_id: str) -> asyncio.Task[Json]:
        """Somebody presses a button in the App Home."""
        action = {"type": "button", "action_id": action_id, "value": "home", "block_id": "b"}
        payload = {
            "type": "block_actions",
            "container": {"type": "view"},
            "view": {"type": "home"},
            "actions": [action | {"action_ts": self.stamp()}],
            **self._by(),
        }
        return self._start(self._bring("interactive", payload))

    def opens_home(self) -> None:
        """Somebody opens the App Home."""
        self.happens({"type": "app_home_opened", "user": USER, "channel": DIRECT, "tab": "home"})

    def submit(self, view: Json, values: Json) -> asyncio.Task[Json]:
        """Somebody sends a form off."""
        state = {"values": {block: {"field": value} for block, value in values.items()}}
        shown = {**view, "id": self.new_id("V"), "state": state, "app_id": APP}
        payload = {"type": "view_submission", "view": shown, **self._by()}
        return self._start(self._bring("interactive", payload))

    def _by(self) -> Json:
        org = self.organization
        return {
            "team": None if org else {"id": self.team},
            "enterprise": {"id": org} if org else None,
            "is_enterprise_install": org is not None,
            "user": {"id": USER, "team_id": self.team},
            "api_app_id": APP,
            "trigger_id": self.new_id("trigger"),
            "response_url": self.response_url(),
        }

    def removes(self, *, told: bool = True) -> None:
        """An admin removes the app from the workspace; `told`: Slack tells of it, in any order."""
        for token in [token for token, team in self.tokens.items() if team == self.team]:
            self.dead_tokens.add(token)
            del self.tokens[token]
        if told:
            self.happens({"type": "tokens_revoked", "tokens": {"bot": [self.bot_user]}})
            self.happens({"type": "app_uninstalled"})

    # ---- bringing it --------------------------------------------------------------------------

    def happens(self, event: Json) -> str:
        """An event, brought until it is acknowledged or Slack gives up; returns its id."""
        event_id = self.new_id("Ev")
        self.deliveries[event_id] = Delivery(time.perf_counter())
        self.on_their_way.add(event_id)
        self._start(self._bring_again(event_id, event, self._told(event, event_id)))
        return event_id

    def _told(self, event: Json, event_id: str) -> Json:
        """An event as Slack tells of it."""
        org = self.organization
        here = {"enterprise_id": org, "team_id": None if org else self.team}
        bot = {"user_id": self.bot_user, "is_bot": True, "is_enterprise_install": org is not None}
        # where the app was removed there is no authorization any more
        ends = event["type"] in {"app_uninstalled", "tokens_revoked"}
        return {
            "type": "event_callback",
            "team_id": "T0OFIT" if ends and org else self.team,
            "api_app_id": APP,
            "event_id": event_id,
            "event_time": int(time.time()),
            **({"enterprise_id": org} if ends else {"authorizations": [{**here, **bot}]}),
            "event": event,
        }

    def told(self, event: Json) -> str:
        """An event as the body of a request."""
        return json.dumps(self._told(event, self.new_id("Ev")))

    async def bring_raw(self, payload: Json) -> None:
        """Something that Slack would not send; whether it is acknowledged does not matter."""
        with suppress(TimeoutError):
            await self._bring("events_api", payload)

    async def bring_once(self, event: Json, retry: Json) -> Json:
        """One delivery of an event, the others having been lost."""
        return await self._bring("events_api", self._told(event, self.new_id("Ev")), retry)

    async def _bring_again(self, event_id: str, event: Json, payload: Json) -> None:
        delivery = self.deliveries[event_id]
        for attempt, pause in enumerate((0.0, *_AGAIN)):
            await asyncio.sleep(pause * self.clock)
            delivery.tries += 1
            try:
                retry = {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
                delivery.reply = await self._bring("events_api", payload, retry)
            except (ConnectionError, TimeoutError, aiohttp.ClientError):
                continue
            delivery.acked = time.perf_counter()
            break
        else:
            self.given_up.append(event)
        self.on_their_way.discard(event_id)
        await self.notify()

    async def _bring(self, kind: str, payload: Json, retry: Json | None = None) -> Json:
        """Brings it once; returns what the acknowledgement says."""
        if self.http is not None:
            return await self._request(kind, payload, retry or {})
        if not self._sockets:
            raise ConnectionError
        envelope_id = self.new_id("Env")
        envelope = {"envelope_id": envelope_id, "type": kind, "payload": payload, **(retry or {})}
        envelope["accepts_response_payload"] = kind != "events_api"
        self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await random.choice(self._sockets).send_json(envelope)
            return await asyncio.wait_for(self._waiting[envelope_id], self.limit)
        finally:
            del self._waiting[envelope_id]

    async def _request(self, kind: str, payload: Json, retry: Json) -> Json:
        """A request with Slack's signature."""
        if kind == "events_api":
            body, content = json.dumps(payload), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content = urlencode(form), "application/x-www-form-urlencoded"
        headers = {"Content-Type": content, **signed(body)}
        if retry.get("retry_attempt"):
            headers["X-Slack-Retry-Num"] = str(retry["retry_attempt"])
        timeout = aiohttp.ClientTimeout(total=self.limit)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(self.http or "", data=body, headers=headers) as response,
        ):
            said = await response.text()
            if response.status != 200:
                raise ConnectionError(response.status)
            return json.loads(said) if said.startswith("{") else {}

    def _start(self, work: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _type(channel: str) -> str:
    return {"D": "im", "G": "group"}.get(channel[0], "channel")


def _action(blocks: Any, value: str) -> Json:
    """The action of the control with this value, as Slack reports it."""
    for parent, each in valued(blocks):
        if each["value"] != value:
            continue
        action = {"type": parent["type"], "action_id": parent["action_id"]}
        if parent["type"] in {"static_select", "overflow", "radio_buttons"}:
            return {**action, "selected_option": each}
        return {**action, "value": value}
    raise AssertionError(f"no control has the value {value!r}")

"""Discord's gateway: a socket over which events come, once; what was missed comes on a resume."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.discord.community import (
    ANN,
    APP,
    BOT,
    DIRECT,
    EVERYTHING,
    GENERAL,
    GUILD,
    TOKEN,
    Community,
    Interaction,
    ids_in,
    person,
)
from tests.loopback import Json


@dataclass
class Session:
    """One session of the bot's: what was sent to it, and over which socket now."""

    id: str
    shard: list[int]
    intents: int
    socket: web.WebSocketResponse | None
    events: list[Json] = field(default_factory=list[Json])


class Discord(Community):
    """A Discord that tells the bot what happens in it."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, Session] = {}
        self.resumable = True
        self.guilds = [GUILD]
        self.heartbeat = 41.0
        self.user, self.user_may = ANN, EVERYTHING
        self.personal = False  # whether the person added the bot, and the server did not
        self._telling: set[asyncio.Task[None]] = set()
        self.application.router.add_get("/gateway", self._socket)
        self.application.router.add_get("/gateway/", self._socket)

    async def away(self) -> None:
        await self.drop()
        await super().away()

    # ---- the socket ---------------------------------------------------------------------------

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": int(self.heartbeat * 1000)}})
        session: Session | None = None
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            said = json.loads(message.data)
            if said["op"] == 1:
                await socket.send_json({"op": 11})
            elif said["op"] == 2:
                session = await self._identify(socket, said["d"])
            elif said["op"] == 6:
                session = await self._resume(socket, said["d"])
        if session is not None and session.socket is socket:
            session.socket = None
        return socket

    async def _identify(self, socket: web.WebSocketResponse, said: Json) -> Session | None:
        if said["token"] != TOKEN:
            await socket.close(code=4004)
            return None
        shard = said.get("shard", [0, 1])
        session = Session(self.new_id(), shard, said["intents"], socket)
        self.sessions[session.id] = session
        mine = [each for each in self.guilds if (int(each) >> 22) % shard[1] == shard[0]]
        ready = {
            "v": 10,
            "user": person(BOT),
            "guilds": [{"id": each, "unavailable": True} for each in mine],
            "session_id": session.id,
            "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway",
            "application": {"id": APP, "flags": 0},
            "shard": shard,
        }
        await self._tell(session, "READY", ready)
        for each in mine:
            await self._tell(session, "GUILD_CREATE", self.guild(each))
        await self.notify()
        return session

    async def _resume(self, socket: web.WebSocketResponse, said: Json) -> Session | None:
        session = self.sessions.get(said["session_id"])
        if session is None or not self.resumable:
            await socket.send_json({"op": 9, "d": False})
            return None
        session.socket = socket
        for event in session.events:
            if event["s"] > said["seq"]:
                await socket.send_json(event)
        await self._tell(session, "RESUMED", {})
        await self.notify()
        return session

    async def _tell(self, session: Session, name: str, data: Json) -> None:
        event = {"op": 0, "t": name, "s": len(session.events) + 1, "d": data}
        session.events.append(event)
        if session.socket is not None and not session.socket.closed:
            try:
                await session.socket.send_json(event)
            except ConnectionError:
                session.socket = None

    def happens(self, name: str, data: Json) -> None:
        """An event for whoever is connected, or was and may come back."""
        guild = int(data.get("guild_id", 0))
        for session in self.sessions.values():
            shard, count = session.shard
            if (guild >> 22) % count != shard:
                continue
            task = asyncio.ensure_future(self._tell(session, name, data))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def drop(self, *, politely: bool = False) -> None:
        """All sockets break; politely: Discord asks to connect anew first."""
        for session in self.sessions.values():
            socket, session.socket = session.socket, None
            if socket is None:
                continue
            if politely:
                await socket.send_json({"op": 7, "d": None})
            elif socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()

    async def close(self, code: int) -> None:
        """All sockets are closed for a reason."""
        for session in self.sessions.values():
            if session.socket is not None:
                await session.socket.close(code=code)

    async def connected(self) -> None:
        await self.until(lambda: any(each.socket for each in self.sessions.values()), 30)

    # ---- what people do -----------------------------------------------------------------------

    def say(self, text: str, channel: str = DIRECT, *, missed: bool = False, **more: Any) -> Json:
        """Somebody writes a message; `missed`: the event is lost."""
        message = self.write(channel, text, **more)
        if not missed:
            self.on_message(message)
        return message

    def mention(self, text: str, channel: str = GENERAL, **more: Any) -> Json:
        """Somebody mentions the bot."""
        return self.say(f"<@{BOT}> {text}", channel, **more)

    def reply(self, text: str, to: Json, **more: Any) -> Json:
        """Somebody replies to a message."""
        reference = {"type": 0, "message_id": to["id"], "channel_id": to["channel_id"]}
        return self.say(
            text,
            to["channel_id"],
            message_reference=reference,
            referenced_message=self._hidden(to),
            **more,
        )

    def on_message(self, message: Json) -> None:
        self.happens("MESSAGE_CREATE", self._hidden(message))

    def on_thread(self, thread: Json) -> None:
        self.happens("THREAD_CREATE", {**thread, "newly_created": True})

    def command(
        self, name: str, locale: str = "ja", *, channel: str = GENERAL, **options: str
    ) -> Interaction:
        """`/name`, with options."""
        chosen = [{"name": key, "type": 3, "value": value} for key, value in options.items()]
        data = {"id": "1", "name": name, "type": 1, "options": chosen}
        return self._interact(2, data, channel, locale=locale)

    def choose(self, message: Json, field: str, *values: str, **more: Any) -> Interaction:
        """Somebody chooses in a menu of a message, whatever the menu offers."""
        data = {"custom_id": f"settings|{field}", "component_type": 3, "values": values, **more}
        return self._interact(3, data, message["channel_id"], message=message, locale="ja")

    def press_forged(self, message: Json, value: str) -> Interaction:
        """A control with a value that no message of Discord's has."""
        data: Json = {"custom_id": value, "component_type": 2}
        return self._interact(3, data, message["channel_id"], message=message, locale="ja")

    def menu(self, message: Json, locale: str = "ja") -> Interaction:
        """'Vet this message'."""
        data = {
            "id": "2",
            "name": "Vet this message",
            "type": 3,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return self._interact(2, data, message["channel_id"], locale=locale)

    def press(self, message: Json, value: str, locale: str = "ja") -> Interaction:
        """Somebody uses the control of a message that has this id, or this choice of a menu."""
        (found,) = [each for each in ids_in(message["components"]) if each.endswith(value)][:1]
        data: Json = {"custom_id": found, "component_type": 2}
        if menu := _menu_with(message["components"], found):
            data = {"custom_id": menu["custom_id"], "component_type": 3, "values": [found]}
        return self._interact(3, data, message["channel_id"], message=message, locale=locale)

    def submit(self, form: Json, locale: str = "ja", **values: str) -> Interaction:
        """Somebody sends a form off."""
        components = [
            {"type": 18, "id": number, "component": _filled(each["component"], values)}
            for number, each in enumerate(form["components"], 1)
        ]
        data = {"custom_id": form["custom_id"], "components": components}
        return self._interact(5, data, GENERAL, locale=locale)

    def _interact(
        self, kind: int, data: Json, channel: str, *, locale: str, message: Json | None = None
    ) -> Interaction:
        number = message["id"] if message else None
        made = Interaction(self.new_id(), f"token{self.new_id()}", channel, number, time.time())
        self.interactions[made.token] = made
        who = {"user": person(self.user), "roles": self.roles.get(self.user, [])}
        member: Json = {**who, "joined_at": "2026-01-01T00:00:00+00:00"}
        member |= {"permissions": str(self.user_may), "deaf": False, "mute": False, "flags": 0}
        guild = self.channels.get(channel, {}).get("guild_id")
        inside = guild is not None
        self.happens(
            "INTERACTION_CREATE",
            {
                "id": made.id,
                "application_id": APP,
                "type": kind,
                "data": data,
                "channel_id": channel,
                "channel": {**self.channels[channel], "permissions": str(EVERYTHING)},
                "token": made.token,
                "version": 1,
                "locale": locale,
                "entitlements": [],
                "attachment_size_limit": 10_000_000,
                "authorizing_integration_owners": {"1": ANN}
                if self.personal
                else {"0": guild or GUILD},
                "context": 0 if inside else 1,
                **(
                    {"guild_id": guild, "member": member} if inside else {"user": person(self.user)}
                ),
                **({"message": message} if message else {}),
            },
        )
        return made


def _menu_with(components: Any, value: str) -> Json | None:
    for each in components:
        if any(option["value"] == value for option in each.get("options", [])):
            found: Json = each
            return found
        if inside := _menu_with(each.get("components", []), value):
            return inside
    return None


def _filled(field: Json, values: dict[str, str]) -> Json:
    """A field with what was entered, chosen or (23: a box) ticked."""
    said = values.get(field["custom_id"], "")
    what: Json = {"value": bool(said) if field["type"] == 23 else said}
    if field["type"] == 3:
        what = {"values": [said] if said else []}
    return {"type": field["type"], "custom_id": field["custom_id"], **what}

"""A chat platform on 127.0.0.1, for tests of real processes: it can go away, and be waited on."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from aiohttp import web

Json = dict[str, Any]
T = TypeVar("T")


@dataclass
class Fault:
    """What goes wrong with the next `times` calls in whose name the expression `call` is found.

    `done`: the call takes effect all the same, only its answer is lost.
    """

    call: str
    times: int = 1
    status: int = 500
    body: Json | str | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    done: bool = False
    hang_up: bool = False

    def answer(self, request: web.Request) -> web.Response:
        """What the bot hears in the place of an answer."""
        if self.hang_up:
            assert request.transport is not None
            request.transport.abort()
        if isinstance(self.body, str):
            return web.Response(
                text=self.body, content_type="text/html", status=self.status, headers=self.headers
            )
        return as_json(self.body or {}, self.status, self.headers)


class Loopback:
    """The server: `async with`, and it is there. What it serves its heirs say."""

    def __init__(self) -> None:
        self.port = 0
        #: With it, it is served over TLS.
        self.tls: ssl.SSLContext | None = None
        self.application = web.Application(client_max_size=10_000_000)
        self.changed = asyncio.Condition()
        #: What the bot did that no platform would let pass.
        self.broken: list[str] = []
        self.faults: list[Fault] = []
        self._ids = itertools.count(1)
        self._runner: web.AppRunner | None = None

    @property
    def host(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.back()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.away()

    async def back(self) -> None:
        """It can be reached, always at the same address."""
        self._runner = web.AppRunner(self.application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(
            self._runner, "127.0.0.1", self.port, reuse_address=True, ssl_context=self.tls
        )
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def away(self) -> None:
        """Connections are refused, and those that are open break."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def until(self, look: Callable[[], T], seconds: float = 20) -> T:
        """What `look` sees as soon as it sees something; fails where that does not happen."""
        deadline = time.monotonic() + seconds
        while not (self.broken or look()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not seen in {seconds} s; calls: {self.last_calls()}")
            async with self.changed:  # or a look at what is not here, such as the bot's store
                waiting = asyncio.wait_for(self.changed.wait(), 0.1)
                await asyncio.gather(waiting, return_exceptions=True)
        assert not self.broken, self.broken
        return look()

    def fault_of(self, name: str) -> Fault | None:
        """What goes wrong with a call of this name, counted."""
        found = next(
            (each for each in self.faults if each.times and re.search(each.call, name)), None
        )
        if found is not None:
            found.times -= 1
        return found

    def last_calls(self) -> list[str]:
        """What the bot called at last, for the message of a test that fails."""
        raise NotImplementedError

    async def notify(self) -> None:
        """Whoever waits looks again."""
        async with self.changed:
            self.changed.notify_all()


def as_json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON with the plain label: Discord's library takes one with more in it for text."""
    label = {"Content-Type": "application/json"}
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers=label | (headers or {})
    )

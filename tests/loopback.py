"""A chat platform on 127.0.0.1, for tests of real processes: it can go away, and be waited on."""

from __future__ import annotations

import asyncio
import itertools
import ssl
import time
from collections.abc import Callable
from typing import Any, Self, TypeVar

from aiohttp import web

Json = dict[str, Any]
T = TypeVar("T")


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

    def last_calls(self) -> list[str]:
        """What the bot called at last, for the message of a test that fails."""
        raise NotImplementedError

    async def notify(self) -> None:
        """Whoever waits looks again."""
        async with self.changed:
            self.changed.notify_all()

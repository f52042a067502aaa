"""A small web on loopback: servers on 127.0.0.1 and its neighbours, and a DNS that says what it is told.

127.0.0.2 and 127.0.0.4 play the public web, opened by `FETCH_ALLOW`; everything else is inside.
Names are asked over UDP, answers are real sockets: nothing of the fetching is replaced.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import dns.asyncresolver
import dns.exception
import dns.message
import dns.rdatatype
import dns.rrset
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.reading.addresses import Gate
from bot.reading.fetch import Fetcher
from bot.reading.models import TroubleError

PUBLIC, ALSO_PUBLIC, INSIDE = "127.0.0.2", "127.0.0.4", "127.0.0.1"
GATE = Gate(tuple(map(ipaddress.ip_network, (f"{PUBLIC}/32", f"{ALSO_PUBLIC}/32"))))
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
T = TypeVar("T")


def run(work: Coroutine[Any, Any, T], seconds: float = 20) -> T:
    """Runs one test's work, never for long."""
    return asyncio.run(asyncio.wait_for(work, seconds))


class Names(asyncio.DatagramProtocol):
    """A DNS server. `said` holds for each name its answers in turn; the last one is repeated."""

    def __init__(self, said: dict[str, list[list[str]]]) -> None:
        self._said = said
        self.asked: dict[str, int] = defaultdict(int)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        question = dns.message.from_wire(data)
        asked = question.question[0]
        name = asked.name.to_text(omit_final_dot=True)
        answer = dns.message.make_response(question)
        answers = self._said.get(name, [[]])
        current = answers[min(self.asked[name], len(answers) - 1)]
        wanted = dns.rdatatype.to_text(asked.rdtype)
        fitting = [each for each in current if (":" in each) == (wanted == "AAAA")]
        if wanted == "A":
            self.asked[name] += 1
        if fitting:
            answer.answer.append(dns.rrset.from_text(asked.name, 0, "IN", wanted, *fitting))
        self._transport.sendto(answer.to_wire(), addr)  # type: ignore[attr-defined]


class Resolver(AbstractResolver):
    """Asks that server, as a system's own resolver would: all addresses, IPv6 too."""

    def __init__(self, port: int) -> None:
        self._inner = dns.asyncresolver.Resolver(configure=False)
        self._inner.nameservers = [INSIDE]
        self._inner.port = port

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - all are asked for
    ) -> list[ResolveResult]:
        found: list[ResolveResult] = []
        for kind, of in (("A", socket.AF_INET), ("AAAA", socket.AF_INET6)):
            try:
                answer = await self._inner.resolve(host, kind, search=False)
            except dns.exception.DNSException:
                continue
            for each in answer:
                found.append(
                    ResolveResult(
                        hostname=host, host=each.to_text(), port=port, family=of, proto=0,
                        flags=socket.AI_NUMERICHOST,
                    )
                )  # fmt: skip
        if not found:
            raise OSError(f"no address of {host}")
        return found

    async def close(self) -> None:
        """Nothing is kept open."""


@dataclass
class Web:
    """What a test can reach: `port` on the public addresses, `inside` on the ones that are not."""

    port: int
    inside: int
    resolver: Resolver
    names: Names
    seen: list[web.Request] = field(default_factory=list[web.Request])
    knocks: list[Any] = field(default_factory=list[Any])
    """Connections that came to what is inside: there must be none."""
    at_once: int = 0
    most_at_once: int = 0

    def fetcher(self, gate: Gate = GATE, time_limit: float = 5) -> Fetcher:
        return Fetcher(gate, "https://example.com/bot", self.resolver, time_limit)

    def paths(self) -> list[str]:
        return [request.path for request in self.seen]

    async def trouble(self, url: str, fetcher: Fetcher | None = None) -> str:
        """The code of the trouble that a fetch ends in."""
        with pytest.raises(TroubleError) as caught:
            await (fetcher or self.fetcher()).fetch(url)
        return caught.value.trouble.code


@asynccontextmanager
async def small_web(
    handler: Handler,
    names: dict[str, list[list[str]]] | None = None,
    robots: str | Handler | None = None,
) -> AsyncIterator[Web]:
    """`handler` answers for the public addresses; `robots` is their robots.txt (none: 404)."""
    async with AsyncExitStack() as stack:
        reached: list[Web] = []

        async def answer(request: web.Request) -> web.StreamResponse:
            here = reached[0]
            here.seen.append(request)
            here.at_once += 1
            here.most_at_once = max(here.most_at_once, here.at_once)
            try:
                if request.path != "/robots.txt":
                    return await handler(request)
                if callable(robots):
                    return await robots(request)
                return web.Response(text=robots or "", status=404 if robots is None else 200)
            finally:
                here.at_once -= 1

        port = await _serve(stack, answer, (PUBLIC, ALSO_PUBLIC))
        inside, knocks = await _trap(stack)
        told = Names(names or {})
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: told, (INSIDE, 0))
        stack.callback(transport.close)
        resolver = Resolver(transport.get_extra_info("sockname")[1])
        reached.append(Web(port, inside, resolver, told, knocks=knocks))
        yield reached[0]


async def _serve(stack: AsyncExitStack, answer: Handler, hosts: Sequence[str]) -> int:
    """One server on several addresses, on the same free port."""
    runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0.2)  # type: ignore[arg-type]
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        first = web.TCPSite(runner, hosts[0], 0)
        await first.start()
        port: int = runner.addresses[0][1]
        for host in hosts[1:]:
            await web.TCPSite(runner, host, port).start()
    except OSError:
        pytest.skip("this system has 127.0.0.1 alone on its loopback interface")
    return port


async def _trap(stack: AsyncExitStack) -> tuple[int, list[Any]]:
    """What is inside: it notes every connection, on IPv4 and IPv6."""
    knocks: list[Any] = []

    def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        knocks.append(writer.get_extra_info("sockname"))
        writer.close()

    server = await asyncio.start_server(note, INSIDE, 0)
    stack.callback(server.close)
    port: int = server.sockets[0].getsockname()[1]
    if socket.has_ipv6:
        try:
            second = await asyncio.start_server(note, "::1", port)
        except OSError:
            return port, knocks
        stack.callback(second.close)
    return port, knocks

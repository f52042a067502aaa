"""One public page, fetched politely and safely.

Politely: our own user agent with a contact, robots.txt obeyed, one request at a time for a host,
answers kept for a short time. Safely: see `addresses`; bounded in redirects, size and time.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from weakref import WeakValueDictionary

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
    ThreadedResolver,
)
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.reading.addresses import Gate, GuardedResolver, InsideAddressError, checked_url
from bot.reading.models import Trouble, TroubleError
from bot.reading.robots import ROBOTS_LIMIT, Robots
from bot.reading.shelf import Shelf

PAGE_LIMIT = 3_000_000
"""Bytes of a page, after decompression."""
REDIRECTS = 5
AGENT = "Mikiwame"
_TIME_LIMIT = 10.0
_KEPT_FOR = 600.0  # seconds that a page is kept for
_TROUBLE_KEPT_FOR = 60.0
_ROBOTS_KEPT_FOR = 3600.0
_KEPT_BYTES = 16_000_000
_READABLE = ("text/", "application/xhtml", "application/xml", "application/json")
_REDIRECTING = {301, 302, 303, 307, 308}
_LOGIN = ("login", "log-in", "signin", "sign_in", "sign-in", "account-security")


@dataclass(frozen=True)
class Page:
    """A page as it came. `url` is where it was found in the end; `charset` what the server said."""

    url: str
    data: bytes
    charset: str | None = None


class Fetcher:
    """Fetches pages. One for a process: it knows which hosts are being asked."""

    def __init__(
        self,
        gate: Gate,
        contact: str | None = None,
        resolver: AbstractResolver | None = None,
        time_limit: float = _TIME_LIMIT,
    ) -> None:
        """`contact`: an address that a site's operator can turn to."""
        self._gate = gate
        self._agent = f"{AGENT}/0.1 (+{contact})" if contact else f"{AGENT}/0.1"
        self._resolver = resolver
        self._time_limit = time_limit
        self._pages: Shelf[Page | Trouble] = Shelf(_KEPT_BYTES)
        self._robots: Shelf[Robots] = Shelf(_KEPT_BYTES)
        self._hosts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def fetch(self, written: str) -> Page:
        """The page at a URL. Raises TroubleError for whatever goes wrong."""
        url = checked_url(written, self._gate)
        try:
            async with asyncio.timeout(self._time_limit):
                return await self._fetch(url)
        except TimeoutError:
            raise TroubleError("slow", host=url.host or "") from None

    async def _fetch(self, url: URL) -> Page:
        lock = self._hosts.setdefault(url.host or "", asyncio.Lock())
        async with lock:
            kept = self._pages.get(str(url))
            if kept is None:
                kept = await self._ask(url)
        if isinstance(kept, Trouble):
            raise TroubleError(kept.code, **kept.values)
        return kept

    async def _ask(self, url: URL) -> Page | Trouble:
        """Asks the site, and keeps what came of it."""
        try:
            async with self._session() as session:
                page = await self._follow(session, url)
        except TroubleError as error:
            self._pages.put(str(url), error.trouble, 200, _TROUBLE_KEPT_FOR)
            return error.trouble
        self._pages.put(str(url), page, len(page.data), _KEPT_FOR)
        return page

    def _session(self) -> ClientSession:
        inner = self._resolver or ThreadedResolver()
        connector = TCPConnector(
            resolver=GuardedResolver(inner, self._gate),
            use_dns_cache=False,
            socket_factory=self._gate.socket,
            limit=2,
        )
        return ClientSession(
            connector=connector,
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(total=None),
            headers={
                "User-Agent": self._agent,
                "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
                "Accept-Language": "ja,en;q=0.8",
                "Accept-Encoding": "gzip, deflate, br",
            },
            trust_env=False,
        )

    async def _follow(self, session: ClientSession, url: URL) -> Page:
        """The page behind at most five redirects, each checked like the first address."""
        for _ in range(REDIRECTS + 1):
            await self._obey_robots(session, url)
            async with await self._get(session, url) as response:
                if response.status not in _REDIRECTING:
                    return await _page(response, url)
                url = self._next(url, response)
        raise TroubleError("redirects", host=url.host or "")

    async def _get(self, session: ClientSession, url: URL) -> ClientResponse:
        """One answer, its body unread. Raises TroubleError where there is none."""
        try:
            return await session.get(url, allow_redirects=False)
        except (ClientError, OSError, ValueError) as error:
            raise _trouble_of(error, url) from None

    def _next(self, url: URL, response: ClientResponse) -> URL:
        """Where a redirect leads."""
        try:
            target = url.join(URL(response.headers.get("Location", "")))
        except ValueError:
            raise TroubleError("bad_address") from None
        if any(mark in target.path.lower() for mark in _LOGIN):
            raise TroubleError("login", host=url.host or "")
        return checked_url(str(target), self._gate)

    async def _obey_robots(self, session: ClientSession, url: URL) -> None:
        """Raises TroubleError where the site asks programs not to read this page."""
        origin = str(url.origin())
        robots = self._robots.get(origin)
        if robots is None:
            robots = await self._read_robots(session, url.origin() / "robots.txt")
            self._robots.put(origin, robots, 10_000, _ROBOTS_KEPT_FOR)
        if not robots.permits(str(url), AGENT):
            raise TroubleError("robots", host=url.host or "")

    async def _read_robots(self, session: ClientSession, url: URL) -> Robots:
        for _ in range(REDIRECTS + 1):
            async with await self._get(session, url) as response:
                if response.status in _REDIRECTING:
                    url = self._next(url, response)
                    continue
                data = await _body(response, url, ROBOTS_LIMIT, whole=False)
                robots = Robots.of_answer(response.status, data)
                if robots is None:
                    raise TroubleError("busy", host=url.host or "")
                return robots
        return Robots("")


async def _page(response: ClientResponse, url: URL) -> Page:
    host = url.host or ""
    match response.status:
        case 401 | 407:
            raise TroubleError("login", host=host)
        case 404 | 410:
            raise TroubleError("gone", host=host)
        case 429 | 503:
            raise TroubleError("busy", host=host)
        case status if status >= 400:
            raise TroubleError("refused", host=host, status=str(status))
    kind = response.content_type.lower()
    if not kind.startswith(_READABLE) and kind != "application/octet-stream":
        raise TroubleError("no_page", host=host)
    data = await _body(response, url, PAGE_LIMIT, whole=True)
    return Page(str(url), data, response.charset)


async def _body(response: ClientResponse, url: URL, limit: int, *, whole: bool) -> bytes:
    """The decompressed body, read piece by piece; over the limit an error, or cut there."""
    data = bytearray()
    try:
        async for piece in response.content.iter_any():
            data += piece
            if len(data) > limit:
                if whole:
                    raise TroubleError("large", host=url.host or "")
                del data[limit:]
                break
    except (ClientError, OSError, ValueError) as error:
        raise _trouble_of(error, url) from None
    return bytes(data)


def _trouble_of(error: BaseException, url: URL) -> TroubleError:
    """What went wrong on the way, for people."""
    host = url.host or ""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, InsideAddressError):
            return TroubleError("inside", host=host)
        if isinstance(seen, ssl.SSLError):
            return TroubleError("insecure", host=host)
        seen = getattr(seen, "os_error", None) or seen.__cause__
    return TroubleError("unreachable", host=host)

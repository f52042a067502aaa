"""One page, fetched politely and within bounds, from real servers."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib

import brotli  # type: ignore[import-untyped]
import pytest
from aiohttp import web

from bot.reading.fetch import PAGE_LIMIT, REDIRECTS
from bot.reading.shelf import Shelf
from tests.bot.reading.web import ALSO_PUBLIC, PUBLIC, Handler, run, small_web


def page(text: str = "<p>hello</p>", **more: object) -> web.Response:
    return web.Response(text=text, content_type="text/html", **more)  # type: ignore[arg-type]


async def hello(_: web.Request) -> web.Response:
    return page()


def trouble(handler: Handler, path: str = "/jobs/1", *, time_limit: float = 5) -> str:
    """The code of the trouble that this answer ends in."""

    async def attempt() -> str:
        async with small_web(handler) as here:
            fetcher = here.fetcher(time_limit=time_limit)
            return await here.trouble(f"http://{PUBLIC}:{here.port}{path}", fetcher)

    return run(attempt())


class TestPoliteness:
    def test_it_says_who_asks_and_where_to_turn_to(self) -> None:
        async def attempt() -> None:
            async with small_web(hello) as here:
                await here.fetcher().fetch(f"http://{PUBLIC}:{here.port}/jobs/1")
                for request in here.seen:
                    assert (
                        request.headers["User-Agent"] == "Mikiwame/0.1 (+https://example.com/bot)"
                    )
                    assert "Cookie" not in request.headers
                    assert "Referer" not in request.headers
                assert here.paths() == ["/robots.txt", "/jobs/1"]

        run(attempt())

    @pytest.mark.parametrize(
        ("robots", "forbidden"),
        [
            ("User-agent: *\nDisallow: /jobs/", True),
            ("User-agent: Mikiwame\nDisallow: /", True),
            ("User-agent: mikiwame\nDisallow: /jobs", True),
            ("User-agent: *\nDisallow: /\nAllow: /jobs/1", False),
            ("User-agent: *\nDisallow: /\n\nUser-agent: Mikiwame\nDisallow:", False),
            ("User-agent: Googlebot\nDisallow: /", False),
            ("User-agent: *\nDisallow: /*/1$", True),
            ("", False),
            ("<html>no robots here</html>", False),
            ("\ufeffUser-agent: *\nDisallow: /jobs", True),
        ],
    )
    def test_robots_txt_is_obeyed(self, robots: str, forbidden: bool) -> None:
        async def attempt() -> None:
            async with small_web(hello, robots=robots) as here:
                url = f"http://{PUBLIC}:{here.port}/jobs/1"
                if forbidden:
                    assert await here.trouble(url) == "robots"
                    assert here.paths() == ["/robots.txt"]
                else:
                    await here.fetcher().fetch(url)

        run(attempt())

    @pytest.mark.parametrize(
        ("status", "code"), [(500, "busy"), (503, "busy"), (429, "busy"), (404, None), (403, None)]
    )
    def test_a_site_that_can_t_say_what_it_allows_is_left_alone(
        self, status: int, code: str | None
    ) -> None:
        async def attempt() -> None:
            async def robots(_: web.Request) -> web.Response:
                return web.Response(status=status)

            async with small_web(hello, robots=robots) as here:
                url = f"http://{PUBLIC}:{here.port}/jobs/1"
                if code is None:
                    await here.fetcher().fetch(url)
                else:
                    assert await here.trouble(url) == code
                    assert here.paths() == ["/robots.txt"]

        run(attempt())

    def test_the_target_of_a_redirect_has_its_own_robots_txt(self) -> None:
        async def attempt() -> None:
            async def away(_: web.Request) -> web.Response:
                raise web.HTTPFound(f"http://{ALSO_PUBLIC}:{here.port}/private")

            async def robots(request: web.Request) -> web.Response:
                shut = (request.host or "").startswith(ALSO_PUBLIC)
                return web.Response(text="User-agent: *\nDisallow: /private" if shut else "")

            async with small_web(away, robots=robots) as here:
                assert await here.trouble(f"http://{PUBLIC}:{here.port}/jobs/1") == "robots"
                assert here.paths() == ["/robots.txt", "/jobs/1", "/robots.txt"]

        run(attempt())

    def test_asked_again_a_page_is_not_fetched_again(self) -> None:
        async def attempt() -> None:
            async with small_web(hello) as here:
                fetcher = here.fetcher()
                url = f"http://{PUBLIC}:{here.port}/jobs/1"
                first = await fetcher.fetch(url)
                assert await fetcher.fetch(url + "#part") == first
                assert len(here.seen) == 2
                await fetcher.fetch(f"http://{PUBLIC}:{here.port}/jobs/2")
                assert here.paths().count("/robots.txt") == 1

        run(attempt())

    def test_nor_one_that_could_not_be_had(self) -> None:
        async def attempt() -> None:
            async def shut(_: web.Request) -> web.Response:
                return web.Response(status=403)

            async with small_web(shut) as here:
                fetcher = here.fetcher()
                url = f"http://{PUBLIC}:{here.port}/jobs/1"
                for _ in range(3):
                    assert await here.trouble(url, fetcher) == "refused"
                assert here.paths() == ["/robots.txt", "/jobs/1"]

        run(attempt())

    def test_a_host_is_asked_one_thing_at_a_time_and_hosts_side_by_side(self) -> None:
        async def attempt() -> None:
            both = asyncio.Event()
            hosts: set[str] = set()

            async def slow(request: web.Request) -> web.Response:
                hosts.add((request.host or "").partition(":")[0])
                if len(hosts) == 2:
                    both.set()
                await asyncio.wait_for(both.wait(), 3)
                await asyncio.sleep(0.02)
                return page()

            async with small_web(slow) as here:
                fetcher = here.fetcher()
                urls = [
                    f"http://{host}:{here.port}/{n}"
                    for host in (PUBLIC, ALSO_PUBLIC)
                    for n in range(4)
                ]
                await asyncio.gather(*(fetcher.fetch(url) for url in urls))
                assert here.most_at_once == 2

        run(attempt())


class TestBounds:
    def test_five_redirects_and_no_more(self) -> None:
        async def attempt() -> None:
            async def on(request: web.Request) -> web.Response:
                left = int(request.path.strip("/"))
                if left == 0:
                    return page("there")
                raise web.HTTPFound(f"/{left - 1}")

            async with small_web(on) as here:
                base = f"http://{PUBLIC}:{here.port}"
                found = await here.fetcher().fetch(f"{base}/{REDIRECTS}")
                assert found.data == b"there"
                assert found.url == f"{base}/0"
                assert await here.trouble(f"{base}/{REDIRECTS + 1}") == "redirects"

        run(attempt())

    @pytest.mark.parametrize("target", ["/jobs/1", "", "?", "http://[", "http://x:y/", "/\n/"])
    def test_redirects_that_lead_nowhere(self, target: str) -> None:
        async def away(_: web.Request) -> web.StreamResponse:
            safe = target.replace("\n", "%0a")
            return web.Response(status=302, headers={"Location": safe})

        assert trouble(away) in {"redirects", "bad_address"}

    @pytest.mark.parametrize("encoding", ["", "gzip", "deflate", "br"])
    def test_a_page_as_large_as_allowed_in_every_encoding(self, encoding: str) -> None:
        text = ("<p>あいう</p>" * PAGE_LIMIT).encode()[:PAGE_LIMIT]

        async def attempt() -> None:
            async with small_web(encoded(text, encoding)) as here:
                found = await here.fetcher().fetch(f"http://{PUBLIC}:{here.port}/jobs/1")
                assert found.data == text

        run(attempt())

    @pytest.mark.parametrize("encoding", ["", "gzip", "deflate", "br"])
    def test_a_byte_more_is_too_large(self, encoding: str) -> None:
        assert trouble(encoded(b"a" * (PAGE_LIMIT + 1), encoding)) == "large"

    @pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
    def test_a_bomb_ends_early_in_bounded_memory(self, encoding: str) -> None:
        bomb = _bomb(encoding)
        assert len(bomb) < 300_000

        async def handler(_: web.Request) -> web.Response:
            return web.Response(
                body=bomb, headers={"Content-Encoding": encoding, "Content-Type": "text/html"}
            )

        tracemalloc.start()
        began = time.monotonic()
        try:
            assert trouble(handler) in {"large", "unreachable"}
            assert tracemalloc.get_traced_memory()[1] < 25_000_000
        finally:
            tracemalloc.stop()
        assert time.monotonic() - began < 3

    def test_a_stream_without_end_is_left(self) -> None:
        async def endless(request: web.Request) -> web.StreamResponse:
            answer = web.StreamResponse(headers={"Content-Type": "text/html"})
            await answer.prepare(request)
            try:
                while True:
                    await answer.write(b"<p>more</p>" * 5_000)
            except ConnectionError:
                return answer

        assert trouble(endless) == "large"

    def test_a_slow_drip_ends_in_time(self) -> None:
        async def drip(request: web.Request) -> web.StreamResponse:
            answer = web.StreamResponse(headers={"Content-Type": "text/html"})
            await answer.prepare(request)
            try:
                for _ in range(100):
                    await answer.write(b".")
                    await asyncio.sleep(0.05)
            except ConnectionError:
                pass
            return answer

        began = time.monotonic()
        assert trouble(drip, time_limit=0.5) == "slow"
        assert time.monotonic() - began < 2

    @pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: "])
    def test_silence_ends_in_time(self, sent: bytes) -> None:
        assert raw(sent, hold=3, time_limit=0.4) == "slow"

    @pytest.mark.parametrize(
        "sent",
        [
            b"\x00\x01\x02garbage\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Type: text/html\r\n\r\nshort",
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\n"
            b"Content-Length: 5\r\n\r\nnogzp",
            b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"a" * 100_000 + b"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
            b"HTTP/9.9 abc\r\n\r\n",
        ],
    )
    def test_damaged_answers(self, sent: bytes) -> None:
        assert raw(sent) == "unreachable"

    def test_nobody_there(self) -> None:
        async def attempt() -> None:
            async with small_web(hello) as here:
                assert await here.trouble(f"http://{PUBLIC}:1/") == "unreachable"
                assert await here.trouble(f"http://nobody.example:{here.port}/") == "unreachable"
                assert await here.trouble(f"https://{PUBLIC}:{here.port}/") in {
                    "insecure",
                    "unreachable",
                }

        run(attempt())


class TestAnswers:
    @pytest.mark.parametrize(
        ("status", "code"),
        [
            (401, "login"),
            (403, "refused"),
            (404, "gone"),
            (410, "gone"),
            (418, "refused"),
            (429, "busy"),
            (500, "refused"),
            (503, "busy"),
        ],
    )
    def test_what_an_error_means(self, status: int, code: str) -> None:
        async def handler(_: web.Request) -> web.Response:
            return web.Response(status=status, text="x")

        assert trouble(handler) == code

    @pytest.mark.parametrize(
        "path", ["/login?next=/jobs/1", "/users/sign_in", "/ab/account-security/login"]
    )
    def test_a_redirect_to_a_login(self, path: str) -> None:
        async def handler(_: web.Request) -> web.Response:
            raise web.HTTPFound(path)

        assert trouble(handler) == "login"

    @pytest.mark.parametrize(
        "kind", ["image/png", "application/pdf", "application/zip", "video/mp4"]
    )
    def test_what_is_no_page(self, kind: str) -> None:
        async def handler(_: web.Request) -> web.Response:
            return web.Response(body=b"x", content_type=kind)

        assert trouble(handler) == "no_page"

    def test_the_charset_that_the_server_says_is_passed_on(self) -> None:
        async def handler(_: web.Request) -> web.Response:
            return web.Response(
                body="募集".encode("shift_jis"),
                headers={"Content-Type": "text/html; charset=Shift_JIS"},
            )

        async def attempt() -> None:
            async with small_web(handler) as here:
                found = await here.fetcher().fetch(f"http://{PUBLIC}:{here.port}/jobs/1")
                assert (found.charset or "").lower() == "shift_jis"

        run(attempt())


class TestShelf:
    def test_kept_for_a_time_and_within_its_room(self) -> None:
        now = [0.0]
        shelf: Shelf[str] = Shelf(10, lambda: now[0])
        shelf.put("a", "A", 4, 60)
        shelf.put("b", "B", 4, 90)
        assert (shelf.get("a"), shelf.get("b")) == ("A", "B")
        shelf.put("c", "C", 4, 90)
        assert shelf.get("a") is None
        shelf.put("b", "B2", 6, 90)
        assert (shelf.get("b"), shelf.get("c")) == ("B2", "C")
        now[0] = 90
        assert (shelf.get("b"), shelf.get("c")) == (None, None)
        shelf.put("d", "D", 11, 60)
        assert shelf.get("d") is None


def encoded(text: bytes, encoding: str) -> Handler:
    packed = {  # type: ignore[no-untyped-call]
        "": lambda: text,
        "gzip": lambda: gzip.compress(text),
        "deflate": lambda: zlib.compress(text),
        "br": lambda: brotli.compress(text, quality=1),
    }[encoding]()

    async def handler(_: web.Request) -> web.Response:
        headers = {"Content-Type": "text/html"} | (
            {"Content-Encoding": encoding} if encoding else {}
        )
        return web.Response(body=packed, headers=headers)

    return handler


def _bomb(encoding: str) -> bytes:
    """200 MB of nothing, packed."""
    match encoding:
        case "br":
            packer = brotli.Compressor(quality=5)
            return b"".join(
                [*(packer.process(bytes(1_000_000)) for _ in range(200)), packer.finish()]
            )
        case "deflate":
            squeezer = zlib.compressobj(9)
            return b"".join(
                [*(squeezer.compress(bytes(1_000_000)) for _ in range(200)), squeezer.flush()]
            )
        case _:
            squeezer = zlib.compressobj(9, wbits=31)
            return b"".join(
                [*(squeezer.compress(bytes(1_000_000)) for _ in range(200)), squeezer.flush()]
            )


def raw(sent: bytes, *, hold: float = 0, time_limit: float = 5) -> str:
    """The code of the trouble that a server which writes just these bytes ends in."""

    async def attempt() -> str:
        async def write(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked = await reader.readuntil(b"\r\n\r\n")
            if asked.startswith(b"GET /robots.txt"):
                writer.write(
                    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )
            else:
                writer.write(sent)
                await asyncio.sleep(hold)
            writer.close()

        async with small_web(hello) as here:
            server = await asyncio.start_server(write, PUBLIC, 0)
            port = server.sockets[0].getsockname()[1]
            fetcher = here.fetcher(time_limit=time_limit)
            code = await here.trouble(f"http://{PUBLIC}:{port}/jobs/1", fetcher)
            server.close()
            return code

    return run(attempt())

"""Inside stays inside: every trick that was tried, against real servers and a real DNS.

Each trick must end in a trouble, and nothing may have knocked at what is inside.
"""

from __future__ import annotations

import re
import socket

import pytest
from aiohttp import ThreadedResolver, web

from bot.reading.addresses import Gate, checked_url
from bot.reading.fetch import Fetcher
from bot.reading.models import TroubleError
from bot.settings import Network, Settings
from tests.bot.reading.web import GATE, INSIDE, PUBLIC, run, small_web

#: The address as it is written ({p}: a port on which something inside listens).
SPELLINGS = {
    "plain": "http://127.0.0.1:{p}/",
    "another of the loopback network": "http://127.0.0.3:{p}/",
    "decimal": "http://2130706433:{p}/",
    "octal": "http://0177.0.0.1:{p}/",
    "octal, all parts": "http://0177.0000.0000.0001:{p}/",
    "hex": "http://0x7f000001:{p}/",
    "hex, in parts": "http://0x7f.0x0.0x0.0x1:{p}/",
    "hex with an empty digit": "http://127.0.0.0x:{p}/",
    "parts left out": "http://127.1:{p}/",
    "parts left out, three": "http://127.0.1:{p}/",
    "mixed": "http://0x7f.0.1:{p}/",
    "leading zeros": "http://127.000.000.001:{p}/",
    "zero": "http://0:{p}/",
    "nought": "http://0.0.0.0:{p}/",
    "overflowing": "http://4294967297:{p}/",
    "trailing dot": "http://127.0.0.1.:{p}/",
    "two trailing dots": "http://127.0.0.1..:{p}/",
    "localhost": "http://localhost:{p}/",
    "localhost, trailing dot": "http://localhost.:{p}/",
    "localhost, capitals": "http://LOCALHOST:{p}/",
    "full-width digits": "http://１２７.０.０.１:{p}/",
    "circled digits": "http://①②⑦.⓪.⓪.①:{p}/",
    "ideographic stops": "http://127。0。0。1:{p}/",
    "full-width stops": "http://127．0．0．1:{p}/",
    "full-width letters": "http://ｌｏｃａｌｈｏｓｔ:{p}/",
    "soft hyphen": "http://local\u00adhost:{p}/",
    "zero-width space": "http://127.0.0.\u200b1:{p}/",
    "per cent": "http://%31%32%37.0.0.1:{p}/",
    "IPv6": "http://[::1]:{p}/",
    "IPv6 in full": "http://[0:0:0:0:0:0:0:1]:{p}/",
    "IPv6 unspecified": "http://[::]:{p}/",
    "IPv6-mapped": "http://[::ffff:127.0.0.1]:{p}/",
    "IPv6-mapped, hex": "http://[::ffff:7f00:1]:{p}/",
    "IPv6-mapped, opened network": "http://[::ffff:127.0.0.2]:{p}/",
    "IPv6-compatible": "http://[::127.0.0.1]:{p}/",
    "IPv6-translated": "http://[::ffff:0:127.0.0.1]:{p}/",
    "NAT64": "http://[64:ff9b::7f00:1]:{p}/",
    "6to4": "http://[2002:7f00:1::]:{p}/",
    "Teredo": "http://[2001:0:7f00:1::]:{p}/",
    "link-local with a zone": "http://[fe80::1%25lo]:{p}/",
    "loopback with a zone": "http://[::1%25lo]:{p}/",
    "user": "http://crowdworks.jp@127.0.0.1:{p}/",
    "user and password": "http://crowdworks.jp:80@127.0.0.1:{p}/",
    "user before a public host": "http://user:pass@127.0.0.2:{p}/",
    "two @": "http://a@b@127.0.0.1:{p}/",
    "backslash": "http://127.0.0.1:{p}\\@crowdworks.jp/",
    "fragment before @": "http://127.0.0.1:{p}#@crowdworks.jp/",
    "query before @": "http://127.0.0.1:{p}?@crowdworks.jp/",
    "no slashes": "http:127.0.0.1:{p}/",
    "three slashes": "http:///127.0.0.1:{p}/",
    "tab inside": "http://127.0.\t0.1:{p}/",
    "line break inside": "http://127.0.\n0.1:{p}/",
    "line break and a header": "http://127.0.0.1:{p}/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "capital scheme": "HTTP://127.0.0.1:{p}/",
    "ftp": "ftp://127.0.0.1:{p}/",
    "file": "file:///etc/passwd",
    "gopher": "gopher://127.0.0.1:{p}/_x",
    "data": "data:text/html,<h1>x</h1>",
    "web socket": "ws://127.0.0.1:{p}/",
    "no scheme": "//127.0.0.1:{p}/",
    "port beyond all": "http://127.0.0.1:99999/",
    "endless": "http://127.0.0.1:{p}/" + "a" * 5_000,
}
#: What DNS says for a name, answer after answer.
ANSWERS: dict[str, list[list[str]]] = {
    "inside": [[INSIDE]],
    "inside, IPv6": [["::1"]],
    "IPv6-mapped": [["::ffff:127.0.0.1"]],
    "public and inside": [[PUBLIC, INSIDE]],
    "inside and public": [[INSIDE, PUBLIC]],
    "public, and IPv6 inside": [[PUBLIC, "::1"]],
    "private": [["10.0.0.1"]],
    "metadata": [["169.254.169.254"]],
    "nowhere": [["0.0.0.0"]],  # noqa: S104 - a name may say so
    "nothing": [[]],
}
#: Where the public server's redirect leads.
REDIRECTS = {
    **{f"to {name}": url for name, url in SPELLINGS.items() if "\n" not in url and "{p}" in url},
    "relative, other host": "//127.0.0.1:{p}/",
    "to a name inside": "http://inside.example:{p}/",
}
FORBIDDEN = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254
    169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1
    192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1
    239.255.255.250 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8
    ::ffff:0:127.0.0.1 64:ff9b::1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1::
    2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1
    fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 ff0e::1 2606:4700::1111%eth0
"""
PUBLIC_ONES = """
    1.1.1.1 8.8.8.8 93.184.216.34 172.32.0.1 2606:4700::1111 2a00:1450::1
"""


def opened(networks: str) -> tuple[Network, ...]:
    """What FETCH_ALLOW says."""
    return Settings.model_validate({"fetch_allow": networks}).fetch_allow


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="<p>hello</p>", content_type="text/html")


class TestSpellings:
    @pytest.mark.parametrize("url", SPELLINGS.values(), ids=SPELLINGS.keys())
    def test_nothing_inside_is_knocked_at(self, url: str) -> None:
        async def attempt() -> None:
            names = {name: [[INSIDE]] for name in ("localhost", "127.0.0.0x", "b", "a")}
            async with small_web(hello, names) as here:
                code = await here.trouble(url.replace("{p}", str(here.inside)))
                assert code in {"inside", "bad_address", "unreachable"}
                assert here.knocks == []

        run(attempt())

    @pytest.mark.parametrize("url", SPELLINGS.values(), ids=SPELLINGS.keys())
    def test_nor_with_the_system_s_own_resolver(self, url: str) -> None:
        async def attempt() -> None:
            async with small_web(hello) as here:
                asked = Fetcher(GATE, None, ThreadedResolver(), time_limit=5)
                written = url.replace("{p}", str(here.inside))
                with pytest.raises(TroubleError):
                    await asked.fetch(written)
                assert here.knocks == []

        run(attempt())

    def test_the_trap_would_be_sprung(self) -> None:
        """The same request, allowed, does arrive inside: the tests above can fail."""

        async def attempt() -> None:
            async with small_web(hello) as here:
                gate = Gate((*GATE.allow, *opened("127.0.0.1/32")))
                await here.trouble(f"http://127.0.0.1:{here.inside}/", here.fetcher(gate))
                assert here.knocks != []

        run(attempt())


class TestNames:
    @pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS.keys())
    def test_a_name_with_any_address_inside_is_refused(self, answers: list[list[str]]) -> None:
        async def attempt() -> None:
            async with small_web(hello, {"jobs.example": answers}) as here:
                code = await here.trouble(f"http://jobs.example:{here.inside}/")
                assert code in {"inside", "unreachable"}
                assert here.knocks == []
                assert here.seen == []

        run(attempt())

    def test_a_public_name_is_read(self) -> None:
        async def attempt() -> None:
            async with small_web(hello, {"jobs.example": [[PUBLIC]]}) as here:
                page = await here.fetcher().fetch(f"http://jobs.example:{here.port}/jobs/1")
                assert page.data == b"<p>hello</p>"

        run(attempt())

    def test_the_address_that_was_checked_is_the_one_connected_to(self) -> None:
        """A name that is public when it is looked up and inside a moment later (rebinding)."""

        async def attempt() -> None:
            names = {"jobs.example": [[PUBLIC], [INSIDE]]}
            async with small_web(hello, names) as here:
                url = f"http://jobs.example:{here.port}/"
                assert (await here.fetcher().fetch(url)).data == b"<p>hello</p>"
                assert await here.trouble(url) == "inside"  # another fetcher, no cache
                assert here.knocks == []

        run(attempt())

    def test_rebinding_between_redirects(self) -> None:
        async def attempt() -> None:
            async def closing(_: web.Request) -> web.Response:
                there = web.HTTPFound(f"http://jobs.example:{here.inside}/")
                there.force_close()
                return there

            names = {"jobs.example": [[PUBLIC], [INSIDE]]}
            async with small_web(closing, names) as here:
                assert await here.trouble(f"http://jobs.example:{here.port}/") == "inside"
                assert here.knocks == []

        run(attempt())

    def test_the_socket_is_the_last_check(self) -> None:
        """Whatever a resolver passes on, no socket is made for an address inside."""
        info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", (INSIDE, 80))
        with pytest.raises(OSError, match=re.escape(INSIDE)):
            Gate().socket(info)
        with pytest.raises(OSError, match="not-an-address"):
            Gate().socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("not-an-address", 80)))


class TestRedirects:
    @pytest.mark.parametrize("target", REDIRECTS.values(), ids=REDIRECTS.keys())
    def test_each_is_checked_like_the_first_address(self, target: str) -> None:
        async def attempt() -> None:
            async def away(_: web.Request) -> web.Response:
                where = target.replace("{p}", str(here.inside))
                return web.Response(status=302, headers={"Location": where})

            names = {"jobs.example": [[PUBLIC]], "inside.example": [[INSIDE]]}
            names |= {"localhost": [[INSIDE]]}
            async with small_web(away, names) as here:
                code = await here.trouble(f"http://jobs.example:{here.port}/jobs/1")
                assert code in {"inside", "bad_address", "unreachable", "redirects"}
                assert here.knocks == []

        run(attempt())

    def test_that_of_robots_txt_too(self) -> None:
        async def attempt() -> None:
            async def away(_: web.Request) -> web.Response:
                return web.Response(
                    status=301, headers={"Location": f"http://127.0.0.1:{here.inside}/robots.txt"}
                )

            async with small_web(hello, robots=away) as here:
                assert await here.trouble(f"http://{PUBLIC}:{here.port}/") == "inside"
                assert here.knocks == []
                assert here.paths() == ["/robots.txt"]

        run(attempt())


class TestGate:
    @pytest.mark.parametrize("address", FORBIDDEN.split())
    def test_special_addresses(self, address: str) -> None:
        assert not Gate().permits(address, 80)
        assert not Gate().permits(address, 443)

    @pytest.mark.parametrize("address", PUBLIC_ONES.split())
    def test_public_addresses_on_the_web_s_ports_alone(self, address: str) -> None:
        assert Gate().permits(address, 80)
        assert Gate().permits(address, 443)
        for port in (0, 22, 25, 8000, 8080, 8443, 65535):
            assert not Gate().permits(address, port)

    def test_what_the_operator_opens(self) -> None:
        gate = Gate(opened("10.1.0.0/16, fd00::/8,127.0.0.1"))
        assert gate.permits("10.1.2.3", 8080)
        assert gate.permits("fd00::1", 9)
        assert gate.permits("127.0.0.1", 5000)
        for address in ("10.2.0.1", "127.0.0.2", "fe80::1", "::ffff:10.1.2.3"):
            assert not gate.permits(address, 80)
        assert not gate.permits("8.8.8.8", 8080)

    @pytest.mark.parametrize("host", ["crowdworks.jp", "1.1.1.1"])
    def test_other_ports_are_refused_before_anything_is_asked(self, host: str) -> None:
        with pytest.raises(TroubleError) as caught:
            checked_url(f"http://{host}:8080/", Gate())
        assert caught.value.trouble.code in {"port", "inside"}

    def test_nothing_is_open_by_default(self) -> None:
        assert Settings().fetch_allow == ()

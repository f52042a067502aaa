"""Files of messages, fetched from a real server within limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.desk.jobs import HinderedError
from bot.doors.downloads import File, brought, data_at, origin_of
from bot.reading.models import FILE_LIMIT, Attachment, TroubleError


async def answer(request: web.Request) -> web.StreamResponse:
    """A file as long as its name says; or what else can happen."""
    name = request.match_info["name"]
    if name == "moved":
        raise web.HTTPFound("/5")
    if name == "busy":
        return web.Response(status=503)
    if name == "gone":
        return web.Response(status=404)
    return web.Response(body=b"x" * int(name))


@asynccontextmanager
async def host() -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_get("/{name}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[union-attr]
    finally:
        await runner.cleanup()


async def fetched(name: str, *, origin: str | None = None) -> bytes:
    async with host() as base, aiohttp.ClientSession() as session:
        data, _ = await data_at(session, File(url=f"{base}/{name}"), {origin or base})
        return data


def test_a_file() -> None:
    assert asyncio.run(fetched("5")) == b"xxxxx"


@pytest.mark.parametrize(
    ("name", "code"),
    [("moved", "file_away"), ("gone", "file_away"), (str(FILE_LIMIT + 1), "file_large")],
)
def test_what_is_not_to_be_had(name: str, code: str) -> None:
    with pytest.raises(TroubleError) as caught:
        asyncio.run(fetched(name))
    assert caught.value.trouble.code == code


def test_what_may_be_had_later() -> None:
    with pytest.raises(HinderedError):
        asyncio.run(fetched("busy"))


def test_no_other_host_is_asked() -> None:
    with pytest.raises(TroubleError) as caught:
        asyncio.run(fetched("5", origin="https://files.slack.com"))
    assert caught.value.trouble.code == "file_away"


@pytest.mark.parametrize(
    "url",
    [
        "https://files.slack.com@127.0.0.1/a",
        "https://files.slack.com.example.com/a",
        "http://files.slack.com/a",
        "https://files.slack.com:8443/a",
        "//files.slack.com/a",
    ],
)
def test_addresses_that_only_look_like_it(url: str) -> None:
    assert origin_of(url) != "https://files.slack.com"


def test_many_and_large_ones() -> None:
    async def download(file: File) -> Attachment:
        return file.holding(b"x" * file.size)

    files = [File(name="huge", size=FILE_LIMIT + 1), *(File(name="f", size=9_000_000),) * 5]
    found = asyncio.run(brought(files, download))
    assert [each.code for each in found.troubles] == ["file_large", *("files_large",) * 2]
    assert len(found.files) == 3
    few = asyncio.run(brought([File(name="f", size=1)] * 11, download))
    assert len(few.files) == 10
    assert few.troubles[0].values == {"count": "10"}

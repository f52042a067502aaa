"""Asking the reading room, as the tests do it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.reading.addresses import Gate
from bot.reading.fetch import Fetcher
from bot.reading.models import Attachment, Read
from bot.reading.reader import Reader
from rules import load_rulebook


def html(markup: str | bytes, name: str = "page.html") -> Attachment:
    data = markup if isinstance(markup, bytes) else markup.encode()
    return Attachment(name=name, kind="text/html", data=data)


def read_offline(
    markup: str | bytes | None = None,
    *,
    text: str = "",
    url: str | None = None,
    platform: str | None = None,
    files: Sequence[Attachment] = (),
) -> Read:
    """What comes of a saved page and other files; nothing is fetched, for no address would be."""
    gate = Gate()
    attached = [html(markup), *files] if markup is not None else list(files)
    reader = Reader(load_rulebook(), Fetcher(gate), gate)
    return asyncio.run(reader.read(text, attached, url=url, platform=platform))

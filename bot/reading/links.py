"""The addresses in a text, and which of them are postings of a site that is known."""

from __future__ import annotations

import html
import ipaddress
import re
from collections.abc import Iterator
from functools import cache

import re2
from yarl import URL

from bot.reading.addresses import Gate
from bot.reading.layout import ANY_SITE
from rules import Rulebook
from rules.models import Frozen

# An address ends where Japanese text or a closing mark begins.
_LINK = re.compile(
    r"https?://[^\s<>\"'`|\\^{}\u3000-\u30ff\u3400-\u9fff\uff01-\uff60\u2018-\u201f]+", re.I
)
_SOURCE_TAGS = re.compile(
    r"""<(?:link[^>]+rel=["']?canonical|meta[^>]+(?:property|name)=["']?og:url)[^>]*>|"""
    r"""<link[^>]+rel=["']?canonical["']?[^>]*>""",
    re.IGNORECASE,
)
_SOURCE_ADDRESS = re.compile(r"""(?:href|content)=["']?(https?://[^"'\s>]+)""", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(\S+) -->")
_HEAD = 60_000
_TRAILING = ".,;:!?)]}*_~"


class Link(Frozen):
    """An address in a text: `text[start:end]`."""

    url: str
    start: int
    end: int


class PostingLink(Frozen):
    """A posting's address and the site that it is on."""

    url: str
    platform: str


def links_in(text: str) -> Iterator[Link]:
    """The web addresses in a text, without the stops and brackets that follow them."""
    for found in _LINK.finditer(text):
        url = found.group()
        while url[-1] in _TRAILING and not (url[-1] == ")" and url.count("(") >= url.count(")")):
            url = url[:-1]
        yield Link(url=url, start=found.start(), end=found.start() + len(url))


def posting_link(url: str, rulebook: Rulebook, gate: Gate) -> PostingLink | None:
    """The posting that an address leads to; None where it is no posting that we know.

    In a network that the operator opened, the path alone decides.
    """
    try:
        parts = URL(url)
        host = (parts.raw_host or "").rstrip(".").lower()
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    code = site_of(host, rulebook)
    if code is not None:
        fits = _begins(code, rulebook).match(parts.path) is not None
        return PostingLink(url=url, platform=code) if fits else None
    if is_opened(host, gate):
        for each in sites_but_any(rulebook):
            if _begins(each, rulebook).match(parts.path):
                return PostingLink(url=url, platform=each)
    return None


def sources_of(markup: str) -> Iterator[str]:
    """The addresses that a saved page gives as its own."""
    head = markup[:_HEAD]
    for tag in _SOURCE_TAGS.findall(head):
        if found := _SOURCE_ADDRESS.search(tag):
            yield html.unescape(found[1])
    if found := _SAVED_FROM.search(head):
        yield found[1]


def site_of(host: str, rulebook: Rulebook) -> str | None:
    """The site that a host belongs to."""
    for known, code in rulebook.hosts.items():
        if host == known or host.endswith("." + known):
            return code
    return None


def is_opened(host: str, gate: Gate) -> bool:
    """Whether a host is an address in a network that the operator opened."""
    if host == "localhost":
        host = "127.0.0.1"
    try:
        return gate.allows(ipaddress.ip_address(host))
    except ValueError:
        return False


@cache
def _begins(code: str, rulebook: Rulebook) -> re.Pattern[str]:
    written = rulebook.book.sites[code].page.postings
    compiled: re.Pattern[str] = re2.compile(
        "|".join(f"(?:{each})" for each in written) or r"[^\s\S]"
    )
    return compiled


def sites_but_any(rulebook: Rulebook) -> list[str]:
    """The sites with pages of their own kind first, the words for any site last."""
    return [*(code for code in rulebook.book.sites if code != ANY_SITE), ANY_SITE]

"""What an element's tag, name and style give away about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.reading.tree import text_below


def words(said: str) -> frozenset[str]:
    """A set of words, written in a row."""
    return frozenset(said.split())


_APART = words("span label small strong b time em")
_OWN_TAGS = words("nav footer aside header")
_OWN_ROLES = words(
    "navigation banner contentinfo complementary dialog alertdialog search menu menubar"
)
_OWN_NAMES = words(
    """
    ad ads advert advertisement adsense adslot banner banners breadcrumb breadcrumbs
    campaign consent cookie cookies footer gdpr gnav globalnav header menu modal nav navbar
    navi navigation onetrust popup pr promo promotion ranking recommend recommended
    recommendation recommendations related share sidebar similar sitemap sns social sponsor
    sponsored toast topics popular pickup
    """
)
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_PRE = re.compile(r"white-?space\s*[:-]\s*(?:pre|break-spaces)|\bpre-(?:line|wrap)\b|nl2br")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def stands_apart(element: Any) -> bool:
    """Whether an element follows another one directly, as a value follows its label."""
    before = element.getprevious()
    return (
        before is not None
        and before.tag in _APART
        and not before.tail
        and len("".join(before.itertext())) > 1
    )


@dataclass(frozen=True, slots=True)
class Look:
    """How an element looks by its tag and attributes."""

    hidden: bool = False
    keeps_breaks: bool = False
    """Line breaks in its text are shown."""
    the_sites_own: bool = False
    """It is there on every page of the site."""


def look_of(element: Any) -> Look:
    """How an element looks; lists repeat themselves, so what was looked at once is remembered."""
    attributes = dict(element.items())
    if not attributes:
        return _BARE_OWN if element.tag in _OWN_TAGS else _BARE
    return _look(
        element.tag,
        attributes.get("id"),
        attributes.get("class"),
        attributes.get("style"),
        attributes.get("role"),
        "hidden" in attributes or attributes.get("aria-hidden") == "true",
    )


_BARE, _BARE_OWN = Look(), Look(the_sites_own=True)


@lru_cache(4_000)
def _look(  # noqa: PLR0913, PLR0917 - what an element has
    tag: str,
    name: str | None,
    names: str | None,
    style: str | None,
    role: str | None,
    hidden: bool,
) -> Look:
    return Look(
        hidden=hidden or (style is not None and _HIDDEN.search(style) is not None),
        keeps_breaks=any(_PRE.search(said) for said in (style, names) if said),
        the_sites_own=tag in _OWN_TAGS
        or role in _OWN_ROLES
        or any(
            word.lower() in _OWN_NAMES
            for said in (name, names)
            if said
            for word in _NAME.findall(said)
        ),
    )


def holds_something(element: Any, kept: tuple[str, ...]) -> bool:
    """Whether a part of the site's own holds something of the posting after all."""
    if element.tag in {"nav", "footer"}:
        return False
    said = text_below(element).lower()
    return any(word in said for word in kept) or next(element.iter("h1"), None) is not None

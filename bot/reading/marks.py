"""What an element's tag, name and style give away about it."""

from __future__ import annotations

import re
from typing import Any

from bot.reading.tree import text_below


def words(said: str) -> frozenset[str]:
    """A set of words, written in a row."""
    return frozenset(said.split())


_APART = words("span label small strong b time em")
OWN_TAGS = words("nav footer aside header")
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


def is_hidden(element: Any) -> bool:
    """Whether an element is on the page without being seen."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return style is not None and _HIDDEN.search(style) is not None


def keeps_breaks(element: Any) -> bool:
    """Whether line breaks in its text are shown."""
    style, name = element.get("style"), element.get("class")
    return (style is not None and _PRE.search(style) is not None) or (
        name is not None and _PRE.search(name) is not None
    )


def is_the_sites_own(element: Any) -> bool:
    """Whether an element is there on every page of the site, by its tag, role or name."""
    if element.tag in OWN_TAGS or element.get("role") in _OWN_ROLES:
        return True
    return any(
        name.lower() in _OWN_NAMES
        for key in ("id", "class")
        if (said := element.get(key))
        for name in _NAME.findall(said)
    )


def holds_something(element: Any, kept: tuple[str, ...]) -> bool:
    """Whether a part of the site's own holds something of the posting after all."""
    if element.tag in {"nav", "footer"}:
        return False
    said = text_below(element).lower()
    return any(word in said for word in kept) or next(element.iter("h1"), None) is not None

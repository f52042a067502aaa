"""A page as a tree of elements: lxml's, with CSS selectors."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import re2
from cssselect import HTMLTranslator
from lxml import etree

from bot.reading.models import TroubleError

_TAG = re2.compile(r"""(?i)<[a-z](?:[^>"']|"[^"]*"|'[^']*')*""")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_LONGEST_TAG = 20_000  # characters, less what stands in quotes
_MOST_QUOTED = 1_000


class Tree:
    """A parsed page."""

    def __init__(self, markup: str) -> None:
        """Raises TroubleError for a page that is built to take time."""
        _check_tags(markup)
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True)
        data = markup.replace("\0", "").encode(errors="replace")
        try:
            self.root: Any = etree.fromstring(data, parser)
        except etree.ParserError:
            self.root = None

    def all(self, selector: str) -> list[Any]:
        """The elements that a CSS selector finds, in order."""
        if self.root is None:
            return []
        if selector.isalnum():  # a tag: no expression is needed
            return list(self.root.iter(selector))
        return list(_compiled(selector)(self.root))

    def first(self, selector: str) -> Any | None:
        """The first of them."""
        return next(iter(self.all(selector)), None)


@cache
def _compiled(selector: str) -> Callable[[Any], list[Any]]:
    path: Callable[[Any], list[Any]] = etree.XPath(HTMLTranslator().css_to_xpath(selector))
    return path


def _check_tags(markup: str) -> None:
    """Refuses a tag with thousands of attributes: the parser compares each with all the others."""
    # Quoted angle brackets cut a tag short here: where there are many, every tag is looked at.
    if sum(markup.count(mark) for mark in ('"<', "'<", "=<")) > _MOST_QUOTED:
        tags = (found.group() for found in _TAG.finditer(markup))
    else:
        long = (f"<{each}" for each in markup.split("<") if len(each) > _LONGEST_TAG)
        tags = (found.group() for each in long if (found := _TAG.match(each)))
    for tag in tags:
        if len(tag) > _LONGEST_TAG and len(_QUOTED.sub("", tag)) > _LONGEST_TAG:
            raise TroubleError("page_odd")


def attribute(element: Any, name: str) -> str | None:
    """An attribute's value; None where there is none."""
    value = element.get(name)
    return value if isinstance(value, str) else None


def text_below(element: Any) -> str:
    """All text in an element, as it is written."""
    return "".join(element.itertext())

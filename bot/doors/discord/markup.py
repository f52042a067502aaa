"""Discord's markup, as far as it is used here.

Text from outside goes through `escaped` or `fenced`: nothing in it can ping, link, unfold an
invitation or change how the rest looks.
"""

from __future__ import annotations

import re

from bot.doors.wording import one_line

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")


def escaped(text: str) -> str:
    """The text with every sign that could mean something made to stand for itself."""
    return _MARKS.sub(r"\\\1", text)


def bold(text: str) -> str:
    """A run of bold text."""
    return f"**{escaped(text)}**"


def quoted(text: str) -> str:
    """Somebody's words, with a bar beside them."""
    return f"> {escaped(one_line(text))}"


def fenced(text: str) -> str:
    """Text in a frame of its own, with a button to copy it."""
    inside = text.replace("```", "`\u200b``")
    return f"```\n{inside}\n```"


def small(markup: str) -> str:
    """A line of small print, from markup."""
    return f"-# {markup}"


def bullet(text: str) -> str:
    """One item of a list."""
    return f"- {escaped(one_line(text))}"


def link(title: str, url: str | None) -> str:
    """A link without a preview; the title alone where there is no address."""
    return escaped(title) if url is None else f"[{escaped(title)}](<{url}>)"

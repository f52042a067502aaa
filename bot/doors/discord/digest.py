"""The weekly digest as Discord shows it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from discord import ui

from bot.desk.digest import Summary
from bot.doors.discord.markup import bold, bullet, escaped, small
from bot.doors.weekly import InWords, in_words
from rules import Lang, Rulebook


def digest(summary: Summary, rulebook: Rulebook, lang: Lang | None, key: str) -> ui.LayoutView:
    """The digest of this key; in every language where the workspace's is not known."""
    langs = list(Lang) if lang is None else [lang]
    said = [in_words(summary, rulebook, each) for each in langs]
    parts = [ui.TextDisplay[ui.LayoutView]("\n".join(_lines(each))) for each in said]
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts, id=_number(key)))
    return view


def is_digest(message: Any, key: str) -> bool:
    """Whether a message of ours is the digest of this key."""
    return any(getattr(each, "id", None) == _number(key) for each in message.components)


def _number(key: str) -> int:
    """What Discord carries for us with a message that has no controls: a component's number."""
    return zlib.crc32(key.encode()) >> 1 | 1 << 30  # positive, and none that Discord gives itself


def _lines(said: InWords) -> Iterator[str]:
    yield f"### {escaped(said.title)}"
    yield escaped(said.lead)
    yield from map(bullet, said.levels)
    if said.risks:
        yield bold(said.risks_title)
        yield from map(bullet, said.risks)
    yield small(escaped(said.private))

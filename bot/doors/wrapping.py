"""Lines for a terminal that break between phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from budoux import Parser, load_default_japanese_parser
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from bot.doors.wording import harmless

#: Quotation marks round more characters hold a sentence, which may be broken.
_LONGEST_NAME = 16


class Wrapped:
    """Text whose lines break between Japanese phrases, never before a full stop."""

    def __init__(self, text: str, style: str = "", indent: int = 0, sign: str = "") -> None:
        self._text = harmless(text)
        self._style = style
        self._indent = indent
        self._sign = sign

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(20, options.max_width - self._indent)
        head = self._sign.rjust(self._indent - 1) + " " if self._sign else " " * self._indent
        for line in self._text.splitlines() or [""]:
            for piece in _broken(line, width):
                yield Text(head + piece, style=self._style, no_wrap=True)
                head = " " * self._indent


def _broken(line: str, width: int) -> Iterable[str]:
    """A line in pieces of at most `width` columns; a phrase that is wider is cut."""
    piece = ""
    for phrase in _phrases(line):
        if cell_len(piece + phrase.rstrip()) > width and piece:
            yield piece.rstrip()
            piece = ""
        piece += phrase if piece else phrase.lstrip()
        while cell_len(piece.rstrip()) > width:
            head = set_cell_size(piece, width).rstrip()
            yield head
            piece = piece[len(head) :]
    yield piece.rstrip()


def _phrases(line: str) -> list[str]:
    if line.isascii():
        return re.findall(r"\S+\s*|\s+", line)
    phrases = _with_names_whole(_parser().parse(line))
    return [part for phrase in phrases for part in re.findall(r"\S+\s*|\s+", phrase)]


def _with_names_whole(phrases: Iterable[str]) -> Iterable[str]:
    """Phrases joined where a break would part a short name in quotation marks."""
    held = ""
    for phrase in phrases:
        held += phrase
        if held.count("「") <= held.count("」") or len(held) > _LONGEST_NAME:
            yield held
            held = ""
    if held:
        yield held


@cache
def _parser() -> Parser:
    return load_default_japanese_parser()

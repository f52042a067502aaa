"""What all doors with controls choose and cut the same way before they show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len, set_cell_size

from bot.desk.showing import Manner, Showing
from rules import Advice, Level

#: What would move a terminal, or turn the direction of what follows, in other people's words.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """A text of which nothing moves a terminal: what can't be seen is shown as �."""
    return _UNSEEN.sub("\ufffd", text.replace("\r\n", "\n"))


def clipped(text: str, limit: int) -> str:
    """The text in at most `limit` characters, with an ellipsis where something is left out."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def narrow(text: str, columns: int) -> str:
    """The text in at most `columns` columns of a fixed grid, where Japanese takes two each."""
    if cell_len(text) <= columns:
        return text
    return set_cell_size(text, columns - 1).rstrip() + "…"


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def shown_manner(advice: Advice, showing: Showing) -> Manner | None:
    """The reply to show: the one asked for, else the one that fits best.

    Where nothing can be insisted on, no wording would put a dangerous offer right.
    """
    order: tuple[Manner, ...] = ("insist", "ask", "decline")
    if advice.level is Level.DANGER:
        order = ("insist", "decline", "ask")
    fitting = [each for each in order if getattr(advice.replies, each)]
    if showing.manner in fitting:
        return showing.manner
    return next(iter(fitting), None)


def conditions(advice: Advice) -> Iterator[str]:
    """What still has to be done where contact outside is fine, such as to file a request."""
    if advice.level is Level.CLEAR:
        yield from (note.text for note in advice.notes if note.code.startswith("contact_"))


def within(room: int, lines: Iterable[str]) -> Iterator[str]:
    """As many lines as there is room for, in characters."""
    for line in lines:
        room -= len(line) + 3
        if room < 0:
            return
        yield line

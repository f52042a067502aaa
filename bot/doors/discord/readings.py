"""What was read of a posting and of files, as Discord shows it: so that a misreading is visible."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doors.discord.markup import bold, escaped, quoted
from bot.doors.telling import Told, row_text
from bot.doors.wording import clipped, within

#: A text that is shorter says too little to be shown.
_LEAST = 40


def reading_parts(told: Told, room: int) -> list[str]:
    """What was read and what could not be, a part each; `room`: characters of markup for all."""
    parts = list(within(room, _parts(told)))
    left = (room - sum(len(each) + 3 for each in parts)) - len(bold(told.file_title)) - 10
    if told.file and left >= _LEAST:
        parts.append(f"{bold(told.file_title)}\n{_fitting(told.file, left)}")
    return parts


def _parts(told: Told) -> Iterator[str]:
    if told.page:
        yield "\n".join([bold(told.page_title), *map(escaped, told.page)])
    if told.rows:
        yield "\n".join([bold(told.table_title), *(escaped(row_text(row)) for row in told.rows)])
    yield from (f"📎 {escaped(each)}" for each in told.troubles)


def _fitting(text: str, room: int) -> str:
    """The text as a quote; the half that fits in any case where all of it does not."""
    whole = quoted(text)
    return whole if len(whole) <= room else quoted(clipped(text, room // 2))

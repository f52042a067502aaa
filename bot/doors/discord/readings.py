"""What was read of a posting and of files, as Discord shows it: so that a misreading is visible."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doors.discord.markup import bold, escaped, quoted
from bot.doors.telling import Told, row_text


def reading_parts(told: Told) -> Iterator[str]:
    """What could not be had, the posting, the client's facts, what files say: a part each."""
    yield from (f"📎 {escaped(each)}" for each in told.troubles)
    if told.rows:
        yield "\n".join([bold(told.table_title), *(escaped(row_text(row)) for row in told.rows)])
    if told.page:
        yield "\n".join([bold(told.page_title), *map(escaped, told.page)])
    if told.file:
        yield f"{bold(told.file_title)}\n{quoted(told.file)}"

"""What was read of a posting and of files, as Slack shows it: so that a misreading is visible."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doors.slack.blocks import Block, emoji, fields, paragraph, quote, rich, run
from bot.doors.telling import Told, row_text


def reading_blocks(told: Told) -> Iterator[Block]:
    """What could not be had, the posting, the table of the client's facts, what files say."""
    if told.troubles:
        signed = (paragraph(emoji("paperclip"), run(f" {each}")) for each in told.troubles)
        yield rich(*signed)
    if told.page:
        lines = (paragraph(run(each)) for each in told.page)
        yield rich(paragraph(run(told.page_title, bold=True)), *lines)
    if told.rows:
        yield fields(told.table_title, map(row_text, told.rows))
    if told.file:
        yield rich(paragraph(run(told.file_title, bold=True)), quote(told.file))

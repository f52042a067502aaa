"""What was read of a posting and of files, as Slack shows it: so that a misreading is visible."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doors.slack.blocks import Block, emoji, fields, paragraph, quote, rich, run
from bot.doors.telling import Told, row_text


def reading_blocks(told: Told) -> Iterator[Block]:
    """The posting, the table of the client's facts, what could not be had, what files say."""
    if told.page:
        lines = (paragraph(run(each)) for each in told.page)
        yield rich(paragraph(run(told.page_title, bold=True)), *lines)
    if told.rows:
        yield rich(paragraph(run(told.table_title, bold=True)))
        yield fields(map(row_text, told.rows))
    if told.troubles:
        signed = (paragraph(emoji("paperclip"), run(f" {each}")) for each in told.troubles)
        yield rich(*signed)
    if told.file:
        yield rich(paragraph(run(told.file_title, bold=True)), quote(told.file))

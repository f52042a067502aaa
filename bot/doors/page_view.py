"""What was read of a posting's page and of files, on a terminal: so that a misreading is visible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from bot.doors.wording import harmless
from bot.doors.wrapping import Wrapped
from bot.reading.models import Posting, Read
from bot.reading.table import Row, client_table
from bot.reading.texts import texts
from rules import Lang, Rulebook

_COLOURS = {"good": "green", "weak": "yellow", "missing": "dim"}
_SIGNS = {"good": "✓", "weak": "△", "missing": "–"}
_SHOWN = 600  # characters of a file that are shown

Section = tuple[str, list[RenderableType]]


def sections(read: Read, rulebook: Rulebook, lang: Lang) -> Iterator[Section]:
    """The sections of an answer that tell what was read, each with its title."""
    said = texts(lang)
    if read.posting is not None:
        yield said["read_page"], _head(read.posting, said)
        name = read.posting.client.name
        title = f"{said['table']} ({name})" if name else said["table"]
        yield title, [_table(client_table(read.posting, rulebook, lang))]
    if read.shown:
        more = "…" if len(read.shown) > _SHOWN else ""
        yield said["read_file"], [Wrapped(read.shown[:_SHOWN] + more, "dim", indent=4)]


def _head(posting: Posting, said: dict[str, str]) -> list[RenderableType]:
    pay = f"{said['posting_pay']}: {posting.pay}" if posting.pay else None
    return [Wrapped(each, indent=4) for each in (posting.title, pay) if each]


def _table(rows: Sequence[Row]) -> RenderableType:
    """The client's facts, a line each."""
    table = Table.grid(padding=(0, 2))
    for row in rows:
        sign = Text(harmless(f"  {_SIGNS[row.sign]} {row.label}"), style=_COLOURS[row.sign])
        table.add_row(sign, Text(harmless(row.value), style=_COLOURS[row.sign]))
    return table

"""What an answer tells of a posting and of files, in words: for every door with controls."""

from __future__ import annotations

from collections.abc import Sequence

from bot.doors.wording import clipped, one_line
from bot.reading.models import Read, Trouble
from bot.reading.table import Row, Sign, client_table
from bot.reading.texts import sentence, texts
from rules import Lang, Rulebook
from rules.models import Frozen

SIGNS: dict[Sign, str] = {"good": "✓", "weak": "△", "missing": "–"}
_FEW_TROUBLES = 3
_TITLE = 80


class Told(Frozen):
    """What is told, in order; empty where there is nothing of a kind.

    `page` is what a posting says of itself, a line each, under `page_title`; `rows` are the
    client's facts under `table_title`; `file` is what was read of files, under `file_title`.
    """

    troubles: tuple[str, ...] = ()
    page_title: str = ""
    page: tuple[str, ...] = ()
    table_title: str = ""
    rows: tuple[Row, ...] = ()
    file_title: str = ""
    file: str = ""


def told(read: Read | None, rulebook: Rulebook, lang: Lang, *, more: bool, room: int) -> Told:
    """What an answer tells of this; in short, unless `more`. `room`: characters of files."""
    if read is None:
        return Told()
    said = texts(lang)
    troubles = sentences(read.troubles, lang)
    text = read.shown.strip() if more else one_line(read.shown)
    found = Told(
        troubles=troubles if more else troubles[:_FEW_TROUBLES],
        file_title=said["read_file"],
        file=clipped(text, room) if text else "",
    )
    if read.posting is None:
        return found
    name = read.posting.client.name
    pay = read.posting.pay and f"{said['posting_pay']}: {one_line(read.posting.pay)}"
    lines = (one_line(each) for each in (read.posting.title, pay) if each)
    return found.model_copy(
        update={
            "page_title": said["read_page"],
            "page": tuple(clipped(each, _TITLE) for each in lines),
            "table_title": said["table"] + (f" ({clipped(name, 40)})" if name else ""),
            "rows": client_table(read.posting, rulebook, lang),
        }
    )


def row_text(row: Row) -> str:
    """One fact in a line."""
    return f"{SIGNS[row.sign]} {row.label}: {row.value}"


def sentences(troubles: Sequence[Trouble], lang: Lang) -> tuple[str, ...]:
    """What could not be had, a friendly sentence or two each, with the next step."""
    return tuple(dict.fromkeys(sentence(each, lang) for each in troubles))

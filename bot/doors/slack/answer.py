"""An answer as Slack shows it: short first, the rest behind 'more', the controls underneath."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.desk.showing import Manner, Showing
from bot.doors.slack import controls
from bot.doors.slack.blocks import (
    Block,
    bullets,
    copyable,
    emoji,
    escaped,
    length,
    link,
    paragraph,
    quote,
    rich,
    run,
    small,
)
from bot.doors.slack.readings import reading_blocks
from bot.doors.slack.texts import texts
from bot.doors.telling import told
from bot.doors.wording import clipped, conditions, narrow, one_line, shown_manner
from bot.reading.models import Read
from rules import Advice, Assessment, Level, Rulebook, advise
from rules.advice import Point
from rules.models import Frozen

_SIGNS = {
    Level.CLEAR: "large_green_circle",
    Level.CAUTION: "large_yellow_circle",
    Level.DANGER: "red_circle",
}
#: What a phone's screen holds.
_FEW_POINTS = 3
_SHORT_QUOTE = 36
_BRIEF = 80
#: What 'more' holds within Slack's 50 blocks and 12,000 characters.
_MANY_POINTS = 30
_ROOM = 4500
_QUOTES = 3
_LONG_QUOTE = 140
_WHY = 300
_LETTER = 1200
_ITEMS = 8
_ITEM = 200
_ALOUD = 800
#: Characters of what was read of files.
_SHORT_FILE = 120
_LONG_FILE = 1500


class Post(Frozen):
    """A message for Slack: `text` for notifications and screen readers, `blocks` for the eye."""

    text: str
    blocks: tuple[dict[str, Any], ...]


def answer(
    assessment: Assessment, rulebook: Rulebook, showing: Showing, read: Read | None = None
) -> Post:
    """The answer to one assessment, shown as `showing` says. Keeps Slack's limits."""
    advice = advise(assessment, rulebook, showing.lang)
    manner = shown_manner(advice, showing)
    room = _LONG_FILE if showing.more else _SHORT_FILE
    what_was_read = told(read, rulebook, advice.lang, more=showing.more, room=room)
    blocks = [
        _verdict(advice, assessment, rulebook),
        *reading_blocks(what_was_read),
        *_points(advice, more=showing.more),
        *_reply(advice, rulebook, manner),
        *controls.beside_the_reply(advice, showing, manner),
        *(_rest(advice, rulebook) if showing.more else ()),
        *controls.setting(assessment, advice, rulebook, showing),
        *controls.afterwards(advice, showing),
    ]
    return Post(text=_aloud(advice, manner), blocks=tuple(blocks))


def _verdict(advice: Advice, assessment: Assessment, rulebook: Rulebook) -> Block:
    """Level and sentence, and what a good verdict depends on."""
    lines = [
        paragraph(emoji(_SIGNS[advice.level]), run(" "), run(advice.headline, bold=True)),
        paragraph(run(advice.lead)),
        *(paragraph(run(clipped(note, _ITEM))) for note in conditions(advice)),
    ]
    if assessment.truncated:
        lines.append(paragraph(run(rulebook.book.texts[advice.lang]["truncated"], italic=True)))
    return rich(*lines)


def _points(advice: Advice, *, more: bool) -> Iterator[Block]:
    """The risks: three in short, or all in full as far as Slack has room."""
    room, shown = _ROOM, 0
    for point in advice.points[: _MANY_POINTS if more else _FEW_POINTS]:
        parts = list(_in_full(point, advice) if more else _in_short(point))
        room -= length(parts)
        if room < 0:
            break
        shown += 1
        yield rich(*parts)
    if left := len(advice.points) - shown:
        said = texts(advice.lang)["not_shown" if more else "points_more"]
        yield small(escaped(said.format(count=left)))


def _in_short(point: Point) -> Iterator[Block]:
    yield paragraph(run(clipped(point.title, 80), bold=True))
    for words in _quotes(point)[:1]:
        yield quote(narrow(words, _SHORT_QUOTE))
    yield paragraph(run(clipped(point.brief, _BRIEF)))


def _in_full(point: Point, advice: Advice) -> Iterator[Block]:
    yield paragraph(
        run(clipped(point.title, 80), bold=True), run(f" ({clipped(point.certainty_text, 80)})")
    )
    quotes = _quotes(point)
    for words in quotes[:_QUOTES]:
        yield quote(clipped(words, _LONG_QUOTE))
    if (left := len(quotes) - _QUOTES) > 0:
        yield paragraph(run(texts(advice.lang)["not_shown"].format(count=left), italic=True))
    yield paragraph(run(clipped(point.why, _WHY)))


def _quotes(point: Point) -> list[str]:
    """The words that show a risk, each on one line."""
    return [line for each in point.quotes if (line := one_line(each))]


def _reply(advice: Advice, rulebook: Rulebook, manner: Manner | None) -> Iterator[Block]:
    if manner is None:
        return
    name = rulebook.book.texts[advice.lang][f"manner_{manner}"]
    head = texts(advice.lang)["reply"].format(manner=name)
    letter = clipped(getattr(advice.replies, manner), _LETTER)
    yield rich(paragraph(run(head, bold=True)), copyable(letter))


def _rest(advice: Advice, rulebook: Rulebook) -> Iterator[Block]:
    said = rulebook.book.texts[advice.lang]
    shown = set(conditions(advice))
    notes = (each.text for each in advice.notes if each.text not in shown)
    yield from _list(said["section_notes"], notes)
    yield from _list(said["section_checks"], advice.checks)
    cited = dict.fromkeys(point.sources[0] for point in advice.points if point.sources)
    if cited:
        links = " · ".join(
            link(clipped(each.title, 120), each.url) for each in list(cited)[:_ITEMS]
        )
        yield small(texts(advice.lang)["sources"].format(sources=links))


def _list(title: str, items: Iterable[str]) -> Iterator[Block]:
    lines = [clipped(item, _ITEM) for item in items][:_ITEMS]
    if lines:
        yield rich(paragraph(run(title, bold=True)), bullets(lines))


def _aloud(advice: Advice, manner: Manner | None) -> str:
    """The answer without blocks: only our own words, so nothing in it can ping or link."""
    lines = [advice.headline, advice.summary]
    if manner is not None:
        lines.append(getattr(advice.replies, manner))
    return escaped(clipped("\n".join(lines), _ALOUD))

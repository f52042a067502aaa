"""An answer as Discord shows it: short first, the rest behind 'more', the controls underneath.

Components v2: they hold more than embeds, wrap on a phone, and the controls stand where they
belong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from discord import ui

from bot.desk.showing import Manner, Showing
from bot.doors.discord import controls
from bot.doors.discord.markup import bold, bullet, escaped, fenced, link, quoted, small
from bot.doors.discord.readings import reading_parts
from bot.doors.discord.texts import texts
from bot.doors.telling import told
from bot.doors.wording import clipped, conditions, narrow, one_line, shown_manner, within
from bot.reading.models import Read
from rules import Advice, Assessment, Level, Rulebook, advise
from rules.advice import Point

_SIGNS = {Level.CLEAR: "🟢", Level.CAUTION: "🟡", Level.DANGER: "🔴"}
_COLOURS = {Level.CLEAR: 0x2FAE5F, Level.CAUTION: 0xF2C744, Level.DANGER: 0xE0344A}
#: What a phone's screen holds.
_FEW_POINTS = 3
_SHORT_QUOTE = 30
_TITLE = 80
_BRIEF = 80
#: Parts of a message are 40 at most.
_MANY_POINTS = 12
#: Characters of markup; together within the 4,000 of a message.
_ROOM_POINTS = 1300
_ROOM_READING = 800
_ROOM_LETTER = 1000
_ROOM_NOTES = 350
_ROOM_CHECKS = 500
_ROOM_SOURCES = 350
_ITEM = 160
_QUOTES = 2
_LONG_QUOTE = 80
_WHY = 200
#: Characters of what was read of files.
_SHORT_FILE = 90
_LONG_FILE = _ROOM_READING


def answer(
    assessment: Assessment,
    rulebook: Rulebook,
    showing: Showing,
    remark: str = "",
    read: Read | None = None,
) -> ui.LayoutView:
    """The answer to one assessment, shown as `showing` says. Keeps Discord's limits.

    `remark` is a key of the texts: what is to be said of the place where the answer stands.
    """
    advice = advise(assessment, rulebook, showing.lang)
    manner = shown_manner(advice, showing)
    file = _LONG_FILE if showing.more else _SHORT_FILE
    what_was_read = told(read, rulebook, advice.lang, more=showing.more, room=file)
    reading = reading_parts(what_was_read, _ROOM_READING)
    room = _ROOM_POINTS - sum(map(len, reading))
    view = ui.LayoutView(timeout=None)
    view.add_item(
        ui.Container(
            *_shown(_verdict(advice, assessment, rulebook)),
            *map(ui.TextDisplay, reading),
            *_points(advice, room, more=showing.more),
            *_shown(_reply(advice, rulebook, manner)),
            *controls.beside_the_reply(advice, assessment, showing, manner),
            *(_rest(advice, rulebook) if showing.more else ()),
            *controls.setting(assessment, advice, rulebook, showing),
            *controls.afterwards(advice, showing),
            *_shown([small(escaped(texts(advice.lang)[remark]))] if remark else ()),
            accent_colour=_COLOURS[advice.level],
        )
    )
    return view


def _shown(lines: Iterable[str]) -> Iterator[ui.TextDisplay[ui.LayoutView]]:
    """The lines as one part of the answer; none where there is nothing to say."""
    text = "\n".join(lines)
    if text:
        yield ui.TextDisplay(text)


def _verdict(advice: Advice, assessment: Assessment, rulebook: Rulebook) -> Iterator[str]:
    """Level and sentence, and what a good verdict depends on."""
    yield f"### {_SIGNS[advice.level]} {escaped(advice.headline)}"
    yield escaped(advice.lead)
    yield from (escaped(clipped(note, _ITEM)) for note in conditions(advice))
    if assessment.truncated:
        yield small(escaped(rulebook.book.texts[advice.lang]["truncated"]))


def _points(advice: Advice, room: int, *, more: bool) -> Iterator[ui.TextDisplay[ui.LayoutView]]:
    """The risks: three in short, or all in full as far as there is room."""
    shown = 0
    for point in advice.points[:_MANY_POINTS] if more else advice.points[:_FEW_POINTS]:
        lines = list(_in_full(point, advice) if more else _in_short(point))
        room -= sum(len(line) + 1 for line in lines)
        if room < 0:
            break
        shown += 1
        yield from _shown(lines)
    if left := len(advice.points) - shown:
        said = texts(advice.lang)["not_shown" if more else "points_more"]
        yield from _shown([small(escaped(said.format(count=left)))])


def _in_short(point: Point) -> Iterator[str]:
    yield bold(clipped(one_line(point.title), _TITLE))
    for words in _said(point)[:1]:
        yield quoted(narrow(words, _SHORT_QUOTE))
    yield escaped(clipped(one_line(point.brief), _BRIEF))


def _in_full(point: Point, advice: Advice) -> Iterator[str]:
    title = bold(clipped(one_line(point.title), _TITLE))
    yield f"{title} ({escaped(clipped(point.certainty_text, _TITLE))})"
    words = _said(point)
    yield from (quoted(clipped(each, _LONG_QUOTE)) for each in words[:_QUOTES])
    if len(words) > _QUOTES:
        said = texts(advice.lang)["not_shown"].format(count=len(words) - _QUOTES)
        yield small(escaped(said))
    yield escaped(clipped(one_line(point.why), _WHY))


def _said(point: Point) -> list[str]:
    """The quotes, each on a line; such as hold nothing that can be seen are left out."""
    return [words for words in map(one_line, point.quotes) if words]


def _reply(advice: Advice, rulebook: Rulebook, manner: Manner | None) -> Iterator[str]:
    if manner is None:
        return
    name = rulebook.book.texts[advice.lang][f"manner_{manner}"]
    yield bold(texts(advice.lang)["reply"].format(manner=name))
    yield fenced(clipped(getattr(advice.replies, manner), _ROOM_LETTER))


def _rest(advice: Advice, rulebook: Rulebook) -> Iterator[ui.Item[ui.LayoutView]]:
    said = rulebook.book.texts[advice.lang]
    shown = set(conditions(advice))
    notes = [each.text for each in advice.notes if each.text not in shown]
    lists = [
        *_list(said["section_notes"], notes, _ROOM_NOTES),
        *_list(said["section_checks"], advice.checks, _ROOM_CHECKS),
        *_sources(advice),
    ]
    if lists:
        yield ui.Separator()
        yield from _shown(lists)


def _list(title: str, items: Iterable[str], room: int) -> Iterator[str]:
    lines = list(within(room, (bullet(clipped(item, _ITEM)) for item in items)))
    if lines:
        yield bold(title)
        yield from lines


def _sources(advice: Advice) -> Iterator[str]:
    cited = dict.fromkeys(point.sources[0] for point in advice.points if point.sources)
    links = within(_ROOM_SOURCES, (link(clipped(each.title, 80), each.url) for each in cited))
    if said := " · ".join(links):
        yield small(texts(advice.lang)["sources"].format(sources=said))

"""Who says what in a chat: bubbles on the left are the client's, on the right the worker's.

A bubble is an area of one colour with room on both sides of it. Where none can be told from the
page (threads, web pages, plain text) nobody is named, and all of it counts as the client's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bot.reading.models import Speaker, Speech
from bot.reading.seen import Box, Line, Seen
from bot.reading.sentences import breadth, column_width, joined

_MARGIN = 0.008  # of the picture's width: what is closer to its edge touches it
_WIDEST = 0.9  # of the width: what is wider is the page, or a part of it
_LEANING = 0.04  # of the width: how much nearer to one side a bubble must be
_ALIKE = 0.6  # of a line's height: how far apart lines of a paragraph may be
_SMALLER = 0.8  # of the height of lines in bubbles: names, dates, times
_A_MARK = 6  # columns: what is no longer is a mark, such as 'read'
_A_TITLE = 30  # columns: what is longer is no title, name or hint
_INDENTED = 0.12  # of the width
_NEARBY = 16  # paragraphs that a line may go on with: those that stand side by side

# What apps write around a chat: the time, the battery, a date, that something was read.
_AROUND = re.compile(
    r"(?:(?:午前|午後|am|pm)?\s*\d{1,2}[:：.]\d{2}\s*(?:am|pm)?|\d{1,3}\s*%|既読\s*\d*|未読|"
    r"read|seen|sent|delivered|edited|編集済み?|[\d/.:年月日()（）月火水木金土今昨\s]{1,16}|"
    r"[<>‹›←→…・|＜＞+×三目Q○◎●]{1,2})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Group:
    """Lines that belong together, in order, and the area they stand on."""

    lines: tuple[Line, ...]
    area: Box | None

    @property
    def top(self) -> int:
        return self.lines[0].box[1]


def speeches(seen: Seen) -> tuple[Speech, ...]:
    """What is said in a picture, from top to bottom, each with its speaker where that can be seen."""
    bubbles, page = _parted(seen)
    sides = {bubble: _side(bubble, seen.width) for bubble in bubbles}
    if Speaker.CLIENT not in sides.values():
        sides = dict.fromkeys(sides)  # one side alone says nothing: it may be the other's picture
    paragraphs = _paragraphs(page)
    if clients := [bubble for bubble, side in sides.items() if side is Speaker.CLIENT]:
        usual, begins = _Usual.of(bubbles), median(map(_left, clients))
        paragraphs = [each for each in paragraphs if usual.holds(each)]
        sides |= {each: _side_by_edges(each, begins, seen.width) for each in paragraphs}
    groups = sorted([*bubbles, *paragraphs], key=lambda group: group.top)
    return tuple(_speech(group, sides.get(group)) for group in groups)


def _parted(seen: Seen) -> tuple[list[_Group], list[Line]]:
    """The bubbles, and the lines that stand in none."""
    by_surface: dict[int, list[Line]] = defaultdict(list)
    for line in seen.lines:
        by_surface[line.surface].append(line)
    bubbles: list[_Group] = []
    page: list[Line] = []
    for lines in by_surface.values():
        words = [line for line in lines if not _AROUND.fullmatch(line.text.strip())]
        area = lines[0].area
        if words and _is_bubble(area, lines, seen):
            bubbles.append(_Group(tuple(_ordered(lines)), area))
        else:
            page += words
    return bubbles, page


def _is_bubble(area: Box, lines: Sequence[Line], seen: Seen) -> bool:
    left, _, right, _ = area
    margin = _MARGIN * seen.width
    if left < margin or right > seen.width - margin or right - left > _WIDEST * seen.width:
        return False
    return all(left <= line.box[0] + margin and line.box[2] - margin <= right for line in lines)


def _side(bubble: _Group, width: int) -> Speaker | None:
    if bubble.area is None:
        return None
    left, right = bubble.area[0], width - bubble.area[2]
    if abs(left - right) < _LEANING * width:
        return None
    return Speaker.CLIENT if left < right else Speaker.WORKER


@dataclass(frozen=True)
class _Usual:
    """Between which rows the bubbles of a picture stand, and how large letters are in them."""

    first: int
    last: int
    height: float
    column: float

    @staticmethod
    def of(bubbles: Sequence[_Group]) -> _Usual:
        lines = [line for bubble in bubbles for line in bubble.lines]
        return _Usual(
            first=min(line.box[1] for line in lines),
            last=max(line.box[3] for line in lines),
            height=median(map(_height, lines)),
            column=median(map(column_width, lines)),
        )

    def holds(self, paragraph: _Group) -> bool:
        """Whether words beside the bubbles may be a message: no title, name or hint of the app's."""
        columns = sum(breadth(line.text) for line in paragraph.lines)
        if columns > _A_TITLE or columns <= _A_MARK:
            return columns > _A_TITLE
        return (
            self.first < paragraph.top < self.last
            and median(map(_height, paragraph.lines)) >= _SMALLER * self.height
            and median(map(column_width, paragraph.lines)) >= _SMALLER * self.column
        )


def _side_by_edges(paragraph: _Group, begins: float, width: int) -> Speaker | None:
    """Who says words whose bubble could not be made out: on the right, and not where the client's begin."""
    ends = max(line.box[2] for line in paragraph.lines)
    if _left(paragraph) - begins > _INDENTED * width and width - ends < _INDENTED * width:
        return Speaker.WORKER
    return None


def _left(group: _Group) -> int:
    return min(line.box[0] for line in group.lines)


def _paragraphs(lines: list[Line]) -> list[_Group]:
    """Lines of the page that follow each other closely and lie below each other."""
    paragraphs: list[list[Line]] = []
    for line in _ordered(lines):
        for paragraph in paragraphs[: -_NEARBY - 1 : -1]:
            if _follows(paragraph[-1].box, line.box):
                paragraph.append(line)
                break
        else:
            paragraphs.append([line])
    return [_Group(tuple(paragraph), None) for paragraph in paragraphs]


def _follows(above: Box, below: Box) -> bool:
    height = min(above[3] - above[1], below[3] - below[1])
    if _overlap(above[1], above[3], below[1], below[3]) > 0.5 * height:
        return 0 <= below[0] - above[2] < 2 * height  # the same line, torn by a sign
    across = _overlap(above[0], above[2], below[0], below[2])
    return below[1] - above[3] < _ALIKE * height and across > 0 and below[1] > above[1]


def _overlap(a: int, b: int, c: int, d: int) -> int:
    return min(b, d) - max(a, c)


def _ordered(lines: Iterable[Line]) -> list[Line]:
    """From top to bottom; lines at the same height from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda each: each.box[1] + each.box[3]):
        middle = (line.box[1] + line.box[3]) / 2
        if rows and rows[-1][-1].box[1] < middle < rows[-1][-1].box[3] - 0.25 * _height(line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda each: each.box[0])]


def _height(line: Line) -> int:
    return line.box[3] - line.box[1]


def _speech(group: _Group, speaker: Speaker | None) -> Speech:
    boxes = [line.box for line in group.lines]
    box = (
        min(each[0] for each in boxes),
        min(each[1] for each in boxes),
        max(each[2] for each in boxes),
        max(each[3] for each in boxes),
    )
    room = box[2]
    if group.area is not None:  # as much air on the right as on the left
        room = max(room, group.area[2] - max(0, box[0] - group.area[0]))
    return Speech(speaker=speaker, text=joined(group.lines, room), box=box)

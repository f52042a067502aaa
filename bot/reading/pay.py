"""The pay as a page words it, by its label."""

from __future__ import annotations

import re

from bot.reading.layout import Layout
from bot.reading.markup import LABEL_LEVEL, Line, plain

_LONGEST = 80
_MARKS = " ::【】[]■●◆・"
_SEPARATORS = " ::】"


def pay_in(lines: list[Line], layout: Layout) -> str | None:
    """The first pay in these lines; None where no label has one beside it."""
    for at, line in enumerate(lines):
        if len(line.text) > _LONGEST:
            continue
        if said := _by_kind(lines, at, layout) or _by_label(lines, at, layout):
            return said
    return None


def _by_kind(lines: list[Line], at: int, layout: Layout) -> str | None:
    """'固定報酬制' with the amount behind it, below or above it: the kind is a part of the pay."""
    line = lines[at]
    label = _label_of(line, layout.pay_kinds)
    if label is None:
        return None
    if rest := line.plain[len(label) :].strip(_MARKS):
        return line.text if layout.pay_word.search(rest) else None
    below, above = _at(lines, at + 1), _at(lines, at - 1)
    if below and below.level != LABEL_LEVEL and _is_pay(below, layout):
        return f"{line.text.strip(_MARKS)} {below.text}"
    if above and above.level != LABEL_LEVEL and re.search(r"[$¥€£円]", above.text):
        return f"{above.text} {line.text}" if _is_pay(above, layout) else None
    return None


def _by_label(lines: list[Line], at: int, layout: Layout) -> str | None:
    """What stands behind '報酬' or 'Budget', or below it."""
    line = lines[at]
    label = _label_of(line, layout.pay)
    if label is None:
        return None
    if line.plain.strip(_MARKS) != label:
        rest = line.text.strip(_MARKS)[len(label) :].strip(_MARKS)
        return rest if layout.pay_word.search(plain(rest)) else None
    below = _at(lines, at + 1)
    if below is None or below.level == LABEL_LEVEL:
        return None
    if _label_of(below, layout.pay_kinds):
        return _by_kind(lines, at + 1, layout)
    return below.text if _is_pay(below, layout) else None


def _label_of(line: Line, labels: frozenset[str]) -> str | None:
    """The label with which a line begins, alone or before a separator."""
    said = line.plain.strip(_MARKS)
    if said in labels:
        return said
    found = [each for each in labels if said.startswith(each) and said[len(each)] in _SEPARATORS]
    return max(found, key=len) if found else None


def _is_pay(line: Line, layout: Layout) -> bool:
    return len(line.text) <= _LONGEST and layout.pay_word.search(line.plain) is not None


def _at(lines: list[Line], at: int) -> Line | None:
    return lines[at] if 0 <= at < len(lines) else None

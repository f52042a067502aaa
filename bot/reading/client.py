"""What a page says of the client: by labels under the client's heading, else by plain labels.

A label counts with its value beside it, on the same line, the next one, or below it in a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from bot.reading import values
from bot.reading.layout import FactReader, Layout
from bot.reading.markup import LABEL_LEVEL, Line, is_heading, plain, section, stands_alone
from rules.format import FactOnPage

_LONGEST_LINE = 160
_MOST_HEADINGS = 20
_LONGEST_BOX = 200
_MARKS = " :/|・-—…"
_DONE_MARKS, _OPEN_MARKS = "✓✔✅☑○◯", "×✕✗✖❌✘"

Facts = dict[FactOnPage, values.Value]


def ending(layout: Layout) -> Callable[[Line], bool]:
    """Tells headings under which neither the job nor the client is described."""

    def ends(line: Line) -> bool:
        return is_heading(line) and (
            layout.ends.match(line.plain) is not None
            or layout.related.match(line.plain) is not None
        )

    return ends


def boxes(lines: list[Line], layout: Layout) -> Iterator[list[Line]]:
    """The lines under each heading that names the client."""
    ends = ending(layout)

    def another(line: Line) -> bool:
        return ends(line) or names_section(line, layout.text)

    for at in headings(lines, layout.client):
        box = list(islice(section(lines, at, another), _LONGEST_BOX))
        if box:
            yield box


def headings(lines: list[Line], names: frozenset[str]) -> Iterator[int]:
    """Where headings of these names stand; a page has few of them, or is built to take time."""
    found = (at for at, line in enumerate(lines) if names_section(line, names))
    yield from islice(found, _MOST_HEADINGS)


def names_section(line: Line, names: frozenset[str]) -> bool:
    """Whether a line is a heading of one of these names.

    What a heading by its tag says besides does not count; a name that stands alone is a heading in
    a paragraph too.
    """
    said = named(line)
    if said in names:
        return is_heading(line) or stands_alone(line)
    return line.level < LABEL_LEVEL and said.partition(" ")[0] in names


def named(line: Line) -> str:
    """A heading's words without what decorates them."""
    return line.plain.strip(" :：■●◆▼【】[]「」")


def facts_in(boxes: Sequence[list[Line]], others: list[Line], layout: Layout) -> Facts:
    """The facts in the client's boxes; where there is none, by plain labels on other lines."""
    facts: Facts = {}
    for box in boxes:
        facts = _read(box, layout, in_box=True) | facts
        if "name" not in facts and layout.name_first:
            facts |= _first_name(box, layout)
    if boxes:
        return facts
    return _read(others, layout, in_box=False)


def _read(lines: list[Line], layout: Layout, *, in_box: bool) -> Facts:
    pieces = list(_pieces(lines, layout))
    facts: Facts = {}
    for reader in layout.facts:
        for at, (said, _) in enumerate(pieces):
            value = _labelled(reader, at, pieces, layout, in_box=in_box)
            if value is None and in_box:
                value = _signed(reader, said, layout)
            if value is not None:
                facts[reader.name] = value
                break
    return facts


def _pieces(lines: list[Line], layout: Layout) -> Iterator[tuple[str, Line]]:
    """The lines, and of one that holds several labels each with its value, in plain form."""
    for line in lines:
        said = line.plain
        if len(said) > _LONGEST_LINE:
            continue
        if any(reader.signs.match(said) for reader in layout.facts):
            yield said, line
            continue
        begin = 0
        for cut in layout.cuts.finditer(said):
            piece = said[begin : cut.start()].strip(_MARKS)
            if piece and piece.strip(_DONE_MARKS + _OPEN_MARKS + " "):
                yield piece, line
                begin = cut.start()
        yield said[begin:].strip(" "), line


def _labelled(
    reader: FactReader,
    at: int,
    pieces: list[tuple[str, Line]],
    layout: Layout,
    *,
    in_box: bool,
) -> values.Value | None:
    """The value beside a label, where this piece is one."""
    said, line = pieces[at]
    for label in reader.in_box if in_box else reader.labels:
        mark, bare = _without_mark(said)
        if not bare.startswith(label):
            continue
        rest = bare[len(label) :]
        if beside := rest.strip(_MARKS):
            value = _value(reader.name, beside, line.text, layout)
        else:
            value = _beyond(reader.name, at, pieces, layout)
            if value is None and mark and reader.name.endswith(("verified", "checked")):
                value = mark in _DONE_MARKS
        if value is not None:
            return value
    return None


def _without_mark(said: str) -> tuple[str, str]:
    """A tick or cross before a label, and the label."""
    if said[:1] in _DONE_MARKS + _OPEN_MARKS:
        return said[:1], said[1:].lstrip("\ufe0f ")
    return "", said


def _beyond(
    fact: FactOnPage, at: int, pieces: list[tuple[str, Line]], layout: Layout
) -> values.Value | None:
    """The value on the next line, or in the same column of the next row."""
    step = 1
    if pieces[at][1].level == LABEL_LEVEL:
        row = pieces[at][1].block.parent
        first = last = at
        while first > 0 and _is_in_row(pieces[first - 1][1], row):
            first -= 1
        while last + 1 < len(pieces) and _is_in_row(pieces[last + 1][1], row):
            last += 1
        if last > at or first < at:
            if pieces[at][1].block.tag != "th":
                return None
            step = last - first + 1
    if at + step >= len(pieces):
        return None
    said, line = pieces[at + step]
    if line.level == LABEL_LEVEL:
        return None
    return _value(fact, said, line.text, layout)


def _is_in_row(line: Line, row: object) -> bool:
    """Whether a line is a label in this row of a table, or directly beside one in a list."""
    return line.level == LABEL_LEVEL and line.block.parent is row


def _value(fact: FactOnPage, said: str, written: str, layout: Layout) -> values.Value | None:
    if fact == "name":
        return values.name(written if plain(written) == said else written[-len(said) :])
    return values.value_of(fact, said, layout)


def _signed(reader: FactReader, said: str, layout: Layout) -> values.Value | None:
    found = reader.signs.match(said)
    if found is None:
        return None
    groups = found.groupdict()
    if groups.get("n") is not None:
        return values.value_of(reader.name, groups["n"], layout)
    return groups.get("done") is not None


def _first_name(box: list[Line], layout: Layout) -> Facts:
    """The name, where it is the first thing in the client's box and nothing else."""
    line = next((line for line in box if line.text), box[0])
    if layout.noise.match(line.plain) or _says_a_fact(line, layout):
        return {}
    name = values.name(line.text)
    return {} if name is None else {"name": name}


def _says_a_fact(line: Line, layout: Layout) -> bool:
    said = _without_mark(line.plain)[1]
    return any(
        said.startswith(reader.in_box) or _signed(reader, said, layout) is not None
        for reader in layout.facts
    )

"""A page as the lines that a person sees, each knowing where on the page it stands.

The tree is lxml's (libxml2: it mends what is half broken, in time that grows with the page and no
faster). It is walked once; what is not shown is left out, and what is the site's own (navigation,
advertising, related jobs) is left out too, unless something of the posting stands in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lxml import etree

from bot.reading.marks import holds_something, look_of, stands_apart, words
from bot.reading.models import TroubleError
from bot.reading.tree import Tree

#: Levels of headings: h1 to h6 are 1 to 6.
LABEL_LEVEL = 7
NO_HEADING = 99
#: What stands over a section without being a heading by its tag ends at headings down to this.
_SECTION_LEVEL = 2
# An unclosed heading swallows what follows: these are no part of it.
_NO_HEADINGS = words("p table td ul ol dl dd section article main form pre")
_PARAGRAPHS = words("p li td dd pre blockquote")

_UNSEEN = words(
    """
    script style noscript template svg head title meta link iframe object canvas audio video
    select option datalist textarea input button dialog map
    """
)
_INLINE = words(
    """
    a abbr b bdi bdo cite code data del dfn em font i img ins kbd label mark q rp rt ruby s
    samp small span strong sub sup time u var wbr
    """
)


_MOST_ELEMENTS = 60_000


@dataclass(eq=False, slots=True)
class Block:
    """An element that breaks lines. It holds the lines from `start` to before `end`."""

    tag: str
    parent: Block | None
    start: int
    end: int = -1
    own: Block | None = None
    """The outermost block of the site's own that this one lies in."""


@dataclass(eq=False, slots=True)
class Line:
    """One line. `level` tells whether it is a heading; `linked`: all of it is a link.

    `text` is what is written; `plain` is the form in which labels are compared, with what pictures
    in the line stand for (a tick may be one).
    """

    text: str
    plain: str
    level: int
    block: Block
    linked: bool = False


@dataclass(slots=True)
class _Writer:
    """Gathers a line until a block begins or ends; `pictures` are what pictures in it stand for."""

    kept: tuple[str, ...]
    lines: list[Line] = field(default_factory=list[Line])
    pieces: list[str] = field(default_factory=list[str])
    pictures: dict[int, str] = field(default_factory=dict[int, str])
    linked: bool = True

    def write(self, text: str, *, linked: bool) -> None:
        if not self.pieces and text.isspace():
            return  # what stands between two blocks
        self.pieces.append(text)
        if not linked and not text.isspace():
            self.linked = False

    def write_picture(self, words: str) -> None:
        """A gap in what is written."""
        self.pictures[len(self.pieces)] = f" {words} "
        self.pieces.append(" ")

    def end_line(self, block: Block, level: int) -> None:
        if not self.pieces:
            return
        text = " ".join("".join(self.pieces).split())
        said = plain(text)
        if self.pictures:
            said = plain("".join(self.pictures.get(at, it) for at, it in enumerate(self.pieces)))
            self.pictures.clear()
        if said:
            self.lines.append(Line(text, said, level, block, self.linked))
        self.pieces.clear()
        self.linked = True


def plain(text: str) -> str:
    """The form in which labels are compared: one width, lower case, single spaces."""
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(folded.split()).lower()


def lines_of(
    root: Any | None, kept: tuple[str, ...] = (), left_out: tuple[str, ...] = ()
) -> list[Line]:
    """The lines below an element, in order. Raises TroubleError where there are too many elements.

    Of the site's own parts those are read in which a main heading or one of the `kept` words
    stands; the rest of them is left out, as are the tags in `left_out`.
    """
    if root is None:
        return []
    writer = _Writer(kept)
    top = Block(root.tag, None, 0)
    path = [_Open(root, top, _level(root.tag), False, False)]
    if sum(1 for _ in islice(root.iter(), _MOST_ELEMENTS + 1)) > _MOST_ELEMENTS:
        raise TroubleError("page_odd")
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "end":
            if path[-1].element is element:
                _leave(path, writer)
            if element is not root:
                _write(element.tail, path[-1], writer)
        elif element is root:
            _write(element.text, path[-1], writer)
        elif event != "start":
            _write(element.tail, path[-1], writer)
        elif element.tag not in left_out and (opened := _enter(element, path[-1], writer)):
            path.append(opened)
            _write(element.text, opened, writer)
        else:
            walk.skip_subtree()
    writer.end_line(top, NO_HEADING)
    top.end = len(writer.lines)
    return writer.lines


def text_of(markup: str) -> str:
    """The text of a piece of HTML, such as a description in JSON-LD."""
    return "\n".join(line.text for line in lines_of(Tree(markup).root) if line.text)


@dataclass(slots=True)
class _Open:
    """An element on the way from the root to where the walk stands."""

    element: Any
    block: Block
    level: int
    pre: bool
    linked: bool


def _enter(element: Any, inside: _Open, writer: _Writer) -> _Open | None:
    """Takes up an element; None where there is nothing to see below it."""
    tag = element.tag
    if tag == "br":
        writer.end_line(inside.block, inside.level)
    look = look_of(element)
    if tag in _UNSEEN or look.hidden:
        return None
    if tag == "img":
        writer.write_picture(element.get("alt") or "")
        return None
    pre = inside.pre or tag == "pre" or look.keeps_breaks
    linked = inside.linked or tag == "a"
    if tag in _INLINE:
        if stands_apart(element):
            writer.write(" ", linked=True)
        return _Open(element, inside.block, inside.level, pre, linked)
    block = _opened(element, inside, writer, own=look.the_sites_own)
    if block is None:
        return None
    level = _level(tag)
    if level == NO_HEADING and tag not in _NO_HEADINGS:
        level = inside.level
    return _Open(element, block, level, pre, linked)


def _opened(element: Any, inside: _Open, writer: _Writer, *, own: bool) -> Block | None:
    """A block begins; None where it is the site's own and holds nothing else."""
    writer.end_line(inside.block, inside.level)
    block = Block(element.tag, inside.block, len(writer.lines), own=inside.block.own)
    if own and block.own is None:
        if not holds_something(element, writer.kept):
            return None
        block.own = block
    return block


def _leave(path: list[_Open], writer: _Writer) -> None:
    """An element ends; the walk stands in the one round it."""
    closed = path.pop() if len(path) > 1 else path[0]
    if closed.block is path[-1].block:
        return
    writer.end_line(closed.block, closed.level)
    closed.block.end = len(writer.lines)


def _write(text: str | None, inside: _Open, writer: _Writer) -> None:
    if not text:
        return
    if not inside.pre:
        writer.write(text, linked=inside.linked)
        return
    first, *others = text.split("\n")
    writer.write(first, linked=inside.linked)
    for piece in others:
        writer.end_line(inside.block, inside.level)
        writer.write(piece, linked=inside.linked)


def _level(tag: str) -> int:
    if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
        return int(tag[1])
    return LABEL_LEVEL if tag in {"dt", "th"} else NO_HEADING


# ---- parts of a page --------------------------------------------------------------------------


def is_heading(line: Line) -> bool:
    """Whether a line stands over others: by its tag, or alone in an element that is no paragraph."""
    return line.level != NO_HEADING or (stands_alone(line) and line.block.tag not in _PARAGRAPHS)


def stands_alone(line: Line) -> bool:
    """Whether an element holds this line and no other."""
    return line.block.end - line.block.start == 1


def section(lines: list[Line], at: int, ends: Callable[[Line], bool]) -> Iterator[Line]:
    """The lines that a heading stands over.

    They lie in the closest element that holds more than the heading, and go on to the next
    heading of its kind, or to one that `ends`.
    """
    heading = lines[at]
    block: Block | None = heading.block
    while block is not None and block.end <= at + 1:
        block = block.parent
    level = heading.level if heading.level != NO_HEADING else _SECTION_LEVEL
    last = len(lines) if block is None else block.end
    for number in range(at + 1, last):
        line = lines[number]
        if (line.level <= level and number > at + 1) or ends(line):
            return
        if line.block.own is None or line.block.own is heading.block.own:
            yield line

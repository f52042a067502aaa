"""A page as the lines that a person sees, each knowing where on the page it stands.

The tree is selectolax's (lexbor: HTML5, so half-broken pages are read as a browser reads them). It
is walked once; what is not shown is left out, and lines of the site's own (navigation, advertising,
related jobs) are marked, not removed, for a heading inside may make them the posting's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

#: Levels of headings: h1 to h6 are 1 to 6.
LABEL_LEVEL = 7
NO_HEADING = 99
#: What stands over a section without being a heading by its tag ends at headings down to this.
_SECTION_LEVEL = 2
_PARAGRAPHS = frozenset(["p", "li", "td", "dd", "pre", "blockquote"])

_UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "head",
        "title",
        "meta",
        "link",
        "iframe",
        "object",
        "canvas",
        "audio",
        "video",
        "select",
        "option",
        "datalist",
        "textarea",
        "input",
        "button",
        "dialog",
        "map",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
        "wbr",
        "-text",
    ]
)
_OWN_TAGS = frozenset(["nav", "footer", "aside", "header"])
_OWN_ROLES = frozenset(
    [
        "navigation",
        "banner",
        "contentinfo",
        "complementary",
        "dialog",
        "alertdialog",
        "search",
        "menu",
        "menubar",
    ]
)
_OWN_NAMES = frozenset(
    [
        "ad",
        "ads",
        "advert",
        "advertisement",
        "adsense",
        "adslot",
        "banner",
        "banners",
        "breadcrumb",
        "breadcrumbs",
        "campaign",
        "consent",
        "cookie",
        "cookies",
        "footer",
        "gdpr",
        "gnav",
        "globalnav",
        "header",
        "menu",
        "modal",
        "nav",
        "navbar",
        "navi",
        "navigation",
        "onetrust",
        "popup",
        "pr",
        "promo",
        "promotion",
        "ranking",
        "recommend",
        "recommended",
        "recommendation",
        "recommendations",
        "related",
        "share",
        "sidebar",
        "similar",
        "sitemap",
        "sns",
        "social",
        "sponsor",
        "sponsored",
        "toast",
        "topics",
        "popular",
        "pickup",
    ]
)
_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_SPACE = re.compile(r"[ \t\r\n\f\u00a0\u3000]+")
_PRE = re.compile(r"white-?space\s*[:-]\s*(?:pre|break-spaces)|\bpre-(?:line|wrap)\b|nl2br")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


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
    """One line as it is seen. `level` tells whether it is a heading; `linked`: all of it is a link."""

    text: str
    plain: str
    level: int
    block: Block
    linked: bool = False


@dataclass(slots=True)
class _Writer:
    """Gathers the text of a line until a block begins or ends."""

    kept: tuple[str, ...]
    lines: list[Line] = field(default_factory=list[Line])
    pieces: list[str] = field(default_factory=list[str])
    linked: bool = True

    def write(self, text: str, *, linked: bool) -> None:
        self.pieces.append(text)
        if not linked and text.strip():
            self.linked = False

    def end_line(self, block: Block, level: int) -> None:
        if not self.pieces:
            return
        text = _SPACE.sub(" ", "".join(self.pieces)).strip()
        if text:
            self.lines.append(Line(text, plain(text), level, block, self.linked))
        self.pieces.clear()
        self.linked = True


def plain(text: str) -> str:
    """The form in which labels are compared: one width, lower case, single spaces."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip().lower()


def parsed(markup: str) -> LexborHTMLParser:
    """The tree of a page."""
    return LexborHTMLParser(markup)


def lines_of(node: LexborNode | None, kept: tuple[str, ...] = ()) -> list[Line]:
    """The lines below a node, in order.

    Of the site's own parts those are read in which a main heading or one of the `kept` words
    stands; the rest of them is left out.
    """
    if node is None:
        return []
    writer = _Writer(kept)
    top = Block(node.tag or "", None, 0)
    _walk(node, top, writer)
    writer.end_line(top, NO_HEADING)
    top.end = len(writer.lines)
    return writer.lines


def text_of(markup: str) -> str:
    """The text of a piece of HTML, such as a description in JSON-LD."""
    return "\n".join(line.text for line in lines_of(parsed(markup).body))


@dataclass(slots=True)
class _Open:
    """An element on the way from the root to where the walk stands."""

    node: LexborNode
    block: Block
    level: int
    pre: bool
    linked: bool


def _walk(root: LexborNode, top: Block, writer: _Writer) -> None:
    """Visits everything below `root` without recursion: pages may be nested without end."""
    path = [_Open(root, top, _level(root.tag or ""), False, False)]
    node = root.first_child
    while True:
        if node is not None:
            opened = _enter(node, path[-1], writer)
            if opened is not None:
                path.append(opened)
                node = node.first_child
                continue
        else:
            closed = path.pop()
            if not path:
                return
            node = closed.node
            _leave(closed, path[-1], writer)
        node = node.next


def _enter(node: LexborNode, inside: _Open, writer: _Writer) -> _Open | None:
    """Takes up a node; the element to go on below, None where there is nothing to see below."""
    tag = node.tag or ""
    if tag == "-text":
        _write_text(node, inside, writer)
        return None
    if tag == "br":
        writer.end_line(inside.block, inside.level)
        return None
    if tag in _UNSEEN or tag.startswith("-"):
        return None
    attributes = node.attributes
    if _is_hidden(attributes):
        return None
    if tag == "img":
        writer.write(f" {attributes.get('alt') or ''} ", linked=inside.linked)
        return None
    pre = inside.pre or tag == "pre" or _keeps_breaks(attributes)
    linked = inside.linked or tag == "a"
    if tag in _INLINE:
        return _Open(node, inside.block, inside.level, pre, linked)
    writer.end_line(inside.block, inside.level)
    block = Block(tag, inside.block, len(writer.lines), own=inside.block.own)
    if block.own is None and _is_the_sites_own(tag, attributes):
        if not _holds_something(node, writer.kept):
            return None
        block.own = block
    level = _level(tag)
    return _Open(node, block, level if level != NO_HEADING else inside.level, pre, linked)


def _leave(closed: _Open, inside: _Open, writer: _Writer) -> None:
    if closed.block is inside.block:
        return
    writer.end_line(closed.block, closed.level)
    closed.block.end = len(writer.lines)


def _write_text(node: LexborNode, inside: _Open, writer: _Writer) -> None:
    text = node.text_content or ""
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


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return style is not None and _HIDDEN.search(style) is not None


def _keeps_breaks(attributes: dict[str, str | None]) -> bool:
    said = f"{attributes.get('style') or ''} {attributes.get('class') or ''}"
    return len(said) > 1 and _PRE.search(said) is not None


def _is_the_sites_own(tag: str, attributes: dict[str, str | None]) -> bool:
    """Whether an element is there on every page of the site, by its tag, role or name."""
    if tag in _OWN_TAGS or attributes.get("role") in _OWN_ROLES:
        return True
    return any(
        name.lower() in _OWN_NAMES
        for key in ("id", "class")
        if (said := attributes.get(key))
        for name in _NAME.findall(said)
    )


def _holds_something(node: LexborNode, kept: tuple[str, ...]) -> bool:
    """Whether a part of the site's own holds something of the posting after all."""
    if node.tag in {"nav", "footer"}:
        return False
    said = node.text_lexbor().lower()
    return any(word in said for word in kept) or node.css_first("h1") is not None


# ---- parts of a page --------------------------------------------------------------------------


def is_heading(line: Line) -> bool:
    """Whether a line stands over others: by its tag, or alone in an element that is no paragraph."""
    if line.level != NO_HEADING:
        return True
    block = line.block
    return block.end - block.start == 1 and block.tag not in _PARAGRAPHS


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

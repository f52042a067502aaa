"""A page -> Posting: title, the job's own text, pay, and what is said of the client.

Embedded data and labels are read first, JSON-LD next, the page's main text last. What the page
does not say stays None, and the site's own words (navigation, advertising, related jobs) are left
out: only the posting itself is to be judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.reading import client
from bot.reading.embedded import client_data, job_posting, open_graph
from bot.reading.layout import Layout
from bot.reading.markup import Line, is_heading, lines_of, plain, section
from bot.reading.models import Posting
from bot.reading.pay import pay_in
from bot.reading.tree import Tree, text_below
from rules import Facts


class Page:
    """A parsed page: its tree, its lines, and where the client and the job are described."""

    def __init__(self, markup: str, layout: Layout) -> None:
        self.layout = layout
        self.tree = Tree(markup)
        self.lines = lines_of(self.tree.first("body"), kept=(*layout.client, *layout.text))
        self.boxes = list(client.boxes(self.lines, layout))
        self._of_others = set(_of_others(self.lines, layout))
        self.told = job_posting(self.tree)
        self.body = _described(self)
        if not self.body and self.told.text is None:
            self.body = _main_lines(self)

    def is_its_own(self, line: Line) -> bool:
        """Whether a line is the posting's, not the site's or another job's."""
        return line.block.own is None and id(line) not in self._of_others

    @property
    def is_posting(self) -> bool:
        """Whether the page says by itself that it describes a job."""
        return bool(self.boxes) or self.told.text is not None

    @property
    def asks_for_login(self) -> bool:
        """Whether the page has a field for a password."""
        return self.tree.first('input[type="password"]') is not None

    def posting(self, url: str | None) -> Posting:
        """The posting; a page that holds none gives one without title and text."""
        text = "\n".join(line.text for line in self.body) or self.told.text
        return Posting(
            platform=self.layout.code,
            url=url,
            title=_title(self),
            text=text,
            pay=_pay(self),
            client=_facts(self),
        )


def _facts(page: Page) -> Facts:
    told = {id(line) for line in page.body}
    others = [line for line in page.lines if page.is_its_own(line) and id(line) not in told]
    facts = client.facts_in(page.boxes, others, page.layout)
    facts |= client_data(page.tree, page.layout)
    who = page.told.client
    if who and plain(who) not in page.layout.site_names:
        facts.setdefault("name", who)
    return Facts.model_validate(facts)


# ---- the job's text ---------------------------------------------------------------------------


def _described(page: Page) -> list[Line]:
    """The lines under the heading of the job's text, or where the site keeps it."""
    layout = page.layout
    found: list[Line] = []
    for at in client.headings(page.lines, layout.text):
        if not page.lines[at].linked:
            here = _cleared(section(page.lines, at, _another(layout)), layout)
            found = max(found, here, key=_length)
    if found:
        return found
    for selector in layout.text_at:
        for node in page.tree.all(selector):
            found = max(found, _cleared(lines_of(node), layout), key=_length)
    return found


def _another(layout: Layout) -> Callable[[Line], bool]:
    """Tells headings under which the job is not described any more."""
    ends = client.ending(layout)
    return lambda line: ends(line) or client.names_section(line, layout.client)


def _of_others(lines: list[Line], layout: Layout) -> Iterator[int]:
    """The lines about other jobs, by identity."""
    told = 0  # up to here
    for at, line in enumerate(lines):
        if at >= told and is_heading(line) and layout.related.match(line.plain):
            others = list(section(lines, at, lambda _: False))
            yield from map(id, others)
            told = at + 1 + len(others)


def _main_lines(page: Page) -> list[Line]:
    """The lines after the main heading that are neither links, nor the client's, nor the site's own."""
    first = next((at for at, line in enumerate(page.lines) if line.level == 1), -1)
    ends = client.ending(page.layout)
    left = {id(line) for box in page.boxes for line in box}
    found: list[Line] = []
    for line in page.lines[first + 1 :]:
        if ends(line):
            break
        if page.is_its_own(line) and not line.linked and id(line) not in left:
            found.append(line)
    return _cleared(found, page.layout)


def _cleared(lines: Iterable[Line], layout: Layout) -> list[Line]:
    """Without buttons and the like, and without links at the end."""
    kept = [line for line in lines if line.text and not layout.noise.match(line.plain)]
    while kept and kept[-1].linked and "://" not in kept[-1].text:
        kept.pop()
    return kept


def _length(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


# ---- title and pay ----------------------------------------------------------------------------


def _title(page: Page) -> str | None:
    head = page.tree.first("title")
    said = [page.told.title, open_graph(page.tree, "title")]
    if head is not None:
        said.append(" ".join(text_below(head).split()))
    told = [cut for each in said if each and (cut := _cut(each, page.layout))]
    mains = [_main_heading(node) for node in page.tree.all("h1")]
    mains = [_cut(each, page.layout) for each in mains if plain(each) not in page.layout.site_names]
    # What is said twice is surely the title; a heading may carry more, or be the site's.
    twice = [each for each in mains if any(each in other for other in told)]
    within = [each for each in told if any(each in main for main in mains)]
    return next((each for each in (*twice, *within, *mains, *told) if each), None)


def _main_heading(node: Any) -> str:
    """The words of a main heading, without the small ones beside them."""
    large = " ".join(line.text for line in lines_of(node, left_out=("small",)))
    return large or " ".join(line.text for line in lines_of(node))


def _cut(title: str, layout: Layout) -> str:
    for pattern in layout.title_cut:
        title = pattern.sub("", title).strip()
    return title


def _pay(page: Page) -> str | None:
    """The pay by its label, else from JSON-LD, else by its label in the job's own text."""
    apart = {id(line) for lines in (page.body, *page.boxes) for line in lines}
    summary = [line for line in page.lines if page.is_its_own(line) and id(line) not in apart]
    return pay_in(summary, page.layout) or page.told.pay or pay_in(page.body, page.layout)

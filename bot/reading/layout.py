"""How a site's pages are read: the words of its file in the rules, compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import re2

from bot.reading.markup import plain
from rules import Rulebook
from rules.format import Embedded, FactOnPage, PageWords

#: The file whose words may stand on any site's pages.
ANY_SITE = "other"
_LONGEST = 160  # characters of a line that may be a heading, a button or a sign
_REMEMBERED = 2_000


class Signs:
    """RE2 expressions for whole lines. What was looked at once is remembered."""

    def __init__(self, written: Iterable[str]) -> None:
        self._written = _compiled(written)
        self.match = lru_cache(_REMEMBERED)(self._match)
        """The match of the first expression that is the whole of a line; None where none is."""

    def _match(self, line: str) -> re.Match[str] | None:
        if len(line) > _LONGEST:
            return None
        return next((found for each in self._written if (found := each.fullmatch(line))), None)


class Words(Signs):
    """Expressions of which only one needs to fit: tried all at once."""

    def __init__(self, written: Iterable[str]) -> None:
        super().__init__(["|".join(f"(?:{each})" for each in written)])


@dataclass(frozen=True)
class FactReader:
    """The labels of one fact, the longest first, and the signs of it."""

    name: FactOnPage
    labels: tuple[str, ...]
    in_box: tuple[str, ...]
    signs: Signs


@dataclass(frozen=True)
class Layout:
    """Everything that tells the parts of a site's posting page apart. All words are plain."""

    code: str
    embedded: tuple[Embedded, ...]
    title_cut: tuple[re.Pattern[str], ...]
    text: frozenset[str]
    text_at: tuple[str, ...]
    pay: frozenset[str]
    pay_kinds: frozenset[str]
    pay_word: re.Pattern[str]
    client: frozenset[str]
    name_first: bool
    facts: tuple[FactReader, ...]
    done: Signs
    open: Signs
    ends: Signs
    related: Signs
    noise: Signs
    site_names: frozenset[str]
    cuts: re.Pattern[str]
    """A label of any fact, where a line holds several."""


@cache
def layout_of(code: str, rulebook: Rulebook) -> Layout:
    """The layout of a site: its own words, with those of any site."""
    sites = rulebook.book.sites
    own, any_ = sites[code].page, sites[ANY_SITE].page
    pages = (own,) if own is any_ else (own, any_)
    facts = tuple(_fact(name, pages) for name in any_.facts)
    return Layout(
        code=code,
        embedded=own.embedded,
        title_cut=_compiled(each for page in pages for each in page.title_cut),
        text=_plain(each for page in pages for each in page.text),
        text_at=own.text_at,
        pay=_plain(each for page in pages for each in page.pay),
        pay_kinds=_plain(each for page in pages for each in page.pay_kinds),
        pay_word=re2.compile("|".join(each for page in pages for each in page.pay_words)),
        client=_plain(each for page in pages for each in page.client),
        name_first=own.name_first,
        facts=facts,
        done=Words(each for page in pages for each in page.done),
        open=Words(each for page in pages for each in page.open),
        ends=Words(each for page in pages for each in page.ends),
        related=Words(each for page in pages for each in page.related),
        noise=Words(each for page in pages for each in page.noise),
        site_names=_plain((*sites[code].mentions, *sites[code].name.values())),
        cuts=_cuts(facts),
    )


def _fact(name: FactOnPage, pages: Iterable[PageWords]) -> FactReader:
    words = [page.facts[name] for page in pages if name in page.facts]
    labels = {plain(each) for word in words for each in word.labels}
    in_box = labels | {plain(each) for word in words for each in word.in_box}
    return FactReader(
        name=name,
        labels=tuple(sorted(labels, key=len, reverse=True)),
        in_box=tuple(sorted(in_box, key=len, reverse=True)),
        signs=Signs(each for word in words for each in word.signs),
    )


def _cuts(facts: Iterable[FactReader]) -> re.Pattern[str]:
    labels = sorted({each for fact in facts for each in fact.in_box}, key=len, reverse=True)
    return re.compile(rf"(?<=[\s/|・,、])(?:{'|'.join(map(re.escape, labels))})")


def _compiled(written: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re2.compile(each) for each in written)


def _plain(words: Iterable[str]) -> frozenset[str]:
    return frozenset(plain(each) for each in words)

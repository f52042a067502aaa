"""Finding the vocabulary of the rulebook in a text.

A concept ('tool', 'invite', 'negation') is a list of terms in any language. All terms of all
concepts are matched in one pass (Aho-Corasick) over the surface and over the dictionary forms,
so the time does not depend on how many there are. Signs (handles, addresses, amounts) are RE2
expressions: linear on any input.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import re2
from ahocorasick_rs import AhoCorasick, MatchKind

from rules.signs import Anatomy, Signs, anatomy
from rules.text import Normalised, normalise
from rules.words import Words, split

_GAP = "\x1f"
# Digits and signs that stand in for letters ('L1NE', 'T3legram'); i, l and 1 are one letter here.
_STAND_INS = str.maketrans("013457@$!|l", "oieastasiii")


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A concept seen at `plain[start:end]` of a normalised text."""

    start: int
    end: int
    concept: str


@dataclass(frozen=True, slots=True)
class Concept:
    """How one concept is written.

    `terms` stand between word boundaries, in any inflection. `inside` may stand anywhere, also
    within a word (spellings that no dictionary knows). `written` count only in this very spelling
    where the text is English (LINE, not 'line'). `signs` are RE2 expressions.
    """

    name: str
    terms: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    disguised: bool = False


class Lexicon:
    """All concepts, compiled."""

    def __init__(self, concepts: Mapping[str, Concept], anatomies: Mapping[str, Anatomy]) -> None:
        self._surface_of = _Index()
        self._lemmas_of = _Index()
        self._inside_of = _Index()
        self._written: dict[tuple[str, str], set[str]] = {}
        self._disguises: dict[str, list[str]] = {}
        signs: list[tuple[str, str, Anatomy]] = []
        for concept in concepts.values():
            self._add(concept)
            for sign in concept.signs:
                parts = anatomies[sign] if sign in anatomies else anatomy(sign)
                if parts.spellings:
                    for spelling in parts.spellings:
                        self._inside_of.add(spelling, concept.name)
                else:
                    signs.append((concept.name, sign, parts))
        self._signs = Signs(signs)
        self._surface = _automaton(self._surface_of)
        self._lemmas = _automaton(self._lemmas_of)
        self._inside = _automaton(self._inside_of)

    def _add(self, concept: Concept) -> None:
        for term in (*concept.terms, *concept.written):
            plain = normalise(term).plain
            self._surface_of.add(plain, concept.name)
            if term not in concept.written:
                self._lemmas_of.add(_joined(split(plain).lemmas), concept.name)
            if concept.disguised and plain.isascii() and len(plain) > 3:
                self._disguises.setdefault(plain.translate(_STAND_INS), []).append(concept.name)
                self._surface_of.add(plain.replace("i", "l"), concept.name)  # 'LlNE'
        for term in concept.written:
            self._written.setdefault((concept.name, normalise(term).plain), set()).add(term)
        for term in concept.inside:
            self._inside_of.add(normalise(term).plain, concept.name)

    def mentions(
        self,
        plain: str,
        words: Words,
        sentences: Sequence[tuple[int, int]],
        written: Normalised | None,
    ) -> list[Mention]:
        """Every concept seen, by place; signs within a sentence.

        `written` is the text where capitals count (English): terms under `written` must then stand
        there in their own spelling.
        """
        seen: set[tuple[int, int, str]] = set()
        self._on_surface(plain, words, written, seen)
        self._on_lemmas(words, plain, written, seen)
        self._disguised(plain, seen)
        for which, start, end in self._inside.find_matches_as_indexes(plain, overlapping=True):
            for name in self._inside_of.names[which]:
                seen.add((start, end, name))
        seen.update(self._signs.find(plain, sentences))
        return [Mention(*each) for each in sorted(seen)]

    def _on_surface(
        self, plain: str, words: Words, written: Normalised | None, seen: set[tuple[int, int, str]]
    ) -> None:
        starts, ends = set(words.starts), set(words.ends)
        for which, start, end in self._surface.find_matches_as_indexes(plain, overlapping=True):
            if start not in starts or end not in ends:
                continue
            for name in self._surface_of.names[which]:
                if self._as_written(name, plain[start:end], start, written):
                    seen.add((start, end, name))

    def _on_lemmas(
        self, words: Words, plain: str, written: Normalised | None, seen: set[tuple[int, int, str]]
    ) -> None:
        joined = _joined(words.lemmas)
        places = [0, *accumulate(len(each) + 1 for each in words.lemmas)]
        for which, start, end in self._lemmas.find_matches_as_indexes(joined, overlapping=True):
            first = bisect_left(places, start)
            last = bisect_left(places, end - 1) - 1
            begin, stop = words.starts[first], words.ends[last]
            for name in self._lemmas_of.names[which]:
                if self._as_written(name, plain[begin:stop], begin, written):
                    seen.add((begin, stop, name))

    def _as_written(self, name: str, plain: str, start: int, written: Normalised | None) -> bool:
        spellings = self._written.get((name, plain))
        if written is None or spellings is None:
            return True
        begin, end = written.span(start, start + len(plain))
        return written.original[begin:end] in spellings

    def _disguised(self, plain: str, seen: set[tuple[int, int, str]]) -> None:
        """Latin names with digits or signs among their letters."""
        for match in _LATIN_RUN.finditer(plain):
            run = match.group()
            if run.isalpha() or run.isdigit():
                continue
            for name in self._disguises.get(run.translate(_STAND_INS), ()):
                seen.add((match.start(), match.end(), name))


_LATIN_RUN = re2.compile(r"[a-z0-9@$!|]{4,}")


class _Index:
    """Distinct terms, numbered, each with the concepts it belongs to."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.names: list[list[str]] = []

    def add(self, term: str, name: str) -> None:
        number = self.numbers.setdefault(term, len(self.names))
        if number == len(self.names):
            self.names.append([])
        if name not in self.names[number]:
            self.names[number].append(name)


def _automaton(index: _Index) -> AhoCorasick:
    return AhoCorasick(list(index.numbers), matchkind=MatchKind.Standard)


def _joined(lemmas: Iterable[str]) -> str:
    return _GAP + _GAP.join(lemmas) + _GAP

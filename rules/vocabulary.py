"""Finding the vocabulary of the rulebook in a text.

A concept ('tool', 'invite', 'negation') is a list of terms in any language. All terms of all
concepts are matched in one pass (Aho-Corasick) over the surface and over the dictionary forms,
so the time does not depend on how many there are. Signs (handles, addresses, amounts) are RE2
expressions: linear on any input.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

import re2
from ahocorasick_rs import AhoCorasick, MatchKind

from rules.anatomy import Anatomy
from rules.kept import Kept
from rules.signs import Place, Signs
from rules.text import Normalised, normalise
from rules.words import Words

# Digits and signs that stand in for letters ('L1NE', 'T3legram'); i, l and 1 are one letter here.
_STAND_INS = str.maketrans("013457@$!|l", "oieastasiii")


class Mention(NamedTuple):
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

    def __init__(self, concepts: Mapping[str, Concept], kept: Kept) -> None:
        self._surface_of = _Index()
        self._lemmas = _Phrases()
        self._inside_of = _Index()
        self._written: dict[tuple[str, str], set[str]] = {}
        self._disguises: dict[str, list[str]] = {}
        signs: list[tuple[str, str, Anatomy]] = []
        for concept in concepts.values():
            self._add(concept, kept)
            for sign in concept.signs:
                parts = kept.anatomy(sign)
                if parts.spellings:
                    for spelling in parts.spellings:
                        self._inside_of.add(spelling, concept.name)
                else:
                    signs.append((concept.name, sign, parts))
        self._signs = Signs(signs)
        self._surface = _automaton(self._surface_of)
        self._inside = _automaton(self._inside_of)

    def _add(self, concept: Concept, kept: Kept) -> None:
        for term in (*concept.terms, *concept.written):
            plain = normalise(term).plain
            self._surface_of.add(plain, concept.name)
            if term not in concept.written:
                self._lemmas.add(kept.lemmas(plain), concept.name)
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
        found: list[Place] = []
        self._on_surface(plain, words, written, found)
        self._on_lemmas(words, plain, written, found)
        self._disguised(plain, found)
        names = self._inside_of.names
        for which, start, end in self._inside.find_matches_as_indexes(plain, overlapping=True):
            for name in names[which]:
                found.append((start, end, name))
        found += self._signs.find(plain, sentences)
        found.sort()  # several runs, each nearly in order: cheaper than a set would be
        return [Mention._make(each) for each, _ in groupby(found)]

    def _on_surface(
        self, plain: str, words: Words, written: Normalised | None, found: list[Place]
    ) -> None:
        starts, ends = set(words.starts), set(words.ends)
        names = self._surface_of.names
        for which, start, end in self._surface.find_matches_as_indexes(plain, overlapping=True):
            if start in starts and end in ends:
                for name in names[which]:
                    if written is None or self._as_written(name, plain, start, end, written):
                        found.append((start, end, name))

    def _on_lemmas(
        self, words: Words, plain: str, written: Normalised | None, found: list[Place]
    ) -> None:
        starts, ends = words.starts, words.ends
        for first, last, names in self._lemmas.find(words.lemmas):
            start, end = starts[first], ends[last]
            for name in names:
                if written is None or self._as_written(name, plain, start, end, written):
                    found.append((start, end, name))

    def _as_written(self, name: str, plain: str, start: int, end: int, written: Normalised) -> bool:
        """True but for a term that counts only in its own capitals and has others here."""
        spellings = self._written.get((name, plain[start:end]))
        if spellings is None:
            return True
        begin, stop = written.span(start, end)
        return written.original[begin:stop] in spellings

    def _disguised(self, plain: str, found: list[Place]) -> None:
        """Latin names with digits or signs among their letters."""
        for match in _LATIN_RUN.finditer(plain):
            run = match.group()
            if run.isalpha() or run.isdigit():
                continue
            for name in self._disguises.get(run.translate(_STAND_INS), ()):
                found.append((match.start(), match.end(), name))


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


class _Phrases:
    """Terms in dictionary forms, looked up by their first two words."""

    def __init__(self) -> None:
        self._words: dict[str, list[str]] = {}
        self._pairs: dict[tuple[str, str], dict[tuple[str, ...], list[str]]] = {}

    def add(self, lemmas: Sequence[str], name: str) -> None:
        """Files one term under the concept that it belongs to."""
        if not lemmas:
            return
        if len(lemmas) == 1:
            names = self._words.setdefault(lemmas[0], [])
        else:
            rests = self._pairs.setdefault((lemmas[0], lemmas[1]), {})
            names = rests.setdefault(tuple(lemmas[2:]), [])
        if name not in names:
            names.append(name)

    def find(self, lemmas: Sequence[str]) -> Iterator[tuple[int, int, list[str]]]:
        """First and last word of every term, with its concepts."""
        words, pairs = self._words, self._pairs
        for at, lemma in enumerate(lemmas):
            if lemma in words:
                yield at, at, words[lemma]
        for at, pair in enumerate(pairwise(lemmas)):
            if pair in pairs:
                for rest, names in pairs[pair].items():
                    end = at + 2 + len(rest)
                    if not rest or tuple(lemmas[at + 2 : end]) == rest:
                        yield at, end - 1, names


def _automaton(index: _Index) -> AhoCorasick:
    return AhoCorasick(list(index.numbers), matchkind=MatchKind.Standard)

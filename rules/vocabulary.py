"""Finding the vocabulary of the rulebook in a text.

A concept ('tool', 'invite', 'negation') is a list of terms in any language. All terms of all
concepts are matched in one pass (Aho-Corasick) over the surface and over the dictionary forms,
so the time does not depend on how many there are. Signs (handles, addresses, amounts) are RE2
expressions: linear on any input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, MatchKind

from rules.anatomy import Anatomy
from rules.kept import Kept
from rules.signs import Place, Signs
from rules.text import Normalised, normalise
from rules.words import Words

# Digits and signs that stand in for letters ('L1NE', 'T3legram'); i, l and 1 are one letter here.
_STAND_INS = str.maketrans("013457@$!|l", "oieastasiii")
_SHORTEST_DISGUISE = 4
_LATIN_RUN = re.compile(rf"[a-z0-9@$!|]{{{_SHORTEST_DISGUISE},}}")
_MEMO_LIMIT = 50_000

T = TypeVar("T")
_Names = tuple[str, ...]
"""Concepts in order of name."""


class Mention(NamedTuple):
    """Something seen at `plain[start:end]` of a normalised text."""

    start: int
    end: int


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


class Families:
    """Groups of concepts that one and the same words may mean, by number.

    All names of concepts are interned, here and in the rules: to look one up is then to compare
    addresses.
    """

    def __init__(self, wider: Mapping[str, _Names]) -> None:
        """`wider`: for each concept all that take it in."""
        self._wider = wider
        self._numbers: dict[_Names, int] = {}
        self.own: list[_Names] = []
        """The concepts themselves."""
        self.all: list[_Names] = []
        """The concepts, each followed by its wider ones."""

    def number(self, names: _Names) -> int:
        """The number of a group; it is given one where it is new."""
        number = self._numbers.get(names)
        if number is None:
            number = self._numbers[names] = len(self.own)
            own = tuple(map(intern, names))
            both = (each for name in own for each in (name, *self._wider.get(name, ())))
            self.own.append(own)
            self.all.append(tuple(dict.fromkeys(both)))
        return number


class Lexicon:
    """All concepts, compiled. What it finds is a place and the number of a family."""

    def __init__(
        self, concepts: Mapping[str, Concept], wider: Mapping[str, _Names], kept: Kept
    ) -> None:
        """`wider`: for each concept all that take it in; `kept`: what was worked out before."""
        self.families = Families(wider)
        self._written: dict[str, dict[str, set[str]]] = {}
        terms = _Terms()
        for concept in concepts.values():
            self._add(concept, terms, kept)
        number = self.families.number
        for names in sorted(terms.groups()):
            number(names)  # in this order, so that what stands at one place is in order of name
        self._surface, self._inside = (
            _Strings(terms.surface, number),
            _Strings(terms.inside, number),
        )
        self._phrases = _Phrases(terms.phrases, number)
        self._disguises = {term: number(names) for term, names in terms.disguises.items()}
        self._signs = Signs([(number((name,)), sign, parts) for name, sign, parts in terms.signs])

    def _add(self, concept: Concept, terms: _Terms, kept: Kept) -> None:
        alone = (concept.name,)
        for term in (*concept.terms, *concept.written):
            plain = normalise(term).plain
            _file(terms.surface, plain, alone)
            if term not in concept.written:
                _file(terms.phrases, tuple(kept.lemmas(plain)), alone)
            if concept.disguised and plain.isascii() and len(plain) >= _SHORTEST_DISGUISE:
                _file(terms.disguises, plain.translate(_STAND_INS), alone)
                _file(terms.surface, plain.replace("i", "l"), alone)  # 'LlNE'
        for term in concept.written:
            spellings = self._written.setdefault(normalise(term).plain, {})
            spellings.setdefault(concept.name, set()).add(term)
        for term in concept.inside:
            _file(terms.inside, normalise(term).plain, alone)
        for sign in concept.signs:
            parts = kept.anatomy(sign)
            for spelling in parts.spellings:
                _file(terms.inside, spelling, alone)
            if not parts.spellings:
                terms.signs.append((concept.name, sign, parts))

    def find(
        self,
        plain: str,
        words: Words,
        sentences: Sequence[tuple[int, int]],
        written: Normalised | None,
    ) -> list[Place]:
        """All that is seen, by place; signs within a sentence. The same may be there twice.

        `written` is the text where capitals count (English): terms under `written` must then stand
        there in their own spelling.
        """
        starts, ends = set(words.starts), set(words.ends)
        found = [
            each for each in self._surface.find(plain) if each[0] in starts and each[1] in ends
        ]
        found += self._phrases.find(words)
        if written is not None:
            found = list(self._as_written(found, plain, written))
        found += self._disguised(plain)
        found += self._inside.find(plain)
        found += self._signs.find(plain, sentences)
        found.sort()
        return found

    def _as_written(
        self, found: Iterable[Place], plain: str, written: Normalised
    ) -> Iterator[Place]:
        """Without the concepts that count only in capitals of their own and have others here."""
        for start, end, family in found:
            spellings = self._written.get(plain[start:end])
            if spellings is None:
                yield start, end, family
                continue
            begin, stop = written.span(start, end)
            said = written.original[begin:stop]
            own = self.families.own[family]
            if names := tuple(name for name in own if said in spellings.get(name, (said,))):
                yield start, end, self.families.number(names)

    def _disguised(self, plain: str) -> Iterator[Place]:
        """Latin names with digits or signs among their letters."""
        for match in _LATIN_RUN.finditer(plain):
            run = match.group()
            if not run.isalpha() and not run.isdigit():
                family = self._disguises.get(run.translate(_STAND_INS))
                if family is not None:
                    yield match.start(), match.end(), family


class _Terms:
    """The terms of all concepts, by the way in which they are looked for, with their concepts."""

    def __init__(self) -> None:
        self.surface: dict[str, _Names] = {}
        self.phrases: dict[tuple[str, ...], _Names] = {}
        self.inside: dict[str, _Names] = {}
        self.disguises: dict[str, _Names] = {}
        self.signs: list[tuple[str, str, Anatomy]] = []

    def groups(self) -> set[_Names]:
        """The concepts of each term."""
        found: set[_Names] = {(name,) for name, _, _ in self.signs}
        found.update(self.surface.values(), self.phrases.values())
        found.update(self.inside.values(), self.disguises.values())
        return found


def _file(by_term: dict[T, _Names], term: T, alone: _Names) -> None:
    """Files a term under one more concept."""
    names = by_term.get(term)
    if names is None:
        by_term[term] = alone
    elif alone[0] not in names:
        by_term[term] = tuple(sorted((*names, *alone)))


class _Strings:
    """Many strings, looked for in one pass."""

    def __init__(self, names: Mapping[str, _Names], number: Callable[[_Names], int]) -> None:
        self._automaton = AhoCorasick(list(names), matchkind=MatchKind.Standard)
        self._families = [number(each) for each in names.values()]

    def find(self, plain: str) -> list[Place]:
        """Every string that stands in a text, also those that overlap."""
        families = self._families
        return [
            (start, end, families[which])
            for which, start, end in self._automaton.find_matches_as_indexes(
                plain, overlapping=True
            )
        ]


class _Phrases(dict[str, "_Beginning | None"]):
    """Terms in dictionary forms, looked up by their first two words.

    Itself it holds what begins with each word that was met so far.
    """

    def __init__(
        self, names: Mapping[tuple[str, ...], _Names], number: Callable[[_Names], int]
    ) -> None:
        super().__init__()
        self._by_first: dict[str, _Beginning] = {}
        for lemmas, each in names.items():
            match lemmas:
                case [first]:
                    self._by_first.setdefault(first, _Beginning()).family = number(each)
                case [first, second, *rest]:
                    longer = self._by_first.setdefault(first, _Beginning()).longer
                    longer.setdefault(second, []).append((tuple(rest), number(each)))

    def __missing__(self, lemma: str) -> _Beginning | None:
        if len(self) > _MEMO_LIMIT:
            self.clear()
        self[lemma] = found = self._by_first.get(lemma)
        return found

    def find(self, words: Words) -> list[Place]:
        """Every term in a text."""
        lemmas, starts, ends = words.lemmas, words.starts, words.ends
        last = len(lemmas) - 1
        found: list[Place] = []
        for at, beginning in enumerate(map(self.__getitem__, lemmas)):
            if beginning is None:
                continue
            if beginning.family is not None:
                found.append((starts[at], ends[at], beginning.family))
            if beginning.longer and at < last and lemmas[at + 1] in beginning.longer:
                for rest, family in beginning.longer[lemmas[at + 1]]:
                    end = at + 2 + len(rest)
                    if not rest or tuple(lemmas[at + 2 : end]) == rest:
                        found.append((starts[at], ends[end - 1], family))
        return found


@dataclass(slots=True)
class _Beginning:
    """What begins with a word: a term of this word alone, and longer ones by their second word."""

    family: int | None = None
    longer: dict[str, list[tuple[tuple[str, ...], int]]] = field(default_factory=dict)

"""Finding many expressions in a text, each tried only in sentences that could hold it.

A sign is an RE2 expression for what has no grammar: handles, figures, fixed idioms. There are
many, and one alone costs microseconds; so the literals that a match must contain are worked out
of each expression beforehand (`anatomy`), all of them are looked for in one pass (Aho-Corasick), and
a sign runs only on a sentence in which every one of its needs is met.
"""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

import re2
from ahocorasick_rs import AhoCorasick, MatchKind

# Python's own parser of expressions: RE2's syntax is nearly a part of Python's, and where it is
# not, the sign is simply tried everywhere.
from re import _constants as op  # type: ignore[attr-defined]  # isort: skip
from re import _parser as parser  # type: ignore[attr-defined]  # isort: skip


class Anatomy(NamedTuple):
    """What a sign is made of."""

    spellings: list[str]
    """All that it can match, where it is but a list of strings; else none."""
    needs: list[list[str]]
    """For each part that a match must contain, the strings of which one must be there."""
    tame: bool
    """Whether no repetition holds another: backtracking then costs little on any sentence."""


_MOST_STRINGS = 300
_MOST_IN_BRANCHES = 1_500
_MOST_LETTERS = 12
_ONE = frozenset({""})
_ANCHOR = re.compile(r"\\b|(?<!\[)\^|\$|\(\?m")


def compiled(sign: str) -> Any:
    """A sign as an RE2 expression. Raises ValueError in words where it is none."""
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True  # only the place is wanted
    try:
        return re2.compile(sign, options)
    except re2.error as error:
        reason = error.args[0]
        said = reason.decode() if isinstance(reason, bytes) else reason
        raise ValueError(f"'{sign}' is no RE2 expression: {said}") from None


def anatomy(sign: str) -> Anatomy:
    """Takes a sign apart; where nothing can be said of it, both lists are empty."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = parser.parse(sign)
        except re.error:
            return Anatomy([], [], tame=False)
    branches = None if _ANCHOR.search(sign) else _exact_branches(tree)
    if branches is not None and "" not in branches:
        return Anatomy(sorted(branches), [], tame=True)
    wanted = [sorted(_shortest(part)) for part in _parts(tree)]
    return Anatomy([], wanted, tame=_is_tame(tree, repeated=False))


def _is_tame(tree: Any, *, repeated: bool) -> bool:
    for kind, value in tree:
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            several = value[1] > 1
            if (several and repeated) or not _is_tame(value[2], repeated=repeated or several):
                return False
        elif kind is op.SUBPATTERN:
            if not _is_tame(value[-1], repeated=repeated):
                return False
        elif kind is op.BRANCH:
            if not all(_is_tame(each, repeated=repeated) for each in value[1]):
                return False
    return True


def _exact_branches(tree: Any) -> frozenset[str] | None:
    """As `_exact`, but a list at the top may be long."""
    if len(tree) != 1 or tree[0][0] is not op.BRANCH:
        return _exact(tree)
    found = [_exact(each) for each in tree[0][1][1]]
    if None in found:
        return None
    return frozenset(string for each in found if each for string in each)


def _parts(tree: Iterable[tuple[Any, Any]]) -> list[frozenset[str]]:
    """The needs of a sequence: its exact runs of letters, and what its other pieces need."""
    parts: list[frozenset[str]] = []
    run = _ONE
    for node in tree:
        exact = _exact([node])
        joined = None if exact is None else _joined(run, exact)
        if joined is not None:
            run = joined
            continue
        _keep(parts, run)
        run = _ONE if exact is None else exact
        if exact is None:
            parts += _inner(node)
    _keep(parts, run)
    return parts


def _keep(parts: list[frozenset[str]], run: frozenset[str]) -> None:
    if "" not in run and len(run) <= _MOST_STRINGS:
        parts.append(run)


def _inner(node: tuple[Any, Any]) -> list[frozenset[str]]:
    """What a piece that has no finite set of spellings needs all the same."""
    kind, value = node
    if kind is op.SUBPATTERN:
        return _parts(value[-1])
    if kind in {op.MAX_REPEAT, op.MIN_REPEAT} and value[0] >= 1:
        return _parts(value[2])
    if kind is op.BRANCH:
        best = [min(_parts(each), key=_frequency, default=None) for each in value[1]]
        if None not in best:
            union = frozenset(string for each in best if each for string in each)
            return [union] if len(union) <= _MOST_IN_BRANCHES else []
    return []


def _exact(tree: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """All spellings of a sequence, where they are few; None where they are not."""
    spellings: frozenset[str] | None = _ONE
    for kind, value in tree:
        step = _spellings(kind, value)
        spellings = None if step is None or spellings is None else _joined(spellings, step)
        if spellings is None:
            return None
    return spellings


def _spellings(kind: Any, value: Any) -> frozenset[str] | None:
    if kind is op.LITERAL:
        return frozenset({chr(value)})
    if kind is op.AT:
        return _ONE
    if kind is op.IN:
        return _letters(value)
    if kind is op.SUBPATTERN:
        return _exact(value[-1])
    if kind in {op.MAX_REPEAT, op.MIN_REPEAT} and value[1] == 1:
        inner = _exact(value[2])
        return inner if inner is None or value[0] else inner | _ONE
    if kind is op.BRANCH:
        branches = [_exact(each) for each in value[1]]
        found = [each for each in branches if each is not None]
        union = frozenset().union(*found)
        return union if len(found) == len(branches) and len(union) <= _MOST_STRINGS else None
    return None


def _letters(members: Any) -> frozenset[str] | None:
    """The letters of a small class; None for a large one or one that says what is not meant."""
    letters: set[str] = set()
    for kind, value in members:
        if kind is op.LITERAL:
            letters.add(chr(value))
        elif kind is op.RANGE and value[1] - value[0] < _MOST_LETTERS:
            letters.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None
    return frozenset(letters) if len(letters) <= _MOST_LETTERS * 2 else None


def _joined(left: frozenset[str], right: frozenset[str]) -> frozenset[str] | None:
    if len(left) * len(right) > _MOST_STRINGS:
        return None
    return frozenset(a + b for a, b in product(left, right))


def _shortest(strings: frozenset[str]) -> set[str]:
    """The strings without those that hold another: where that is, they need not be looked for."""
    return {
        string
        for string in strings
        if not any(other != string and other in string for other in strings)
    }


def _frequency(strings: Iterable[str]) -> float:
    """How often any of these is to be expected, roughly, by the kinds of their letters."""
    total = 0.0
    for string in strings:
        chance = 1.0
        for letter in string:
            chance *= _letter_frequency(letter)
        total += chance
    return total


def _letter_frequency(letter: str) -> float:
    if "ぁ" <= letter <= "ん":
        return 1 / 25
    if "一" <= letter <= "龯":
        return 1 / 250
    if "ァ" <= letter <= "ー":
        return 1 / 60
    return 1 / 15


class Signs:
    """Many signs, ready to be found."""

    def __init__(self, signs: Sequence[tuple[str, str, Anatomy]]) -> None:
        """`signs`: concept, expression, and what it is made of."""
        self._signs = signs
        self._run: dict[int, Any] = {}
        self._numbers: dict[str, int] = {}
        self._others: list[list[frozenset[int]]] = []
        self._starters: dict[int, list[int]] = defaultdict(list)
        self._everywhere: list[int] = []
        for number, (_, _, parts) in enumerate(signs):
            self._add(number, parts.needs)

    def _add(self, number: int, wanted: Sequence[Sequence[str]]) -> None:
        """The rarest need starts a sign; the others must be met as well."""
        ordered = sorted(wanted, key=_frequency)
        parts = [
            frozenset(self._numbers.setdefault(string, len(self._numbers)) for string in part)
            for part in ordered
        ]
        self._others.append(parts[1:])
        if not parts:
            self._everywhere.append(number)
            return
        for string in parts[0]:
            self._starters[string].append(number)

    @cached_property
    def _strings(self) -> AhoCorasick:
        return AhoCorasick(list(self._numbers), matchkind=MatchKind.Standard)

    def find(self, plain: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
        """Start, end and concept of every match inside one of the spans (in order of place)."""
        for (start, end), met in zip(spans, self._met(plain, spans), strict=True):
            candidates = self._candidates(met)
            if not candidates:
                continue
            piece = plain[start:end]
            for number in candidates:
                for match in self._expression(number).finditer(piece):
                    first, last = match.span()
                    if last > first:
                        yield start + first, start + last, self._signs[number][0]

    def _met(self, plain: str, spans: Sequence[tuple[int, int]]) -> list[set[int]]:
        """For each span the strings that end in it."""
        met: list[set[int]] = [set() for _ in spans]
        at, last = 0, len(spans) - 1
        for which, _, end in self._strings.find_matches_as_indexes(plain, overlapping=True):
            while at < last and end > spans[at][1]:
                at += 1
            met[at].add(which)
        return met

    def _candidates(self, met: set[int]) -> list[int]:
        starters = self._starters
        begun = {number for string in met & starters.keys() for number in starters[string]}
        others = self._others
        found = [
            number for number in begun if not any(part.isdisjoint(met) for part in others[number])
        ]
        return self._everywhere + found

    def _expression(self, number: int) -> Any:
        """Compiled when first needed: most signs are never seen in one run.

        Python's own engine is several times faster on sentences never seen before, but only tame
        signs are safe with it; RE2 takes the others.
        """
        run = self._run.get(number)
        if run is None:
            _, sign, parts = self._signs[number]
            run = re.compile(sign, re.ASCII) if parts.tame else compiled(sign)
            self._run[number] = run
        return run

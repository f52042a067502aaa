"""Finding many expressions in a text, each tried only in sentences that could hold it.

A sign is an RE2 expression for what has no grammar: handles, figures, fixed idioms. There are
many, and one alone costs microseconds; so the literals that a match must contain are worked out
of each expression beforehand (`anatomy`), all of them are looked for in one pass (Aho-Corasick), and
a sign runs only on a sentence in which every one of its needs is met.
"""

from __future__ import annotations

import re
import warnings
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

import re2
from ahocorasick_rs import AhoCorasick, MatchKind

# Python's own parser of expressions: RE2's syntax is nearly a part of Python's, and where it is
# not, the sign is simply tried everywhere.
from re import _constants as op  # type: ignore[attr-defined]  # isort: skip
from re import _parser as parser  # type: ignore[attr-defined]  # isort: skip


Place = tuple[int, int, str]
"""Start, end and name of something found."""


class Branch(NamedTuple):
    """Some of the alternatives of a sign, written as one, with their own needs."""

    written: str
    needs: list[list[str]]


class Anatomy(NamedTuple):
    """What a sign is made of."""

    spellings: list[str]
    """All that it can match, where it is but a list of strings; else none."""
    needs: list[list[str]]
    """For each part that a match must contain, the strings of which one must be there."""
    tame: bool
    """Whether no repetition holds another: backtracking then costs little on any sentence."""
    branches: list[Branch]
    """The alternatives at its top, where it has several that each need something."""


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
    """Takes a sign apart; where nothing can be said of it, all lists are empty."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = parser.parse(sign)
        except re.error:
            return Anatomy([], [], tame=False, branches=[])
    spellings = None if _ANCHOR.search(sign) else _exact_branches(tree)
    if spellings is not None and "" not in spellings:
        return Anatomy(sorted(spellings), [], tame=True, branches=[])
    wanted = [sorted(_shortest(part)) for part in _parts(tree)]
    tame = _is_tame(tree, repeated=False)
    return Anatomy([], wanted, tame, _branches(sign) if wanted else [])


_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


def _alternatives(sign: str) -> list[str]:
    """A sign cut at the bars that stand in no brackets."""
    found, depth = [""], 0
    for piece in _PIECE.findall(sign):
        if piece == "|" and not depth:
            found.append("")
            continue
        depth += (piece == "(") - (piece == ")")
        found[-1] += piece
    return found


def _branches(sign: str) -> list[Branch]:
    """The alternatives of a sign; those that are but strings are taken together.

    None where there is only one, or where one of them needs nothing and so may match anywhere.
    """
    alternatives = _alternatives(sign)
    if len(alternatives) == 1 or sign.startswith("(?"):
        return []
    listed: list[str] = []
    strings: set[str] = set()
    branches: list[Branch] = []
    for written in alternatives:
        tree = parser.parse(written)
        exact = _exact(tree)
        if exact is not None and "" not in exact:
            listed.append(written)
            strings |= exact
            continue
        needs = [sorted(_shortest(part)) for part in _parts(tree)]
        if not needs:
            return []
        branches.append(Branch(written, needs))
    if listed:
        branches.append(Branch("|".join(listed), [sorted(_shortest(frozenset(strings)))]))
    return branches


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
    """Many signs, ready to be found.

    Each sign, and each alternative of one that has several, is a 'way': an expression that is worth
    running only where its own needs are met. Where but one alternative of a sign can match, that
    one runs alone; where more can, the whole sign does.
    """

    def __init__(self, signs: Sequence[tuple[str, str, Anatomy]]) -> None:
        """`signs`: concept, expression, and what it is made of."""
        self._ways: list[tuple[str, str, bool]] = []
        self._whole: list[int] = []
        self._run: dict[int, Any] = {}
        self._numbers: dict[str, int] = {}
        self._others: dict[int, list[frozenset[int]]] = {}
        self._begun_by: dict[int, list[int]] = defaultdict(list)
        self._everywhere: list[int] = []
        for concept, sign, parts in signs:
            whole = len(self._ways)
            self._ways.append((concept, sign, parts.tame))
            self._whole.append(whole)
            if not parts.branches:
                self._add(whole, parts.needs)
            for branch in parts.branches:
                self._ways.append((concept, branch.written, parts.tame))
                self._whole.append(whole)
                self._add(len(self._ways) - 1, branch.needs)
        self._beginnings = frozenset(self._begun_by)

    def _add(self, way: int, wanted: Sequence[Sequence[str]]) -> None:
        """The rarest need starts a way; the others must be met as well."""
        parts = [
            frozenset(self._numbers.setdefault(string, len(self._numbers)) for string in part)
            for part in sorted(wanted, key=_frequency)
        ]
        if not parts:
            self._everywhere.append(way)
            return
        self._others[way] = parts[1:]
        for string in parts[0]:
            self._begun_by[string].append(way)

    @cached_property
    def _strings(self) -> AhoCorasick:
        return AhoCorasick(list(self._numbers), matchkind=MatchKind.Standard)

    def find(self, plain: str, spans: Sequence[tuple[int, int]]) -> list[Place]:
        """Every match inside one of the spans, which are in order."""
        found: list[Place] = []
        ways, run = self._ways, self._run
        for (start, end), met in zip(spans, self._met(plain, spans), strict=True):
            candidates = self._candidates(met)
            if not candidates:
                continue
            piece = plain[start:end]
            for way in candidates:
                expression = run.get(way) or self._expression(way)
                for match in expression.finditer(piece):
                    first, last = match.span()
                    if last > first:
                        found.append((start + first, start + last, ways[way][0]))
        return found

    def _met(self, plain: str, spans: Sequence[tuple[int, int]]) -> Iterator[set[int]]:
        """For each span the strings that end in it."""
        matches = self._strings.find_matches_as_indexes(plain, overlapping=True)
        strings = [match[0] for match in matches]
        ends = [match[2] for match in matches]  # in order
        begin = 0
        for _, limit in spans:
            end = bisect_right(ends, limit, begin)
            yield set(strings[begin:end])
            begin = end

    def _candidates(self, met: set[int]) -> Collection[int]:
        """The ways to run: of each sign the only one whose needs are met, or the whole."""
        others, begun_by, wholes = self._others, self._begun_by, self._whole
        chosen = {way: way for way in self._everywhere}
        seen: set[int] = set()
        for string in self._beginnings & met:
            for way in begun_by[string]:
                if way in seen:
                    continue
                seen.add(way)
                for part in others[way]:
                    if part.isdisjoint(met):
                        break
                else:
                    whole = wholes[way]
                    chosen[whole] = whole if whole in chosen else way
        return chosen.values()

    def _expression(self, way: int) -> Any:
        """Compiled when first needed: most signs are never seen in one run.

        Python's own engine is several times faster on sentences never seen before, but only tame
        signs are safe with it; RE2 takes the others.
        """
        _, written, tame = self._ways[way]
        run = re.compile(written, re.ASCII) if tame else compiled(written)
        self._run[way] = run
        return run

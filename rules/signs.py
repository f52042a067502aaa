"""Finding many signs in a text, each tried only in sentences that could hold it.

There are many, and one alone costs microseconds; so the literals that a match must contain
(`anatomy.py`) are all looked for in one pass (Aho-Corasick), and a sign runs only on a sentence in
which every one of its needs is met.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import Any

import re2
from ahocorasick_rs import AhoCorasick, MatchKind

from rules.anatomy import Anatomy

Place = tuple[int, int, str]
"""Start, end and name of something found."""


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
            if len(parts.branches) < 2:
                self._add(whole, parts.branches[0].needs if parts.branches else [])
                continue
            for branch in parts.branches:
                self._ways.append((concept, branch.written, parts.tame))
                self._whole.append(whole)
                self._add(len(self._ways) - 1, branch.needs)
        self._beginnings = frozenset(self._begun_by)

    def _add(self, way: int, wanted: Sequence[Sequence[str]]) -> None:
        """The first need starts a way; the others must be met as well."""
        parts = [
            frozenset(self._numbers.setdefault(string, len(self._numbers)) for string in part)
            for part in wanted
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

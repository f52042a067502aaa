"""Finding many signs in a text, each tried only in sentences that could hold it.

There are many, and one alone costs microseconds; so the literals that a match must contain
(`anatomy.py`) are all looked for in one pass (Aho-Corasick), and a sign runs only on a sentence in
which every one of its needs is met.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from rules.anatomy import Anatomy

Place = tuple[int, int, int]
"""Start and end of something found, and the number of what it is."""


_Way = tuple[int, int, tuple[frozenset[int], ...]]
"""Its own number, that of its whole sign, and the strings that must be met beside the first."""


def compiled(sign: str) -> Any:
    """A sign as an RE2 expression. Raises ValueError in words where it is none."""
    import re2  # noqa: PLC0415 - most texts need none of its signs, and it takes its memory

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

    def __init__(self, signs: Sequence[tuple[int, str, Anatomy]]) -> None:
        """`signs`: the number of what each shows, expression, and what that is made of."""
        self._ways: list[tuple[int, str, bool]] = []
        self._run: dict[int, Any] = {}
        self._begun_by: dict[int, tuple[_Way, ...]] = defaultdict(tuple)
        self._everywhere: list[int] = []
        strings: dict[str, int] = {}
        for number, sign, parts in signs:
            whole = len(self._ways)
            self._ways.append((number, sign, parts.tame))
            if len(parts.branches) < 2:
                needs = parts.branches[0].needs if parts.branches else []
                self._add(whole, whole, needs, strings)
                continue
            for branch in parts.branches:
                self._ways.append((number, branch.written, branch.tame))
                self._add(len(self._ways) - 1, whole, branch.needs, strings)
        self._beginnings = frozenset(self._begun_by)
        self._strings = AhoCorasick(list(strings), matchkind=MatchKind.Standard)

    def _add(
        self, way: int, whole: int, wanted: Sequence[Sequence[str]], numbers: dict[str, int]
    ) -> None:
        """The first need starts a way; the others must be met as well."""
        parts = [
            frozenset(numbers.setdefault(string, len(numbers)) for string in part)
            for part in wanted
        ]
        if not parts:
            self._everywhere.append(way)
            return
        begun = (way, whole, tuple(parts[1:]))
        for string in parts[0]:
            self._begun_by[string] += (begun,)

    def find(self, plain: str, spans: Sequence[tuple[int, int]]) -> list[Place]:
        """Every match inside one of the spans."""
        found: list[Place] = []
        ways, run, look = self._ways, self._run, self._strings.find_matches_as_indexes
        for start, end in spans:
            piece = plain[start:end]
            for way in self._candidates({which for which, _, _ in look(piece, overlapping=True)}):
                expression = run.get(way) or self._expression(way)
                for match in expression.finditer(piece):
                    first, last = match.span()
                    if last > first:
                        found.append((start + first, start + last, ways[way][0]))
        return found

    def _candidates(self, met: set[int]) -> Collection[int]:
        """The ways to run: of each sign the only one whose needs are met, or the whole."""
        chosen = {way: way for way in self._everywhere}
        for string in met & self._beginnings:
            for way, whole, others in self._begun_by[string]:
                for part in others:
                    if part.isdisjoint(met):
                        break
                else:
                    chosen[whole] = way if chosen.get(whole, way) == way else whole
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

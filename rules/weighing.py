"""The second reader's part of a verdict.

It weighs what the rules said: a finding that it does not believe becomes a near miss, and a risk
that it sees where the rules have no words is added, quoted, and named as its own.

A long text is read in parts, each about as long as the texts it has learnt from: otherwise many
harmless sentences would talk it out of the one that matters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rules.case import Case
from rules.models import Excused, Finding
from rules.quoting import CLAUSE_END, mentioned, trimmed
from rules.second_reader import Floats, Ints, Odds, SecondReader

#: What the second reader's own findings are called, and the frame of what it does not believe.
SECOND_READER = "second-reader"
DOUBTED = "second_reader"
_QUOTE_LIMIT = 60
# The reader says nothing of its own about a sentence with fewer different words ('ああああ').
_LEAST_VARIETY = 3
# Words of a text that is read whole, and of a part where there are more.
_WHOLE, _PART = 600, 300


@dataclass(frozen=True, slots=True)
class _Part:
    """What the reader thinks of some sentences; their first word is word `first` of the text."""

    first: int
    odds: Odds


def weighed(
    case: Case, reader: SecondReader, findings: list[Finding]
) -> tuple[list[Finding], list[Excused]]:
    """The findings that the second reader believes, with its own; and those that it doubts."""
    parts = list(_parts(case, reader))
    if not parts:
        return findings, []
    highest = np.max([part.odds.probabilities.max(axis=0) for part in parts], axis=0)
    chances = dict(zip(reader.codes, highest.tolist(), strict=True))
    believed = {code for code, chance in chances.items() if chance >= reader.thresholds[code]}
    kept: list[Finding] = []
    doubted: list[Excused] = []
    for finding in findings:
        if finding.start is None:
            kept.append(finding)  # a page's own figures: of these the reader knows nothing
        elif finding.code in believed or not _can_doubt(reader, finding):
            kept.append(_agreed(finding, chances.get(finding.code, finding.confidence)))
        else:
            doubted.append(_doubted(finding))
    found = {finding.code for finding in kept}
    silent = case.excused_by_stage()
    for code in reader.codes:
        if code in believed and code not in found and code not in silent:
            kept.extend(_own_finding(case, reader, parts, code))
    return kept, doubted


def _parts(case: Case, reader: SecondReader) -> Iterator[_Part]:
    """The text as the reader takes it in: whole, or in parts of whole sentences."""
    _, firsts = case.readable_sentences()
    if not firsts:
        return
    lemmas, seen, situation = case.reading.words.lemmas, case.seen_by_rules(), case.situation()
    for begin, end in pairwise(_cuts(firsts, len(lemmas))):
        first = firsts[begin]
        last = firsts[end] if end < len(firsts) else len(lemmas)
        here = [place - first for place in firsts[begin:end]]
        yield _Part(first, reader.read(lemmas[first:last], here, situation, seen[begin:end]))


def _cuts(firsts: list[int], words: int) -> list[int]:
    """The sentences with which the parts begin, and the number of sentences as their end."""
    cuts = [0]
    if words > _WHOLE:
        cuts += [
            at
            for at, (before, here) in enumerate(pairwise(firsts), start=1)
            if before // _PART != here // _PART
        ]
    return [*cuts, len(firsts)]


def _can_doubt(reader: SecondReader, finding: Finding) -> bool:
    """Only what it has met in training: an operator's own rules stand."""
    return f"{finding.code}/{finding.pattern}" in reader.features


def _agreed(finding: Finding, chance: float) -> Finding:
    """A finding of which both are sure is surer than the reader alone would be."""
    confidence = max(chance, (chance + finding.confidence) / 2)
    return finding.model_copy(update={"confidence": round(confidence, 2)})


def _doubted(finding: Finding) -> Excused:
    return Excused(
        code=finding.code,
        pattern=finding.pattern,
        quote=finding.quote,
        start=finding.start,
        end=finding.end,
        frame=DOUBTED,
    )


def _own_finding(
    case: Case, reader: SecondReader, parts: list[_Part], code: str
) -> Iterator[Finding]:
    """The sentence in which the reader sees a risk, cut to the clause that speaks most for it."""
    risk = case.rulebook.risks.get(code)
    if risk is None:
        return
    column = reader.codes.index(code)
    part = max(parts, key=lambda each: float(each.odds.odds[:, column].max()))
    odds = part.odds
    at = int(odds.odds[:, column].argmax())
    if odds.variety(at) < _LEAST_VARIETY:
        return
    start, end = _spoken_clause(case, reader, part, code, at)
    first, last = case.reading.normalised.span(start, end)
    yield Finding(
        code=code,
        weight=risk.weight,
        quote=case.reading.normalised.original[first:last],
        start=first,
        end=last,
        pattern=SECOND_READER,
        confidence=round(float(odds.probabilities[at, column]), 2),
        concepts=mentioned(case, start, end),
    )


def _spoken_clause(
    case: Case, reader: SecondReader, part: _Part, code: str, at: int
) -> tuple[int, int]:
    """The clause of a sentence whose words speak most for a code; short ones join the next."""
    words, plain = case.reading.words, case.reading.plain
    first = part.first + int(part.odds.firsts[at])
    begin, end = words.starts[first], words.ends[first + part.odds.length(at) - 1]
    if end - begin <= _QUOTE_LIMIT:
        return trimmed(plain, begin, end)
    reasons = reader.reasons(part.odds, at, code)
    cuts = [begin, *(m.end() for m in CLAUSE_END.finditer(plain, begin, end - 1)), end]
    starts = np.array(words.starts[first : first + len(reasons)], np.int64)
    best = max(pairwise(cuts), key=lambda clause: _weight(reasons, starts, clause))
    return trimmed(plain, *best)


def _weight(reasons: Floats, starts: Ints, clause: tuple[int, int]) -> float:
    inside = (starts >= clause[0]) & (starts < clause[1])
    return float(np.maximum(reasons[inside], 0).sum())

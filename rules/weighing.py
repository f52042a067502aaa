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

from rules.case import PROMISES, Case, Hit
from rules.format import Risk
from rules.models import Finding
from rules.odds import Floats, Ints, Odds, probability
from rules.quoting import CLAUSE_END, mentioned, trimmed
from rules.second_reader import SecondReader

#: What the second reader's own findings are called, and the frame of what it does not believe.
SECOND_READER = "second-reader"
DOUBTED = "second_reader"
_QUOTE_LIMIT = 80
# The reader says nothing of its own about a sentence with fewer different words ('ああああ').
_LEAST_VARIETY = 3
# Words of a text that is read whole, and of a part where there are more.
_WHOLE, _PART = 400, 150


@dataclass(frozen=True, slots=True)
class _Part:
    """What the reader thinks of some sentences; their first word is word `first` of the text."""

    first: int
    odds: Odds


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the rules saw, believed (how surely?) or doubted, and the reader's own findings."""

    believed: list[tuple[Hit, float]]
    doubted: list[Hit]
    own: list[Finding]


def unweighed(case: Case) -> Weighed:
    """The rules alone: each as sure as it is by itself."""
    return Weighed([(hit, hit.by.confidence) for hit in case.hits], [], [])


def weigh(case: Case, reader: SecondReader) -> Weighed:
    """What the second reader makes of a case in which the rules have been heard."""
    parts = list(_parts(case, reader))
    if not parts:
        return unweighed(case)
    highest = [max(each) for each in zip(*(part.odds.highest for part in parts), strict=True)]
    chances = dict(zip(reader.codes, map(probability, highest), strict=True))
    believed = {code for code, chance in chances.items() if chance >= reader.thresholds[code]}
    kept: list[tuple[Hit, float]] = []
    doubted: list[Hit] = []
    for hit in case.hits:
        if hit.words is None:
            kept.append((hit, hit.by.confidence))  # a page's own figures: it knows nothing of these
        elif hit.risk.code in believed or not _can_doubt(reader, hit):
            kept.append((hit, _agreed(hit, chances.get(hit.risk.code, hit.by.confidence))))
        else:
            doubted.append(hit)
    missing = believed - {hit.risk.code for hit, _ in kept}
    if missing:
        missing -= case.excused_by_stage() | case.settled()
    own = [
        finding
        for code in reader.codes
        if code in missing
        for finding in _own_finding(case, reader, parts, code)
    ]
    return Weighed(kept, doubted, own)


def _parts(case: Case, reader: SecondReader) -> Iterator[_Part]:
    """The text as the reader takes it in: whole, or in parts of whole sentences."""
    numbers, firsts = case.readable_sentences()
    if not firsts:
        return
    lemmas, situation = case.reading.words.lemmas, case.situation()
    seen = case.seen_by_rules(numbers)
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


def _can_doubt(reader: SecondReader, hit: Hit) -> bool:
    """Only what it has met in training: an operator's own rules stand."""
    return f"{hit.risk.code}/{hit.by.id}" in reader.features


def _agreed(hit: Hit, chance: float) -> float:
    """What both are sure of is surer than the reader alone would be."""
    return round(max(chance, (chance + hit.by.confidence) / 2), 2)


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
    chance = probability(float(odds.odds[at, column]))
    if odds.variety(at) < _LEAST_VARIETY:
        return
    start, end = _spoken_clause(case, reader, part, code, at)
    sentence = case.reading.sentence_at(start)
    if _is_promise(case, code, sentence) or _is_other_matter(case, risk, sentence):
        return
    first, last = case.reading.normalised.span(start, end)
    yield Finding(
        code=code,
        weight=risk.weight,
        quote=case.reading.normalised.original[first:last],
        start=first,
        end=last,
        pattern=SECOND_READER,
        confidence=round(chance, 2),
        concepts=mentioned(case, start, end),
    )


def _is_promise(case: Case, code: str, sentence: int) -> bool:
    """Whether the rules saw this risk here, but only as a promise for after the contract or escrow.

    That is an excuse by name; the reader has met too few such sentences to know better.
    """
    return any(
        miss.risk.code == code and miss.sentence == sentence and miss.frame in PROMISES
        for miss in case.misses
    )


def _is_other_matter(case: Case, risk: Risk, sentence: int) -> bool:
    found = case.reading.sentences[sentence].by
    return any(concept in found for concept in risk.other_matter)


def _spoken_clause(
    case: Case, reader: SecondReader, part: _Part, code: str, at: int
) -> tuple[int, int]:
    """The clause of a sentence whose words speak most for a code; short ones join the next."""
    words, plain = case.reading.words, case.reading.plain
    first = part.first + part.odds.gaps[at] - at
    begin, end = words.starts[first], words.ends[first + part.odds.lengths[at] - 1]
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

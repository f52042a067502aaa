"""The second reader's part of a verdict.

It weighs what the rules said: a finding that it does not believe becomes a near miss, and a risk
that it sees where the rules have no words is added, quoted, and named as its own.

A long text is read in parts, each about as long as the texts it has learnt from: otherwise many
harmless sentences would talk it out of the one that matters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from rules.case import Case, Hit
from rules.models import Finding, Weight
from rules.pointing import Part, own_findings
from rules.second_reader import SecondReader

#: The frame of what the second reader does not believe.
DOUBTED = "second_reader"
# How likely it must be that a text holds any risk at all, or one that the rules see too, or any danger,
# before the reader speaks: an innocent text that is called risky costs more trust than a doubtful risk
# is worth, but a danger that is missed costs more than both.
_LEAST_SURE, _LEAST_AGREED, _LEAST_DANGER = 0.9, 0.7, 0.5
# Words of a text that is read whole, and of a part where there are more.
_WHOLE, _PART = 400, 115


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
    standing, doubtful = _by_doubt(case, reader)
    known, seen, its_own = _codes(standing), _codes(doubtful), _its_own(case, reader)
    asked = known | seen | its_own
    by_part = [
        {
            code: chance
            for code, chance in zip(reader.codes, part.odds.chances, strict=True)
            if code in asked
        }
        for part in parts
    ]
    chances = {code: max(each[code] for each in by_part) for code in by_part[0]}
    believed = _believed(case, reader, by_part, known, seen)
    kept = [(hit, _agreed(hit, chances.get(hit.risk.code))) for hit in standing]
    kept += [
        (hit, _agreed(hit, chances[hit.risk.code])) for hit in doubtful if hit.risk.code in believed
    ]
    doubted = [hit for hit in doubtful if hit.risk.code not in believed]
    own = [
        finding
        for code in sorted(believed & its_own)
        for finding in own_findings(case, reader, parts, code, _spoken_of(case, kept, code))
    ]
    return Weighed(kept, doubted, own)


def _by_doubt(case: Case, reader: SecondReader) -> tuple[list[Hit], list[Hit]]:
    """What the rules say that the reader cannot doubt, and what it can.

    It knows nothing of a page's own figures, and only the patterns that it has met in training: an
    operator's own rules stand. Of figures it knows no better than they do.
    """
    standing: list[Hit] = []
    doubtful: list[Hit] = []
    for hit in case.hits:
        known = hit.words is not None and f"{hit.risk.code}/{hit.by.id}" in reader.features
        (doubtful if known and not case.stands(hit) else standing).append(hit)
    return standing, doubtful


def _believed(
    case: Case,
    reader: SecondReader,
    by_part: list[dict[str, float]],
    known: set[str],
    seen: set[str],
) -> set[str]:
    """The risks that the reader believes in, each part judged as a text of its own."""
    believed: set[str] = set()
    for chances in by_part:
        if known or _is_risky(case, chances, seen):
            believed |= _named(case, reader, chances, known)
    return believed


def _its_own(case: Case, reader: SecondReader) -> set[str]:
    """The risks of which the reader may speak by itself."""
    known = set(reader.codes) & case.rulebook.risks.keys()
    return known - case.excused_by_stage() - case.settled()


def _codes(hits: list[Hit]) -> set[str]:
    return {hit.risk.code for hit in hits}


def _is_risky(case: Case, chances: Mapping[str, float], said_by_rules: set[str]) -> bool:
    """Whether a text is one to speak of: asked of all risks together before any by itself.

    Several faint ones may make one that is not; and one that would do beside others is no reason to
    disturb somebody over a text that is innocent but for it.
    """
    dangers = _dangers(case, chances)
    agreed = max((chances[code] for code in said_by_rules & chances.keys()), default=0.0)
    return (
        _any(chances, chances) >= _LEAST_SURE
        or agreed >= _LEAST_AGREED
        or _any(chances, dangers) >= _LEAST_DANGER
    )


def _any(chances: Mapping[str, float], codes: Iterable[str]) -> float:
    """How likely it is that one at least of some risks holds."""
    return 1 - math.prod(1 - chances[code] for code in codes)


def _dangers(case: Case, codes: Iterable[str]) -> set[str]:
    risks = case.rulebook.risks
    return {code for code in codes if risks[code].weight is Weight.DANGER}


def _named(
    case: Case, reader: SecondReader, chances: Mapping[str, float], known: set[str]
) -> set[str]:
    """The risks that are likely enough, of a text that holds some; `known` stand already.

    Where no danger is among them, and one may well be there, the likeliest is named; and one risk at
    least: a text is not called risky without a reason.
    """
    believed = {code for code, chance in chances.items() if chance >= reader.thresholds[code]}
    dangers = _dangers(case, chances)
    if not _dangers(case, believed | known) and _any(chances, dangers) >= _LEAST_DANGER:
        believed.add(max(dangers, key=chances.__getitem__))
    if not believed | known:
        believed.add(max(chances, key=chances.__getitem__))
    return believed


def _parts(case: Case, reader: SecondReader) -> Iterator[Part]:
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
        yield Part(first, reader.read(lemmas[first:last], here, situation, seen[begin:end]))


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


def _agreed(hit: Hit, chance: float | None) -> float:
    """What both are sure of is surer than the reader alone would be; figures are as sure as they are."""
    if hit.words is None or chance is None:
        return hit.by.confidence
    return round(max(chance, (chance + hit.by.confidence) / 2), 2)


def _spoken_of(case: Case, kept: list[tuple[Hit, float]], code: str) -> set[int]:
    """The sentences in which the rules point at a risk already."""
    return {
        case.reading.sentence_at(hit.words.start)
        for hit, _ in kept
        if hit.words and hit.risk.code == code
    }

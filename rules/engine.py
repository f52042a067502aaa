"""The verdict: a text and facts in, an Assessment out. Pure, and the same every time.

The rules speak first (`case.py`). The second reader then weighs what they said: a finding that it
does not believe becomes a near miss, and a risk that it sees where the rules have no words is
added, quoted, and named as its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from rules.case import Case, Hit
from rules.facts import as_facts
from rules.models import (
    TEXT_LIMIT,
    Assessment,
    Excused,
    Finding,
    Level,
    Submission,
    Weight,
)
from rules.notes import notes
from rules.rulebook import Rulebook
from rules.second_reader import Floats, Ints, Odds, SecondReader

#: What the second reader's own findings are called, and the frame of what it does not believe.
SECOND_READER = "second-reader"
DOUBTED = "second_reader"
_CLAUSE_END = re.compile(r"[、。,;!?\n]|\. ")
_QUOTE_LIMIT = 60
_QUOTE_LEAST = 12
_QUOTE_REACH = 24
# The reader says nothing of its own about a sentence with fewer different words ('ああああ').
_LEAST_VARIETY = 3


def vet(submission: Submission, rulebook: Rulebook) -> Assessment:
    """Judges one submission. Never raises on any text."""
    case = Case(submission, rulebook)
    case.hear_rules()
    findings = [_finding(case, hit) for hit in case.hits]
    excused = [_excused(case, hit, str(hit.frame)) for hit in case.misses]
    if rulebook.second_reader is not None:
        findings, doubted = _weighed(case, rulebook.second_reader, findings)
        excused += doubted
    findings.sort(key=lambda each: (each.start or 0, each.code))
    return Assessment(
        level=level_of(findings),
        findings=tuple(findings),
        notes=tuple(notes(case, frozenset(each.code for each in findings))),
        excused=tuple(excused),
        platform=case.platform,
        stage=case.stage,
        stage_said=submission.stage is not None,
        kind=case.kind,
        lang=case.reading.lang,
        facts=as_facts(case.facts),
        truncated=len(submission.text) > TEXT_LIMIT,
        concepts=frozenset(case.reading.concepts),
    )


def level_of(findings: Iterable[Finding]) -> Level:
    """The level that follows from the risks (LABELS: by this rule alone)."""
    weights = {finding.code: finding.weight for finding in findings}
    if not weights:
        return Level.CLEAR
    lure = "too_good_to_be_true" in weights and not weights.keys().isdisjoint(
        {"off_platform_contact", "vague_work"}
    )
    if Weight.DANGER in weights.values() or lure or len(weights) >= 3:
        return Level.DANGER
    return Level.CAUTION


def _finding(case: Case, hit: Hit) -> Finding:
    quote, start, end = _quoted(case, hit)
    return Finding(
        code=hit.risk.code,
        weight=hit.risk.weight,
        quote=quote,
        start=start,
        end=end,
        pattern=hit.by.id,
        confidence=hit.by.confidence,
        concepts=_mentioned(case, hit.words.start, hit.words.end) if hit.words else frozenset(),
    )


def _mentioned(case: Case, start: int, end: int) -> frozenset[str]:
    """The concepts that stretch over any of `plain[start:end]`."""
    first, last = case.reading.sentence_at(start), case.reading.sentence_at(end - 1)
    return frozenset(
        concept
        for sentence in case.reading.sentences[first : last + 1]
        for concept, mentions in sentence.by.items()
        if any(each.start < end and start < each.end for each in mentions)
    )


def _excused(case: Case, hit: Hit, frame: str) -> Excused:
    quote, start, end = _quoted(case, hit)
    return Excused(
        code=hit.risk.code, pattern=hit.by.id, quote=quote, start=start, end=end, frame=frame
    )


def _quoted(case: Case, hit: Hit) -> tuple[str, int | None, int | None]:
    """The exact words of a hit, none cut in two, and their place in the original."""
    if hit.words is None:
        return "", None, None
    words = case.reading.words
    first = bisect_right(words.starts, hit.words.start) - 1
    last = bisect_left(words.ends, hit.words.end)
    begin, stop = hit.words.start, hit.words.end
    if first >= 0 and words.ends[first] > begin:
        begin = words.starts[first]
    if last < len(words) and words.starts[last] < stop:
        stop = words.ends[last]
    if stop - begin < _QUOTE_LEAST:
        stop = _trimmed(case.reading.plain, begin, _clause_end(case, begin, stop))[1]
    start, end = case.reading.normalised.span(begin, stop)
    return case.reading.normalised.original[start:end], start, end


def _clause_end(case: Case, begin: int, stop: int) -> int:
    """Where the clause round a short quote ends, if that is not far: 'LINEにて' says too little."""
    sentence = case.reading.sentences[case.reading.sentence_at(begin)]
    limit = min(sentence.end, stop + _QUOTE_REACH)
    found = _CLAUSE_END.search(case.reading.plain, stop, limit)
    if found:
        return found.start()
    return sentence.end if sentence.end <= stop + _QUOTE_REACH else stop


# ---- the second reader's part -----------------------------------------------------------------


def _weighed(
    case: Case, reader: SecondReader, findings: list[Finding]
) -> tuple[list[Finding], list[Excused]]:
    """The findings that the second reader believes, with its own; and those that it doubts."""
    _, firsts = case.readable_sentences()
    if not firsts:
        return findings, []
    odds = reader.read(case.reading.words.lemmas, firsts, case.situation(), case.seen_by_rules())
    chances = dict(zip(reader.codes, odds.probabilities.max(axis=0).tolist(), strict=True))
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
            kept.extend(_own_finding(case, reader, odds, code))
    return kept, doubted


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


def _own_finding(case: Case, reader: SecondReader, odds: Odds, code: str) -> Iterator[Finding]:
    """The sentence in which the reader sees a risk, cut to the clause that speaks most for it."""
    risk = case.rulebook.risks.get(code)
    if risk is None:
        return
    column = reader.codes.index(code)
    at = int(odds.odds[:, column].argmax())
    if odds.variety(at) < _LEAST_VARIETY:
        return
    start, end = _spoken_clause(case, reader, odds, code, at)
    first, last = case.reading.normalised.span(start, end)
    yield Finding(
        code=code,
        weight=risk.weight,
        quote=case.reading.normalised.original[first:last],
        start=first,
        end=last,
        pattern=SECOND_READER,
        confidence=round(float(odds.probabilities[at, column]), 2),
        concepts=_mentioned(case, start, end),
    )


def _spoken_clause(
    case: Case, reader: SecondReader, odds: Odds, code: str, at: int
) -> tuple[int, int]:
    """The clause of a sentence whose words speak most for a code; short ones join the next."""
    words = case.reading.words
    first = int(odds.firsts[at])
    last = int(odds.firsts[at + 1]) if at + 1 < len(odds.firsts) else len(words)
    begin, end = words.starts[first], words.ends[last - 1]
    plain = case.reading.plain
    if end - begin <= _QUOTE_LIMIT:
        return _trimmed(plain, begin, end)
    reasons = reader.reasons(odds, at, code)
    cuts = [begin, *(m.end() for m in _CLAUSE_END.finditer(plain, begin, end - 1)), end]
    starts = np.array(words.starts[first : first + len(reasons)], np.int64)
    clauses = list(pairwise(cuts))
    best = max(clauses, key=lambda clause: _weight(reasons, starts, clause))
    return _trimmed(plain, *best)


def _weight(reasons: Floats, starts: Ints, clause: tuple[int, int]) -> float:
    inside = (starts >= clause[0]) & (starts < clause[1])
    return float(np.maximum(reasons[inside], 0).sum())


def _trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    """A clause without blanks and stops at its ends."""
    while end > start + 1 and plain[end - 1] in " \n、。,;!?.":
        end -= 1
    while start < end - 1 and plain[start] in " \n":
        start += 1
    return start, end

"""The verdict: a text and facts in, an Assessment out. Pure, and the same every time.

The rules speak first (`case.py`); the second reader then weighs what they said (`weighing.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

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
from rules.quoting import mentioned, quoted
from rules.rulebook import Rulebook
from rules.weighing import DOUBTED, unweighed, weigh


def vet(submission: Submission, rulebook: Rulebook, off: Collection[str] = ()) -> Assessment:
    """Judges one submission. Never raises on any text. `off`: codes that are not looked for."""
    case = Case(submission, rulebook)
    case.hear_rules()
    weighed = weigh(case, rulebook.second_reader) if rulebook.second_reader else unweighed(case)
    findings = [_finding(case, hit, confidence) for hit, confidence in weighed.believed]
    findings += weighed.own
    excused = [_excused(case, hit, str(hit.frame)) for hit in case.misses]
    excused += [_excused(case, hit, DOUBTED) for hit in weighed.doubted]
    findings = [each for each in findings if each.code not in off]
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
        not_sought=tuple(code for code in rulebook.risks if code in off),
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


def _finding(case: Case, hit: Hit, confidence: float) -> Finding:
    quote, start, end = quoted(case, hit)
    return Finding(
        code=hit.risk.code,
        weight=hit.risk.weight,
        quote=quote,
        start=start,
        end=end,
        pattern=hit.by.id,
        confidence=confidence,
        concepts=mentioned(case, hit.words.start, hit.words.end) if hit.words else frozenset(),
    )


def _excused(case: Case, hit: Hit, frame: str) -> Excused:
    quote, start, end = quoted(case, hit)
    return Excused(
        code=hit.risk.code, pattern=hit.by.id, quote=quote, start=start, end=end, frame=frame
    )

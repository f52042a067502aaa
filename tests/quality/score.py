"""Scoring verdicts against labelled texts, as LABELS.md defines right and wrong.

A code that a label lists under 'may' counts neither for nor against, nor does the level that
follows from it. Evidence: a rightly found code has a finding that overlaps the labelled quote and
is no longer than it by more than 80 characters.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rules import Assessment, Kind, Level, Rulebook, Stage, Submission, vet

CORPORA = Path(__file__).parent.parent / "corpora"
_SLACK = 80


@dataclass(frozen=True)
class Label:
    """One labelled text."""

    id: str
    lang: str
    kind: str
    platform: str | None
    stage: str | None
    text: str
    level: str
    quotes: dict[str, str]
    may: frozenset[str]
    levels: frozenset[str]
    source: str

    @property
    def submission(self) -> Submission:
        """What the bot is given of it."""
        return Submission(
            text=self.text,
            kind=Kind(self.kind),
            platform=self.platform,
            stage=Stage(self.stage) if self.stage else None,
        )


def read_labels(paths: Iterable[Path]) -> list[Label]:
    """All labelled texts of some files, in order."""
    return [
        _label(json.loads(line), path.stem)
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def _label(entry: dict[str, Any], source: str) -> Label:
    return Label(
        id=entry["id"],
        lang=entry["lang"],
        kind=entry["kind"],
        platform=entry["platform"],
        stage=entry["stage"],
        text=entry["text"],
        level=entry["level"],
        quotes={risk["code"]: risk["quote"] for risk in entry["risks"]},
        may=frozenset(entry.get("may") or ()),
        levels=frozenset({entry["level"], *(entry.get("may_level") or ())}),
        source=source,
    )


@dataclass(frozen=True)
class Verdict:
    """A label with what the bot said."""

    label: Label
    assessment: Assessment

    @property
    def found(self) -> frozenset[str]:
        """The codes that count."""
        return frozenset(self.assessment.codes) - self.label.may

    @property
    def wanted(self) -> frozenset[str]:
        """The codes that should have been found."""
        return frozenset(self.label.quotes)

    @property
    def level_is_right(self) -> bool:
        """Whether the level is one that the label accepts."""
        return self.assessment.level in self.label.levels

    def evidence(self) -> list[bool]:
        """For each rightly found code with a labelled quote: whether a finding points at it."""
        return [
            self._shows(code, quote)
            for code, quote in self.label.quotes.items()
            if quote and code in self.found
        ]

    def _shows(self, code: str, quote: str) -> bool:
        spans = [
            (each.start, each.end)
            for each in self.assessment.findings
            if each.code == code and each.start is not None and each.end is not None
        ]
        places = _all_places(self.label.text, quote)
        return any(
            end - start <= len(quote) + _SLACK and start < at + len(quote) and at < end
            for start, end in spans
            for at in places
        )


def _all_places(text: str, quote: str) -> list[int]:
    places: list[int] = []
    at = text.find(quote)
    while at >= 0:
        places.append(at)
        at = text.find(quote, at + 1)
    return places


def judge(labels: Iterable[Label], rulebook: Rulebook) -> list[Verdict]:
    """The bot's verdict on each text."""
    return [Verdict(label, vet(label.submission, rulebook)) for label in labels]


@dataclass
class Counts:
    """True and false positives and false negatives."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Of what was found, the part that is right."""
        return self.right / (self.right + self.extra) if self.right + self.extra else 0.0

    @property
    def recall(self) -> float:
        """Of what should be found, the part that was."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.right / (2 * self.right + self.extra + self.missed) if self.right else 0.0


@dataclass
class Score:
    """All figures on some texts."""

    texts: int
    codes: dict[str, Counts]
    micro: Counts
    macro_f1: float
    level_accuracy: float
    danger_recall: float
    false_alarms: float
    evidence: float
    misses: list[Verdict] = field(default_factory=list[Verdict])


def score(verdicts: Sequence[Verdict]) -> Score:
    """The figures on some verdicts."""
    codes: dict[str, Counts] = {}
    for verdict in verdicts:
        for code in verdict.wanted | verdict.found:
            counts = codes.setdefault(code, Counts())
            if code not in verdict.found:
                counts.missed += 1
            elif code in verdict.wanted:
                counts.right += 1
            else:
                counts.extra += 1
    micro = Counts(
        sum(each.right for each in codes.values()),
        sum(each.extra for each in codes.values()),
        sum(each.missed for each in codes.values()),
    )
    clear = [each for each in verdicts if each.label.level == Level.CLEAR]
    danger = [each for each in verdicts if each.label.level == Level.DANGER]
    return Score(
        texts=len(verdicts),
        codes=dict(sorted(codes.items())),
        micro=micro,
        macro_f1=_mean([each.f1 for each in codes.values()]),
        level_accuracy=_mean([each.level_is_right for each in verdicts]),
        danger_recall=_mean([each.level_is_right for each in danger]),
        false_alarms=_mean([not each.level_is_right for each in clear], empty=0.0),
        evidence=_mean([shown for each in verdicts for shown in each.evidence()]),
        misses=[each for each in verdicts if each.wanted != each.found],
    )


#: The figures that sum a score up, by name.
FIGURES: dict[str, Callable[[Score], float]] = {
    "micro F1": lambda each: each.micro.f1,
    "macro F1": lambda each: each.macro_f1,
    "level accuracy": lambda each: each.level_accuracy,
    "danger recall": lambda each: each.danger_recall,
    "false alarms": lambda each: each.false_alarms,
    "evidence": lambda each: each.evidence,
}


def _mean(values: Sequence[float], empty: float = 1.0) -> float:
    return sum(values) / len(values) if values else empty


def interval(
    verdicts: Sequence[Verdict], figure: Callable[[Score], float], rounds: int = 300
) -> tuple[float, float]:
    """The 95 % bootstrap interval of a figure, texts drawn with replacement (seeded)."""
    rng = random.Random(7)
    values = sorted(figure(score(rng.choices(verdicts, k=len(verdicts)))) for _ in range(rounds))
    return values[int(0.025 * rounds)], values[int(0.975 * rounds) - 1]


def by(verdicts: Iterable[Verdict], key: Callable[[Label], str]) -> dict[str, list[Verdict]]:
    """Verdicts in groups, by a property of their labels."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(key(verdict.label), []).append(verdict)
    return dict(sorted(groups.items()))


def pattern_counts(verdicts: Iterable[Verdict]) -> dict[tuple[str, str], tuple[int, int]]:
    """For each pattern, how often it spoke rightly and wrongly."""
    right: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    for verdict in verdicts:
        for finding in verdict.assessment.findings:
            if finding.code not in verdict.label.may:
                counter = right if finding.code in verdict.wanted else wrong
                counter[finding.code, finding.pattern] += 1
    return {key: (right[key], wrong[key]) for key in sorted(right.keys() | wrong.keys())}

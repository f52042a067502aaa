"""`make quality`: how right the verdicts are on labelled texts.

python -m tests.quality [FILE …] [--code CODE] [--misses] [--patterns] [--rules-only]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rules import load_rulebook
from tests.quality.score import (
    CORPORA,
    FIGURES,
    Label,
    Score,
    Verdict,
    by,
    interval,
    judge,
    pattern_counts,
    read_labels,
    score,
)

_LENGTHS = (60, 150, 300, 600)


def main() -> None:
    """Prints the table, and what is asked for beside it."""
    options = _options()
    labels = read_labels(options.files or sorted(CORPORA.glob("*.jsonl")))
    rulebook = load_rulebook(second_reader=not options.rules_only)
    verdicts = judge(labels, rulebook)
    if options.misses:
        _print_misses(verdicts, options.code)
    _print_groups(verdicts)
    _print_codes(score(verdicts), options.code)
    if options.patterns:
        _print_patterns(verdicts, options.code)
    _print_whole(verdicts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="default: all of tests/corpora")
    parser.add_argument("--code", help="only this risk code")
    parser.add_argument("--misses", action="store_true", help="list what was missed or too much")
    parser.add_argument("--hits", "--patterns", dest="patterns", action="store_true")
    parser.add_argument("--rules-only", action="store_true", help="without the second reader")
    return parser.parse_args()


def _print_groups(verdicts: Sequence[Verdict]) -> None:
    print(f"{'':22} texts  micro F1  level  danger  alarms  evidence")
    for key in (_source, _lang, _kind, _length):
        for name, group in by(verdicts, key).items():
            print(f"{name:22} {_figures(score(group))}")


def _figures(figures: Score) -> str:
    return (
        f"{figures.texts:5}  {figures.micro.f1:8.3f}  {figures.level_accuracy:5.3f}  "
        f"{figures.danger_recall:6.3f}  {figures.false_alarms:6.3f}  {figures.evidence:8.3f}"
    )


def _source(label: Label) -> str:
    return label.source


def _lang(label: Label) -> str:
    return f"language {label.lang}"


def _kind(label: Label) -> str:
    return f"kind {label.kind}"


def _length(label: Label) -> str:
    upper = next((each for each in _LENGTHS if len(label.text) <= each), None)
    return f"up to {upper:4} characters" if upper else f"over  {_LENGTHS[-1]} characters"


def _print_codes(figures: Score, only: str | None) -> None:
    for code, counts in figures.codes.items():
        if only in (None, code):
            print(
                f"{code:26} precision {counts.precision:.3f}  recall {counts.recall:.3f}  "
                f"F1 {counts.f1:.3f}  (n {counts.right + counts.missed})"
            )


def _print_patterns(verdicts: Sequence[Verdict], only: str | None) -> None:
    for (code, pattern), (right, wrong) in pattern_counts(verdicts).items():
        if only in (None, code):
            print(f"   {code}/{pattern:34} right {right:4}  wrong {wrong:4}")


def _print_misses(verdicts: Sequence[Verdict], only: str | None) -> None:
    for verdict in verdicts:
        label = verdict.label
        for code in sorted(verdict.wanted ^ verdict.found):
            if only not in (None, code):
                continue
            said = [
                f"{each.pattern}: {each.quote}"
                for each in verdict.assessment.findings
                if each.code == code
            ]
            near = [
                f"{each.pattern}/{each.frame}: {each.quote}"
                for each in verdict.assessment.excused
                if each.code == code
            ]
            what = f"EXTRA {said}" if code in verdict.found else f"MISSED {label.quotes[code]!r}"
            print(f"\n{code} {label.id} {label.platform} {label.stage} {what} near: {near}")
            print(label.text)


def _print_whole(verdicts: Sequence[Verdict]) -> None:
    figures = score(verdicts)
    print(f"{'all':22} {_figures(figures)}")
    print(f"micro precision {figures.micro.precision:.3f}  recall {figures.micro.recall:.3f}")
    for name, figure in FIGURES.items():
        low, high = interval(verdicts, figure)
        print(f"{name:16} {figure(figures):.3f}  (95 %: {low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()

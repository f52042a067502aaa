"""The verdicts on all labelled texts are at least as right as they were when last recorded.

`make record` writes the figures anew, for changes that are meant.
"""

import json
from pathlib import Path

from rules import load_rulebook
from tests.quality.score import CORPORA, FIGURES, judge, read_labels, score

RECORDED = Path(__file__).with_name("recorded.json")
_ROOM = 0.005


def figures() -> dict[str, float]:
    """The figures of this moment, rounded as they are kept."""
    labels = read_labels(sorted(CORPORA.glob("*.jsonl")))
    found = score(judge(labels, load_rulebook()))
    return {name: round(figure(found), 4) for name, figure in FIGURES.items()}


def test_no_figure_has_fallen() -> None:
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    now = figures()
    assert now["micro F1"] >= recorded["micro F1"] - _ROOM
    assert now["false alarms"] <= recorded["false alarms"] + _ROOM
    assert now["evidence"] >= recorded["evidence"] - _ROOM


def test_the_labels_follow_their_own_rules() -> None:
    codes = set(load_rulebook().risks)
    for label in read_labels(sorted(CORPORA.glob("*.jsonl"))):
        assert set(label.quotes) <= codes, label.id
        assert label.may <= codes, label.id
        assert all(quote in label.text for quote in label.quotes.values()), label.id
        assert (label.level == "clear") is (not label.quotes), label.id


if __name__ == "__main__":
    RECORDED.write_text(json.dumps(figures(), indent=2) + "\n", encoding="utf-8")

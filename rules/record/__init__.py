"""The client's record in figures: rating, orders, completion rate, counted reviews.

Each figure is read in several ways, the best first: a labelled one ('総合評価 4.0') goes before
one that is only told ('まだ2回目'). Each way is a regular expression that is tried only where one
of its own label words is in the text, and its gaps are bounded, so that the time grows with the
text and no faster. Figures of others (an app's rating, the worker's own) are left alone.
"""

from __future__ import annotations

from ahocorasick_rs import AhoCorasick, MatchKind

from rules.figures import Fact
from rules.record.orders import ORDERS
from rules.record.others import COMPLETIONS, COUNTED, UNRATED
from rules.record.rating import RATINGS
from rules.record.reading import found

_FIGURES = {
    "rating": RATINGS,
    "orders": ORDERS,
    "completion_rate": COMPLETIONS,
    "unrated": UNRATED,
    "badly_reviewed": COUNTED,
}
_LABELS = sorted(
    {
        label
        for tiers in _FIGURES.values()
        for tier in tiers
        for way in tier.ways
        for label in way.labels
    }
)
_FOUND = AhoCorasick(_LABELS, matchkind=MatchKind.Standard).find_matches_as_indexes


def record(plain: str) -> dict[str, Fact]:
    """The figures that a normalised text tells of the client, by fact name."""
    facts: dict[str, Fact] = {}
    labels = {_LABELS[which] for which, _, _ in _FOUND(plain, overlapping=True)}
    for name, tiers in _FIGURES.items():
        for tier in tiers:
            if figures := list(found(tier, plain, labels)):
                facts[name] = min(figures, key=lambda fact: fact.value)
                break
    _drop_defaults(facts)
    return facts


def _drop_defaults(facts: dict[str, Fact]) -> None:
    """Takes away what the sites show where there is nothing to show yet."""
    if "rating" in facts and facts["rating"].value == 0:
        facts.setdefault("unrated", Fact(True, facts["rating"].span))
        del facts["rating"]
    rate = facts.get("completion_rate")
    if rate is not None and rate.value == 0 and "rating" not in facts:
        del facts["completion_rate"]
    if "orders" in facts or "rating" in facts:
        facts.pop("unrated", None)  # it says nothing more

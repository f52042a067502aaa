"""The table of what a page says of the client: what is good, what is missing. For every door."""

from __future__ import annotations

from typing import Literal

from bot.reading.models import Posting
from bot.reading.texts import texts
from rules import Lang, Rulebook
from rules.case import meets
from rules.figures import Fact
from rules.format import FactOnPage
from rules.models import Frozen

Sign = Literal["good", "weak", "missing"]
_CHECKS = ("identity_verified", "rules_checked", "payment_verified")
_ORDER: tuple[FactOnPage, ...] = (
    "identity_verified",
    "rules_checked",
    "payment_verified",
    "rating",
    "orders",
    "completion_rate",
)


class Row(Frozen):
    """One fact. `weak`: a rule may speak of it; `missing`: the page does not say it."""

    label: str
    value: str
    sign: Sign


def client_table(posting: Posting, rulebook: Rulebook, lang: Lang) -> tuple[Row, ...]:
    """The facts that the page states, and those that pages of this site usually state."""
    said = texts(lang)
    shown = rulebook.site(posting.platform).page.shows
    rows: list[Row] = []
    for fact in _ORDER:
        value: bool | float | None = getattr(posting.client, fact)
        if value is None:
            if fact in shown:
                rows.append(_row(fact, said["value_missing"], "missing", said))
            continue
        sign: Sign = "weak" if _is_weak(fact, value, rulebook) else "good"
        rows.append(_row(fact, _worded(fact, value, said), sign, said))
    return tuple(rows)


def _row(fact: str, value: str, sign: Sign, said: dict[str, str]) -> Row:
    return Row(label=said[f"fact_{fact}"], value=value, sign=sign)


def _worded(fact: str, value: bool | float, said: dict[str, str]) -> str:
    if fact in _CHECKS:
        return said["value_done" if value else "value_open"]
    return said[f"value_{fact}"].format(value=f"{value:,.10g}")


def _is_weak(fact: str, value: bool | float, rulebook: Rulebook) -> bool:
    """Whether one of the rules speaks of such a figure, whatever might excuse it."""
    return any(
        condition.fact == fact and meets(Fact(value, None), condition)
        for risk in rulebook.risks.values()
        for condition in risk.conditions
    )

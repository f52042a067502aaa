"""The weekly digest: how much was vetted in a workspace, which risks were found, nothing personal.

Counts are all it is made of. In a small team even a count may tell whose text it was: where few
were vetted there is no more than that, and what was found seldom is not named.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from bot.desk.weeks import Week
from rules import Level
from rules.models import Frozen

#: Fewer texts than this, and the digest says only that there were few.
FEW = 5
#: A risk that was found less often than this is not named.
SELDOM = 3
_NAMED = 5


class Summary(Frozen):
    """What there is to tell of a week: `vetted` texts, by `levels`, and `risks` by their codes.

    Both are empty where `few` were vetted; `seldom` is how many risks are not named.
    """

    week: Week
    vetted: int
    few: bool = False
    levels: dict[Level, int] = Field(default_factory=dict[Level, int])
    risks: tuple[tuple[str, int], ...] = ()
    seldom: int = 0


def summary(week: Week, counts: Mapping[str, int]) -> Summary | None:
    """What the counts of a week come to; None where nothing was vetted, and nothing is told."""
    levels = {level: counts.get(f"level:{level}", 0) for level in Level}
    vetted = sum(levels.values())
    if vetted < FEW:
        return Summary(week=week, vetted=vetted, few=True) if vetted else None
    found = {
        what.removeprefix("code:"): number
        for what, number in counts.items()
        if what.startswith("code:")
    }
    often = [each for each in found.items() if each[1] >= SELDOM]
    often.sort(key=lambda each: (-each[1], each[0]))
    named = tuple(often[:_NAMED])
    return Summary(
        week=week,
        vetted=vetted,
        levels=levels,
        risks=named,
        seldom=len(found) - len(named),
    )

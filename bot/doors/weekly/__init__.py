"""The weekly digest in words, for every door that sends one; what they say is data, as elsewhere."""

from __future__ import annotations

import calendar
from datetime import date
from functools import cache
from pathlib import Path

from bot.desk.digest import FEW, Summary
from bot.doors.wording import clipped
from rules import Lang, Level, Rulebook
from rules.loading import read_yaml
from rules.models import Frozen

_TITLE = 80


class InWords(Frozen):
    """A digest, part by part: `levels` and `risks` are lists, blank where there is nothing to list.

    `lead` is one sentence, `private` the small print.
    """

    title: str
    lead: str
    levels: tuple[str, ...] = ()
    risks_title: str = ""
    risks: tuple[str, ...] = ()
    private: str


@cache
def _texts(lang: Lang) -> dict[str, str]:
    said: dict[str, str] = read_yaml(Path(__file__).with_name(f"{lang}.yaml"))
    return said


def in_words(summary: Summary, rulebook: Rulebook, lang: Lang) -> InWords:
    """What a digest says in one language."""
    said = _texts(lang)
    first, last = (_day(each, said) for each in (summary.week.monday, summary.week.sunday))
    frame = InWords(
        title=said["title"].format(first=first, last=last), lead="", private=said["private"]
    )
    if summary.few:
        return frame.model_copy(update={"lead": said["few"].format(limit=FEW)})
    risks = [
        said["risk"].format(title=_title(code, rulebook, lang), count=number)
        for code, number in summary.risks
    ]
    if summary.seldom and risks:
        risks.append(said["seldom"].format(count=summary.seldom))
    return frame.model_copy(
        update={
            "lead": said["vetted"].format(count=summary.vetted),
            "levels": tuple(
                said["level"].format(name=said[level], count=summary.levels[level])
                for level in reversed(Level)
            ),
            "risks_title": said["risks"] if risks else "",
            "risks": tuple(risks),
        }
    )


def _title(code: str, rulebook: Rulebook, lang: Lang) -> str:
    """What a risk is called; its code, where it was found under rules that are no more."""
    risk = rulebook.risks.get(code)
    return clipped(risk.say[lang].title, _TITLE) if risk else code


def _day(day: date, said: dict[str, str]) -> str:
    return said["day"].format(month=day.month, day=day.day, name=calendar.month_abbr[day.month])

"""Pay in figures: what an hour comes to, and ranges that say nothing; `sums.py` adds up.

Only figures that stand together are compared: an amount and its effort a few words apart. Yen are
the common measure; other currencies are turned into yen at round rates, close enough for 'ordinary'
against 'far too much'.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rules.figures import DIGITS, Fact, each_from, holds_any, in_digits
from rules.sums import contradiction

_YEN = {"円": 1.0, "yen": 1.0, "¥": 1.0, "$": 150.0, "usd": 150.0, "usdt": 150.0, "ドル": 150.0,
        "dollar": 150.0, "bucks": 150.0, "€": 160.0, "eur": 160.0, "euro": 160.0, "ユーロ": 160.0,
        "£": 190.0, "gbp": 190.0, "pound": 190.0, "quid": 190.0}  # fmt: skip
_MONEY = re.compile(
    rf"(?P<sign>[$€£¥])\s?(?P<western>{DIGITS})(?P<kilo>k\b)?"
    rf"|(?P<n>{DIGITS})\s?(?P<man>万)?(?:(?P<sen>\d(?:\.\d)?)\s?千)?\s?"
    r"(?P<unit>円|ドル|ユーロ|usdt?|yen|dollars?|bucks|euros?|eur|gbp|pounds?|quid)?"
)
_MONEY_BEGINS = re.compile(r"[$€£¥\d]")
# One of these stands in every amount of money, one of those in every effort.
_CURRENCIES = ("万", *_YEN)
_CLOCK = ("分", "時間", "min", "hour", "hr")
_PERIODS = (
    # each with how often it comes in four weeks
    (re.compile(r"月収|月給|月額|毎月|月に|ひと月|[1一][かヶカ]月|月|a month|per month|monthly|each month|/ ?mo"), 1.0),
    (re.compile(r"週給|毎週|週に|[1一]週間|週|a week|per week|weekly|each week|/ ?w(?:ee)?k"), 4.0),
    (re.compile(r"日給|日当|毎日|日に|[1一]日|a day|per day|daily|each day|/ ?day"), 20.0),
)  # fmt: skip
_EFFORT = re.compile(
    r"(?P<per>[1一]日|毎日|毎朝|毎晩|日に|週に?|月に?)\s?(?:[にはで約たっの]{0,4})(?P<n>\d{1,3})(?:[~-]\d{1,3})?\s?(?P<unit>分|時間)"
    r"|(?P<m>\d{1,3})(?:[~-]\d{1,3})?\s?(?P<english>minutes?|mins?|hours?|hrs?)(?: of work)?\s?(?:a|per|each|every|/|daily)\s?(?P<every>day|week|month|evening|morning)?"
)
_EFFORT_BEGINS = re.compile(r"[\d一毎日週月]")
# What makes a period a piece of the effort: '1日30分で3万円'.
_PART_OF_EFFORT = re.compile(r"[にはで約たっの]{0,4}\s?\d{1,3}(?:[~-]\d{1,3})?\s?(?:分|時間)")
_TIMES = {"日": 20.0, "朝": 20.0, "晩": 20.0, "週": 4.0, "月": 1.0,
          "day": 20.0, "evening": 20.0, "morning": 20.0, "week": 4.0, "month": 1.0}  # fmt: skip
# How far an amount may stand from its period, and from the effort that it is paid for.
_BESIDE = 14
_NEAR = 80


@dataclass(frozen=True, slots=True)
class _Money:
    """An amount in yen at `plain[start:end]`."""

    yen: float
    start: int
    end: int


def pay_facts(plain: str) -> dict[str, Fact]:
    """What the figures of a normalised text say about the pay, by fact name."""
    amounts = list(_amounts(plain))
    facts: dict[str, Fact] = {}
    if hour := _per_hour(plain, amounts):
        facts["pay_per_hour"] = hour
    if span := contradiction(plain):
        facts["pay_contradicts"] = Fact(True, span)
    if wide := _widest_range(plain, amounts):
        facts["pay_range"] = wide
    return facts


def _amounts(plain: str) -> Iterator[_Money]:
    """Every amount of money, in order; bare numbers are none."""
    if not holds_any(plain, _CURRENCIES):
        return
    for match in each_from(_MONEY_BEGINS, _MONEY, plain):
        if (yen := _yen(match)) is not None:
            yield _Money(yen, match.start(), match.end())


def _yen(match: re.Match[str]) -> float | None:
    """The yen that a match of `_MONEY` is worth; None where it is no money."""
    if sign := match["sign"]:
        return in_digits(match["western"]) * (1000 if match["kilo"] else 1) * _YEN[sign]
    unit, man = match["unit"], match["man"]
    if not unit and not man:
        return None
    value = in_digits(match["n"]) * (10_000 if man else 1)
    value += float(match["sen"] or 0) * 1000
    return value * _rate(unit or "円")


def _rate(unit: str) -> float:
    return _YEN.get(unit) or _YEN[unit.rstrip("s")]


def _per_hour(plain: str, amounts: list[_Money]) -> Fact | None:
    """The best pay for an hour that an amount and the effort beside it come to."""
    efforts = list(each_from(_EFFORT_BEGINS, _EFFORT, plain)) if holds_any(plain, _CLOCK) else []
    starts = [each.start() for each in efforts]
    best: Fact | None = None
    for money in amounts if efforts else ():
        after = bisect_left(starts, money.start)
        effort = min(
            efforts[max(0, after - 1) : after + 1],
            key=lambda each: abs(each.start() - money.start),
        )
        times = _paid_times(plain, money) or _paid_by_effort(effort, money)
        hours = _hours(effort)
        start, end = min(money.start, effort.start()), max(money.end, effort.end())
        if times and hours and end - start <= _NEAR:
            hour = money.yen * times / hours
            if best is None or hour > best.value:
                best = Fact(hour, (start, end))
    return best


def _paid_times(plain: str, money: _Money) -> float | None:
    """How often in four weeks an amount is paid, by the nearest word for it."""
    before = plain[max(0, money.start - _BESIDE) : money.start]
    after = plain[money.end : money.end + _BESIDE].lstrip(" (/")
    nearest, times = -1, None
    for words, often in _PERIODS:
        if words.match(after):
            return often
        for word in words.finditer(before):
            if word.end() > nearest and not _PART_OF_EFFORT.match(before, word.end()):
                nearest, times = word.end(), often
    return times


def _paid_by_effort(effort: re.Match[str], money: _Money) -> float | None:
    """'1日4時間で25,000円': the effort itself says how often it is paid."""
    return _period(effort) if 0 <= money.start - effort.end() <= 4 else None


def _period(effort: re.Match[str]) -> float:
    """How often an effort comes in four weeks."""
    return _TIMES[effort["per"].rstrip("に")[-1] if effort["unit"] else effort["every"] or "day"]


def _hours(match: re.Match[str]) -> float:
    """Hours of work in four weeks."""
    number = float(match["n"] or match["m"])
    minutes = match["unit"] == "分" or (match["english"] or "").startswith("m")
    return number / (60 if minutes else 1) * _period(match)


_BETWEEN = re.compile(r"^\s?(?:円|ドル)?\s?(?:[~-]|から|and|to)\s?$")


def _widest_range(plain: str, amounts: list[_Money]) -> Fact | None:
    """The highest amount of a range, in multiples of its lowest."""
    widest: Fact | None = None
    for low, high in pairwise(amounts):
        if (
            not low.yen
            or high.start - low.end > 8
            or not _BETWEEN.match(plain[low.end : high.start])
        ):
            continue
        times = high.yen / low.yen
        if widest is None or times > widest.value:
            widest = Fact(times, (low.start, high.end))
    return widest

"""Pay in figures: what an hour comes to, sums that do not add up, ranges that say nothing.

Only figures that stand together are compared: an amount and its effort a few words apart, a rate
and the number of pieces it is paid for. Yen are the common measure; other currencies are turned
into yen at round rates, close enough for 'ordinary' against 'far too much'.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rules.figures import Fact, each_from, holds_any

_YEN = {"円": 1.0, "yen": 1.0, "¥": 1.0, "$": 150.0, "usd": 150.0, "usdt": 150.0, "ドル": 150.0,
        "dollar": 150.0, "bucks": 150.0, "€": 160.0, "eur": 160.0, "euro": 160.0, "ユーロ": 160.0,
        "£": 190.0, "gbp": 190.0, "pound": 190.0, "quid": 190.0}  # fmt: skip
_DIGITS = r"(?<![\d.,])\d{1,3}(?:,\d{3}){1,2}(?:\.\d{1,2})?(?!\d|,\d)|(?<![\d.,])\d{1,7}(?:\.\d{1,2})?(?!\d)"
_MONEY = re.compile(
    rf"(?P<sign>[$€£¥])\s?(?P<western>{_DIGITS})(?P<kilo>k\b)?"
    rf"|(?P<n>{_DIGITS})\s?(?P<man>万)?(?:(?P<sen>\d(?:\.\d)?)\s?千)?\s?"
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
    if span := _wrong_sum(plain) or _two_totals(plain) or _two_rates(plain):
        facts["pay_contradicts"] = Fact(True, span)
    if wide := _widest_range(plain, amounts):
        facts["pay_range"] = wide
    return facts


def _number(written: str) -> float:
    return float(written.replace(",", ""))


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
        return _number(match["western"]) * (1000 if match["kilo"] else 1) * _YEN[sign]
    unit, man = match["unit"], match["man"]
    if not unit and not man:
        return None
    value = _number(match["n"]) * (10_000 if man else 1)
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


_UNIT_RATE = re.compile(
    rf"(?P<unit>文字|字|語)(?:単価)?\s?(?:あたり|につき|は|が|を|:)?\s?(?P<rate>\d{{1,2}}(?:\.\d{{1,2}})?)\s?円"
    rf"|(?P<price>{_DIGITS})\s?円\s?[×x*]\s?(?P<times>{_DIGITS})"
    rf"|(?:[$€£]\s?(?P<western>{_DIGITS})|(?P<cents>\d{{1,2}}(?:\.\d)?)\s?(?:cents?|¢)|(?P<yen>{_DIGITS})\s?yen)"
    r"\s?(?:per|/|an?|each)\s?(?P<word>word|character|page|image|photo|minute|hour|line)\b"
)
_UNIT_RATE_BEGINS = re.compile(r"[文字語\d$€£]")
# One of these stands in each rate that is compared.
_RATED = (
    "字",
    "語",
    "×",
    "x",
    "*",
    "word",
    "character",
    "page",
    "image",
    "photo",
    "minute",
    "hour",
    "line",
)
_LENGTH = re.compile(
    rf"(?P<n>{_DIGITS})\s?(?P<man>万)?\s?(?P<unit>文字|字|語|words?)(?!\s?(?:単価|[\d.]))"
)
_PRICED_LENGTH = re.compile(
    rf"(?P<n>{_DIGITS})\s?(?P<man>万)?\s?(?P<unit>文字|字|語)(?=で\s?{_DIGITS}\s?円)"
)
_AMOUNT_OF = {
    word: re.compile(rf"(?<!to )(?<![–~-])(?P<n>{_DIGITS})(?P<kilo>k)?[\s-]?{word}s?\b")
    for word in ("word", "character", "page", "image", "photo", "minute", "hour", "line")
}
_IN_ENGLISH = re.compile(
    r"(?:=|\b(?:comes? to|works? out (?:at|to)|totals?|total of|total is|makes|that'?s|that is|which is|so)\b:?)"
    rf"\s?(?:about |roughly |around |only |just )?(?:[$€£]\s?(?P<n>{_DIGITS})|(?P<yen>{_DIGITS})\s?yen)"
)
# Other figures beside them: of a number of pieces, or put right in the same breath.
_COUNT = re.compile(
    r"(?<![\d,.])(?P<n>\d{1,3})\s?(?:枚|本|件|記事|点|曲|ページ|個|回|話|名|人|か月|articles?|pieces?|episodes?|items?|posts?|times)"
)
_PUT_RIGHT = re.compile(
    r"正しくは|訂正|間違|誤り|誤って|通常は|ふつうの|普段は|本来は|実際には|半額|割引"
    r"|\b(?:correct(?:ion|ed)?|typo|mistake|usually|normally|instead of|half (?:the )?price)\b"
)
_FURTHER = 200
_TOTAL = re.compile(
    r"(?:[1一](?:本|記事|件|話|ページ|回)(?:あたり|につき)?|で|計|合計|総額|=|→|なので|、)\s?"
    rf"(?:約|合計)?\s?(?P<n>{_DIGITS})\s?円"
)


def _wrong_sum(plain: str) -> tuple[int, int] | None:
    """A rate for each character, a length and a price that do not go together, in that reach."""
    if not holds_any(plain, _CURRENCIES) or not holds_any(plain, _RATED):
        return None
    for rate in each_from(_UNIT_RATE_BEGINS, _UNIT_RATE, plain):
        found = _by_piece(plain, rate) if rate["word"] else _by_length(plain, rate)
        if not found:
            continue
        total, worked_out = found
        start, end = min(rate.start(), total.start()), max(rate.end(), total.end())
        near = plain[max(0, start - 40) : end + 40]
        if not _agree(_number(total["n"] or total["yen"]), worked_out, near):
            return start, end
    return None


def _by_length(plain: str, rate: re.Match[str]) -> tuple[re.Match[str], float] | None:
    """The sum that is stated beside a rate in yen, and the one that the rate comes to."""
    if rate["price"]:
        worked_out = _number(rate["price"]) * _number(rate["times"])
        total = _TOTAL.search(plain, rate.end(), rate.end() + 24)
        return (total, worked_out) if total else None
    around = (max(0, rate.start() - 40), rate.end() + 40)
    length = _LENGTH.search(plain, *around) or _priced_length(plain, rate.end())
    if not length or _STEPS.search(plain, rate.end(), length.end()):
        return None
    worked_out = _number(rate["rate"]) * _number(length["n"]) * (10_000 if length["man"] else 1)
    total = _TOTAL.search(plain, min(length.start(), rate.end()), length.end() + 24)
    return (total, worked_out) if total else None


def _by_piece(plain: str, rate: re.Match[str]) -> tuple[re.Match[str], float] | None:
    """The same in English: '2 cents a word, 3,000 words, that's $20'."""
    amount = _AMOUNT_OF[rate["word"]]
    length = amount.search(plain, rate.end(), rate.end() + 60)
    length = length or amount.search(plain, max(0, rate.start() - 60), rate.start())
    if not length:
        return None
    each = float(rate["cents"]) / 100 if rate["cents"] else _number(rate["western"] or rate["yen"])
    last = max(length.end(), rate.end())
    total = _IN_ENGLISH.search(plain, last, last + 40)
    worked_out = each * _number(length["n"]) * (1000 if length["kilo"] else 1)
    return (total, worked_out) if total and bool(total["yen"]) is bool(rate["yen"]) else None


def _priced_length(plain: str, start: int) -> re.Match[str] | None:
    """A length with its price beside it ('3,000字で1,500円'), further down than others are looked for."""
    return _PRICED_LENGTH.search(plain, start, start + _FURTHER)


def _agree(stated: float, worked_out: float, near: str) -> bool:
    """Whether they go together, for one piece or for one of the numbers of pieces that stand near."""
    if _PUT_RIGHT.search(near):
        return True
    counts = {1.0, *(_number(match["n"]) for match in _COUNT.finditer(near))}
    return not all(_disagree(stated, worked_out * count) for count in counts)


def _disagree(stated: float, worked_out: float) -> bool:
    """Further apart than tax, fees and rounding explain."""
    return worked_out > 0 and stated > 5 and not 0.7 <= stated / worked_out <= 1.4


_FIXED = re.compile(rf"(?:固定報酬(?:制)?|固定|予算)\s?[::]?\s?(?P<n>{_DIGITS})\s?円(?!\s?[~-])")
_IN_ALL = re.compile(
    rf"(?:あわせて|合わせて|合計|総額|全部で|トータルで?|一式で?)\s?(?P<n>{_DIGITS})\s?円"
)


def _two_totals(plain: str) -> tuple[int, int] | None:
    """A fixed price at the head, and another sum for all of it further down."""
    fixed = _FIXED.search(plain)
    in_all = _IN_ALL.search(plain) if fixed else None
    if fixed and in_all and _disagree(_number(in_all["n"]), _number(fixed["n"])):
        return in_all.span()
    return None


_RATES = re.compile(
    r"(?P<what>文字単価|1文字(?:あたり|につき)?|時給|時間単価|日給|月給|1記事(?:あたり|につき)?|1本(?:あたり|につき)?)"
    rf"\s?[::は]?\s?(?P<n>{_DIGITS})\s?円"
)
_STEPS = re.compile(
    r"テスト|トライアル|研修|試用|試し|初回|採用後|本採用|昇給|最初|継続|追加|以降|から.{0,6}まで"
)
_STEP_REACH = 30
_SAME = {"1文字": "文字単価", "時間単価": "時給"}


def _two_rates(plain: str) -> tuple[int, int] | None:
    """The title's rate against the body's, where no step up or down is spoken of."""
    title_end = plain.find("\n")
    if title_end < 0:
        return None
    promised: dict[str, float] = {}
    for rate in _RATES.finditer(plain):
        if _STEPS.search(_beside(plain, rate)):
            continue
        what = rate["what"].removesuffix("あたり").removesuffix("につき")
        what, value = _SAME.get(what, what), _number(rate["n"])
        if rate.start() < title_end:
            promised[what] = value
        elif what in promised and not 0.45 <= value / promised[what] <= 2.2:
            return rate.span()
    return None


def _beside(plain: str, rate: re.Match[str]) -> str:
    """What is said shortly before a rate, and after it in its sentence."""
    after = plain[rate.end() : rate.end() + _STEP_REACH].partition("。")[0]
    return plain[max(0, rate.start() - _STEP_REACH) : rate.start()] + "\n" + after


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

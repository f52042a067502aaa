"""Sums that do not add up: a rate and its pieces against a total, a title's figure against the body's.

Only figures that stand together are compared.
"""

from __future__ import annotations

import re

from rules.figures import DIGITS, each_from, holds_any, in_digits

# One of these stands beside every sum that is compared.
_CURRENCIES = ("円", "yen", "$", "€", "£")


def contradiction(plain: str) -> tuple[int, int] | None:
    """Where the figures of a normalised text contradict each other."""
    return _wrong_sum(plain) or _two_totals(plain) or _two_rates(plain)


_ENGLISH_PIECES = ("word", "character", "page", "image", "photo", "minute", "hour", "line")
_UNIT_RATE = re.compile(
    rf"(?P<unit>文字|字|語)(?:単価)?\s?(?:あたり|につき|は|が|を|:)?\s?(?P<rate>\d{{1,2}}(?:\.\d{{1,2}})?)\s?円"
    rf"|(?P<price>{DIGITS})\s?円\s?[×x*]\s?(?P<times>{DIGITS})"
    rf"|(?:[$€£]\s?(?P<western>{DIGITS})|(?P<cents>\d{{1,2}}(?:\.\d)?)\s?(?:cents?|¢)|(?P<yen>{DIGITS})\s?yen)"
    rf"\s?(?:per|/|an?|each)\s?(?P<word>{'|'.join(_ENGLISH_PIECES)})\b"
)
_UNIT_RATE_BEGINS = re.compile(r"[文字語\d$€£]")
# One of these stands in each rate that is compared.
_RATED = ("字", "語", "×", "x", "*", *_ENGLISH_PIECES)
_LENGTH = re.compile(
    rf"(?P<n>{DIGITS})\s?(?P<man>万)?\s?(?P<unit>文字|字|語|words?)(?!\s?(?:単価|[\d.]))"
)
_PRICED_LENGTH = re.compile(
    rf"(?P<n>{DIGITS})\s?(?P<man>万)?\s?(?P<unit>文字|字|語)(?=で\s?{DIGITS}\s?円)"
)
_AMOUNT = re.compile(
    rf"(?<!to )(?<![–~-])(?P<n>{DIGITS})(?P<kilo>k)?[\s-]?(?P<word>{'|'.join(_ENGLISH_PIECES)})s?\b"
)
_IN_ENGLISH = re.compile(
    r"(?:=|\b(?:comes? to|works? out (?:at|to)|totals?|total of|total is|makes|that'?s|that is|which is|so)\b:?)"
    rf"\s?(?:about |roughly |around |only |just )?(?:[$€£]\s?(?P<n>{DIGITS})|(?P<yen>{DIGITS})\s?yen)"
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
    rf"(?:約|合計)?\s?(?P<n>{DIGITS})\s?円"
)


def _wrong_sum(plain: str) -> tuple[int, int] | None:
    """A rate, a number of pieces and a total, close together, that do not agree."""
    if not holds_any(plain, _CURRENCIES) or not holds_any(plain, _RATED):
        return None
    for rate in each_from(_UNIT_RATE_BEGINS, _UNIT_RATE, plain):
        found = _by_piece(plain, rate) if rate["word"] else _by_length(plain, rate)
        if not found:
            continue
        total, worked_out = found
        start, end = min(rate.start(), total.start()), max(rate.end(), total.end())
        near = plain[max(0, start - 40) : end + 40]
        if not _agree(in_digits(total["n"] or total["yen"]), worked_out, near):
            return start, end
    return None


def _by_length(plain: str, rate: re.Match[str]) -> tuple[re.Match[str], float] | None:
    """The sum that is stated beside a rate in yen, and the one that the rate comes to."""
    if rate["price"]:
        worked_out = in_digits(rate["price"]) * in_digits(rate["times"])
        total = _TOTAL.search(plain, rate.end(), rate.end() + 24)
        return (total, worked_out) if total else None
    around = (max(0, rate.start() - 40), rate.end() + 40)
    length = _LENGTH.search(plain, *around) or _priced_length(plain, rate.end())
    if not length or _STEPS.search(plain, rate.end(), length.end()):
        return None
    worked_out = in_digits(rate["rate"]) * in_digits(length["n"]) * (10_000 if length["man"] else 1)
    total = _TOTAL.search(plain, min(length.start(), rate.end()), length.end() + 24)
    return (total, worked_out) if total else None


def _by_piece(plain: str, rate: re.Match[str]) -> tuple[re.Match[str], float] | None:
    """The same in English: '2 cents a word, 3,000 words, that's $20'."""
    after = _amount(plain, rate["word"], rate.end(), rate.end() + 60)
    length = after or _amount(plain, rate["word"], max(0, rate.start() - 60), rate.start())
    if not length:
        return None
    each = (
        float(rate["cents"]) / 100 if rate["cents"] else in_digits(rate["western"] or rate["yen"])
    )
    last = max(length.end(), rate.end())
    total = _IN_ENGLISH.search(plain, last, last + 40)
    worked_out = each * in_digits(length["n"]) * (1000 if length["kilo"] else 1)
    return (total, worked_out) if total and bool(total["yen"]) is bool(rate["yen"]) else None


def _amount(plain: str, word: str, start: int, end: int) -> re.Match[str] | None:
    found = (each for each in _AMOUNT.finditer(plain, start, end) if each["word"] == word)
    return next(found, None)


def _priced_length(plain: str, start: int) -> re.Match[str] | None:
    """A length with its price beside it ('3,000字で1,500円'), further down than others are looked for."""
    return _PRICED_LENGTH.search(plain, start, start + _FURTHER)


def _agree(stated: float, worked_out: float, near: str) -> bool:
    """Whether they go together, for one piece or for one of the numbers of pieces that stand near."""
    if _PUT_RIGHT.search(near):
        return True
    counts = {1.0, *(in_digits(match["n"]) for match in _COUNT.finditer(near))}
    return not all(_disagree(stated, worked_out * count) for count in counts)


def _disagree(stated: float, worked_out: float) -> bool:
    """Further apart than tax, fees and rounding explain."""
    return worked_out > 0 and stated > 5 and not 0.7 <= stated / worked_out <= 1.4


_FIXED = re.compile(rf"(?:固定報酬(?:制)?|固定|予算)\s?[::]?\s?(?P<n>{DIGITS})\s?円(?!\s?[~-])")
_IN_ALL = re.compile(
    rf"(?:あわせて|合わせて|合計|総額|全部で|トータルで?|一式で?)\s?(?P<n>{DIGITS})\s?円"
)


def _two_totals(plain: str) -> tuple[int, int] | None:
    """A fixed price at the head, and another sum for all of it further down."""
    fixed = _FIXED.search(plain)
    in_all = _IN_ALL.search(plain) if fixed else None
    if fixed and in_all and _disagree(in_digits(in_all["n"]), in_digits(fixed["n"])):
        return in_all.span()
    return None


_RATES = re.compile(
    r"(?P<what>文字単価|1文字(?:あたり|につき)?|時給|時間単価|日給|月給|1記事(?:あたり|につき)?|1本(?:あたり|につき)?)"
    rf"\s?[::は]?\s?(?P<n>{DIGITS})\s?円"
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
        what, value = _SAME.get(what, what), in_digits(rate["n"])
        if rate.start() < title_end:
            promised[what] = value
        elif what in promised and not 0.45 <= value / promised[what] <= 2.2:
            return rate.span()
    return None


def _beside(plain: str, rate: re.Match[str]) -> str:
    """What is said shortly before a rate, and after it in its sentence."""
    after = plain[rate.end() : rate.end() + _STEP_REACH].partition("。")[0]
    return plain[max(0, rate.start() - _STEP_REACH) : rate.start()] + "\n" + after

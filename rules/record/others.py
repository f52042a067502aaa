"""The rest of the record: completion rate, no rating yet, reviews that are counted."""

from __future__ import annotations

import re

from rules.figures import Fact, before, value_of
from rules.record.reading import GAP, NEEDED, OTHERS, N, Tier, way


def _unrated(plain: str, match: re.Match[str]) -> Fact | None:
    told = before(plain, match.start(), 12)
    if OTHERS.search(told) or "you " in told or NEEDED.match(plain, match.end()):
        return None
    return Fact(True, match.span())


def _counted_reviews(_: str, match: re.Match[str]) -> Fact | None:
    good, bad = int(match["good"]), int(match["bad"])
    return Fact(True, match.span()) if bad and bad * 5 >= good + bad else None


UNRATED = (
    Tier(
        _unrated,
        (
            way(
                "評価 レビュー",
                r"(?:総合評価|評価|レビュー)(?:は|も|が|というのも"
                r"|というものも)?[\s:]{0,3}(?:なし|無し|ナシ|ゼロ|まだ(?:あり|ござい|な[いし]"
                r"|ナシ)|一件も(?:あり|な)|--|—|ー(?=\s|$))",
            ),
            way(
                "review rating feedback",
                r"\b(?:no|zero|0|without any|not any) (?:reviews?|ratings?|feedback)(?: yet"
                r"| so far| at all)?(?=\s*(?:$|[.,;:|/·)—–\-]|on my|on our|wrote|and\b|here))",
            ),
            way(
                "review rating feedback",
                r"\b(?:rating|reviews|feedback)\s*[:=]\s*(?:none|no|n/a|-)",
            ),
        ),
    ),
)
COUNTED = (
    Tier(
        _counted_reviews,
        (
            way(
                "残念 不満",
                r"満足\D{0,3}(?P<good>\d{1,5})\D{0,6}(?:残念|不満足?)\D{0,3}(?P<bad>\d{1,5})",
            ),
            way(
                "negative unhappy thumbs",
                r"(?P<good>\d{1,5}) (?:positive|happy|thumbs up|satisfied)\D{0,6}"
                r"(?P<bad>\d{1,5}) (?:negative|unhappy|thumbs down|dissatisfied)",
            ),
            way(
                "悪い 低評価",
                r"(?:良い|高)評価?\D{0,5}(?P<good>\d{1,5})\D{0,8}(?:悪い"
                r"|低)評価?\D{0,5}(?P<bad>\d{1,5})",
            ),
        ),
    ),
)


_OTHER_RATES = re.compile(
    r"視聴|講座|受講|購入|入力|フォーム|作業|進捗|動画|コース|学習|ダウンロード|お客"
    r"|course|video|survey|checkout|your|lesson|funnel|profile is"
)
_TENTHS = re.compile(r"割(?:(?P<more>[一二三四五六七八九\d])分|(?P<half>半))?")


def _completion(plain: str, match: re.Match[str]) -> Fact | None:
    if _OTHER_RATES.search(before(plain, match.start(), 14)):
        return None
    written = match.groupdict().get("n")
    value = value_of(written) if written else 50.0
    if tenths := _TENTHS.search(match.group()):
        value *= 10
        if tenths["half"]:
            value += 5
        elif tenths["more"]:
            value += value_of(tenths["more"])
    return Fact(value, match.span()) if value <= 100 else None


_PERCENT = r"\s*(?:%|パーセント|percent\b|per cent\b|割(?:[一二三四五六七八九\d]分|半)?)"
COMPLETIONS = (
    Tier(
        _completion,
        (
            way(
                "完了 完遂 達成",
                rf"(?:完了|完遂|達成)率?{GAP}(?:は|が|も|まで|で|、)?{GAP}(?:およそ|約|わずか"
                rf"|たった|まだ|今|現在|\s){{0,3}}{N}{_PERCENT}(?!(?:以上|オフ|引|off|増|減))",
            ),
            way(
                "完了率 完遂率 達成率",
                r"(?:完了|完遂|達成)率(?:は|が|も)?[^。\n\d]{0,6}(?:半分|半々)",
            ),
            way(
                "完了率 完遂率 達成率",
                rf"(?:完了|完遂|達成)率{GAP}(?:は|が)?{GAP}(?P<n>\d{{1,3}}(?:\.\d)?)(?=\s*(?:$"
                r"|[、,/|・)]))",
            ),
            way(
                "completion",
                r"\bcompletion(?: rate)?\s*(?::|of|is|at|=|now|only|just|stands|sits|shows?"
                rf"|\s){{0,4}}\s*{N}\s*(?:%|percent\b|per cent\b)",
            ),
            way(
                "complet finish",
                rf"{N}\s*(?:%|percent|per cent) (?:project |job |order )?(?:completion|completed"
                r"|finished|of (?:the |my |our )?(?:projects|orders"
                r"|jobs)[^.\n]{0,14}(?:completed|finished))",
            ),
        ),
    ),
)

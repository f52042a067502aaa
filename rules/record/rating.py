"""The client's rating, on a scale of five."""

from __future__ import annotations

import re

from rules.figures import Fact, before, value_of
from rules.record.reading import GAP, OTHERS, N, Tier, way

_HIGHEST_RATING = 5.0
_NOTHING = {"no", "none", "nil", "zero", "ゼロ"}  # 'no rating' is no rating of nought
_CLIENT = re.compile(
    r"総合評価|クライアント|依頼主|依頼者|依頼人|発注者|発注元|募集者|募集主"
    r"|\b(?:client|buyer|employer|about us)\b"
)
# Units that make the number something else, and words that make it a demand.
_NO_RATING = (
    r"(?!\d|,\d{3}|\.\d|\s*(?:万|千|億|円|yen|件|%|時間|文字|字|年|か月|ヶ月|か所"
    r"|以上|以下|未満|を超|を下回|点を[切下割]|とのこと|と拝見)"
    r"|(?:人|名|分(?!野)|本|枚|回|社|倍|割|階|段|ページ|つ?をつけ|つ?を付け|つ?つけ|つ?で貼)"
    r"|\s*(?:hours?|years?|days?|k\b|usd|per\b|or (?:above|more|higher|better)"
    r"|and (?:above|up)|\+|x\b))"
)
_STARS = r"[★☆⭐星]"
_RATING_LABEL = (
    r"(?:総合評価|総合評点|総合満足度|評価平均|平均評価|評価点|評価|レビュー平均"
    r"|評点|満足度|\b(?:overall rating|average rating|rating|rated|evaluation))"
)
# These name other figures too: what follows must look like the end of a rating.
_LOOSE_LABEL = (
    r"(?:総合|レビュー|平均点|平均|スコア|\b(?:score|feedback|average|avg\.?|overall"
    r"|reviews?))"
)
_RATING_ENDS = (
    r"(?=\s*(?:$|[.,;:|/·、。()—–\-~!?」』\"'★☆]|で[すしあも、]|と|に|を|が|は|も"
    r"|くらい|ぐらい|ほど|点|台|まで|しか|ちょうど|前後|のまま|という"
    r"|(?:from|with|here|now|and|but|because|of \d|stars?|so|since|after|due|right"
    r"|these|at|out)\b|on (?:my|our|here|the|it|this)))"
)


_DEMANDED = re.compile(r"\b(?:above|over|at least|minimum|min|higher than|better than)\b")


def _rating(plain: str, match: re.Match[str]) -> Fact | None:
    written = match.groupdict().get("n")
    value = value_of(written) if written else _stars(match.group("stars"))
    if value > _HIGHEST_RATING or (value == 0 and written in _NOTHING):
        return None
    if _DEMANDED.search(match.group()):
        return None
    told = before(plain, match.start(), 18)
    if OTHERS.search(told) and (
        told.endswith("の") or not _CLIENT.search(told + match.group()[:12])
    ):
        return None
    return Fact(value, match.span())


def _stars(run: str) -> float:
    return sum(1 for char in run if char in "★⭐")


def _written_stars(plain: str, match: re.Match[str]) -> Fact | None:
    """Five stars in a row, some of them empty, where a label stands on the line or above it."""
    near = plain[max(0, match.start() - 30) : match.start()]
    return (
        _rating(plain, match)
        if re.search(r"評価|総合|レビュー|rating|client|依頼|発注", near)
        else None
    )


_RATING_LINK = (
    rf"{GAP}(?:は|が|も|の平均は|の平均|平均|点|だと)?{GAP}(?:約|およそ|ちょうど"
    r"|わずか|たった|まだ|今|現在|is|of|at|now|was|only|just|a|about|still|:"
    rf"|\s){{0,3}}\s*{_STARS}?\s*"
)
_DECIMAL = (
    r"(?P<n>(?<![\d.$¥€£,])[0-5]\.\d{1,2}"
    r"|(?<![〇零一二三四五六七八九十])[〇零一二三四五]・[〇零一二三四五六七八九]"
    r"{1,2})" + _NO_RATING
)
RATINGS = (
    Tier(
        _rating,
        (
            # 総合評価 4.0 / 評価は3.2 / 評価 三・七 / Rating: 3.8 / rated only 2.9
            way(
                "評価 評点 満足度 rating rated evaluation",
                _RATING_LABEL + _RATING_LINK + N + _NO_RATING,
            ),
            way(
                "総合 レビュー 平均 スコア score feedback average avg overall review",
                _LOOSE_LABEL + _RATING_LINK + N + _NO_RATING + _RATING_ENDS,
            ),
            # 五段階の2点台
            way("段階", r"(?:五|5)段階(?:中|の|で|評価)?[^。\n\d]{0,6}" + N + r"(?=点|\s|$|、|,)"),
        ),
    ),
    Tier(
        _rating,
        (
            # 3.6 of 11 reviews / 3.9 (16) / 2.6 stars / 3.2/5 / 3.4 average
            way(
                "/5 / of from based across average avg",
                r"(?P<n>[0-5](?<![\d.$¥€£,v].)(?:\.\d{1,2})?)\s*(?:/ ?5(?:\.0)?\b(?!\s*[件名人/])"
                r"|out of (?:5|five)\b|of \d+ (?:reviews?|ratings?)|(?:from|based on"
                r"|across) \d+ (?:reviews?|ratings?|projects?|orders?)|average\b|avg\b)",
            ),
            way("out", r"\b(?P<n>one|two|three|four)\s*(?:stars? )?out of (?:5|five)\b"),
            way(
                "star ★ ⭐ 件 人 レビュー review rating ( of",
                r"(?P<n>[0-5](?<![\d.$¥€£,v].)\.\d{1,2})\s*(?:stars?\b|★|⭐|(?:\("
                r"|,\s*)\d{1,4}(?:\s*(?:件|人|レビュー|reviews?|ratings?))\)?|\(\d{1,4}\)"
                r"|of \d+\b)",
            ),
            # ★3.5 / 星3.2 / 星は平均して二つ半
            way("★ ☆ ⭐ 星", rf"{_STARS}\s*(?:は|が|の|の数|平均|は平均して|、)?\s*{_DECIMAL}"),
            way("星", r"星[はが]?(?:平均(?:して|で)?|の数は)\s*" + N + r"(?!つを(?:つけ|付け))"),
            # 総合の評価は、今のところ2.2のまま / the total is 3.4 now / a 2.6 on my profile
            way(
                "評価 評点 総合 満足度 rating rated evaluation",
                rf"(?:{_RATING_LABEL}|総合)" + r"[^。\n!?\d]{0,24}?" + _DECIMAL + _RATING_ENDS,
            ),
            way(
                "profile page account total score",
                r"\b(?:profile|page|account|the total|score)\b[^.\n\d$]{0,24}?\b"
                + _DECIMAL
                + _RATING_ENDS,
            ),
            way(
                "profile? page? account?",
                r"\b(?:profile|page|account)\?[^\n\d$]{0,30}" + _DECIMAL + _RATING_ENDS,
            ),
            # alone between the marks of a client's line
            way(
                "verified hire spent 認証 確認",
                r"(?:verified|hires?|spent|認証済み?|確認済み?"
                r"|本人確認)[^\n\d$]{0,8}[.,;|/·・—–:\-]\s*"
                + _DECIMAL
                + r"(?=\s*(?:$|[.,;|/·・—–(\-]))",
            ),
            way(
                "verified hires 確認 (",
                r"^\s*(?P<n>[0-5]\.\d{1,2})(?=\s*(?:\(\d|[,;|/·—–].{0,30}(?:verified|hires"
                r"|確認)))",
            ),
            # I had 1.9 stars from two projects
            way(
                "star ★",
                r"\b(?:had|have|has|got|gave (?:me|us)|sits? at|stuck at|left (?:me|us)"
                r"|average of|dropped to)\s+(?:a |an |only |just )?"
                + N
                + r"[\s-]?(?:stars?|★)(?! hotel)",
            ),
        ),
    ),
    Tier(
        _written_stars,
        (way("★ ⭐", r"(?P<stars>(?<![★⭐☆])(?=[★⭐☆]{5}(?![★⭐☆]))[★⭐]{1,5}☆{0,4})"),),
    ),
    Tier(  # stars that the client got, where no average is told
        _rating,
        (
            way(
                "星 ★",
                rf"[星★]\s*{N}つ?(?:を|も|という|の評価を|しか)?[^。\n]{{0,6}}(?:いただ[いき]|頂"
                r"|もら|ちょうだい|頂戴|つけられ|付けられ|食ら|付いて|ついて)(?!ましたら|たら|る"
                r"|け)",
            ),
        ),
    ),
)

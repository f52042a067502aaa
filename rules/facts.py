"""Figures in a text: the client's record, and pay against time and length.

A figure counts only where its label is beside it ('総合評価 4.0', '3.6 of 11 reviews'); nothing is
guessed. Yen are the common measure: other currencies are turned into yen at round rates, which is
close enough for 'ordinary' against 'far too much'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rules.models import Facts

Value = float | bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact's value and the words it was read from (None: it came from a page)."""

    value: Value
    span: tuple[int, int] | None


_HIGHEST = {"rating": 5.0, "completion_rate": 100.0}
FactTable = Mapping[str, Fact]

_SCORE = r"(?P<n>[0-5](?:\.\d{1,2})?)"
_END = r"(?![\d.]*\d|\s*(?:万|円|yen|件|%|人|名|時間|文字|年|か月|ヶ月|本|枚|か所|hours?|years?|k\b|usd))"
_RATINGS = [
    re.compile(r"(?:総合評価|評価|レビュー平均|平均点|スコア|星|★+|☆+|⭐+)(?:点|平均)?\s*(?:は|が|も|の平均は|:|=|…)?\s*(?:★|☆|⭐|星|約)?\s*" + _SCORE + _END),
    re.compile(r"(?:rating|rated|score|feedback|stars?)(?: of| is|:| at|=)?\s*(?:a |only |just )?" + _SCORE + _END),
    re.compile(r"(?<![\d.$])" + _SCORE + r"\s*(?:stars?|★|☆|⭐|/\s*5|out of (?:5|five)|of \d+ (?:reviews?|ratings?)|from \d+|\(\d+ (?:reviews?|ratings?)\)|average|avg)"),
]  # fmt: skip
_ZERO = r"(?:なし|ゼロ|零|まだ(?:あり|ござい)|無し|いまだ|これから|ありません|none|no\b)"
_ORDER_LABEL = (
    r"(?:募集実績|発注実績|依頼実績|発注数|発注件数|発注の実績|発注経験|発注の経験|取引実績|発注)"
)
_ORDERS = [
    re.compile(_ORDER_LABEL + r"(?:数)?\s*(?:は|が|も|:|…|と評価は)?\s*(?:まだ|わずか|のべ|計|累計)?\s*(?:(?P<n>\d[\d,]{0,6})(?!\s*(?:円|%|年|か月|文字|時間|\.\d))|" + _ZERO + ")"),
    re.compile(r"(?<![\d.$,])(?P<n>\d[\d,]{0,6})\s*(?:件|回)(?:の|ほどの)?(?:発注|募集|依頼)(?:実績)?"),
    re.compile(r"(?<![\d.$,])(?P<n>\d[\d,]{0,6})\+?\s*(?:hires?|orders?|projects?|jobs? (?:completed|filled|done)|past (?:jobs|contracts)|contracts?)\b"),
    re.compile(r"\b(?P<zero>no|zero) (?:hires?|orders?|past (?:jobs|projects|orders)|previous (?:hires?|orders|projects)|completed projects)\b"),
    re.compile(r"\b(?:hires?|orders?|projects?)(?: so far| to date| placed| completed)?\s*[:=]\s*(?P<n>\d[\d,]{0,6})\b"),
]  # fmt: skip
_COMPLETION = [
    re.compile(r"(?:プロジェクト)?(?:完了|達成|完遂)率\s*(?:は|が|も|:|…)?\s*(?P<n>\d{1,3})(?:\.\d)?\s*(?:%|パーセント|割)?"),
    re.compile(r"(?:completion(?: rate)?|completed|completes)\s*(?::|of|is|at|rate)?\s*(?P<n>\d{1,3})(?:\.\d)?\s*(?:%|percent)"),
    re.compile(r"(?<!\d)(?P<n>\d{1,3})(?:\.\d)?\s*(?:%|percent) (?:completion|of (?:projects|orders|jobs) (?:completed|finished))"),
]  # fmt: skip
_GAP = r"[\s::は/・|()がもの書類等]{0,5}"
_NOT_DONE = r"(?:未|まだ|×|✕|いいえ|していま|しており|できていま|なし|済んでいま|出していま|終わっていま|終えていま|通りま|通ら|ありませ)"
_IDENTITY_NO = re.compile(
    r"(?:本人確認|身元確認|本人確認書類)"
    + _GAP
    + _NOT_DONE
    + r"|(?:identity|id)(?: is| has)?(?: been)? (?:not (?:yet )?(?:been )?(?:verified|confirmed|checked)|unverified|unconfirmed)|unverified (?:identity|client|id)"
)
_IDENTITY_YES = re.compile(
    r"(?:本人確認|身元確認)"
    + _GAP
    + r"(?:済|完了|○|〇|✓|✔|認証|はい|提出)|(?:identity|id)(?: is| has been|:)? (?:verified|confirmed|checked)"
)
_PAYMENT_NO = re.compile(
    r"(?:payment|billing)(?: method)?s?(?: is| has|:)?(?: been)? ?(?:not (?:yet )?(?:been )?(?:verified|confirmed)|unverified)|unverified (?:payment|billing)|no verified payment|(?:支払い?方法|決済方法|支払方法)[\s:は]{0,3}(?:未|not|unverified)"
)
_PAYMENT_YES = re.compile(
    r"(?:payment|billing)(?: method)?s?(?: is| has been|:)? ?(?:verified|confirmed)|(?<!un)verified payment|(?:支払い?方法|決済方法|支払方法)[\s:は]{0,3}(?:認証済|確認済|verified)|支払い?方法を認証"
)
_RULES_NO = re.compile(r"(?:発注)?ルールチェック" + _GAP + _NOT_DONE)
_RULES_YES = re.compile(r"(?:発注)?ルールチェック" + _GAP + r"(?:済|完了|○|〇|✓|✔|はい|合格)")

# Each kind of figure with words of which one must be there: most texts hold none of them.
_NUMBERS = (
    ("rating", ("評価", "レビュー", "平均点", "スコア", "星", "★", "☆", "⭐", "rat", "score", "feedback", "star", "review", "/5", "/ 5", "out of", "average", "avg"), _RATINGS),
    ("orders", ("発注", "募集", "依頼", "取引", "hire", "order", "project", "job", "contract"), _ORDERS),
    ("completion_rate", ("率", "complet", "finished"), _COMPLETION),
)  # fmt: skip
_FLAGS = (
    ("identity_verified", ("確認", "identity", "id "), _IDENTITY_NO, _IDENTITY_YES),
    ("payment_verified", ("支払", "決済", "payment", "billing"), _PAYMENT_NO, _PAYMENT_YES),
    ("rules_checked", ("ルールチェック",), _RULES_NO, _RULES_YES),
)


def client_facts(plain: str) -> dict[str, Fact]:
    """What a normalised text says about the client, by fact name."""
    facts: dict[str, Fact] = {}
    for name, labels, patterns in _NUMBERS:
        if any(label in plain for label in labels):
            _number(facts, name, patterns, plain)
    for name, labels, no, yes in _FLAGS:
        if any(label in plain for label in labels):
            _flag(facts, name, no, yes, plain)
    if "rating" in facts and facts["rating"].value == 0:
        del facts["rating"]  # 0 is how the sites write 'none yet'
    return facts


def _number(facts: dict[str, Fact], name: str, labels: list[re.Pattern[str]], plain: str) -> None:
    """The lowest figure beside any of its labels."""
    for label in labels:
        for match in label.finditer(plain):
            digits = match.groupdict().get("n")
            value = float(digits.replace(",", "")) if digits else 0.0
            if name == "completion_rate" and match.group().endswith("割"):
                value *= 10
            if value > _HIGHEST.get(name, value):
                continue  # no such figure on the sites' scales: something else was meant
            if name not in facts or value < facts[name].value:
                facts[name] = Fact(value, match.span())


def _flag(
    facts: dict[str, Fact], name: str, no: re.Pattern[str], yes: re.Pattern[str], plain: str
) -> None:
    if match := no.search(plain):
        facts[name] = Fact(False, match.span())
    elif match := yes.search(plain):
        facts[name] = Fact(True, match.span())


def merged(read: dict[str, Fact], given: Facts | None) -> dict[str, Fact]:
    """What the text says, overridden by what a page's own data says."""
    if given is None:
        return read
    known = given.model_dump(exclude={"name"}, exclude_none=True)
    return read | {name: Fact(value, None) for name, value in known.items()}


def as_facts(table: FactTable) -> Facts:
    """The table as the public model, without what the model does not carry."""
    values = {name: fact.value for name, fact in table.items() if name in Facts.model_fields}
    return Facts.model_validate(values)

"""How a figure of the record is read: tiers of ways, the best first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property

from rules.figures import NUMBER, NUMBER_BEGINS, Fact, each_from

Read = Callable[[str, re.Match[str]], Fact | None]
N = f"(?P<n>{NUMBER})"


@dataclass(frozen=True)
class Way:
    """One way to read a figure, tried only where one of `labels` is in the text."""

    labels: frozenset[str]
    expression: str
    with_number: bool
    """Whether it begins with a number."""

    @cached_property
    def written(self) -> re.Pattern[str]:
        """Compiled when first needed: together they would be a third of a cold start."""
        return re.compile(self.expression, re.MULTILINE)

    def matches(self, plain: str) -> Iterator[re.Match[str]]:
        """Everything in a text that is written so."""
        if self.with_number:
            return each_from(NUMBER_BEGINS, self.written, plain)
        return self.written.finditer(plain)


@dataclass(frozen=True, slots=True)
class Tier:
    """Ways that are equally good, and how a match of theirs is read."""

    read: Read
    ways: tuple[Way, ...]


def way(labels: str, written: str) -> Way:
    """A way with its label words; a gap is never longer than three characters."""
    gaps = written.replace(r"\s*", r"\s{0,3}")
    return Way(frozenset(labels.split()), gaps, with_number=written.startswith(N))


def found(tier: Tier, plain: str, labels: Set[str]) -> Iterator[Fact]:
    """Every fact that the ways of one tier read in a text, by the labels that stand in it."""
    for way in tier.ways:
        if not way.labels.isdisjoint(labels):
            for match in way.matches(plain):
                if fact := tier.read(plain, match):
                    yield fact


GAP = r"[\s:=|/…・,()「『【」』】\"'\-~]{0,5}"
# Whose figure it is, where it is not the client's.
OTHERS = re.compile(
    r"アプリ|ストア|お店|店舗|当店(?!の総合評価)|店の(?!総合評価)|商品|製品|競合|地図|マップ|google|グーグル"
    r"|食べログ|amazon|ホテル|旅館|施設|作品|書籍|動画|映画|ゲーム|飲食店"
    r"|応募者|ワーカー|受注者|あなた|貴方|貴殿|さんの|さまの|様の|ご自身|お客|顧客"
    r"|患者|口コミ|生徒|講師|既存の"
    r"|\b(?:apps?|store|listings?|products?|restaurants?|hotels?|books?|movies?"
    r"|games?|your|workers?|sellers?|competitors?|google|yelp|candidates?"
    r"|applicants?|minimum|at least|given to|our shop|above|proposals?|drivers?"
    r"|customers?|guests?)\b"
)
# What makes it a thing that workers may or must have.
NEEDED = re.compile(
    r"\s*(?:の|な)?(?:方(?:も|は|で|に|歓迎|の|、)|人も|でも(?:可|ok|大丈夫|歓迎)"
    r"|歓迎|ok\b|の(?:ワーカー|ライター))"
)

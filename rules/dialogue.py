"""What people say after an answer ('仮払い済みです', 'it's on Lancers', 'in English').

Every door uses this, so that a conversation goes on the same way everywhere. Whether a line is
such a remark or a new text to judge is decided here too.
"""

from __future__ import annotations

import re

from rules.models import Frozen, Lang, Stage
from rules.rulebook import Rulebook
from rules.text import normalise

#: A remark on the text before is short; a client's message seldom is.
_REMARK_LIMIT = 60

_STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (
        Stage.BEFORE_CONTRACT,
        re.compile(
            r"(?:契約|応募|仮払い?|エスクロー|入金)[はがをもの]?(?:する|した)?(?:まだ|前|未)|"
            r"まだ(?:契約|応募|仮払い?|何も)|未契約|契約していま?せん|契約してない|"
            r"(?:before|no|not yet a|without a) contract|not (?:yet )?(?:hired|contracted)|haven'?t (?:signed|accepted)"
        ),
    ),
    (
        Stage.CONTRACTED,
        re.compile(
            r"(?:仮払い?|エスクロー|入金)(?:は|が|も)?(?:まだ|これから|未)|契約(?:は|が)?(?:済|し(?:まし)?た|成立|しています|完了)|"
            r"契約のみ|contract(?:ed| (?:is )?(?:signed|accepted|started))|not (?:yet )?(?:funded|escrowed|paid)|hired|"
            r"(?:escrow|milestone) (?:is )?(?:not|isn'?t)"
        ),
    ),
    (
        Stage.ESCROWED,
        re.compile(
            r"(?:仮払い?|エスクロー|入金)(?:は|が|も|の手続きが)?(?:もう|すでに|既に)?(?:済|完了|され|終わ|確認|あり|し(?:まし)?た|してもら)|"
            r"(?:escrow|milestone|payment|it)(?: is| has been|'s)? (?:now |already )?(?:funded|escrowed|in(?: place)?\b)|"
            r"^(?:is )?escrowed|^funded|in escrow|order (?:is )?(?:paid|placed|active)"
        ),
    ),
)
_LANGS: tuple[tuple[Lang, re.Pattern[str]], ...] = (
    (Lang.EN, re.compile(r"\b(?:in )?english\b|英語")),
    (Lang.JA, re.compile(r"\b(?:in )?japanese\b|日本語")),
)
_QUESTION = re.compile(r"[?？]\s*$|ですか|ますか")


class Remark(Frozen):
    """What a person added about the text before. None: not spoken of."""

    platform: str | None = None
    stage: Stage | None = None
    lang: Lang | None = None


def understand(said: str, rulebook: Rulebook) -> Remark | None:
    """The remark in a short line; None where the line is a text to be judged by itself."""
    plain = normalise(said).plain.strip().rstrip("。.!！")
    if not plain or len(plain) > _REMARK_LIMIT or "\n" in plain:
        return None
    platform = _platform(plain, rulebook)
    stage = next((stage for stage, words in _STAGES if words.search(plain)), None)
    lang = next((lang for lang, words in _LANGS if words.search(plain)), None)
    if platform is None and stage is None and lang is None:
        return None
    if not _only_a_remark(plain, rulebook):
        return None
    return Remark(platform=platform, stage=stage, lang=lang)


def _platform(plain: str, rulebook: Rulebook) -> str | None:
    for site in rulebook.book.sites.values():
        names = (site.code, *site.mentions, *site.hosts)
        if site.code != "other" and any(normalise(name).plain in plain for name in names):
            return site.code
    if re.search(r"(?:他|ほか|別)のサイト|other (?:site|platform)|^other$", plain):
        return "other"
    return None


# What is left of a remark once its known words are taken away is next to nothing.
_FILLER = re.compile(
    r"[\s、,.。!'\"・:;()~ー-]|です|でした|ます|ました|だよ|だ|よ|ね|の|は|が|を|に|で|も|と|もう|すでに|既に|まだ|ので|して|した|案件|サイト|お願い|ください|説明|返信|切り替え|"
    r"\b(?:it|it's|is|its|on|the|a|an|in|this|was|has|been|now|already|yes|no|we|i|please|site|platform|job|message|s|'s|reply|answer|explain|payment|client|contract|order|and|to|from|for|me)\b"
)


def _only_a_remark(plain: str, rulebook: Rulebook) -> bool:
    if _QUESTION.search(plain):
        return False
    rest = plain
    for _, words in (*_STAGES, *_LANGS):
        rest = words.sub("", rest)
    for site in rulebook.book.sites.values():
        for name in sorted((site.code, *site.mentions, *site.hosts), key=len, reverse=True):
            rest = rest.replace(normalise(name).plain, "")
    return len(_FILLER.sub("", rest)) <= max(6, len(plain) // 4)

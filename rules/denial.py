"""Whether the words round a match deny it: 'not', 'no need to', answered with no, crossed out."""

from __future__ import annotations

import re

from rules.clauses import Reading, Sentence
from rules.models import Lang
from rules.vocabulary import Mention
from rules.words import is_japanese

# How far behind a Japanese match its negation may stand.
_DENIAL_REACH = 60
# No clause is read further than this from the match.
_CLAUSE_REACH = 200
_CLAUSE_END = {
    Lang.JA: re.compile(
        r"(?:が|ので|けど|けれど|けれども|から|し|ば|たら|なら|て|ため)[、,]|[。;!?\n]"
        r"|(?:です|ます|ました|ません|たい|ない|ん(?:です)?)(?:けど|けれど|ので|んで|が(?=[^、]))"
    ),
    Lang.EN: re.compile(
        r"[,;:.!?\n]| but | then | because | since | unless | so (?=(?:i|we|you|he|she|they|it|that)\b)"
    ),
}
# What follows a negation and turns it into a question ('ませんか', 'ない?'), a condition ('ない方は')
# or something else that denies nothing.
_NO_DENIAL = re.compile(
    r"(?:の?(?:です|でしょう)?か(?:ね|な)?(?=[。、,\s?!]|$)|かな|でしょうか|[?]|で?なければ|(?:けれ|かった)?[ばら]|たら"
    r"|なら|場合|人は|方は|限り|うち(?:に|は)|と(?:いけ|なら|困|思))"
)
# What an English clause may begin with after a comma; other commas only part the items of a list.
_NEW_CLAUSE = re.compile(
    r"\s*(?:(?:but|so|and|then|or|just|please|kindly)\s+)*"
    r"(?:i|we|you|he|she|they|it|that|there|this|let|just|please|kindly|my|our|your|because|which|who"
    r"|if|when|once|could|can|do|does|is|are|would|shall|what|instead|though|although|however|so|but"
    r"|then|[a-z]+ (?:me|us|him|her|them)|[\w'-]+ [\w'-]+ [\w'-]+ [\w'-]+)\b"
)


def in_japanese(reading: Reading, sentence: Sentence) -> bool:
    """The language of one sentence; texts mix them."""
    return reading.lang is Lang.JA and is_japanese(reading.plain[sentence.start : sentence.end])


def denied(reading: Reading, sentence: Sentence, match: Mention) -> bool:
    """A negation in the clause of the match: after it in Japanese, beside it in English."""
    if "narrator" not in reading.concepts and any(
        match.start <= each.end for each in sentence.by.get("asked_and_refused", ())
    ):
        return True
    if _answered_no(reading, sentence) or _CROSSED.match(reading.plain, sentence.start):
        return True
    negations = sentence.by.get("negation")
    if not negations:
        return False
    japanese = in_japanese(reading, sentence)
    start, end = _clause(reading, sentence, match, japanese=japanese)
    polite = sentence.by.get("polite_negative", ())
    anchor = _anchor(sentence, match)
    for negation in negations:
        if not start <= negation.start < end:
            continue
        if any(each.start < negation.end and negation.start < each.end for each in polite):
            continue
        if japanese and (
            negation.start < anchor
            or negation.start > match.end + _DENIAL_REACH
            or _NO_DENIAL.match(reading.plain, negation.end)
            or "しか" in reading.plain[match.start : negation.start]
        ):
            continue
        return True
    return False


def _anchor(sentence: Sentence, match: Mention) -> int:
    """Where the way to talk stands in a match that begins with something else, such as a reason."""
    return max(
        (
            each.start
            for each in sentence.by.get("outside_channel", ())
            if match.start <= each.start and each.end <= match.end
        ),
        default=match.start,
    )


# An entry of a list of things that are not done.
_CROSSED = re.compile(r"\s*[×✕✗❌✖🙅]")
_NO = re.compile(
    r"\s*(?:a\s*[.::)]?\s*)?(?:ありません|いいえ|不要|行いません|いりません|必要ありません"
    r"|ございません|no\b|none\b|never\b|not )"
)


def _answered_no(reading: Reading, sentence: Sentence) -> bool:
    """A question that is answered with no in the next sentence."""
    return reading.plain[sentence.start : sentence.end].rstrip(" \n」』\"'").endswith("?") and bool(
        _NO.match(reading.plain, sentence.end)
    )


def _clause(
    reading: Reading, sentence: Sentence, match: Mention, *, japanese: bool
) -> tuple[int, int]:
    """The clause round a match: from the last break before it to the first one after it."""
    plain = reading.plain
    start = max(sentence.start, match.start - _CLAUSE_REACH)
    end = min(sentence.end, match.end + _CLAUSE_REACH)
    for each in _CLAUSE_END[Lang.JA if japanese else Lang.EN].finditer(plain, start, end):
        if not japanese and each.group() == "," and not _NEW_CLAUSE.match(plain, each.end()):
            continue
        if each.end() <= match.start:
            start = each.end()
        elif each.start() >= match.end:
            end = each.end()
            break
    return start, end

"""Who speaks: what is quoted in a text, and what the worker wrote of a pasted thread."""

from __future__ import annotations

import re

_QUOTE = re.compile(
    r"「[^「」\n]{4,}」|『[^『』\n]{4,}』|\"[^\"\n]{8,}\"|'(?<!\w')[^'\n]{12,}'(?!\w)"
)
_TIME = r"(?:[\[(]?\d{1,2}[:時]\d{2}分?[\])]?)"
# Who speaks, at the head of a line of a pasted thread: '10:51 自分', 'ワーカー様:', 'Me (10:03):'.
_SPEAKER = re.compile(
    rf"^[ \t【\[(<・*-]*(?:{_TIME}\s*)?(?P<who>[^\s:>「」。、!?()\[\]]{{1,16}}(?: [a-z]{{1,12}})?)"
    rf"[】\])>]*\s*(?:\([^)\n]{{1,16}}\))?\s*(?:{_TIME})?\s*(?P<mark>[:「→]|$)",
    re.MULTILINE,
)
_WORKER = re.compile(
    r"(?:自分|私|わたし|あたし|僕|ぼく|俺|ワーカー|受注者|応募者|出品者|ライター|わたくし"
    r"|me|i|myself|worker|freelancer|seller|contractor|applicant)(?:さん|様|さま|側)?"
)
_CLIENT = re.compile(
    r"(?:クライアント|依頼者|依頼主|発注者|購入者|募集者|相手|先方|担当者?|当方|弊社"
    r"|client|buyer|customer|employer|recruiter|hr|them|him|her)(?:さん|様|さま|側|の方)?"
)
# What may be a name on a line of its own: no verb ending, no request.
_NAME = re.compile(r"[一-龯々ァ-ヴー]{2,8}(?:さん|様|さま)?")
_QUOTED_LINE = re.compile(r"^\s*>.*$", re.MULTILINE)


def quotes(plain: str) -> list[tuple[int, int]]:
    """The stretches in quotation marks."""
    return [match.span() for match in _QUOTE.finditer(plain)]


def worker_lines(plain: str) -> list[tuple[int, int]]:
    """What the worker wrote: quoted lines, and the turns of a pasted thread that bear their name."""
    quoted = _QUOTED_LINE.finditer(plain) if ">" in plain else ()
    spans = [match.span() for match in quoted]
    heads = [match for match in _SPEAKER.finditer(plain) if _is_head(match)]
    if not any(_WORKER.fullmatch(head["who"]) for head in heads):
        return spans
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        if _WORKER.fullmatch(head["who"]):
            spans.append((head.start(), following.start() if following else len(plain)))
    return spans


def _is_head(match: re.Match[str]) -> bool:
    """A name with a mark or a time beside it, or a short name on a line of its own."""
    if match["mark"] or re.search(r"\d[:時]\d\d", match.group()):
        return True
    who = match["who"]
    return bool(_WORKER.fullmatch(who) or _CLIENT.fullmatch(who)) or bool(_NAME.fullmatch(who))

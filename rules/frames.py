"""The frames round a match: each answers whether it stands there and takes the risk out of it.

A suspicious word means nothing by itself. Whether it is denied, put off until after escrow, the
topic of the work, quoted, a third party's doing or the platform's own function is worked out
here, once, for all rules. The cues are vocabulary; only their reach is code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from rules.clauses import Reading, Sentence
from rules.denial import denied, in_japanese
from rules.format import Frame
from rules.vocabulary import Mention

# How far from the match a cue still reaches, in characters of the plain text.
_NEAR = 24
# How far behind a Japanese match 'only after …' still belongs to it ('Slackへの招待は仮払い後に').
_JOINED = 8
# How far before the match 'after the contract' may stand.
_CUE_REACH = 160
# How many sentences a list of steps is followed back.
_STEPS = 8
# How many sentences the text of a label or a page may have.
_COPY = 8


def frame_round(
    reading: Reading, number: int, match: Mention, allowed: Iterable[Frame]
) -> Frame | None:
    """The first of the allowed frames that stands round a match in a sentence."""
    sentence = reading.sentences[number]
    for frame in allowed:
        if _FRAMES[frame](reading, sentence, match):
            return frame
    return None


def _put_off(cue_name: str) -> Callable[[Reading, Sentence, Mention], bool]:
    """True where the deed is put off until after something.

    The cue stands before the match ('仮払い後にLINEで', 'once funded, join our Slack') or close behind
    it, in English anywhere in the sentence; or in the sentence before, where this one goes on with
    'then'; or in the next one, which says when the invitation comes.
    """

    def frame(reading: Reading, sentence: Sentence, match: Mention) -> bool:
        japanese = in_japanese(reading, sentence)
        if any(
            (
                not japanese
                or match.start - _CUE_REACH < cue.start < match.end
                or "(" in reading.plain[max(0, cue.start - 8) : cue.start]
            )
            and not cue.start <= match.start <= match.end <= cue.end
            for cue in _valid_cues(sentence, cue_name)
        ) and not _reversed_near(sentence, match, japanese=japanese):
            return True
        if japanese and any(
            0 <= cue.start - match.end <= _JOINED
            and "、" not in reading.plain[match.end : cue.start]
            for cue in _valid_cues(sentence, cue_name)
        ):
            return True
        if "step" in sentence.by and _earlier_step(
            reading, sentence, cue_name.removeprefix("after_")
        ):
            return True
        before, after = reading.beside(sentence)
        if before is not None and "then_after" in sentence.by and _valid_cues(before, cue_name):
            return True
        if after is not None and "until_then" in after.by and _valid_cues(after, cue_name):
            return True
        return (
            after is not None
            and "invite" in after.by
            and "outside_channel" not in after.by
            and bool(_valid_cues(after, cue_name))
        )

    return frame


def _earlier_step(reading: Reading, sentence: Sentence, name: str) -> bool:
    """True where an earlier entry of the same list of steps names the contract or escrow."""
    number = reading.sentence_at(sentence.start)
    return any(
        "step" in earlier.by and name in earlier.by and "order_reversed" not in earlier.by
        for earlier in reading.sentences[max(0, number - _STEPS) : number]
    )


def _valid_cues(sentence: Sentence, name: str) -> list[Mention]:
    """The cues that no reversed order ('契約はその後', 'contract after that') overlaps."""
    turned = sentence.by.get("order_reversed", ())
    return [
        cue
        for cue in sentence.by.get(name, ())
        if not any(
            each.start < cue.end
            and cue.start < each.end
            and not cue.start <= each.start <= each.end <= cue.end
            for each in turned
        )
    ]


def _reversed_near(sentence: Sentence, match: Mention, *, japanese: bool) -> bool:
    """'Before the contract' just before a Japanese match outweighs an 'after' further off."""
    return japanese and any(
        match.start - _NEAR <= each.start < match.end
        for each in sentence.by.get("order_reversed", ())
    )


def _cue_near(name: str, reach: int = _NEAR) -> Callable[[Reading, Sentence, Mention], bool]:
    """True where a cue stands close to the match, before or after."""

    def frame(reading: Reading, sentence: Sentence, match: Mention) -> bool:
        del reading
        return any(
            cue.start <= match.end + reach and cue.end >= match.start - reach
            for cue in sentence.by.get(name, ())
        )

    return frame


def _topic(reading: Reading, sentence: Sentence, match: Mention) -> bool:
    """The words name the subject of the work: a cue near by, or one that takes the words in."""
    if _cue_near("topic_cue")(reading, sentence, match) or any(
        thing.start < match.end and match.start < thing.end
        for thing in sentence.by.get("topic_thing", ())
    ):
        return True
    if any(
        match.start - _NEAR <= move.start <= match.end + _NEAR
        for move in sentence.by.get("contact_move", ())
    ):
        return False
    return "work_order" in sentence.by or _cue_near("topic_field")(reading, sentence, match)


def _quoted(reading: Reading, sentence: Sentence, match: Mention) -> bool:
    """Somebody else's words: quoted and reported or listed, or told in a warning."""
    if any(not _taken_back(reading, cue) for cue in sentence.by.get("warning", ())):
        return True
    inside = any(start < match.end and match.start < end for start, end in reading.quotes)
    if not inside:
        return False
    if "narrator" in reading.concepts and "past_report" not in sentence.by:
        return False
    here = sum(1 for start, _ in reading.quotes if sentence.start <= start < sentence.end)
    return (
        here > 1
        or "reporting" in sentence.by
        or not {"warning", "wording"}.isdisjoint(reading.concepts)
    )


def is_copy(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence is text that goes on a label, a flyer or a page, as was announced before it."""
    if "copy_follows" not in reading.concepts or "to_the_worker" in sentence.by:
        return False
    number = reading.sentence_at(sentence.start)
    before = reading.sentences[max(0, number - _COPY) : number + 1]
    return any("copy_follows" in each.by for each in before)


def _copy(reading: Reading, sentence: Sentence, match: Mention) -> bool:
    del match
    return is_copy(reading, sentence)


def _taken_back(reading: Reading, cue: Mention) -> bool:
    """'This is no scam': a warning word that is itself denied warns of nothing."""
    around = reading.plain[max(0, cue.start - 12) : cue.start]
    return bool(
        re.match(r"[^。\n]{0,8}(?:ない|ません|なし|ご安心)", reading.plain[cue.end : cue.end + 14])
        or re.search(r"\b(?:no|not|isn't|not a)\s*(?:an?\s)?$", around)
    )


def _worker_voice(reading: Reading, sentence: Sentence, match: Mention) -> bool:
    del sentence
    return any(start <= match.start < end for start, end in reading.worker_lines)


def _platform_function(reading: Reading, sentence: Sentence, match: Mention) -> bool:
    """The platform's own means are meant, or it has given leave for others.

    Where they are only named to complain of them ('messages here are easy to miss') they are no
    excuse.
    """
    if (
        "application" in reading.concepts
        and "application_dodged" not in reading.concepts
        and _names(sentence, match, _OUTSIDE_TALK)
    ):
        return True
    if "site_complaint" in sentence.by or _names(sentence, match, _OTHER_TOOLS):
        return False
    return any(
        cue.start <= match.end + _NEAR
        and cue.end >= match.start - _NEAR
        and not _SET_APART.match(reading.plain, cue.end)
        for cue in sentence.by.get("own_function", ())
    )


# 'As for messages here, …': named only to be set apart from something else.
_SET_APART = re.compile(r"(?:だけ)?(?:は|だと|では|ですと|じゃ|より|以外|が(?!い))")
_OTHER_TOOLS = ("chat_app", "nickname", "contact_detail", "qr")
# What the platform's leave is for: talk, not a contract or pay.
_OUTSIDE_TALK = (
    *("tool", "nickname", "contact_detail", "contact_swap", "outside_place", "outside_vague"),
    *("mail_act", "phone_act", "form_outside", "meet_place", "voice_talk", "room", "link"),
)


def _names(sentence: Sentence, match: Mention, concepts: Iterable[str]) -> bool:
    """True where one of the concepts stands in the words of the match."""
    return any(
        each.start < match.end and match.start < each.end
        for name in concepts
        for each in sentence.by.get(name, ())
    )


def _past(reading: Reading, sentence: Sentence, match: Mention) -> bool:
    """Told of an earlier time, and nothing of the kind is asked for now."""
    cues = sentence.by.get("past_report", ())
    if not any(cue.start < match.end for cue in cues) or "request" in sentence.by:
        return False
    return _PAST_TENSE.search(reading.plain, match.start, sentence.end) is not None


_PAST_TENSE = re.compile(
    r"た(?:が|の|そう|ため|ので|経験|こと|とき|際|、|。|もの|方|り|ん)|(?:まし|でし)た|\b\w+ed\b"
    r"|\b(?:was|were|had|got|made|told|went|lost|did)\b"
)

_FRAMES: dict[Frame, Callable[[Reading, Sentence, Mention], bool]] = {
    "denied": denied,
    "after_escrow": _put_off("after_escrow"),
    "after_contract": _put_off("after_contract"),
    "topic": _topic,
    "quoted": _quoted,
    "worker_voice": _worker_voice,
    "third_party": _cue_near("third_party"),
    "platform_function": _platform_function,
    "past": _past,
    "copy": _copy,
}

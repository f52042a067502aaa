"""Reading a text: its sentences, what is mentioned in each, and the frames round the words.

A suspicious word means nothing by itself. Whether it is denied, put off until after escrow, the
topic of the work, quoted, a third party's doing or the platform's own function is worked out
here, once, for all rules. The cues are vocabulary; only their reach is code.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from rules.models import Lang
from rules.rulebook import CompiledShape, Frame, Rulebook
from rules.text import Normalised, normalise
from rules.vocabulary import Mention
from rules.words import Words, is_japanese, split

_SENTENCE_END = re.compile(r"[。！？!?]+[)」』\"']*|\n+|(?<=[a-z0-9)\"'])\.+[)\"']*(?=\s|$)")
_CLAUSE_END = {
    Lang.JA: re.compile(
        r"(?:が|ので|けど|けれど|けれども|から|し|ば|たら|なら|て|ため)[、,]|[。;!?\n]"
        r"|(?:です|ます|ました|ません|たい|ない|ん(?:です)?)(?:けど|けれど|ので|んで|が(?=[^、]))"
    ),
    Lang.EN: re.compile(
        r"[,;:.!?\n]| but | then | because | since | unless | so (?=(?:i|we|you|he|she|they|it|that)\b)"
    ),
}
_QUOTE = re.compile(
    r"「[^「」\n]{4,}」|『[^『』\n]{4,}』|\"[^\"\n]{8,}\"|(?<!\w)'[^'\n]{12,}'(?!\w)"
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
# A longer run of characters without a stop is read in pieces.
_LONGEST_SENTENCE = 400
# How far from the match a cue still reaches, in characters of the plain text.
_NEAR = 24
# How far behind a Japanese match 'only after …' still belongs to it ('Slackへの招待は仮払い後に').
_JOINED = 8
# How far behind a Japanese match its negation may stand.
_DENIAL_REACH = 60
# How far before the match 'after the contract' may stand.
_CUE_REACH = 160
# How many sentences a list of steps is followed back.
_STEPS = 8
# No clause is read further than this from the match.
_CLAUSE_REACH = 200


@dataclass(slots=True)
class Sentence:
    """`plain[start:end]` and the mentions in it by concept, each list in order of place."""

    start: int
    end: int
    by: dict[str, list[Mention]] = field(default_factory=dict[str, list[Mention]])

    def add(self, mention: Mention) -> None:
        """Files a mention under its concept."""
        self.by.setdefault(mention.concept, []).append(mention)


@dataclass(slots=True)
class Reading:
    """A text as the rules see it."""

    normalised: Normalised
    words: Words
    lang: Lang
    sentences: list[Sentence]
    concepts: set[str]
    _quotes: list[tuple[int, int]]
    _worker: list[tuple[int, int]]

    @property
    def plain(self) -> str:
        """The normalised text, which all places count in."""
        return self.normalised.plain

    def matches(self, shape: CompiledShape) -> Iterator[tuple[int, Mention]]:
        """Where a shape is seen: the number of the sentence and the words from first to last."""
        for number in range(len(self.sentences)):
            for match in self.matches_in(number, shape):
                yield number, match

    def matches_in(self, number: int, shape: CompiledShape) -> Iterator[Mention]:
        """Where a shape is seen with its first part in this sentence."""
        if shape.text_has - self.concepts or shape.text_lacks & self.concepts:
            return
        by = self._window(number, shape)
        if shape.none and not shape.none.isdisjoint(by):
            return
        candidates: list[list[Mention]] = []
        for part in shape.parts:
            found = [mention for name in part if name in by for mention in by[name]]
            if not found:
                return
            candidates.append(found)
        for first in candidates[0]:
            if self.sentences[number].start <= first.start < self.sentences[number].end:
                match = _gather(first, candidates[1:], shape)
                if match is not None:
                    yield match

    def _window(self, number: int, shape: CompiledShape) -> dict[str, list[Mention]]:
        here = self.sentences[number].by
        if shape.shape.span == "sentence":
            return here
        merged = dict(here)
        for other in (number - 1, number + 1):
            if 0 <= other < len(self.sentences):
                for name, mentions in self.sentences[other].by.items():
                    merged[name] = merged[name] + mentions if name in merged else mentions
        return merged

    def frame(self, number: int, match: Mention, allowed: Iterable[Frame]) -> Frame | None:
        """The first of the allowed frames that stands round a match."""
        sentence = self.sentences[number]
        for frame in allowed:
            if _FRAMES[frame](self, sentence, match):
                return frame
        return None

    def beside(self, sentence: Sentence) -> tuple[Sentence | None, Sentence | None]:
        """The sentences before and after one."""
        number = self.sentence_at(sentence.start)
        before = self.sentences[number - 1] if number else None
        after = self.sentences[number + 1] if number + 1 < len(self.sentences) else None
        return before, after

    def sentence_at(self, place: int) -> int:
        """The number of the sentence that holds a place of the plain text."""
        return max(0, bisect_right(self.sentences, place, key=lambda each: each.start) - 1)


def _gather(first: Mention, rest: list[list[Mention]], shape: CompiledShape) -> Mention | None:
    """The nearest mentions of the other parts that keep order and distance, from first to last."""
    start, end = first.start, first.end
    previous = first
    for mentions in rest:
        best: Mention | None = None
        for mention in mentions:
            if shape.shape.ordered and mention.start < previous.end:
                continue
            low, high = min(start, mention.start), max(end, mention.end)
            if high - low > shape.shape.within + (first.end - first.start):
                continue
            if best is None or abs(mention.start - first.start) < abs(best.start - first.start):
                best = mention
        if best is None:
            return None
        start, end, previous = min(start, best.start), max(end, best.end), best
    return Mention(start, end, first.concept)


def read(text: str, rulebook: Rulebook) -> Reading:
    """Reads a text once for all rules. Linear in its length."""
    normalised = normalise(text)
    plain = normalised.plain
    words = split(plain)
    lang = Lang.JA if is_japanese(plain) else Lang.EN
    sentences = _sentences(plain)
    mentions = rulebook.lexicon.mentions(
        plain,
        words,
        [(each.start, each.end) for each in sentences],
        normalised if lang is Lang.EN else None,
    )
    reading = Reading(
        normalised,
        words,
        lang,
        sentences,
        set(),
        [match.span() for match in _QUOTE.finditer(plain)],
        _worker_lines(plain),
    )
    _file(reading, mentions, rulebook)
    return reading


def _sentences(plain: str) -> list[Sentence]:
    sentences: list[Sentence] = []
    start = 0
    for match in _SENTENCE_END.finditer(plain):
        if plain[start : match.start()].strip():
            sentences += _pieces(plain, start, match.end())
            start = match.end()
    if plain[start:].strip() or not sentences:
        sentences += _pieces(plain, start, len(plain))
    return sentences


def _pieces(plain: str, start: int, end: int) -> Iterator[Sentence]:
    """A sentence, cut where it never ends (voice input, hostile text) so that reading is linear."""
    while end - start > _LONGEST_SENTENCE:
        limit = start + _LONGEST_SENTENCE
        cut = max(plain.rfind(sign, start + _LONGEST_SENTENCE // 2, limit) for sign in "、, ") + 1
        yield Sentence(start, cut or limit)
        start = cut or limit
    yield Sentence(start, end)


def _worker_lines(plain: str) -> list[tuple[int, int]]:
    """What the worker wrote: quoted lines, and the turns of a pasted thread that bear their name."""
    spans = [match.span() for match in _QUOTED_LINE.finditer(plain)]
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


def _file(reading: Reading, mentions: list[Mention], rulebook: Rulebook) -> None:
    """Puts mentions, their wider concepts and the compounds into their sentences."""
    sentences = reading.sentences
    number = 0
    for mention in mentions:
        while number + 1 < len(sentences) and sentences[number + 1].start <= mention.start:
            number += 1
        sentences[number].add(mention)
        for parent in rulebook.parents.get(mention.concept, ()):
            sentences[number].add(Mention(mention.start, mention.end, parent))
    for sentence in sentences:
        reading.concepts.update(sentence.by)
    for name, shape in rulebook.compounds:
        if any(part.isdisjoint(reading.concepts) for part in shape.parts):
            continue
        for number, match in list(reading.matches(shape)):
            for each in (name, *rulebook.parents.get(name, ())):
                sentences[number].add(Mention(match.start, match.end, each))
                reading.concepts.add(each)


# ---- frames: each answers whether it stands round a match -------------------------------------

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


def _is_japanese(reading: Reading, sentence: Sentence) -> bool:
    """The language of one sentence; texts mix them."""
    return reading.lang is Lang.JA and is_japanese(reading.plain[sentence.start : sentence.end])


def _denied(reading: Reading, sentence: Sentence, match: Mention) -> bool:
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
    japanese = _is_japanese(reading, sentence)
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


def _put_off(cue_name: str) -> Callable[[Reading, Sentence, Mention], bool]:
    """True where the deed is put off until after something.

    The cue stands before the match ('仮払い後にLINEで', 'once funded, join our Slack') or close behind
    it, in English anywhere in the sentence; or in the sentence before, where this one goes on with
    'then'; or in the next one, which says when the invitation comes.
    """

    def frame(reading: Reading, sentence: Sentence, match: Mention) -> bool:
        japanese = _is_japanese(reading, sentence)
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
    inside = any(start < match.end and match.start < end for start, end in reading._quotes)
    if not inside:
        return False
    if "narrator" in reading.concepts and "past_report" not in sentence.by:
        return False
    here = sum(1 for start, _ in reading._quotes if sentence.start <= start < sentence.end)
    return (
        here > 1
        or "reporting" in sentence.by
        or not {"warning", "wording"}.isdisjoint(reading.concepts)
    )


def _taken_back(reading: Reading, cue: Mention) -> bool:
    """'This is no scam': a warning word that is itself denied warns of nothing."""
    around = reading.plain[max(0, cue.start - 12) : cue.start]
    return bool(
        re.match(r"[^。\n]{0,8}(?:ない|ません|なし|ご安心)", reading.plain[cue.end : cue.end + 14])
        or re.search(r"\b(?:no|not|isn't|not a)\s*(?:an?\s)?$", around)
    )


def _worker_voice(reading: Reading, sentence: Sentence, match: Mention) -> bool:
    del sentence
    return any(start <= match.start < end for start, end in reading._worker)


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
    "denied": _denied,
    "after_escrow": _put_off("after_escrow"),
    "after_contract": _put_off("after_contract"),
    "topic": _topic,
    "quoted": _quoted,
    "worker_voice": _worker_voice,
    "third_party": _cue_near("third_party"),
    "platform_function": _platform_function,
    "past": _past,
}

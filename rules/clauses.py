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
    ),
    Lang.EN: re.compile(r"[,;:.!?\n]| but | then "),
}
_QUOTE = re.compile(
    r"「[^「」\n]{4,}」|『[^『』\n]{4,}』|\"[^\"\n]{8,}\"|(?<!\w)'[^'\n]{12,}'(?!\w)"
)
_WORKER_LINE = re.compile(
    r"^\s*(?:>|(?:ワーカー|自分|私|わたし|受注者|応募者|me|worker|freelancer|i)\s*[:「(])",
    re.MULTILINE,
)
# How far from the match a cue still reaches, in characters of the plain text.
_NEAR = 24


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
    mentions = rulebook.lexicon.mentions(plain, words, normalised if lang is Lang.EN else None)
    reading = Reading(
        normalised,
        words,
        lang,
        _sentences(plain),
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
            sentences.append(Sentence(start, match.end()))
            start = match.end()
    if plain[start:].strip() or not sentences:
        sentences.append(Sentence(start, len(plain)))
    return sentences


def _worker_lines(plain: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for match in _WORKER_LINE.finditer(plain):
        end = plain.find("\n", match.end())
        spans.append((match.start(), len(plain) if end < 0 else end))
    return spans


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


def _denied(reading: Reading, sentence: Sentence, match: Mention) -> bool:
    negations = sentence.by.get("negation")
    if not negations:
        return False
    start, end = _clause(reading, sentence, match)
    polite = sentence.by.get("polite_negative", [])
    for negation in negations:
        if not start <= negation.start < end:
            continue
        if any(each.start <= negation.start and negation.end <= each.end for each in polite):
            continue
        if reading.lang is Lang.EN or negation.start >= match.start:
            return True
    return False


def _clause(reading: Reading, sentence: Sentence, match: Mention) -> tuple[int, int]:
    """The clause round a match: from the last break before it to the first one after it."""
    breaks = _CLAUSE_END[reading.lang]
    start = sentence.start
    for each in breaks.finditer(reading.plain, sentence.start, match.start):
        start = each.end()
    following = breaks.search(reading.plain, match.end, sentence.end)
    return start, following.start() + 1 if following else sentence.end


def _cue_before(name: str) -> Callable[[Reading, Sentence, Mention], bool]:
    """True where a cue stands before the end of the match (English: anywhere in the sentence)."""

    def frame(reading: Reading, sentence: Sentence, match: Mention) -> bool:
        cues = sentence.by.get(name, ())
        return any(reading.lang is Lang.EN or cue.start < match.end for cue in cues)

    return frame


def _cue_near(name: str, reach: int = _NEAR) -> Callable[[Reading, Sentence, Mention], bool]:
    """True where a cue stands close to the match, before or after."""

    def frame(reading: Reading, sentence: Sentence, match: Mention) -> bool:
        del reading
        return any(
            cue.start <= match.end + reach and cue.end >= match.start - reach
            for cue in sentence.by.get(name, ())
        )

    return frame


def _cue_anywhere(name: str) -> Callable[[Reading, Sentence, Mention], bool]:
    def frame(reading: Reading, sentence: Sentence, match: Mention) -> bool:
        del reading, match
        return name in sentence.by

    return frame


def _quoted(reading: Reading, sentence: Sentence, match: Mention) -> bool:
    """Inside quotation marks, where the sentence reports or warns, or lists several quotes."""
    inside = any(start <= match.start and match.end <= end for start, end in reading._quotes)
    if not inside:
        return False
    here = sum(1 for start, _ in reading._quotes if sentence.start <= start < sentence.end)
    return here > 1 or "reporting" in sentence.by or "warning" in reading.concepts


def _worker_voice(reading: Reading, sentence: Sentence, match: Mention) -> bool:
    del sentence
    return any(start <= match.start < end for start, end in reading._worker)


_FRAMES: dict[Frame, Callable[[Reading, Sentence, Mention], bool]] = {
    "denied": _denied,
    "after_escrow": _cue_before("after_escrow"),
    "after_contract": _cue_before("after_contract"),
    "topic": _cue_near("topic_cue"),
    "quoted": _quoted,
    "worker_voice": _worker_voice,
    "third_party": _cue_near("third_party"),
    "platform_function": _cue_anywhere("own_function"),
    "past": _cue_anywhere("past_report"),
}

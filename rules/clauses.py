"""Reading a text: its sentences, what is mentioned in each, and the compounds these make up."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.models import Lang
from rules.rulebook import CompiledShape, Rulebook
from rules.speakers import quotes, worker_lines
from rules.text import Normalised, normalise
from rules.vocabulary import Mention
from rules.words import Words, is_japanese, split

_SENTENCE_END = re.compile(r"[。！？!?]+[)」』\"']*|\n+|(?<=[a-z0-9)\"'])\.+[)\"']*(?=\s|$)")
# A longer run of characters without a stop is read in pieces.
_LONGEST_SENTENCE = 400


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
    quotes: list[tuple[int, int]]
    worker_lines: list[tuple[int, int]]

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
            found.sort()  # the parts are sets: their own order changes from run to run
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
        quotes(plain),
        worker_lines(plain),
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

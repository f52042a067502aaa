"""Reading a text: its sentences, what is mentioned in each, and the compounds these make up."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, KeysView
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


@dataclass(slots=True)
class Reading:
    """A text as the rules see it.

    `places`: the numbers of the sentences in which each concept stands, in the order of filing.
    """

    normalised: Normalised
    words: Words
    lang: Lang
    sentences: list[Sentence]
    places: dict[str, list[int]]
    quotes: list[tuple[int, int]]
    worker_lines: list[tuple[int, int]]

    @property
    def plain(self) -> str:
        """The normalised text, which all places count in."""
        return self.normalised.plain

    @property
    def concepts(self) -> KeysView[str]:
        """All that is mentioned anywhere."""
        return self.places.keys()

    def add(self, number: int, mention: Mention) -> None:
        """Files a mention under its concept, in its sentence."""
        concept = mention.concept
        by = self.sentences[number].by
        if concept in by:
            by[concept].append(mention)
            return
        by[concept] = [mention]
        if concept in self.places:
            self.places[concept].append(number)
        else:
            self.places[concept] = [number]

    def matches(self, shape: CompiledShape) -> Iterator[tuple[int, Mention]]:
        """Where a shape is seen: the number of the sentence and the words from first to last."""
        concepts = self.places.keys()
        for part in shape.parts:
            if concepts.isdisjoint(part):
                return
        for number in self._sentences_for(shape):
            for match in self.matches_in(number, shape):
                yield number, match

    def _sentences_for(self, shape: CompiledShape) -> Iterable[int]:
        """The sentences in which the first part of a shape may stand."""
        if shape.wide:
            return range(len(self.sentences))
        return sorted({at for name in shape.parts[0] for at in self.places.get(name, ())})

    def matches_in(self, number: int, shape: CompiledShape) -> list[Mention]:
        """Where a shape is seen with its first part in this sentence."""
        sentence = self.sentences[number]
        by = self._window(number) if shape.wide else sentence.by
        candidates: list[list[Mention]] = []
        for part in shape.parts:
            found = [mention for name in by.keys() & part for mention in by[name]]
            if not found:
                return []
            candidates.append(found)
        if not self._suits(shape, by.keys()):
            return []
        for found in candidates:
            found.sort()  # the parts are sets: their own order changes from run to run
        start, end = sentence.start, sentence.end
        firsts = (first for first in candidates[0] if start <= first.start < end)
        gathered = (_gather(first, candidates[1:], shape) for first in firsts)
        return [match for match in gathered if match is not None]

    def _suits(self, shape: CompiledShape, here: KeysView[str]) -> bool:
        """Whether the text and the window hold what a shape wants, and nothing it does not."""
        concepts = self.places.keys()
        return (
            shape.text_has <= concepts
            and concepts.isdisjoint(shape.text_lacks)
            and here.isdisjoint(shape.none)
        )

    def _window(self, number: int) -> dict[str, list[Mention]]:
        """What is mentioned in a sentence and in the ones beside it."""
        merged = dict(self.sentences[number].by)
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
    reach = shape.within + end - start
    previous_end = end
    for mentions in rest:
        best: Mention | None = None
        for mention in mentions:
            if shape.ordered and mention.start < previous_end:
                continue
            low, high = min(start, mention.start), max(end, mention.end)
            if high - low > reach:
                continue
            if best is None or abs(mention.start - first.start) < abs(best.start - first.start):
                best = mention
        if best is None:
            return None
        start, end, previous_end = min(start, best.start), max(end, best.end), best.end
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
        {},
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
    parents, add = rulebook.parents, reading.add
    starts = [sentence.start for sentence in reading.sentences]
    number, last = 0, len(starts) - 1
    for mention in mentions:
        while number < last and starts[number + 1] <= mention.start:
            number += 1
        add(number, mention)
        if mention.concept in parents:
            for parent in parents[mention.concept]:
                add(number, Mention(mention.start, mention.end, parent))
    for name, shape in rulebook.compounds:
        for number, match in list(reading.matches(shape)):
            add(number, Mention(match.start, match.end, name))
            for parent in parents.get(name, ()):
                add(number, Mention(match.start, match.end, parent))

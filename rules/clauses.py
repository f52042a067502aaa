"""Reading a text: its sentences, what is mentioned in each, and the compounds these make up."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rules.models import Lang
from rules.rulebook import CompiledShape, Rulebook
from rules.signs import Place
from rules.speakers import quotes, worker_lines
from rules.text import Normalised, normalise
from rules.vocabulary import Mention
from rules.words import Words, is_japanese, split

# Each way begins with the sign itself: an expression that looks behind first is tried everywhere.
_SENTENCE_END = re.compile(
    r"[。！？!?]+[)」』\"']*|\n+|\.(?<=[a-z0-9)\"'].)(?<!\b[md][rs].)(?<!\bmrs.)(?<!\b[ei]\.[ge].)\.*[)\"']*(?=\s|$)"
)
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
    """A text as the rules see it. `concepts`: all that is mentioned anywhere."""

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
        """Where a shape that may stand in this text is seen: in which sentence, from where to where."""
        first = shape.parts[0]
        for number, sentence in enumerate(self.sentences):
            if not sentence.by.keys().isdisjoint(first):
                for match in self.matches_in(number, shape):
                    yield number, match

    def matches_in(self, number: int, shape: CompiledShape) -> list[Mention]:
        """Where a shape that may stand in this text is seen, its first part in this sentence."""
        sentence = self.sentences[number]
        by = self._window(number) if shape.wide else sentence.by
        here = by.keys()
        for part in shape.parts:
            if here.isdisjoint(part):
                return []
        if not here.isdisjoint(shape.none):
            return []
        first, *rest = [_mentions(by, part) for part in shape.parts]
        start, end = sentence.start, sentence.end  # a wide compound may begin before its sentence
        gathered = [_gather(each, rest, shape) for each in first if start <= each.start < end]
        return [match for match in gathered if match is not None]

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


def _mentions(by: Mapping[str, list[Mention]], part: frozenset[str]) -> list[Mention]:
    """The places of a part, in order and each once, whichever of its concepts stands there."""
    names = [name for name in part if name in by] if len(part) < len(by) else by.keys() & part
    found = [mention for name in names for mention in by[name]]
    return sorted(set(found)) if len(found) > 1 else found


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
    return Mention(start, end)


def read(text: str, rulebook: Rulebook) -> Reading:
    """Reads a text once for all rules. Linear in its length."""
    normalised = normalise(text)
    plain = normalised.plain
    words = split(plain)
    lang = Lang.JA if is_japanese(plain) else Lang.EN
    sentences = _sentences(plain)
    found = rulebook.lexicon.find(
        plain,
        words,
        [(each.start, each.end) for each in sentences],
        normalised if lang is Lang.EN else None,
    )
    _file(found, sentences, rulebook.lexicon.families.all)
    concepts = set().union(*(sentence.by for sentence in sentences))
    reading = Reading(
        normalised, words, lang, sentences, concepts, quotes(plain), worker_lines(plain)
    )
    _add_compounds(reading, rulebook)
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


def _file(
    found: list[Place], sentences: list[Sentence], families: Sequence[tuple[str, ...]]
) -> None:
    """Puts what was found, in order of place, into its sentences under all its concepts."""
    following = iter([*(sentence.start for sentence in sentences[1:]), math.inf])
    numbers = iter(sentences)
    by, limit = next(numbers).by, next(following)
    mention, known = Mention(-1, -1), -1
    for start, end, family in found:
        if mention != (start, end):
            while start >= limit:
                by, limit = next(numbers).by, next(following)
            mention = Mention(start, end)
        elif family == known:
            continue
        known = family
        for concept in families[family]:
            if concept not in by:
                by[concept] = [mention]
            elif by[concept][-1] is not mention:
                by[concept].append(mention)


def _add_compounds(reading: Reading, rulebook: Rulebook) -> None:
    """Puts compounds and their wider concepts into the sentences in which they are made up."""
    concepts = reading.concepts
    for names, shape in rulebook.compounds:
        if not shape.rarest.isdisjoint(concepts) and shape.may_stand(concepts):
            for number, match in list(reading.matches(shape)):
                by = reading.sentences[number].by
                for name in names:
                    by.setdefault(name, []).append(match)
                concepts.update(names)

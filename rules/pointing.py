"""What the second reader points at by itself: the sentence that shows a risk, cut to what says most."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from rules.case import PROMISES, Case
from rules.format import Risk
from rules.frames import is_copy
from rules.models import Finding
from rules.odds import Floats, Ints, Odds, probability
from rules.quoting import CLAUSE_END, mentioned, trimmed
from rules.second_reader import SecondReader

#: What the second reader's own findings are called.
SECOND_READER = "second-reader"
_QUOTE_LIMIT = 80
# Sentences that are quoted for one risk, and how sure the reader must be of all but the first.
_MOST_QUOTES, _LEAST_BESIDE = 2, 0.8
# The reader says nothing of its own about a sentence with fewer different words ('ああああ').
_LEAST_VARIETY = 3


@dataclass(frozen=True, slots=True)
class Part:
    """What the reader thinks of some sentences; their first word is word `first` of the text."""

    first: int
    odds: Odds

    def word(self, sentence: int) -> int:
        """The first word of one of its sentences."""
        return self.first + self.odds.gaps[sentence] - sentence


def own_findings(
    case: Case, reader: SecondReader, parts: list[Part], code: str, spoken_of: set[int]
) -> Iterator[Finding]:
    """The sentence that shows a risk best, and one more where the reader is as good as sure of it.

    Where the rules point at a sentence, there is nothing to add to it.
    """
    risk = case.rulebook.risks[code]
    column = reader.codes.index(code)
    places = [
        (odds, part, at)
        for part in parts
        for at, odds in enumerate(part.odds.odds[:, column].tolist())
    ]
    strongest = heapq.nlargest(_MOST_QUOTES, places, key=itemgetter(0))
    for number, (odds, part, at) in enumerate(strongest):
        chance = probability(odds)
        if number and chance < _LEAST_BESIDE:
            return
        if part.odds.variety(at) < _LEAST_VARIETY:
            continue
        sentence = case.reading.sentence_at(case.reading.words.starts[part.word(at)])
        if sentence not in spoken_of and not _is_settled(case, risk, sentence):
            yield _own_finding(case, risk, _spoken_clause(case, reader, part, code, at), chance)


def _own_finding(case: Case, risk: Risk, words: tuple[int, int], chance: float) -> Finding:
    first, last = case.reading.normalised.span(*words)
    return Finding(
        code=risk.code,
        weight=risk.weight,
        quote=case.reading.normalised.original[first:last],
        start=first,
        end=last,
        pattern=SECOND_READER,
        confidence=round(chance, 2),
        concepts=mentioned(case, *words),
    )


def _is_settled(case: Case, risk: Risk, sentence: int) -> bool:
    """Whether the rules know better what a sentence is: a promise, another matter, text to be printed."""
    return (
        _is_promise(case, risk.code, sentence)
        or _is_other_matter(case, risk, sentence)
        or ("copy" in risk.unless and is_copy(case.reading, case.reading.sentences[sentence]))
    )


def _is_promise(case: Case, code: str, sentence: int) -> bool:
    """Whether the rules saw this risk here, but only as a promise for after the contract or escrow.

    That is an excuse by name; the reader has met too few such sentences to know better.
    """
    return any(
        miss.risk.code == code and miss.sentence == sentence and miss.frame in PROMISES
        for miss in case.misses
    )


def _is_other_matter(case: Case, risk: Risk, sentence: int) -> bool:
    found = case.reading.sentences[sentence].by
    return any(concept in found for concept in risk.other_matter)


def _spoken_clause(
    case: Case, reader: SecondReader, part: Part, code: str, at: int
) -> tuple[int, int]:
    """The clause of a sentence whose words speak most for a code; short ones join the next."""
    words, plain = case.reading.words, case.reading.plain
    first = part.word(at)
    begin, end = words.starts[first], words.ends[first + part.odds.lengths[at] - 1]
    if end - begin <= _QUOTE_LIMIT:
        return trimmed(plain, begin, end)
    reasons = np.maximum(reader.reasons(part.odds, at, code), 0)
    starts = np.array(words.starts[first : first + len(reasons)], np.int64)
    said = np.concatenate([[0], np.cumsum(reasons)])
    cuts = [begin, *(m.end() for m in CLAUSE_END.finditer(plain, begin, end - 1)), end]
    by_word = starts.searchsorted(cuts)
    best = int(np.diff(said[by_word]).argmax())
    begin, end = cuts[best], cuts[best + 1]
    if end - begin > _QUOTE_LIMIT:
        ends = np.array(words.ends[first : first + len(reasons)], np.int64)
        begin, end = _strongest_stretch(said, starts, ends, by_word[best : best + 2])
    return trimmed(plain, begin, end)


def _strongest_stretch(said: Floats, starts: Ints, ends: Ints, clause: Ints) -> tuple[int, int]:
    """Of a clause that goes on and on (voice input), the words in a quote's length that say most.

    `said[w]`: what the words before word w say; `clause`: its first word and the one after its last.
    """
    begins = np.arange(*clause)
    stops = ends.searchsorted(starts[begins] + _QUOTE_LIMIT, side="right")
    stops = stops.clip(begins + 1, clause[1])
    best = int((said[stops] - said[begins]).argmax())
    return int(starts[begins[best]]), int(ends[stops[best] - 1])

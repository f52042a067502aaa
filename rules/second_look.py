"""A second look at sentences that say several things in one breath.

'Add me on Telegram and pay the registration fee': the second reader weighs a sentence as a whole,
and one risk may talk it out of the other there. So where it doubts a hit in such a sentence, it
reads the parts again, each for itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rules.case import Case, Hit
from rules.odds import Odds
from rules.second_reader import SecondReader

# Where one thing ends and the next begins, looked for between the words of two hits.
_JOINT = re.compile(r"[、,;。]| (?:and|then|or|but|so|while) |(?<=[てでしきりいび])(?=[^ぁ-ん])")


def second_look(case: Case, reader: SecondReader, doubted: Sequence[Hit]) -> Iterator[Odds]:
    """The odds of each part of the sentences with doubted hits that say several things."""
    doubtful = {hit.sentence for hit in doubted}
    hits: dict[int, list[Hit]] = defaultdict(list)
    for hit in case.hits:
        if hit.words is not None and hit.sentence is not None and hit.sentence in doubtful:
            hits[hit.sentence].append(hit)
    cuts = {number: found for number, each in hits.items() if (found := _cuts(case, each))}
    if cuts:
        yield from _read_in_parts(case, reader, cuts)


def _read_in_parts(case: Case, reader: SecondReader, cuts: dict[int, list[int]]) -> Iterator[Odds]:
    reading, situation = case.reading, case.situation()
    words = reading.words
    for number, found in cuts.items():
        sentence = reading.sentences[number]
        first = bisect_left(words.starts, sentence.start)
        last = bisect_left(words.starts, sentence.end)
        for begin, end in pairwise([first, *found, last]):
            if begin < end:
                low, high = words.starts[begin], words.ends[end - 1]
                seen = case.seen_between(number, low, high)
                yield reader.read(words.lemmas[begin:end], [0], situation, [seen])


def _cuts(case: Case, hits: list[Hit]) -> list[int]:
    """The words with which another thing begins: between hits of different codes."""
    starts, plain = case.reading.words.starts, case.reading.plain
    spans = sorted((hit.words.start, hit.words.end, hit.risk.code) for hit in hits if hit.words)
    cuts: list[int] = []
    end, codes = spans[0][1], {spans[0][2]}
    for start, stop, code in spans[1:]:
        if start >= end and code not in codes:
            joints = [joint.end() for joint in _JOINT.finditer(plain, end, start)]
            cuts.append(bisect_left(starts, joints[-1] if joints else start))
            codes = {code}
        else:
            codes.add(code)
        end = max(end, stop)
    return cuts

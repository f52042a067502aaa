"""The exact words of what was found, and their place in the original text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from rules.case import Case, Hit

#: Where a clause ends within a sentence; not after 'Mr.'.
CLAUSE_END = re.compile(r"[、。,;!?\n]|(?<!\b[md][rs])(?<!\bmrs)(?<!\b[ei]\.[ge])\. ")
_LEAST = 12
_REACH = 24


def quoted(case: Case, hit: Hit) -> tuple[str, int | None, int | None]:
    """The exact words of a hit, none cut in two, and their place in the original."""
    if hit.words is None:
        return "", None, None
    words = case.reading.words
    first = bisect_right(words.starts, hit.words.start) - 1
    last = bisect_left(words.ends, hit.words.end)
    begin, stop = hit.words.start, hit.words.end
    if first >= 0 and words.ends[first] > begin:
        begin = words.starts[first]
    if last < len(words) and words.starts[last] < stop:
        stop = words.ends[last]
    begin, stop = _widened(case, begin, stop)
    start, end = case.reading.normalised.span(begin, stop)
    return case.reading.normalised.original[start:end], start, end


def _widened(case: Case, begin: int, stop: int) -> tuple[int, int]:
    """A quote with the rest of its clause, if that is not far: 'LINEにて' says too little.

    What follows says more (in Japanese the verb stands there); a short one takes what stands before
    it instead, if need be.
    """
    plain = case.reading.plain
    sentence = case.reading.sentences[case.reading.sentence_at(begin)]
    after = CLAUSE_END.search(plain, stop, sentence.end)
    end = after.start() if after else sentence.end
    if stop < end <= stop + _REACH:
        return trimmed(plain, begin, end)
    if stop - begin >= _LEAST:
        return begin, stop
    before = [match.end() for match in CLAUSE_END.finditer(plain, sentence.start, begin)]
    start = before[-1] if before else sentence.start
    return trimmed(plain, start if begin - start <= 2 * _REACH else begin, stop)


def trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    """A clause without blanks and stops at its ends."""
    while end > start + 1 and plain[end - 1] in " \n、。,;!?.":
        end -= 1
    while start < end - 1 and plain[start] in " \n":
        start += 1
    return start, end


def mentioned(case: Case, start: int, end: int) -> frozenset[str]:
    """The concepts that stretch over any of `plain[start:end]`."""
    first, last = case.reading.sentence_at(start), case.reading.sentence_at(end - 1)
    found: set[str] = set()
    for sentence in case.reading.sentences[first : last + 1]:
        for concept, mentions in sentence.by.items():
            for each in mentions:
                if each.start < end and start < each.end:
                    found.add(concept)
                    break
    return frozenset(found)

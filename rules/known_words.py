"""The words that the second reader knows, by row; others borrow the row of a part of theirs."""

from __future__ import annotations

import itertools
import re
import weakref
from collections.abc import Callable, Mapping

import numpy as np

UNKNOWN = 0
"""The row of unknown words, and of the gaps between sentences."""
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SIZES = (0, 3, 9, 69, 100, 999, 9999, 99999)
_MEMO_LIMIT = 200_000


class Places(dict[str, int]):
    """The places of the words that were met so far, each looked into once.

    Places are given in the order of meeting, so that what belongs to common words lies together
    and stays in the processor's cache: the known words are many, those of most texts are few.
    """

    def __init__(self, known: Mapping[str, int], place_of: Callable[[int], int]) -> None:
        """`known`: the rows of words; `place_of`: the place of a row, made ready."""
        super().__init__()
        self._known, self._place_of = known, place_of

    def __missing__(self, word: str) -> int:
        if len(self) > _MEMO_LIMIT:
            self.clear()
        row = self._known.get(word)
        self[word] = place = self._place_of(row_of(word, self._known) if row is None else row)
        return place


def _weakly(method: Callable[[int], int]) -> Callable[[int], int]:
    """The same without keeping its object alive: in a circle, the words would outlive their use."""
    ref = weakref.WeakMethod(method)

    def call(row: int) -> int:
        found = ref()
        if found is None:
            raise ReferenceError("the words met are gone")
        return found(row)

    return call


class WordsMet:
    """What the words that were met say, worked out when each is first met; by place.

    That is: to the place after it, to its own and to the place before it (`says`), and its weights
    for its sentence and for the whole text (`weights`). Room that is never used costs nothing.
    """

    def __init__(
        self,
        known: Mapping[str, int],
        size: tuple[int, int, int],
        fill: Callable[[WordsMet, int, int], None],
    ) -> None:
        """`size`: most words, channels, codes; `fill` works out, at a place, what a row says."""
        words, width, codes = size
        self.says = [np.empty((words, width), np.float32) for _ in range(3)]
        self.weights = np.empty((words, 2 * codes), np.float32)
        self.row_at = np.empty(words, np.int64)
        self.rows_ready: dict[int, int] = {}
        self.places = Places(known, _weakly(self.ready))
        self._fill = fill
        self._free = itertools.count()

    def ready(self, row: int) -> int:
        """The place at which all is worked out for a row."""
        if row in self.rows_ready:
            return self.rows_ready[row]
        place = next(self._free)
        self.row_at[place] = row
        self._fill(self, place, row)
        self.rows_ready[row] = place
        return place


def row_of(word: str, rows: Mapping[str, int]) -> int:
    """The row of a word; an unknown Japanese one borrows that of its longest known end or start."""
    if NUMBER.fullmatch(word):
        return rows.get(number_class(word), UNKNOWN)
    if word in rows:
        return rows[word]
    if word.isascii():
        return UNKNOWN
    for cut in range(1, min(len(word), 20)):
        for part in (word[cut:], word[:-cut]):
            if part in rows and not "ぁ" <= part[0] <= "ん":
                return rows[part]
    return UNKNOWN


def number_class(word: str) -> str:
    """One word for all numbers of a size, so that amounts never seen are understood."""
    value = float(word.replace(",", "") or 0)
    if "." in word:
        return "#d0" if value <= 4 else "#d1" if value <= 5 else "#d2"
    return f"#{next((size for size, limit in enumerate(_SIZES) if value <= limit), len(_SIZES))}"

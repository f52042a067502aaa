"""The words that the second reader knows, by row; others borrow the row of a part of theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock
from typing import cast

import numpy as np
from numpy.typing import NDArray

from rules.odds import Floats

Says = NDArray[np.int16]
"""What words say, in steps of the reader's unit: by direction, word and channel."""

UNKNOWN = 0
"""The row of unknown words, and of the gaps between sentences."""
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SIZES = (0, 3, 9, 69, 100, 999, 9999, 99999)
_MEMO_LIMIT = 200_000


class WordsMet:
    """What the words that were met say, worked out when each is first met; by place.

    Places are given in the order of meeting, so that what belongs to common words lies together and
    stays in the processor's cache: the known words are many, those of most texts are few.

    `says`: what a word says to the place after it, to its own and to the place before it, in steps
    of the reader's unit; `weights`: its weights for its sentence and for the whole text; `row_at`:
    its row. Room that is never used costs nothing.
    """

    def __init__(
        self,
        known: Mapping[str, int],
        said: Callable[[list[int]], tuple[Says, Floats]],
        most: int,
    ) -> None:
        """`said` works out what rows say and weigh; `most`: rows after which it is full."""
        self._known, self._said, self._most = known, said, most
        says, weights = said([UNKNOWN])
        room = 1 + max(known.values(), default=0)
        self.says = [np.empty((room, part.shape[1]), np.int16) for part in says]
        self.weights = np.empty((room, weights.shape[1]), np.float32)
        self.row_at = np.empty(room, np.int64)
        self._places: dict[str, int] = {}
        self._place_of_row: dict[int, int] = {}
        self._meeting = Lock()
        self._keep([UNKNOWN], says, weights)  # at place 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to begin again."""
        return len(self._place_of_row) > self._most or len(self._places) > _MEMO_LIMIT

    def places_of(self, words: Sequence[str]) -> list[int]:
        """The places of words, those met for the first time made ready."""
        known = self._places
        places = list(map(known.get, words))
        if None in places:
            with self._meeting:
                self._meet({word for word in words if word not in known})
            return [known[word] for word in words]
        return cast("list[int]", places)

    def _meet(self, words: Iterable[str]) -> None:
        rows = {word: row_of(word, self._known) for word in words}
        ready = self._place_of_row
        new = [row for row in dict.fromkeys(rows.values()) if row not in ready]
        if new:
            self._keep(new, *self._said(new))
        self._places.update((word, ready[row]) for word, row in rows.items())

    def _keep(self, rows: list[int], said: Says, weights: Floats) -> None:
        first = len(self._place_of_row)
        places = slice(first, first + len(rows))
        for says, part in zip(self.says, said, strict=True):
            says[places] = part
        self.weights[places] = weights
        self.row_at[places] = rows
        self._place_of_row.update(zip(rows, range(first, first + len(rows)), strict=True))


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

"""What goes into the second reader beside the words, and what comes out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known beside the words."""

    stage: str | None
    strict_site: bool
    named_site: bool
    posting: bool
    english: bool

    def vector(self, sentences: int) -> Floats:
        """The inputs that stand for it, each 0 or 1."""
        return np.array(
            [
                self.stage == "escrowed",
                self.stage == "contracted",
                self.stage == "before_contract",
                self.strict_site,
                self.posting,
                self.english,
                sentences > 3,
                not self.named_site,
            ],
            np.float32,
        )


@dataclass(frozen=True, slots=True)
class Odds:
    """`odds[s, c]`: log odds of code c in sentence s; the rest serves `SecondReader.reasons`.

    `ids` are the places of all words with a gap before each sentence and after the last; `gaps[s]`
    is the place of the gap before sentence s, `lengths[s]` how many words it holds; `weights`: what
    the words at these places weigh by themselves.
    """

    odds: Floats
    ids: Ints
    gaps: list[int]
    lengths: list[int]
    pairs: Ints
    hidden: Floats
    pooled: Floats
    gates: Floats
    weights: Floats

    @property
    def chances(self) -> list[float]:
        """How likely each code is, by the sentence that speaks most for it."""
        return [probability(odds) for odds in self.odds.max(axis=0).tolist()]

    def words(self, sentence: int) -> Ints:
        """The places (see `Places`) of the words of a sentence."""
        first = self.gaps[sentence] + 1
        return self.ids[first : first + self.lengths[sentence]]

    def variety(self, sentence: int) -> int:
        """How many different words a sentence holds."""
        return len(set(self.words(sentence).tolist()))


def probability(odds: float) -> float:
    """Log odds as a probability, 0 to 1."""
    return 1 / (1 + math.exp(-max(-30.0, min(odds, 30.0))))

"""The second reader: how likely each risk is in each sentence, learned from labelled texts.

The rules speak; this reader weighs what they said and points at what they have no words for. It
is small (numpy, eight megabytes of weights) and can name the words that moved it. A wide part
(weights of words, word pairs, words anywhere in the text, and what the rules saw) and a deep part
(nets side by side: word vectors, a convolution over three words, the strongest and the summed
signal of a sentence, its neighbours and the whole text, one hidden layer) each give log odds; their
sum, the deep part counting twice, calibrated on texts by hands that neither had seen, is the answer.

Trained by `make train` from tests/corpora (see tests/quality/training); the word vectors derive
from the Universal Sentence Encoder, multilingual (Apache-2.0).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from sys import intern
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.known_words import NUMBER, UNKNOWN, Says, WordsMet, number_class, row_of
from rules.odds import Floats, Ints, Odds, Situation

__all__ = [
    "NUMBER", "UNKNOWN", "Floats", "Ints", "Odds", "SecondReader", "Situation", "number_class",
    "row_of",
]  # fmt: skip

# The place of a gap between sentences, and of unknown words.
_GAP = 0
# Words that are kept ready, 2 KB each, before a new text begins again: most texts use far fewer.
_MOST_KEPT = 24_000


class SecondReader:
    """The trained weights, ready to read.

    What a text costs is the number of calls to numpy rather than the sums: they are few and large.
    """

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        self.codes = tuple(_lines(weights["codes"]))
        self.thresholds = dict(zip(self.codes, map(float, weights["thresholds"]), strict=True))
        self.features = {intern(name): row for row, name in enumerate(_lines(weights["features"]))}
        self.rows = {lemma: row for row, lemma in enumerate(_lines(weights["lemmas"]))}
        self._read_words(weights)
        self._read_wide(weights)
        self._read_deep(weights)
        self._scale = float(weights["calibration"][0]) / 2
        self._shift = float(weights["calibration"][1])
        self._source: Path | None = None

    @classmethod
    def load(cls, path: Path) -> SecondReader:
        """The reader from its weights file. Raises OSError where there is none."""
        with np.load(path) as stored:
            reader = cls(dict(stored))
        reader._source = path
        return reader

    @cached_property
    def fingerprint(self) -> bytes:
        """Tells these weights from others; of a reader that came from no file, its thresholds."""
        if self._source is None:
            return repr(self.thresholds).encode()
        return hashlib.sha256(self._source.read_bytes()).digest()

    def _read_words(self, weights: Mapping[str, NDArray[Any]]) -> None:
        """What each word says by itself, so that reading is look-ups and sums.

        That is: its weights for its sentence and those for the whole text, and by the convolution
        what it says to the place after it, to its own and to the place before it. All this is
        worked out when the word is first met.
        """
        codes = len(self.codes)
        self._wide_words = np.hstack([weights["uni"], weights["anywhere"]])
        self._wide_scales = np.repeat([weights["uni_scale"], weights["any_scale"]], codes)
        self._vectors, self._vector_scales = weights["vectors"], weights["vector_scales"]
        self._conv, self._conv_bias = _plain(weights["conv"]), _plain(weights["conv_b"])
        self._nets, self._width = self._conv_bias.shape
        self._unit = np.float32(weights["says_unit"])
        self._met = self._none_met()

    def _none_met(self) -> WordsMet:
        return WordsMet(self.rows, self._said, _MOST_KEPT)

    def _said(self, rows: list[int]) -> tuple[Says, Floats]:
        """What words say (to the place after, their own, the one before) and weigh, by row."""
        vectors = self._vectors[:, rows] * self._vector_scales[:, None, None]
        said = (vectors @ self._conv).reshape(self._nets, len(rows), 3, self._width)
        said[:, :, 1] += self._conv_bias[:, None]
        steps = np.rint(said.transpose(2, 1, 0, 3) / self._unit).astype(np.int16)
        weights = self._wide_words[rows] * self._wide_scales
        return steps.reshape(3, len(rows), -1), weights.astype(np.float32)

    def _words_met(self) -> WordsMet:
        """The words met so far; where they are too many, they make room by beginning again."""
        if self._met.is_full:
            self._met = self._none_met()
        return self._met

    def _read_wide(self, weights: Mapping[str, NDArray[Any]]) -> None:
        # Row 0 of the pairs stands for all that are not known.
        self._pair_keys = np.append(-1, weights["pair_keys"])
        pairs = weights["pairs"] * weights["pair_scale"]
        self._pairs = np.vstack([np.zeros_like(pairs[:1]), pairs]).astype(np.float32)
        features = weights["feature_w"].astype(np.float32)
        self._feature_weights = np.vstack([features, np.zeros_like(features[:1])])

    def _read_deep(self, weights: Mapping[str, NDArray[Any]]) -> None:
        """The nets side by side, the first axis of all their weights."""
        context_bias = weights["ctx_b"]
        context = self._context = context_bias.shape[-1]
        hidden = _plain(weights["hid"])
        own, rest = np.split(hidden, [2 * self._width], axis=1)
        self._hidden_own = own
        self._hidden_around = np.ascontiguousarray(rest[:, : 2 * context])
        self._hidden_text = np.ascontiguousarray(rest[:, 2 * context :])  # and the situation
        hidden_bias = _plain(weights["hid_b"])
        self._hidden = hidden_bias.shape[-1]
        self._out, self._skip = _plain(weights["out"]), _plain(weights["skip"])
        self._from_sentence = np.concatenate([_plain(weights["ctx"]), own, self._skip], axis=2)
        direct = weights["out_b"] + weights["skip_b"]
        self._from_bias = np.hstack([context_bias, hidden_bias, direct])[:, None].astype(np.float32)
        self._bias = _plain(weights["wide_b"])

    def read(
        self,
        lemmas: Sequence[str],
        firsts: Sequence[int],
        situation: Situation,
        seen: Sequence[Sequence[str]],
    ) -> Odds:
        """The odds of all codes in all sentences.

        `firsts`: index of the first word of each sentence, the first of all 0, each sentence with
        at least one word; `seen`: what the rules saw in each sentence, as feature names.
        """
        met = self._words_met()
        flat, gaps, lengths = _set_apart(met.places_of(lemmas), firsts)
        ids = np.array(flat)
        pairs = self._pair_rows(met.row_at.take(ids))
        scales = np.array([_scales(length) for length in lengths], np.float32)
        odds = self._wide(met, ids, pairs, gaps, scales)
        odds += self._seen(seen)
        hidden = self._heard(met, ids, gaps)
        pooled = self._pooled(hidden, gaps, scales)
        gates, deep = self._deep(pooled, situation.vector(len(gaps)))
        odds += deep
        odds *= self._scale
        odds += self._shift
        return Odds(odds, ids, gaps, lengths, pairs, hidden, pooled, gates, met.weights)

    def _pair_rows(self, rows: Ints) -> Ints:
        """Rows of the word pairs, by their first; the gap beside a sentence counts as a word."""
        keys = rows[:-1] * len(self.rows)
        keys += rows[1:]
        pairs = self._pair_keys.searchsorted(keys)
        pairs *= self._pair_keys.take(pairs, mode="clip") == keys
        return pairs

    def _wide(
        self, met: WordsMet, ids: Ints, pairs: Ints, gaps: list[int], scales: Floats
    ) -> Floats:
        """Sums of weights: of the sentence's words and pairs, and of all words of the text."""
        codes = len(self.codes)
        words = np.add.reduceat(met.weights.take(ids[:-1], 0), gaps, axis=0)
        words -= met.weights[_GAP]
        odds = np.add.reduceat(self._pairs.take(pairs, 0), gaps, axis=0)
        odds *= scales[:, 1:2]
        odds += words[:, :codes] * scales[:, 0:1]
        odds += words[:, codes:].sum(0) * (0.5 / math.sqrt(len(ids) - len(gaps) - 1))
        odds += self._bias
        return np.asarray(odds, np.float32)

    def _seen(self, seen: Sequence[Sequence[str]]) -> Floats:
        """The weights of what the rules saw, summed by sentence."""
        known, nothing = self.features, len(self.features)
        rows: list[int] = []
        starts: list[int] = []
        for names in seen:
            starts.append(len(rows))
            rows += [known[name] for name in names if name in known]
            rows.append(nothing)  # a row of zeros closes each sentence, so that none is empty
        weights = self._feature_weights.take(rows, 0)
        return np.asarray(np.add.reduceat(weights, starts, axis=0), np.float32)

    def _heard(self, met: WordsMet, ids: Ints, gaps: list[int]) -> Floats:
        """The convolution over three words at every place; nothing in the gaps."""
        before, own, after = met.says
        hidden = own.take(ids[:-1], 0)
        hidden += after.take(ids[1:], 0)
        hidden[1:] += before.take(ids[:-2], 0)
        np.maximum(hidden, np.zeros_like(hidden), out=hidden)  # by far quicker than with a scalar
        hidden[gaps] = 0
        return np.asarray(hidden * self._unit, np.float32)

    def _pooled(self, hidden: Floats, gaps: list[int], scales: Floats) -> Floats:
        """For each net and sentence the strongest signal and the sum, channel by channel."""
        both = np.empty((2, len(gaps), hidden.shape[1]), np.float32)
        for strongest, summed, first, last in zip(
            *both, gaps, [*gaps[1:], len(hidden)], strict=True
        ):
            here = hidden[first:last]
            np.maximum.reduce(here, 0, out=strongest)  # one by one: quicker than reduceat
            np.add.reduce(here, 0, out=summed)
        both[1] *= scales[:, 2:3]
        by_net = both.reshape(2, len(gaps), self._nets, self._width).transpose(2, 1, 0, 3)
        return by_net.reshape(self._nets, len(gaps), -1)

    def _deep(self, pooled: Floats, situation: Floats) -> tuple[Floats, Floats]:
        """The hidden layers, which hear neighbours, text and situation too; and the nets' odds."""
        nets, sentences, _ = pooled.shape
        context, size = self._context, self._hidden
        signals = pooled @ self._from_sentence
        signals += self._from_bias
        around = np.zeros((nets, sentences + 2, context), np.float32)
        inner = np.tanh(signals[:, :, :context], out=around[:, 1:-1])
        given = np.broadcast_to(situation, (nets, len(situation)))
        text = np.concatenate([inner.max(1), inner.min(1), given], axis=1)
        beside = np.concatenate([around[:, :-2], around[:, 2:]], axis=2)
        gates = beside @ self._hidden_around
        gates += text[:, None] @ self._hidden_text
        gates += signals[:, :, context : context + size]
        np.maximum(gates, 0, out=gates)
        odds = gates @ self._out
        odds += signals[:, :, context + size :]
        return np.asarray(gates, np.float32), np.asarray(odds.sum(0), np.float32)

    def reasons(self, odds: Odds, sentence: int, code: str) -> Floats:
        """How much each word of a sentence speaks for a code, in log odds."""
        column = self.codes.index(code)
        gap, count = odds.gaps[sentence], odds.lengths[sentence]
        for_words, for_pairs, _ = _scales(count)
        said = odds.weights[odds.words(sentence), column] * for_words
        both = self._pairs[odds.pairs[gap : gap + count + 1], column] * (for_pairs / 2)
        said += both[:-1] + both[1:]
        said += self._deep_reasons(odds, sentence, column)
        return np.asarray(said * self._scale, np.float32)

    def _deep_reasons(self, odds: Odds, sentence: int, column: int) -> Floats:
        """The deep part's share, with its hidden units taken as they stand."""
        width, count = self._width, odds.lengths[sentence]
        open_gates = self._out[:, :, column] * (odds.gates[:, sentence] > 0)
        slope = (self._hidden_own @ open_gates[:, :, None])[:, :, 0] + self._skip[:, :, column]
        by_strongest, by_sum = slope[:, :width].ravel(), slope[:, width:].ravel()
        begin = odds.gaps[sentence] + 1
        hidden = odds.hidden[begin : begin + count]
        share = hidden * (by_sum * _scales(count)[2])
        strongest = hidden.argmax(0)
        share[strongest, np.arange(len(strongest))] += (
            by_strongest * odds.pooled[:, sentence, :width].ravel()
        )
        heard = share.sum(1)
        spread = heard * 0.5  # a place hears its own word (half) and the two beside it
        spread[1:] += heard[:-1] * 0.25
        spread[:-1] += heard[1:] * 0.25
        return np.asarray(spread, np.float32)


def _set_apart(places: list[int], firsts: Sequence[int]) -> tuple[list[int], list[int], list[int]]:
    """The words' places with gaps between the sentences; where the gaps are; the lengths."""
    flat: list[int] = []
    gaps: list[int] = []
    lengths: list[int] = []
    for first, last in pairwise((*firsts, len(places))):
        gaps.append(len(flat))
        lengths.append(last - first)
        flat.append(_GAP)
        flat += places[first:last]
    flat.append(_GAP)
    return flat, gaps, lengths


@lru_cache(maxsize=1024)
def _scales(length: int) -> tuple[float, float, float]:
    """What sums over a sentence are multiplied with: its words, its pairs, its signals."""
    root = math.sqrt(length)
    return 1 / root, 1 / math.sqrt(length + 1), 0.5 / (root + 1)


def _lines(stored: NDArray[Any]) -> list[str]:
    text = bytes(stored).decode()
    return text.split("\n") if text else []


def _plain(stored: NDArray[Any]) -> Floats:
    return np.ascontiguousarray(stored, np.float32)

"""The second reader: how likely each risk is in each sentence, learned from labelled texts.

The rules speak; this reader weighs what they said and points at what they have no words for. It
is small (numpy, a few hundred kilobytes of weights) and can name the words that moved it. A wide
part (weights of words, word pairs, words anywhere in the text, and what the rules saw) and a deep
part (word vectors, a convolution over three words, the strongest and the summed signal of a
sentence, its neighbours and the whole text, one hidden layer) each give log odds; their mean,
calibrated on texts by hands that neither had seen, is the answer.

Trained by `make train` from tests/corpora (see tests/quality/training); the word vectors derive
from the Universal Sentence Encoder, multilingual (Apache-2.0).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

UNKNOWN = 0
"""The row of zeros: unknown words, and the gaps between sentences."""
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SIZES = (0, 3, 9, 69, 100, 999, 9999, 99999)
_MEMO_LIMIT = 200_000
# How many words are made ready to be read at once.
_BLOCK = 256
_ZERO = np.float32(0)


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
    """`odds[s, c]`: log odds of code c in sentence s; the rest serves `SecondReader.reasons`."""

    odds: Floats
    firsts: Ints
    ids: Ints
    pairs: Ints
    hidden: Floats
    places: Ints
    pooled: Floats
    gates: Floats

    @property
    def probabilities(self) -> Floats:
        """The odds as probabilities, 0 to 1."""
        return np.asarray(1 / (1 + np.exp(-np.clip(self.odds, -30, 30))), np.float32)

    def length(self, sentence: int) -> int:
        """How many words a sentence holds."""
        following = sentence + 1
        last = self.firsts[following] if following < len(self.firsts) else len(self.ids)
        return int(last - self.firsts[sentence])

    def variety(self, sentence: int) -> int:
        """How many different words a sentence holds."""
        first = int(self.firsts[sentence])
        return len(set(self.ids[first : first + self.length(sentence)].tolist()))


class SecondReader:
    """The trained weights, ready to read."""

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        self.codes = tuple(_lines(weights["codes"]))
        self.thresholds = dict(zip(self.codes, map(float, weights["thresholds"]), strict=True))
        self.features = {name: row for row, name in enumerate(_lines(weights["features"]))}
        self.rows = {lemma: row for row, lemma in enumerate(_lines(weights["lemmas"]))}
        self._memo = dict(self.rows)
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

    def _read_wide(self, weights: Mapping[str, NDArray[Any]]) -> None:
        own = weights["uni"] * weights["uni_scale"]
        anywhere = weights["anywhere"] * weights["any_scale"]
        self._words = np.hstack([own, anywhere]).astype(np.float32)
        self._pair_keys = np.append(weights["pair_keys"], np.iinfo(np.int64).max)
        pairs = weights["pairs"].astype(np.float32) * weights["pair_scale"]
        self._pairs = np.vstack([pairs, np.zeros((1, len(self.codes)), np.float32)])
        nothing = np.zeros((1, len(self.codes)), np.float32)
        self._feature_weights = np.vstack([weights["feature_w"].astype(np.float32), nothing])

    def _read_deep(self, weights: Mapping[str, NDArray[Any]]) -> None:
        self._vectors, self._vector_scale = weights["vectors"], weights["vector_scale"]
        self._conv, self._conv_bias = weights["conv"].astype(np.float32), weights["conv_b"]
        width = self._width = self._conv.shape[1] // 3
        # What a word says to the place after it, to its own and to the place before it: the
        # convolution is worked out for each word once, so that reading is look-ups and sums.
        size = len(self._vectors)
        self._says = [np.empty((size, width), np.float32) for _ in range(3)]
        self._worked_out = np.zeros(size, np.bool_)
        self._context_bias = _plain(weights["ctx_b"])
        context = self._context = len(self._context_bias)
        hidden = _plain(weights["hid"])
        own, rest = hidden[: 2 * width], hidden[2 * width :]
        self._hidden_own = own
        self._hidden_around = np.ascontiguousarray(rest[: 2 * context])
        self._hidden_text = np.ascontiguousarray(rest[2 * context : 4 * context])
        self._hidden_situation = rest[4 * context :]
        self._hidden_bias = _plain(weights["hid_b"])
        self._out, self._skip = _plain(weights["out"]), _plain(weights["skip"])
        self._from_sentence = np.ascontiguousarray(
            np.hstack([_plain(weights["ctx"]), own, self._skip])
        )
        self._bias = _plain(weights["wide_b"] + weights["out_b"] + weights["skip_b"])

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
        ids, begin = self._ids(lemmas), np.array(firsts, np.int64)
        count = len(begin)
        lengths = np.append(begin[1:], len(ids)) - begin
        places = np.arange(1, len(ids) + 1) + np.repeat(np.arange(count), lengths)
        padded = np.zeros(len(ids) + count + 1, np.int64)
        padded[places] = ids
        root = np.sqrt(lengths.astype(np.float32))[:, None]
        edges = begin + np.arange(count)
        pairs = self._pair_rows(padded)
        odds = self._wide(ids, begin, pairs, edges, root)
        odds += self._seen(seen)
        hidden = self._heard(padded, edges)
        pooled = self._pooled(hidden, edges, root)
        gates, direct = self._deep(pooled, situation.vector(count))
        odds += gates @ self._out + direct + self._bias
        odds *= self._scale
        odds += self._shift
        return Odds(odds, begin, ids, pairs, hidden, places, pooled, gates)

    def _ids(self, lemmas: Sequence[str]) -> Ints:
        try:
            return np.array([self._memo[word] for word in lemmas], np.int64)
        except KeyError:
            if len(self._memo) > _MEMO_LIMIT:
                self._memo = dict(self.rows)
            for word in set(lemmas) - self._memo.keys():
                self._memo[word] = row_of(word, self.rows)
            return np.array([self._memo[word] for word in lemmas], np.int64)

    def _pair_rows(self, padded: Ints) -> Ints:
        """Rows of the word pairs; the edge of a sentence counts as a word."""
        keys = padded[:-1] * len(self.rows) + padded[1:]
        rows = np.searchsorted(self._pair_keys, keys)
        rows[self._pair_keys[rows] != keys] = len(self._pair_keys) - 1
        return rows

    def _wide(self, ids: Ints, begin: Ints, pairs: Ints, edges: Ints, root: Floats) -> Floats:
        """Sums of weights: of the sentence's words and pairs, and of all words of the text."""
        codes = len(self.codes)
        own = np.add.reduceat(self._words.take(ids, 0, mode="clip"), begin, axis=0)
        both = np.add.reduceat(self._pairs.take(pairs, 0, mode="clip"), edges, axis=0)
        odds = (own[:, :codes] / root).astype(np.float32)
        odds += both / np.sqrt(root * root + 1)
        odds += own[:, codes:].sum(0) * (0.5 / len(ids) ** 0.5)
        return odds

    def _seen(self, seen: Sequence[Sequence[str]]) -> Floats:
        """The weights of what the rules saw, summed by sentence."""
        known = self.features
        rows = [[known[name] for name in names if name in known] for names in seen]
        nothing = len(known)  # a row of zeros closes each sentence, so that none is empty
        flat = [row for each in rows for row in (*each, nothing)]
        starts = np.cumsum([0, *(len(each) + 1 for each in rows)])[:-1]
        weights = self._feature_weights.take(flat, 0)
        return np.asarray(np.add.reduceat(weights, starts, axis=0), np.float32)

    def _work_out(self, ids: Ints) -> None:
        """Fills in what words say that were not met before, with those stored beside them.

        Always the same blocks of words, so that the last bit does not depend on what came before.
        """
        for block in np.unique(ids[~self._worked_out[ids]] // _BLOCK).tolist():
            rows = slice(block * _BLOCK, (block + 1) * _BLOCK)
            table = self._vectors[rows].astype(np.float32) * self._vector_scale
            for part, says in enumerate(self._says):
                says[rows] = table @ self._conv[:, part * self._width : (part + 1) * self._width]
            self._says[1][rows] += self._conv_bias
            self._worked_out[rows] = True

    def _heard(self, padded: Ints, edges: Ints) -> Floats:
        """The convolution over three words at every place; nothing at the edges."""
        if not self._worked_out.take(padded).all():
            self._work_out(padded)
        before, own, after = self._says
        hidden = own.take(padded, 0, mode="clip")
        hidden[1:] += before.take(padded[:-1], 0, mode="clip")
        hidden[:-1] += after.take(padded[1:], 0, mode="clip")
        np.maximum(hidden, _ZERO, out=hidden)
        hidden[edges] = 0
        hidden[-1] = 0
        return np.asarray(hidden, np.float32)

    def _pooled(self, hidden: Floats, edges: Ints, root: Floats) -> Floats:
        """For each sentence the strongest signal and the sum, channel by channel."""
        width = self._width
        pooled = np.empty((len(edges), 2 * width), np.float32)
        np.maximum.reduceat(hidden, edges + 1, axis=0, out=pooled[:, :width])
        np.add.reduceat(hidden, edges + 1, axis=0, out=pooled[:, width:])
        pooled[:, width:] *= 0.5 / (root + 1)
        return pooled

    def _deep(self, pooled: Floats, situation: Floats) -> tuple[Floats, Floats]:
        """The hidden layer, which hears neighbours, text and situation too; and the direct path."""
        context, size = self._context, len(self._hidden_bias)
        signals = pooled @ self._from_sentence
        around = np.zeros((len(pooled) + 2, context), np.float32)
        around[1:-1] = np.tanh(signals[:, :context] + self._context_bias)
        inner = around[1:-1]
        neighbours = np.concatenate([around[:-2], around[2:]], axis=1) @ self._hidden_around
        whole = np.concatenate([inner.max(0), inner.min(0)]) @ self._hidden_text
        whole += situation @ self._hidden_situation + self._hidden_bias
        gates = np.maximum(signals[:, context : context + size] + neighbours + whole, _ZERO)
        return np.asarray(gates, np.float32), signals[:, context + size :]

    def reasons(self, odds: Odds, sentence: int, code: str) -> Floats:
        """How much each word of a sentence speaks for a code, in log odds."""
        column = self.codes.index(code)
        first = int(odds.firsts[sentence])
        last = first + odds.length(sentence)
        said = self._words[odds.ids[first:last], column] / np.sqrt(last - first)
        pairs = odds.pairs[first + sentence : last + sentence + 1]
        both = self._pairs[pairs, column] / np.sqrt(last - first + 1) / 2
        said += both[:-1] + both[1:]
        said += self._deep_reasons(odds, sentence, column, last - first)
        return np.asarray(said * self._scale, np.float32)

    def _deep_reasons(self, odds: Odds, sentence: int, column: int, count: int) -> Floats:
        """The deep part's share, with its hidden units taken as they stand."""
        width = self._width
        open_gates = self._out[:, column] * (odds.gates[sentence] > 0)
        slope = self._hidden_own @ open_gates + self._skip[:, column]
        begin = int(odds.places[int(odds.firsts[sentence])])
        hidden = odds.hidden[begin : begin + count]
        share = hidden * (slope[width:] * (0.5 / (np.sqrt(count) + 1)))
        strongest = hidden.argmax(0)
        share[strongest, np.arange(width)] += slope[:width] * odds.pooled[sentence, :width]
        heard = share.sum(1)
        spread = heard * 0.5  # a place hears its own word (half) and the two beside it
        spread[1:] += heard[:-1] * 0.25
        spread[:-1] += heard[1:] * 0.25
        return np.asarray(spread, np.float32)


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


def _lines(stored: NDArray[Any]) -> list[str]:
    text = bytes(stored).decode()
    return text.split("\n") if text else []


def _plain(stored: NDArray[Any]) -> Floats:
    return np.ascontiguousarray(stored, np.float32)

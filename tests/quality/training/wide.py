"""The wide part: logistic regression on words, pairs, words anywhere, and what the rules saw."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from rules.second_reader import Floats, Ints
from tests.quality.training.texts import Targets, Text

_STRENGTH = 100.0
_PAIRS_KEPT = 30_000
#: The value of 'the rules saw this', so that its weights are held back as those of words are.
SEEN_VALUE = 0.5


@dataclass(frozen=True)
class Wide:
    """Weights by row and code."""

    own: Floats
    anywhere: Floats
    pair_keys: Ints
    pairs: Floats
    features: list[str]
    feature_weights: Floats
    bias: Floats


def pair_keys(words: list[int], rows: int) -> list[int]:
    """The pairs of neighbouring words as numbers; the edge of a sentence is word 0."""
    return [a * rows + b for a, b in zip([0, *words], [*words, 0], strict=True)]


class _Columns:
    """A sparse matrix, filled entry by entry."""

    def __init__(self) -> None:
        self._rows: list[int] = []
        self._columns: list[int] = []
        self._values: list[float] = []

    def add(self, row: int, column: int, value: float) -> None:
        self._rows.append(row)
        self._columns.append(column)
        self._values.append(value)

    def matrix(self, rows: int, columns: int) -> Any:
        entries = (self._values, (self._rows, self._columns))
        return sparse.csr_matrix(entries, shape=(rows, columns), dtype=np.float32)


def train(
    texts: list[Text],
    words: list[list[list[int]]],
    rows: int,
    goal: Targets,
    chosen: list[int],
    sentences: Any,
) -> Wide:
    """Weights learnt from some of the texts; `sentences`: their numbers, in order."""
    keys = np.array(
        sorted({k for t in chosen for sentence in words[t] for k in pair_keys(sentence, rows)}),
        np.int64,
    )
    place = {int(key): at for at, key in enumerate(keys)}
    features = sorted({name for t in chosen for s in texts[t].sentences for name in s.seen})
    feature = {name: at for at, name in enumerate(features)}
    anywhere, pairs, seen = rows, 2 * rows, 2 * rows + len(keys)
    columns = _Columns()
    row = 0
    for t in chosen:
        whole = Counter(word for sentence in words[t] for word in sentence)
        for sentence, text_sentence in zip(words[t], texts[t].sentences, strict=True):
            for word, count in Counter(sentence).items():
                columns.add(row, word, count / len(sentence) ** 0.5)
            for key, count in Counter(pair_keys(sentence, rows)).items():
                columns.add(row, pairs + place[key], count / (len(sentence) + 1) ** 0.5)
            for word, count in whole.items():
                columns.add(row, anywhere + word, 0.5 * count / whole.total() ** 0.5)
            for name in text_sentence.seen:
                columns.add(row, seen + feature[name], SEEN_VALUE)
            row += 1
    matrix = columns.matrix(row, seen + len(features))
    weights, bias = _fit(matrix, goal.sentence[sentences], goal.sentence_weight[sentences])
    strength = np.abs(weights[pairs:seen]).max(axis=1)
    kept = np.sort(np.argsort(-strength)[:_PAIRS_KEPT])
    return Wide(
        own=weights[:rows],
        anywhere=weights[anywhere:pairs],
        pair_keys=keys[kept],
        pairs=weights[pairs:seen][kept],
        features=features,
        feature_weights=SEEN_VALUE * weights[seen:],
        bias=bias,
    )


def _fit(matrix: Any, wanted: Floats, weight: Floats) -> tuple[Floats, Floats]:
    codes = wanted.shape[1]
    weights = np.zeros((matrix.shape[1], codes), np.float32)
    bias = np.zeros(codes, np.float32)
    for code in range(codes):
        counts = weight[:, code] > 0
        model = LogisticRegression(C=_STRENGTH, solver="liblinear", tol=1e-2, random_state=0)
        model.fit(matrix[counts], wanted[counts, code], sample_weight=weight[counts, code])
        weights[:, code], bias[code] = model.coef_[0], model.intercept_[0]
    return weights, bias

"""`make train`: from the labelled texts to the weights of the second reader.

Some hands are left out once to learn how far the odds can be trusted (calibration) and from where
a risk is spoken of (thresholds); the weights are then trained on all texts. The same texts and seed
give the same weights.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# One thread for each training: more only get in each other's way (set before numpy is loaded).
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from rules import Rulebook, load_rulebook
from rules.loading import SECOND_READER
from rules.second_reader import NUMBER, Floats, SecondReader, row_of
from tests.quality.score import CORPORA, read_labels
from tests.quality.training import net, wide
from tests.quality.training.merging import merged
from tests.quality.training.texts import Targets, Text, examples, prepare, targets
from tests.quality.training.vectors import Vectors
from tests.quality.training.weights import of_nets, of_wide, stored

CACHE = Path("data/vectors.pickle")
#: Trust is measured on these: hands who wrote as clients do, of every kind of text, with briefs of their
#: own, and whose texts the rules were not made with. What the rules see in texts that they were made with
#: says little of others, and hands who wrote along the reader's mistakes little of how sure it may be.
TRUSTED = frozenset(
    {f"hand-{number}" for number in (47, 65, 74, 77, 81, 83, 85)}
    | {f"fresh-{number}" for number in (*range(12, 21), *range(25, 34))}
)
#: How many pairs of sentences are joined.
_MERGED = 4000
_THRESHOLDS = np.round(np.arange(0.28, 0.62, 0.02), 2)
#: How many texts' worth of the curve of all codes is added to that of each.
_PRIOR = 300.0
#: So many nets, each begun by chance of its own, are right more often together than one as wide.
_NETS = 2


@dataclass(frozen=True)
class Lesson:
    """What one process trains: a net, by its seed, or the wide part (None)."""

    chosen: list[int]
    seed: int | None


@dataclass(frozen=True)
class Course:
    """Everything that training needs, the same for each of them."""

    texts: list[Text]
    vectors: Vectors
    goal: Targets
    codes: tuple[str, ...]
    side: Floats

    def learn(self, lesson: Lesson) -> wide.Wide | net.Net:
        """One part, trained on some of the texts."""
        torch.set_num_threads(1)
        lemmas, words = self.words(lesson.chosen)
        material = net.Material(self.texts, words)
        if lesson.seed is None:
            rows = material.sentences(lesson.chosen)
            return wide.train(self.texts, words, len(lemmas), self.goal, lesson.chosen, rows)
        table = self.vectors.table(lemmas)
        return net.train(table, material, self.goal, self.side, lesson.chosen, lesson.seed)

    def weights(self, chosen: list[int], flat: Any, nets: list[Any]) -> dict[str, Any]:
        """What was learnt of some of the texts, not yet calibrated."""
        lemmas, _ = self.words(chosen)
        return {
            "codes": stored(self.codes),
            "lemmas": stored(lemmas),
            "calibration": np.array([1.0, 0.0], np.float32),
            "thresholds": np.full(len(self.codes), 0.5, np.float32),
            **of_wide(flat),
            **of_nets(nets, len(lemmas)),
        }

    def parted(self, sources: frozenset[str]) -> tuple[list[int], list[int]]:
        """The texts of some hands, and those of all others; what was made of texts goes with them."""
        held = [at for at, text in enumerate(self.texts) if text.source in sources]
        others = [at for at, text in enumerate(self.texts) if text.source not in sources]
        return [at for at in held if not self.texts[at].made], others

    def words(self, chosen: list[int]) -> tuple[list[str], list[list[list[int]]]]:
        """The vocabulary of the chosen texts (and common words), and all texts as its rows."""
        seen = {
            lemma
            for at in chosen
            for sentence in self.texts[at].sentences
            for lemma in sentence.lemmas
        }
        known = (lemma for lemma in sorted(seen | set(self.vectors.extra)) if _has_row(lemma))
        lemmas = ["\x00", *known]
        rows = {lemma: at for at, lemma in enumerate(lemmas)}
        memo: dict[str, int] = {}

        def row(lemma: str) -> int:
            if lemma not in memo:
                memo[lemma] = row_of(lemma, rows)
            return memo[lemma]

        words = [[[row(w) for w in s.lemmas] for s in text.sentences] for text in self.texts]
        return lemmas, words


def _has_row(lemma: str) -> bool:
    """Whether a word is known by itself: numbers are known by their size."""
    return "\n" not in lemma and lemma != "\x00" and not NUMBER.fullmatch(lemma)


def main() -> int:
    """Trains, measures on left-out hands, writes the weights file."""
    options = _options()
    rulebook = load_rulebook(second_reader=False)
    codes = tuple(sorted(rulebook.risks))
    texts = _texts(rulebook)
    texts += merged(texts, _MERGED, options.seed)
    vectors = Vectors(texts, CACHE)
    goal = targets(texts, codes)
    course = Course(texts, vectors, goal, codes, vectors.sentences(texts, net.SIDE))
    held, others = course.parted(TRUSTED)
    trial, final = _trained(course, [others, list(range(len(texts)))], options)
    reader = SecondReader(trial)
    odds = np.array([_strongest(reader, texts[at]) for at in held], np.float32)
    wanted, counts = goal.text[held], goal.text_weight[held]
    calibration, thresholds = _trust(odds, wanted, counts)
    print(_left_out_f1(odds, wanted, counts, calibration, thresholds))
    final |= {"calibration": calibration, "thresholds": thresholds}
    # Not compressed: eight-bit numbers hardly shrink, and unpacking is felt at the start.
    np.savez(SECOND_READER, **final)
    print(f"{len(texts)} texts, {SECOND_READER.stat().st_size / 1e6:.2f} MB")
    for code, threshold in zip(codes, thresholds, strict=True):
        print(f"{code:26} from {threshold:.2f}")
    return 0


def _trained(
    course: Course, choices: list[list[int]], options: argparse.Namespace
) -> list[dict[str, Any]]:
    """The weights for each choice of texts; the nets, which take longest, are begun first."""
    seeds = [options.seed + number for number in range(_NETS)]
    lessons = [Lesson(chosen, seed) for seed in (*seeds, None) for chosen in choices]
    with ProcessPoolExecutor(options.jobs) as pool:
        learnt = list(pool.map(course.learn, lessons))
    *nets, flats = _parts(learnt, len(choices))
    return [
        course.weights(chosen, flat, list(own))
        for chosen, flat, *own in zip(choices, flats, *nets, strict=True)
    ]


def _parts(found: list[Any], size: int) -> list[list[Any]]:
    """A list in parts of one size."""
    return [found[at : at + size] for at in range(0, len(found), size)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2, help="trainings at once")
    return parser.parse_args()


def _texts(rulebook: Rulebook) -> list[Text]:
    labels = [*read_labels(sorted(CORPORA.glob("*.jsonl"))), *examples(rulebook)]
    return prepare(labels, rulebook)


def _strongest(reader: SecondReader, text: Text) -> Floats:
    lemmas = [lemma for sentence in text.sentences for lemma in sentence.lemmas]
    firsts = np.cumsum([0, *(len(sentence.lemmas) for sentence in text.sentences)])[:-1]
    seen = [sentence.seen for sentence in text.sentences]
    found = reader.read(lemmas, firsts.tolist(), text.situation, seen)
    return np.asarray(found.odds.max(0), np.float32)


def _trust(odds: Floats, wanted: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """One slope and shift that make odds true; and for each code the threshold of the best F1.

    Each code leans on the curve of all codes together: a few dozen texts tell too little by themselves.
    """
    known = counts > 0
    model = LogisticRegression(C=1e6).fit(odds[known][:, None], wanted[known])
    slope, shift = float(model.coef_[0, 0]), float(model.intercept_[0])
    chances = 1 / (1 + np.exp(-(odds * slope + shift)))
    spoken = chances[None] >= _THRESHOLDS[:, None, None]
    right = (spoken & known & (wanted == 1)).sum(1).astype(float)
    extra = (spoken & known & (wanted == 0)).sum(1).astype(float)
    missed = (~spoken & known & (wanted == 1)).sum(1).astype(float)
    share = _PRIOR / (right + missed).sum(1, keepdims=True)
    right, extra, missed = (x + share * x.sum(1, keepdims=True) for x in (right, extra, missed))
    f1 = 2 * right / (2 * right + extra + missed)
    smooth = (np.vstack([f1[:1], f1[:-1]]) + 2 * f1 + np.vstack([f1[1:], f1[-1:]])) / 4
    best = _THRESHOLDS[smooth.argmax(0)]
    return np.array([slope, shift], np.float32), best.astype(np.float32)


def _left_out_f1(
    odds: Floats, wanted: Floats, counts: Floats, calibration: Floats, thresholds: Floats
) -> str:
    """How right the odds alone are on hands that were left out (the thresholds saw them)."""
    spoken = 1 / (1 + np.exp(-(odds * calibration[0] + calibration[1]))) >= thresholds
    known = counts > 0
    right = (spoken & known & (wanted == 1)).sum()
    wrong = ((spoken != (wanted == 1)) & known).sum()
    return f"left-out hands: {len(odds)} texts, micro F1 {2 * right / (2 * right + wrong):.3f}"


if __name__ == "__main__":
    sys.exit(main())

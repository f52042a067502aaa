"""Words of a normalised text: dictionary forms with their places.

Japanese is read by Sudachi (its normalised forms: お振込みにて and 振り込みで become 振り込み),
English by a plain split and the Snowball stemmer. A text with any Japanese in it goes through
Sudachi whole, its Latin words through the stemmer too, so that both meet one vocabulary.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import cache, lru_cache

from Stemmer import Stemmer
from sudachipy import Dictionary, SplitMode, Tokenizer

# Sudachi refuses inputs over 49,149 bytes; one character takes at most four.
_CHUNK = 12_000
_MEMO_LIMIT = 50_000
_JAPANESE = re.compile(r"[ぁ-んァ-ヴ一-龯々]")
_LATIN_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[^\w\s]|_")
_BREAKS = re.compile(r"[。！？!?\n]")
_of_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Words:
    """Parallel lists: dictionary form, first character and the one after the last."""

    lemmas: list[str]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.lemmas)


def is_japanese(plain: str) -> bool:
    """True where the text holds any kana or kanji."""
    return _JAPANESE.search(plain) is not None


def split(plain: str) -> Words:
    """The words of a normalised text, in order."""
    return _split_japanese(plain) if is_japanese(plain) else _split_latin(plain)


@cache
def _dictionary() -> Dictionary:
    return Dictionary(dict="small")


def tokenizer() -> Tokenizer:
    """Sudachi, made once for each thread, as it refuses to work for two at a time.

    The longest units, and only what is read of them.
    """
    found: Tokenizer | None = getattr(_of_thread, "tokenizer", None)
    if found is None:
        only = {"normalized_form", "pos"}  # what joins digits to numbers reads the part of speech
        found = _dictionary().tokenizer(mode=SplitMode.C, fields=only)
        _of_thread.tokenizer = found
    return found


@cache
def _stemmer() -> Stemmer:
    return Stemmer("english")


@lru_cache(maxsize=_MEMO_LIMIT)
def lemma(word: str) -> str:
    """The stem of a Latin word; other words are left as they are."""
    if not word.isascii() or not word[0].isalpha():
        return word
    if word.endswith("n't"):
        return "not"
    stem: str = _stemmer().stemWord(word.partition("'")[0])
    return stem


def _split_latin(plain: str) -> Words:
    words = Words([], [], [])
    for match in _LATIN_WORD.finditer(plain):
        words.lemmas.append(lemma(match.group()))
        words.starts.append(match.start())
        words.ends.append(match.end())
    return words


def _split_japanese(plain: str) -> Words:
    words = Words([], [], [])
    lemmas, starts, ends = words.lemmas, words.starts, words.ends
    analyse, lemma_of = tokenizer().tokenize, _LEMMAS.__getitem__
    for offset, chunk in _chunks(plain):
        start = offset  # words and blanks lie side by side: each begins where the last one ends
        for morpheme in analyse(chunk):
            form, end = lemma_of(morpheme.normalized_form()), offset + morpheme.end()
            if form:
                lemmas.append(form)
                starts.append(start)
                ends.append(end)
            start = end
    return words


class _Lemmas(dict[str, str]):
    """Sudachi's forms, with Latin ones stemmed and blanks empty; each is worked out once."""

    def __missing__(self, form: str) -> str:
        if len(self) > _MEMO_LIMIT:
            self.clear()
        plain = "" if form in {" ", "\n"} else lemma(form.lower()) if form.isascii() else form
        self[form] = plain
        return plain


_LEMMAS = _Lemmas()


def _chunks(plain: str) -> list[tuple[int, str]]:
    """Pieces small enough for Sudachi, cut after a sentence where there is one."""
    pieces: list[tuple[int, str]] = []
    start = 0
    while len(plain) - start > _CHUNK:
        breaks = [match.end() for match in _BREAKS.finditer(plain, start, start + _CHUNK)]
        end = breaks[-1] if breaks else start + _CHUNK
        pieces.append((start, plain[start:end]))
        start = end
    pieces.append((start, plain[start:]))
    return pieces

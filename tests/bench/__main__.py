"""`make bench`: what the rule core, pictures and the doors cost. Exit status 1 where a limit is broken.

Each figure stands beside a floor measured in the same run, so that the machine's own speed does
not count: the morphological analysis alone, an interpreter that does nothing, a shorter text.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rules import Lang, Rulebook, Submission, load_rulebook, vet
from rules import words as words_of
from rules.format import Book, ConceptEntry
from rules.loading import BOOK, read_book
from tests.bench import discord, fairness, pages, pictures, slack, workers
from tests.bench.figure import Figure

CORPORA = Path(__file__).parent.parent / "corpora"
ROOT = CORPORA.parent.parent
FRESH = 400


def main() -> int:
    """Prints all figures; 1 where any is over its limit."""
    figures = list(measure())
    for figure in figures:
        print(figure)
    return int(not all(figure.holds for figure in figures))


def measure() -> Iterator[Figure]:
    """All figures, cheapest first."""
    rulebook = load_rulebook()
    for lang in Lang:  # expressions are compiled when they are first needed
        _times(lambda text: _judge(text, rulebook), fresh_texts(lang, 2 * FRESH, seed=9))
    yield from _fresh_texts(rulebook)
    yield from _long_texts(rulebook)
    yield from _large_rulebook(rulebook)
    yield from _cold_start()
    yield from pages.measure(rulebook)
    yield from pictures.measure(
        fresh_texts(Lang.JA, FRESH, seed=6), lambda text: _judge(text, rulebook)
    )
    yield from slack.measure(fresh_texts(Lang.JA, slack.ONE_BY_ONE + slack.AT_ONCE + 10, seed=5))
    yield from discord.measure(
        fresh_texts(Lang.JA, discord.ONE_BY_ONE + discord.AT_ONCE + 10, seed=8)
    )
    yield from fairness.measure(fresh_texts(Lang.JA, fairness.TEXTS, seed=12))
    yield from workers.measure(fresh_texts(Lang.JA, workers.TEXTS, seed=11))


def fresh_texts(lang: Lang, count: int, length: int = 300, seed: int = 1) -> list[str]:
    """Texts that no cache has seen: sentences of the corpora, drawn anew, each text once."""
    rng = random.Random(seed)
    pieces = [
        piece.strip()
        for path in sorted(CORPORA.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if (entry := json.loads(line))["lang"] == lang
        for piece in entry["text"].replace("。", "。\n").replace(". ", ".\n").split("\n")
        if piece.strip()
    ]
    texts: list[str] = []
    while len(texts) < count:
        text = ""
        while len(text) < length:
            text += rng.choice(pieces) + (" " if lang is Lang.EN else "")
        texts.append(text[:length])
    return texts


def _fresh_texts(rulebook: Rulebook) -> Iterator[Figure]:
    """300 characters each; Japanese also against the analysis (its forms read) alone.

    The two take turns, so that both find the machine and its caches in the same state: in a loop of
    its own the analysis takes a third less, and so would the verdict.
    """
    for lang in Lang:
        whole: list[float] = []
        words: list[float] = []
        for text, other in zip(
            fresh_texts(lang, FRESH, seed=2), fresh_texts(lang, FRESH), strict=True
        ):
            whole += _times(lambda text: _judge(text, rulebook), [text])
            words += _times(_analysis, [other])
        yield Figure(f"{lang}: 300 characters, median", statistics.median(whole) * 1e3, 1, "ms")
        yield Figure(f"{lang}: 300 characters, p99", _p99(whole) * 1e3, 3, "ms")
        if lang is Lang.JA:
            floor = statistics.median(words)
            yield Figure("ja: morphological analysis alone, median", floor * 1e3, None, "ms")
            ratio = statistics.median(whole) / floor
            yield Figure("ja: whole verdict / morphological analysis", ratio, 3, "x")


def _analysis(text: str) -> None:
    """The floor: Sudachi's words with their forms read, and nothing else."""
    tokenizer = words_of.tokenizer()
    for morpheme in tokenizer.tokenize(text):
        morpheme.normalized_form()


HOSTILE = {
    "dense tools": "LINEチャットワークSlackのIDを教えて",
    "negations": "ないないずにません、",
    "quotes": "「「」」\"'",
    "digits": "0901234 1.2円×3,000",
    "gaps": "L I N E ",
    "at signs": "a.b@c (at) dot ",
    "one sentence": "お支払いは銀行振込でお願いします、",
    "words": "please send me your ",
}


def _long_texts(rulebook: Rulebook) -> Iterator[Figure]:
    """Ten times the length may cost little more than ten times the time."""
    for name, unit in HOSTILE.items():
        short = unit * (10_000 // len(unit))
        long = unit * (99_000 // len(unit))
        ratio = _best(lambda text: _judge(text, rulebook), long) / _best(
            lambda text: _judge(text, rulebook), short
        )
        yield Figure(f"hostile ({name}): 100,000 / 10,000 characters", ratio, 15, "x")


def _large_rulebook(rulebook: Rulebook) -> Iterator[Figure]:
    """Ten times the vocabulary and the patterns."""
    texts = fresh_texts(Lang.JA, FRESH // 2, seed=3)
    large = Rulebook(_tenfold(read_book(BOOK)), rulebook.second_reader)
    small_time = statistics.median(_times(lambda text: _judge(text, rulebook), texts))
    large_time = statistics.median(_times(lambda text: _judge(text, large), texts))
    yield Figure("rulebook ten times as large", large_time / small_time, 2, "x")


def _tenfold(book: Book) -> Book:
    """The book with nine unlike copies of every term and pattern beside the real ones."""
    vocabulary = dict(book.vocabulary)
    risks = dict(book.risks)
    for number in range(9):
        for name, entry in book.vocabulary.items():
            vocabulary[f"{name}_copy{number}"] = _unlike(entry, number)
    for code, risk in book.risks.items():
        copies = [
            pattern.model_copy(
                update={
                    "id": f"{pattern.id}-copy{number}",
                    "all": tuple(_renamed(part, number) for part in pattern.all),
                }
            )
            for number in range(9)
            for pattern in risk.patterns
        ]
        risks[code] = risk.model_copy(update={"patterns": (*risk.patterns, *copies)})
    return book.model_copy(update={"vocabulary": vocabulary, "risks": risks})


def _unlike(entry: ConceptEntry, number: int) -> ConceptEntry:
    """The same number of terms, none of which is the same word."""
    mark = "あいうえおかきくけ"[number]
    return ConceptEntry(
        terms=tuple(f"{term}{mark}{mark}" for term in entry.terms),
        inside=tuple(f"{term}{mark}{mark}" for term in entry.inside),
    )


def _renamed(part: str, number: int) -> str:
    return "|".join(
        f"{name}ああ{number}" if name.startswith("=") else f"{name}_copy{number}"
        for name in part.split("|")
    )


_VET = ["-m", "bot", "vet", "--json", "LINEで話しましょう"]
# A process remembers the peak of the one it was forked from, so it is asked itself, from inside.
_PEAK = """
import resource, runpy, sys
sys.argv = ["bot", *sys.argv[3:]]
try:
    runpy.run_module("bot", run_name="__main__")
except SystemExit:
    pass
try:
    status = open("/proc/self/status").read()
    print(int(status.split("VmHWM:")[1].split()[0]) / 1024, file=sys.stderr)
except OSError:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, file=sys.stderr)
"""


def _cold_start() -> Iterator[Figure]:
    """A whole process for one text, beside one that does nothing."""
    _process(_VET)  # writes what is kept between runs, where it is not there yet
    nothing = min(_process(["-c", "pass"])[0] for _ in range(3))
    whole = min(_process(_VET)[0] for _ in range(5))
    peak = min(float(_process(["-c", _PEAK, *_VET])[1]) for _ in range(3))
    yield Figure("cold start of `vet`", whole, 0.6, "s")
    yield Figure("cold start of `vet` / of an empty interpreter", whole / nothing, 80, "x")
    yield Figure("peak memory of `vet`", peak, 150, "MB")


def _process(arguments: list[str]) -> tuple[float, str]:
    """Seconds and standard error of one process of this interpreter."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, cwd=ROOT, text=True
    )
    return time.perf_counter() - began, done.stderr


def _judge(text: str, rulebook: Rulebook) -> None:
    vet(Submission(text=text), rulebook)


def _times(work: Callable[[str], object], texts: list[str]) -> list[float]:
    """Seconds of this core for each text, without what other processes take of it."""
    times: list[float] = []
    for text in texts:
        began = time.thread_time()
        work(text)
        times.append(time.thread_time() - began)
    return times


def _best(work: Callable[[str], object], text: str, rounds: int = 3) -> float:
    return min(_times(work, [text] * rounds))


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


if __name__ == "__main__":
    sys.exit(main())

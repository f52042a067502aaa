"""Where the time of a verdict goes: `python -m tests.bench.stages [ja|en]`.

Each stage is timed inside whole verdicts on texts never seen before, in processor time, the
stages within it taken out. Alone in a loop a stage has the caches for itself and shows half of
what it costs at its place.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from rules import Lang, Submission, case, clauses, engine, load_rulebook
from rules.second_reader import SecondReader
from rules.signs import Signs
from rules.vocabulary import Lexicon
from tests.bench.__main__ import fresh_texts

STAGES: tuple[tuple[Any, str], ...] = (
    (clauses, "normalise"),
    (clauses, "split"),
    (clauses, "_sentences"),
    (Lexicon, "find"),
    (Signs, "find"),
    (Signs, "_candidates"),
    (clauses, "_file"),
    (clauses, "_add_compounds"),
    (clauses, "quotes"),
    (clauses, "worker_lines"),
    (case, "client_facts"),
    (case, "pay_facts"),
    (case.Case, "hear_rules"),
    (case.Case, "seen_by_rules"),
    (engine, "weigh"),
    (SecondReader, "read"),
    (engine, "_finding"),
    (engine, "notes"),
)
_TEXTS = 400


class Watch:
    """Seconds by stage, without those of the stages within."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._within = [0.0]

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, its time noted."""

        def noted(*given: Any, **named: Any) -> Any:
            self._within.append(0.0)
            began = time.thread_time()
            try:
                return work(*given, **named)
            finally:
                taken = time.thread_time() - began
                self.seconds[name] += taken - self._within.pop()
                self._within[-1] += taken

        return noted


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Has all stages timed."""
    with ExitStack() as stack:
        for owner, name in STAGES:
            label = f"{owner.__name__.removeprefix('rules.')}.{name}"
            stack.enter_context(patch.object(owner, name, watch.timed(label, getattr(owner, name))))
        yield


def main() -> None:
    """Prints microseconds for each text, and shares, by stage."""
    lang = Lang(sys.argv[1] if len(sys.argv) > 1 else "ja")
    rulebook = load_rulebook()
    for text in fresh_texts(lang, 2 * _TEXTS, seed=9):
        engine.vet(Submission(text=text), rulebook)
    watch = Watch()
    with watched(watch):
        whole = watch.timed("the rest", engine.vet)
        for text in fresh_texts(lang, _TEXTS, seed=2):
            whole(Submission(text=text), rulebook)
    total = sum(watch.seconds.values())
    for name, seconds in sorted(watch.seconds.items(), key=lambda each: -each[1]):
        print(f"{name:24} {seconds / _TEXTS * 1e6:8.1f} µs {seconds / total:6.1%}")
    print(f"{'together':24} {total / _TEXTS * 1e6:8.1f} µs")


if __name__ == "__main__":
    main()

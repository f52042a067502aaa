"""Labelled texts as the reader learns from them: sentences of words, and what the rules saw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from rules import Rulebook
from rules.case import Case
from rules.format import Example, Risk
from rules.second_reader import Floats, Situation
from tests.quality.score import Label

#: Where the rules' own examples come from.
EXAMPLES = "examples"
#: Another sentence of a text with the risk may show it too: it counts little as one without.
_DOUBTFUL = 0.3
_SHOWN = 3.0


@dataclass(frozen=True)
class Sentence:
    """The words of a sentence, as lemmas and as written; the plain text; what the rules saw."""

    lemmas: list[str]
    surfaces: list[str]
    plain: str
    seen: list[str]


@dataclass(frozen=True)
class Text:
    """One labelled text, ready to learn from."""

    source: str
    sentences: list[Sentence]
    situation: Situation
    codes: frozenset[str]
    may: frozenset[str]
    shown: frozenset[tuple[int, str]]
    """Which sentence shows which code."""
    excused: frozenset[str]
    """Codes that the stage excuses: they teach nothing here."""
    made: bool = False
    """Made of others (merging.py): it teaches, but nothing is measured on it."""


def prepare(labels: Iterable[Label], rulebook: Rulebook) -> list[Text]:
    """Reads all texts as the engine reads them."""
    return [text for label in labels if (text := _prepared(label, rulebook)).sentences]


def examples(rulebook: Rulebook) -> list[Label]:
    """The rules' own examples as labels: each tells of its own risk alone, all others are open."""
    return [
        _example_label(
            risk, number, example, frozenset(rulebook.risks) - {risk.code}, flagged=flagged
        )
        for risk in rulebook.risks.values()
        for flagged in (True, False)
        for number, example in enumerate(
            risk.examples.flagged if flagged else risk.examples.not_flagged
        )
    ]


def _example_label(
    risk: Risk, number: int, example: Example | str, others: frozenset[str], *, flagged: bool
) -> Label:
    case = Example(text=example) if isinstance(example, str) else example
    return Label(
        id=f"{risk.code}-{'flagged' if flagged else 'not-flagged'}-{number}",
        lang="en" if case.text.isascii() else "ja",
        kind=case.kind or "message",
        platform=case.platform,
        stage=case.stage,
        text=case.text,
        level="",
        quotes={risk.code: case.text} if flagged else {},
        may=others,
        levels=frozenset(),
        source=EXAMPLES,
    )


def _prepared(label: Label, rulebook: Rulebook) -> Text:
    case = Case(label.submission, rulebook)
    case.hear_rules()
    reading = case.reading
    words = reading.words
    numbers, firsts = case.readable_sentences()
    lasts = [*firsts[1:], len(words)]
    sentences = [
        Sentence(
            lemmas=words.lemmas[first:last],
            surfaces=[
                reading.plain[words.starts[at] : words.ends[at]] for at in range(first, last)
            ],
            plain=reading.plain[reading.sentences[n].start : reading.sentences[n].end].strip(),
            seen=seen,
        )
        for n, first, last, seen in zip(
            numbers, firsts, lasts, case.seen_by_rules(numbers), strict=True
        )
    ]
    spans = [
        reading.normalised.span(words.starts[first], words.ends[last - 1])
        for first, last in zip(firsts, lasts, strict=True)
    ]
    return Text(
        source=label.source,
        sentences=sentences,
        situation=case.situation(),
        codes=frozenset(label.quotes),
        may=label.may,
        shown=frozenset(_shown(label, spans)),
        excused=case.excused_by_stage(),
    )


def _shown(label: Label, spans: list[tuple[int, int]]) -> Iterable[tuple[int, str]]:
    """The sentences that hold a code's quote, or most of it."""
    for code, quote in label.quotes.items():
        at = label.text.find(quote)
        if not quote or at < 0:
            continue
        shares = [max(0, min(at + len(quote), end) - max(at, start)) for start, end in spans]
        most = max(shares, default=0)
        for number, share in enumerate(shares):
            if share and (share == most or share >= 0.4 * len(quote)):
                yield number, code


@dataclass(frozen=True)
class Targets:
    """What is to be learnt, by sentence (rows in the order of the texts) and by text."""

    sentence: Floats
    sentence_weight: Floats
    text: Floats
    text_weight: Floats


def targets(texts: list[Text], codes: tuple[str, ...]) -> Targets:
    """Ones where a code is shown; weights of 0 where a label leaves it open."""
    column = {code: number for number, code in enumerate(codes)}
    rows, weights = [], []
    whole = np.zeros((len(texts), len(codes)), np.float32)
    whole_weight = np.ones((len(texts), len(codes)), np.float32)
    for number, text in enumerate(texts):
        silent = [column[code] for code in text.may | text.excused]
        whole[number, [column[code] for code in text.codes]] = 1
        whole_weight[number, silent] = 0
        for at in range(len(text.sentences)):
            row = np.zeros(len(codes), np.float32)
            weight = np.ones(len(codes), np.float32)
            weight[[column[code] for code in text.codes]] = _DOUBTFUL
            for place, code in text.shown:
                if place == at:
                    row[column[code]], weight[column[code]] = 1, _SHOWN
            weight[silent] = 0
            rows.append(row)
            weights.append(weight)
    return Targets(np.array(rows), np.array(weights), whole, whole_weight)

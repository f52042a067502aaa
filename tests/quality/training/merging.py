"""Two short sentences said in one breath.

Labelled texts seldom say two things in one sentence, people often do ('add me on Telegram and pay
the fee'); without such examples the reader lets one risk talk it out of the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from tests.quality.training.texts import Sentence, Text

#: The longest sentence that is joined to another, in words.
_LONGEST = 18
#: How often the other sentence is a harmless one.
_HARMLESS = 0.3
_STOPS = frozenset("。.!?！？…")
_JOINTS = {True: ("and", ",", "then", "and"), False: ("、", "、", "て", "し")}


def merged(texts: list[Text], number: int, seed: int) -> list[Text]:
    """Texts of one sentence each, made of two by the same hand in the same situation.

    One of the two shows a risk, the other mostly too.
    """
    rng = np.random.default_rng(seed)
    groups = [group for group in _groups(texts).values() if len(group.risky) > 1]
    sizes = np.array([len(group.risky) for group in groups], float)
    made: list[Text] = []
    for at in rng.choice(len(groups), number, p=sizes / sizes.sum()):
        group = groups[at]
        first = group.risky[rng.integers(len(group.risky))]
        others = group.harmless if group.harmless and rng.random() < _HARMLESS else group.risky
        pair = [first, others[rng.integers(len(others))]]
        if pair[0] is not pair[1]:
            rng.shuffle(pair)
            made.append(_joined(pair[0], pair[1], int(rng.integers(4))))
    return made


@dataclass
class _Group:
    """Short sentences by one hand in one situation."""

    risky: list[Text] = field(default_factory=list[Text])
    harmless: list[Text] = field(default_factory=list[Text])


def _groups(texts: list[Text]) -> dict[tuple[object, ...], _Group]:
    groups: dict[tuple[object, ...], _Group] = defaultdict(_Group)
    for text in texts:
        situation = text.situation
        key = (text.source, situation.english, situation.stage, situation.strict_site)
        for single in _single(text):
            (groups[key].risky if single.codes else groups[key].harmless).append(single)
    return groups


def _single(text: Text) -> Iterator[Text]:
    """The short sentences of a text that show all they show by themselves, each as a text."""
    places: dict[str, set[int]] = defaultdict(set)
    for place, code in text.shown:
        places[code].add(place)
    for number, sentence in enumerate(text.sentences):
        codes = frozenset(code for place, code in text.shown if place == number)
        if len(sentence.lemmas) > _LONGEST or any(len(places[code]) > 1 for code in codes):
            continue
        if codes or not text.codes:
            shown = frozenset((0, code) for code in codes)
            yield Text(
                text.source, [sentence], text.situation, codes, text.may, shown, text.excused
            )


def _joined(first: Text, second: Text, joint: int) -> Text:
    a, b = first.sentences[0], second.sentences[0]
    word = _JOINTS[first.situation.english][joint]
    codes = first.codes | second.codes
    end = -1 if a.surfaces[-1] in _STOPS else None
    sentence = Sentence(
        lemmas=[*a.lemmas[:end], word, *b.lemmas],
        surfaces=[*a.surfaces[:end], word, *b.surfaces],
        plain=f"{a.plain} {b.plain}",
        seen=sorted({*a.seen, *b.seen}),
    )
    return Text(
        source=first.source,
        sentences=[sentence],
        situation=first.situation,
        codes=codes,
        may=(first.may | second.may) - codes,
        shown=frozenset((0, code) for code in codes),
        excused=first.excused | second.excused,
        made=True,
    )

"""What anybody would type first: each risk said plainly, alone and together with another.

The corpora hold what clients write, mostly with some art; these are the sentences by which people
try a bot, and none of them was written for a rule (one word of the vocabulary was, for one of them:
'before the contract is signed').
"""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from rules import Rulebook, Submission, load_rulebook, vet

_JOINTS = {"ja": ("、", "。"), "en": (" and ", ".")}
#: The share of risks that must be seen where two are said in one breath.
_SEEN_IN_PAIRS = 0.9


class Saying(NamedTuple):
    """A risk's code, and words for it that begin and that end a sentence."""

    code: str
    first: str
    last: str


def _sayings() -> dict[str, list[Saying]]:
    read = yaml.safe_load(Path(__file__).with_name("plain.yaml").read_text(encoding="utf-8"))
    return {
        lang: [
            Saying(code, each["first"], each["last"])
            for code, found in codes.items()
            for each in found
        ]
        for lang, codes in read.items()
    }


SAYINGS = _sayings()


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.mark.parametrize(
    ("lang", "saying"), [(lang, each) for lang, found in SAYINGS.items() for each in found]
)
def test_said_alone(lang: str, saying: Saying, rulebook: Rulebook) -> None:
    text = saying.last + _JOINTS[lang][1]
    assert saying.code in vet(Submission(text=text), rulebook).codes


@pytest.mark.parametrize("lang", SAYINGS)
def test_said_in_one_breath(lang: str, rulebook: Rulebook) -> None:
    joint, stop = _JOINTS[lang]
    seen = missed = 0
    for one, other in permutations(SAYINGS[lang], 2):
        if one.code == other.code:
            continue
        codes = vet(Submission(text=one.first + joint + other.last + stop), rulebook).codes
        found = len({one.code, other.code} & set(codes))
        seen, missed = seen + found, missed + 2 - found
    assert seen / (seen + missed) >= _SEEN_IN_PAIRS

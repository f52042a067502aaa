"""How the second reader's chances become a verdict: first of the whole text, then of each risk."""

import pytest

from rules import Submission, load_rulebook
from rules.case import Case
from rules.second_reader import SecondReader
from rules.weighing import _is_risky, _named

BOOK = load_rulebook()
CASE = Case(Submission(text="よろしくお願いします。"), BOOK)


@pytest.mark.parametrize(
    ("chances", "risky"),
    [
        ({"vague_pay": 0.6}, False),  # one that is not strong by itself
        ({"vague_pay": 0.6, "vague_work": 0.5}, True),  # two faint ones: 0.8
        ({"purchase_required": 0.45}, True),  # a danger needs less
        ({"purchase_required": 0.25, "off_platform_payment": 0.25}, True),
        ({"purchase_required": 0.3}, False),
        ({"vague_pay": 0.75}, True),
        ({}, False),
    ],
)
def test_a_text_is_asked_of_all_risks_together(chances: dict[str, float], *, risky: bool) -> None:
    assert _is_risky(CASE, chances, set()) is risky


def test_what_the_rules_see_too_needs_less() -> None:
    assert _is_risky(CASE, {"vague_pay": 0.66}, {"vague_pay"})
    assert not _is_risky(CASE, {"vague_pay": 0.66}, {"vague_work"})
    assert not _is_risky(CASE, {"vague_pay": 0.6}, {"vague_pay"})


def test_of_a_risky_text_one_risk_is_named_at_least() -> None:
    chances = {code: reader().thresholds[code] - 0.05 for code in ("vague_pay", "pressure")}
    strongest = max(chances, key=chances.__getitem__)
    assert _named(CASE, reader(), chances, set()) == {strongest}
    assert _named(CASE, reader(), chances, {"weak_client_record"}) == set()
    chances["pressure"] = reader().thresholds["pressure"]
    assert _named(CASE, reader(), chances, set()) == {"pressure"}


def test_a_danger_that_may_well_be_there_is_named_once() -> None:
    chances = {"off_platform_payment": 0.25, "off_platform_contract": 0.27, "pressure": 0.9}
    assert _named(CASE, reader(), chances, set()) == {"pressure", "off_platform_contract"}
    assert _named(CASE, reader(), chances, {"purchase_required"}) == {"pressure"}
    assert _named(CASE, reader(), chances | {"purchase_required": 0.9}, set()) == {
        "pressure",
        "purchase_required",
    }


def reader() -> SecondReader:
    assert BOOK.second_reader is not None
    return BOOK.second_reader

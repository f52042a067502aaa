"""How the second reader's chances become a verdict: first of the whole text, then of each risk."""

import numpy as np
import pytest

from rules import Submission, load_rulebook, vet
from rules.case import Case
from rules.pointing import SECOND_READER, _strongest_stretch
from rules.second_reader import SecondReader
from rules.weighing import _by_doubt, _is_risky, _named

BOOK = load_rulebook()
CASE = Case(Submission(text="よろしくお願いします。"), BOOK)


@pytest.mark.parametrize(
    ("chances", "risky"),
    [
        ({"vague_pay": 0.8}, False),  # one that is not strong by itself
        ({"vague_pay": 0.8, "vague_work": 0.6}, True),  # two such: 0.92
        ({"purchase_required": 0.55}, True),  # a danger needs less
        ({"purchase_required": 0.3, "off_platform_payment": 0.3}, True),
        ({"purchase_required": 0.45}, False),
        ({"vague_pay": 0.95}, True),
        ({}, False),
    ],
)
def test_a_text_is_asked_of_all_risks_together(chances: dict[str, float], *, risky: bool) -> None:
    assert _is_risky(CASE, chances, set()) is risky


def test_what_the_rules_see_too_needs_less() -> None:
    assert _is_risky(CASE, {"vague_pay": 0.85}, {"vague_pay"})
    assert not _is_risky(CASE, {"vague_pay": 0.85}, {"vague_work"})
    assert not _is_risky(CASE, {"vague_pay": 0.65}, {"vague_pay"})


def test_of_a_risky_text_one_risk_is_named_at_least() -> None:
    chances = {code: reader().thresholds[code] - 0.05 for code in ("vague_pay", "pressure")}
    strongest = max(chances, key=chances.__getitem__)
    assert _named(CASE, reader(), chances, set()) == {strongest}
    assert _named(CASE, reader(), chances, {"weak_client_record"}) == set()
    chances["pressure"] = reader().thresholds["pressure"]
    assert _named(CASE, reader(), chances, set()) == {"pressure"}


def test_a_danger_that_may_well_be_there_is_named_once() -> None:
    chances = {"off_platform_payment": 0.3, "off_platform_contract": 0.32, "pressure": 0.9}
    assert _named(CASE, reader(), chances, set()) == {"pressure", "off_platform_contract"}
    assert _named(CASE, reader(), chances, {"purchase_required"}) == {"pressure"}
    assert _named(CASE, reader(), chances | {"purchase_required": 0.9}, set()) == {
        "pressure",
        "purchase_required",
    }


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("仕事の依頼\n総合評価 3.2 / 募集実績 58件 / 本人確認済み", True),
        ("Client: payment method verified, 3.2 of 19 reviews, 12 hires", True),
        ("総合評価 4.8 / 募集実績 58件 / 完了率 41%", True),
        ("応じていただけないなら評価1にします。", False),
        ("評価3.2のお店の口コミを集めるお仕事です。", False),
    ],
)
def test_a_row_of_figures_is_read_as_it_stands(text: str, *, stands: bool) -> None:
    case = Case(Submission(text=text), BOOK)
    case.hear_rules()
    standing, _ = _by_doubt(case, reader())
    assert ("weak_client_record" in {hit.risk.code for hit in standing}) is stands


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("1文字1.5円でお願いしています。一話およそ6,000字、報酬は一話3,000円です。", True),
        ("1文字1.2円、3,000字で1,800円です。", True),
        ("Pay is 2 cents a word. The text has 3,000 words, so that's $30.", True),
        ("It's $0.05 per word and 1,000 words an article, which is $20.", True),
        ("1.2 yen per character, 3,000 characters, total 1,800 yen", True),
        ("1文字0.7円、15万字で105,000円です。", False),
        ("1文字1.5円です。月に4本、1本4,000字で24,000円ほどになります。", False),
        ("「1文字2円、1,500字、1本2,000円」と書きましたが、正しくは1本3,000円です。", False),
        ("€12 a page, 90 pages, total €1,080, a second reading €4 a page.", False),
        ("$15 per hour, 10 hours a week, that's $150.", False),
    ],
)
def test_sums_that_are_wrong_are_beyond_doubt(text: str, *, wrong: bool) -> None:
    found = vet(Submission(text=text), BOOK).findings
    assert ("sum-is-wrong" in {each.pattern for each in found}) is wrong


def test_of_speech_without_stops_the_words_that_say_it_are_quoted() -> None:
    starts = np.arange(0, 300, 10)
    says = np.zeros(31)
    says[13:16] = 1
    whole = np.array([0, 30])
    begin, end = _strongest_stretch(np.cumsum(says), starts, starts + 9, whole)
    assert begin <= 120
    assert end >= 149
    assert end - begin <= 80


def test_the_sentence_that_says_most_is_quoted_beside_what_the_rules_see() -> None:
    text = (
        "I have read your captions twice and my daughter writes better English than you, what "
        "rubbish. Redo all of them for free, or I leave the kind of review that ends careers here."
    )
    found = [each for each in vet(Submission(text=text), BOOK).findings if each.code == "pressure"]
    assert {each.pattern == SECOND_READER for each in found} == {True, False}
    assert any("review" in each.quote for each in found)


def reader() -> SecondReader:
    assert BOOK.second_reader is not None
    return BOOK.second_reader

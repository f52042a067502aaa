"""Signs: what an expression needs is never missed, and nothing is lost by trying it less often."""

import re

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rules import load_rulebook
from rules.anatomy import anatomy
from rules.signs import Signs, compiled

SIGNS = sorted({sign for entry in load_rulebook().book.vocabulary.values() for sign in entry.signs})


@pytest.mark.parametrize(
    ("sign", "spellings"),
    [
        ("ab|ac", ["ab", "ac"]),
        ("a[bc]d?", ["ab", "abd", "ac", "acd"]),
        ("(見|聞)く?", ["聞", "聞く", "見", "見く"]),
        (r"\bab\b", []),
        ("ab+", []),
    ],
)
def test_a_list_of_strings_is_known_as_one(sign: str, spellings: list[str]) -> None:
    assert anatomy(sign).spellings == sorted(spellings)


@pytest.mark.parametrize(
    ("sign", "needs"),
    [
        (r"\bpay (me|us)\b", [["pay me", "pay us"]]),
        (r"銀行[^。]{0,9}振込", [["銀行"], ["振込"]]),
        (r"(a|b)\d+円", [["a", "b"], ["円"]]),
        (r"\d+", []),
        (r"x?\d", []),
        (r"(?!bad)", []),
    ],
)
def test_needs(sign: str, needs: list[list[str]]) -> None:
    assert anatomy(sign).needs == needs


@pytest.mark.parametrize(
    ("sign", "tame"), [("a{0,9}b", True), ("(a+)+b", False), ("(ab*)*", False), ("(ab?)*", True)]
)
def test_repetition_within_repetition_is_not_tame(sign: str, tame: bool) -> None:
    assert anatomy(sign).tame is tame


@pytest.mark.parametrize("sign", ["(?!x)", "a(", "[z-a]"])
def test_what_is_no_expression_is_said(sign: str) -> None:
    with pytest.raises(ValueError, match="no RE2 expression"):
        compiled(sign)


NO_LISTS = [sign for sign in SIGNS if not anatomy(sign).spellings][::5]
CHOSEN = Signs([(number, sign, anatomy(sign)) for number, sign in enumerate(NO_LISTS)])
EXPRESSIONS = {sign: re.compile(sign, re.ASCII) for sign in NO_LISTS}
PIECES = st.sampled_from(
    [
        *"銀行口座にへで振込んでください送金契約後の前サイト外",
        "pay",
        " ",
        "me",
        "your",
        "$30",
        "5",
        "円",
        "line",
        "id",
        ":",
        ".",
    ]
)


# Shrinking would take minutes with hundreds of signs, and the text is short as it is.
@settings(max_examples=100, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(PIECES, max_size=40).map("".join))
def test_nothing_is_lost_by_needs(text: str) -> None:
    found = {NO_LISTS[number] for _, _, number in CHOSEN.find(text, [(0, len(text))])}
    wanted = {
        sign
        for sign, expression in EXPRESSIONS.items()
        if any(match.group() for match in expression.finditer(text))
    }
    assert found == wanted

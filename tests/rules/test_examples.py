"""Every example of every rule, by one test: the rules prove themselves."""

import pytest

from rules import load_rulebook
from rules.checking import check, codes_of
from rules.format import Example

RULEBOOK = load_rulebook(second_reader=False)
CASES = [
    pytest.param(risk.code, example, wanted, id=f"{risk.code}-{name}-{number}")
    for risk in RULEBOOK.risks.values()
    for name, wanted in (("flagged", True), ("not_flagged", False))
    for number, example in enumerate(getattr(risk.examples, name))
]


@pytest.mark.parametrize(("code", "example", "wanted"), CASES)
def test_example(code: str, example: Example | str, wanted: bool) -> None:
    assert (code in codes_of(example, RULEBOOK)) is wanted


def test_every_rule_has_examples_in_both_languages_and_on_both_sides() -> None:
    for risk in RULEBOOK.risks.values():
        for side in (risk.examples.flagged, risk.examples.not_flagged):
            texts = [each if isinstance(each, str) else each.text for each in side]
            assert any(text.isascii() for text in texts), f"{risk.code}: no English example"
            assert any(not text.isascii() for text in texts), f"{risk.code}: no Japanese example"


def test_the_shipped_book_has_no_mistakes() -> None:
    assert check() == []

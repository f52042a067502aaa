"""What is quoted says by itself what is meant."""

import pytest

from rules import Submission, load_rulebook, vet

RULEBOOK = load_rulebook()


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("ご興味があれば、LINEにてご連絡ください。", "LINEにてご連絡ください"),
        (
            "Thanks for the bid. Please contact our manager on Telegram to begin the interview "
            "for this long-term position with us.",
            "Please contact our manager on Telegram",
        ),
        ("Please write to Mr. Example on WhatsApp, he is there all day and answers at once.",
         "Please write to Mr. Example on WhatsApp"),
    ],
)  # fmt: skip
def test_a_short_match_is_quoted_with_its_clause(text: str, quote: str) -> None:
    assert quote in [each.quote for each in vet(Submission(text=text), RULEBOOK).findings]

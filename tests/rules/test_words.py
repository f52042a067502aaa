"""Words: dictionary forms with exact places, in texts of any length."""

from hypothesis import given
from hypothesis import strategies as st

from rules.text import normalise
from rules.words import split


def test_inflection_and_spelling_fall_away() -> None:
    assert "振り込み" in split("お振込みにて").lemmas
    assert "打ち合わせ" in split("打合せをお願いします").lemmas
    assert split("sending invitations").lemmas == split("send invitation").lemmas


def test_a_word_inside_another_is_not_seen() -> None:
    assert "ライン" not in split("ガイドラインとオンライン").lemmas


def test_long_texts_are_read_whole() -> None:
    text = "契約のあとで連絡します。" * 4_000
    words = split(text)
    assert words.ends[-1] == len(text)
    assert words.lemmas.count("契約") == 4_000


@given(st.text(max_size=300))
def test_places_are_in_order_and_inside(text: str) -> None:
    plain = normalise(text).plain
    words = split(plain)
    before = 0
    for start, end in zip(words.starts, words.ends, strict=True):
        assert before <= start < end <= len(plain)
        before = end

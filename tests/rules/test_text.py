"""The normaliser: what it sees through, and that its offsets are exact on any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import normalise

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=200)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("ＬＩＮＥ", "line"),
        ("ﾁｬｯﾄﾜｰｸ", "チャットワーク"),
        ("チャッ卜ワーク", "チャットワーク"),
        ("ﾊﾞﾅｰ", "バナー"),
        ("か\u3099", "が"),
        ("ら い ん", "らいん"),
        ("ラ.イ.ン", "ライン"),
        ("L I N E", "line"),
        ("L 1 N E", "l1ne"),
        ("wait a 5 s", "wait a 5 s"),
        ("ちゃ★とわ★ーく", "ちゃとわーく"),
        ("高収入★未経験OK", "高収入★未経験ok"),
        ("L-I-N-E", "line"),
        ("Te\u200ble\u200dgram", "telegram"),
        ("Теlеgrаm", "telegram"),
        ("①②", "12"),
        ("契約\r\n後", "契約\n\n後"),
        ("bad\udc00", "bad\ufffd"),
    ],
)
def test_sees_through(written: str, plain: str) -> None:
    assert normalise(written).plain == plain


@pytest.mark.parametrize("honest", ["工力タ口", "a b", "i am a man", "二つのカタログ", "いつ も"])
def test_leaves_honest_spelling_alone(honest: str) -> None:
    assert normalise(honest).plain == honest


@pytest.mark.parametrize(
    ("written", "part", "quote"),
    [
        ("連絡は ら い ん で", "らいん", "ら い ん"),
        ("まずは ﾊﾞﾅｰ を", "バナー", "ﾊﾞﾅｰ"),
        ("via Te\u200ble\u200bgram now", "telegram", "Te\u200ble\u200bgram"),
        ("㍿サンプル", "株式会社", "㍿"),
    ],
)
def test_quotes_are_the_original(written: str, part: str, quote: str) -> None:
    normalised = normalise(written)
    at = normalised.plain.index(part)
    start, end = normalised.span(at, at + len(part))
    assert written[start:end] == quote


@given(ANY_TEXT)
def test_every_place_leads_back_into_the_original(text: str) -> None:
    normalised = normalise(text)
    before = 0
    for at in range(len(normalised.plain)):
        start, end = normalised.span(at, at + 1)
        assert before <= start < end <= len(text)
        before = start


@given(ANY_TEXT)
def test_the_plain_form_is_stable(text: str) -> None:
    plain = normalise(text).plain
    assert normalise(plain).plain == normalise(normalise(plain).plain).plain

"""Bytes of every charset that Japanese pages come in, told rightly, wrongly and not at all."""

from __future__ import annotations

import pytest

from bot.reading.charset import decoded

TEXT = "仕事の詳細:紅茶の記事を書いてくださる方を募集しています。①納期は３週間です~髙橋"
PLAIN = TEXT.replace("①", "(1)").replace("髙", "高").replace("~", "")
CHARSETS = ["utf-8", "shift_jis", "euc-jp", "iso-2022-jp"]


@pytest.mark.parametrize("charset", CHARSETS)
class TestEachCharset:
    def test_told_by_the_server(self, charset: str) -> None:
        assert decoded(PLAIN.encode(charset), charset) == PLAIN

    def test_told_by_the_page(self, charset: str) -> None:
        for tag in (
            f'<meta charset="{charset}">',
            f"<META content='text/html; charset={charset}'>",
        ):
            page = f"<html><head>{tag}</head><p>{PLAIN}</p>"
            assert decoded(page.encode(charset)) == page

    def test_told_by_nobody(self, charset: str) -> None:
        assert decoded((PLAIN * 20).encode(charset)) == PLAIN * 20

    def test_told_wrongly(self, charset: str) -> None:
        """UTF-8 is known by itself; what is not is tried as it is told, then as the page says."""
        page = f'<meta charset="{charset}"><p>{PLAIN}</p>'
        assert decoded(page.encode(charset), "utf-8") == page

    def test_a_damaged_byte_costs_a_character_alone(self, charset: str) -> None:
        page = f'<meta charset="{charset}"><p>{PLAIN}</p>\n'.encode(charset) * 2
        middle = len(page) // 2
        damaged = page[:middle] + b"\xff" + page[middle:]
        assert PLAIN in decoded(damaged)


@pytest.mark.parametrize(
    ("data", "said", "text"),
    [
        ("髙橋①".encode("cp932"), "Shift_JIS", "髙橋①"),  # what Windows writes under this name
        ("募集".encode("utf-16"), None, "募集"),
        (b"\xef\xbb\xbf" + "募集".encode(), "shift_jis", "募集"),
        ("caf\xe9 \u201cx\u201d".encode("cp1252"), "iso-8859-1", "caf\xe9 \u201cx\u201d"),
        (b"plain", "no-such-charset", "plain"),
        (b"plain", "", "plain"),
        (b"", None, ""),
    ],
)
def test_particular_bytes(data: bytes, said: str | None, text: str) -> None:
    assert decoded(data, said) == text


def test_any_bytes_are_read_somehow() -> None:
    for said in (None, "utf-8", "shift_jis", "utf-16", "base64", "rot13", "idna", "undefined"):
        assert isinstance(decoded(bytes(range(256)) * 10, said), str)

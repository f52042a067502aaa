"""Bytes as text, in the charset that they are really in."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What browsers read under these names is a little more than the standards say.
_WIDER = {
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "windows-31j": "cp932", "ms_kanji": "cp932", "x-euc-jp": "euc_jp", "iso-8859-1": "cp1252",
    "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030",
    "gbk": "gb18030",
}  # fmt: skip
_OF_THE_WEB = re.compile(
    r"utf[-_]?(?:8|16)|cp\d|windows-|iso[-_]?(?:8859|2022)|euc|shift|big5|gb\d|koi8|mac"
)
_JAPANESE = ["cp932", "euc_jp", "iso2022_jp", "utf_8"]
_HEAD = 4_096
_SAMPLE = 60_000


def decoded(data: bytes, said: str | None = None) -> str:
    """The text in some bytes; `said`: the charset that their sender named. Never raises.

    A byte order mark goes first. Then UTF-8 wherever it fits, for text in another charset is
    hardly ever valid UTF-8, while pages that name the wrong charset are common. Then what the
    sender or the page itself names, then what looks most likely.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, errors="replace")
    if b"\x1b$" in data:
        return data.decode("iso2022_jp_ext", errors="replace")
    if (text := _strictly(data, "utf-8")) is not None:
        return text
    named = [name for name in (_codec(said), _codec(_declared(data))) if name]
    for codec in named:
        if (text := _strictly(data, codec)) is not None:
            return text
    return data.decode(named[0] if named else _likely(data), errors="replace")


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data, 0, _HEAD)
    return found[1].decode("ascii", errors="replace") if found else None


def _codec(name: str | None) -> str | None:
    """Python's name of a charset; None for one that is unknown, or none of the web's."""
    said = (name or "").strip().lower()
    codec = _WIDER.get(said, said)
    if not _OF_THE_WEB.match(codec):
        return None
    try:
        return codecs.lookup(codec).name
    except LookupError:
        return None


def _likely(data: bytes) -> str:
    best = from_bytes(data[:_SAMPLE], cp_isolation=_JAPANESE, threshold=0.5).best()
    return best.encoding if best is not None else "utf-8"

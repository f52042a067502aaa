"""Figures: a fact with its place, and numbers as people write them.

Numbers come as 4.0, ３件, 三・七, 四コンマ六, 六割, 二つ半, one, three point six, ゼロ.

`NUMBER` is a piece of an expression over normalised text (full width is gone by then); `value_of`
reads what it matched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Value = float | bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact's value and the words it was read from (None: it came from a page)."""

    value: Value
    span: tuple[int, int] | None


def before(plain: str, place: int, reach: int) -> str:
    """The words of the same sentence just before a place."""
    return re.split(r"[。\n!?]", plain[max(0, place - reach) : place])[-1]


def holds_any(plain: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in the text: cheaper than to try an expression in vain."""
    for word in words:  # noqa: SIM110 - a plain loop takes half the time of any()
        if word in plain:
            return True
    return False


def each_from(
    beginning: re.Pattern[str], expression: re.Pattern[str], plain: str
) -> Iterator[re.Match[str]]:
    """As `expression.finditer`, tried only at the places where a match can begin.

    `beginning` takes one character. For an expression whose ways begin in unlike manners this is
    several times quicker: Python's engine would try each of them everywhere.
    """
    place = 0
    while begun := beginning.search(plain, place):
        place = begun.end()
        if match := expression.match(plain, begun.start()):
            yield match
            place = max(place, match.end())


_WORDS = {
    "zero": 0,
    "no": 0,
    "none": 0,
    "nil": 0,
    "one": 1,
    "a single": 1,
    "single": 1,
    "two": 2,
    "a couple of": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "ゼロ": 0,
    "ひとつ": 1,
    "ふたつ": 2,
    "みっつ": 3,
    "よっつ": 4,
}
_KANJI = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}

_ENGLISH = "|".join(sorted((word for word in _WORDS if word.isascii()), key=len, reverse=True))
_DIGITS = "zero|one|two|three|four|five|six|seven|eight|nine"
#: One number in any notation; not part of a longer one.
NUMBER = (
    r"(?:(?<![\d.$¥€£,])\d{1,3}(?:,\d{3})+|(?<![\d.$¥€£,])\d{1,6}(?:\.\d{1,2})?(?!\d)"
    r"|(?<![〇零一二三四五六七八九十百千])[〇零一二三四五六七八九十百千]{1,7}"
    r"(?:(?:[・.点]|コンマ)[〇零一二三四五六七八九]{1,2}(?![〇零一二三四五六七八九十]))?(?:つ?半)?"
    rf"|ゼロ|ひとつ|ふたつ|みっつ|よっつ|\b(?:{_ENGLISH})(?: point (?:{_DIGITS}))?\b)"
)

#: What a number begins with.
_LETTERS = "".join(sorted({word[0] for word in _WORDS if word.isascii()}))
NUMBER_BEGINS = re.compile(rf"[\d〇零一二三四五六七八九十百千ゼひふみよ]|[{_LETTERS}](?<![a-z].)")


def value_of(written: str) -> float:
    """The value of what `NUMBER` matched."""
    if written in _WORDS:
        return _WORDS[written]
    if " point " in written:
        whole, _, decimal = written.partition(" point ")
        return _WORDS[whole] + _WORDS[decimal] / 10
    if written[0].isascii():
        return float(written.replace(",", ""))
    half = 0.5 if written.endswith("半") else 0.0
    whole, _, decimals = re.sub(r"[.点]|コンマ", "・", written.rstrip("つ半")).partition("・")
    value = _whole(whole) + half
    if decimals:
        value += float("0." + "".join(str(_KANJI[char]) for char in decimals))
    return value


def _whole(written: str) -> float:
    """二十四 and 二四 are both 24."""
    if not _TENS.keys() & set(written):
        return float("".join(str(_KANJI[char]) for char in written))
    total = digit = 0
    for char in written:
        if char in _TENS:
            total += (digit or 1) * _TENS[char]
            digit = 0
        else:
            digit = digit * 10 + _KANJI[char]
    return float(total + digit)


#: A number in digits, as amounts of money are written.
DIGITS = r"(?<![\d.,])\d{1,3}(?:,\d{3}){1,2}(?:\.\d{1,2})?(?!\d|,\d)|(?<![\d.,])\d{1,7}(?:\.\d{1,2})?(?!\d)"


def in_digits(written: str) -> float:
    """The value of what `DIGITS` matched."""
    return float(written.replace(",", ""))

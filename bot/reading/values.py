"""What stands behind a label, as a value. None where it is no such value: nothing is guessed."""

from __future__ import annotations

import re

from bot.reading.layout import Layout
from rules.format import FactOnPage

_RATING = re.compile(
    r"[★☆⭐ ]*(?P<n>\d{1,3}(?:\.\d{1,2})?)[★☆⭐ ]*(?:点|stars?)?(?: ?/ ?5(?:\.0{1,2})?(?:点)?)?"
    r"(?: ?[(\[].{1,24}[)\]]| ?[\d,]+ ?件.{0,6}| (?:of|from|based on) [\d,]+ .{0,12})?"
)
_ORDERS = re.compile(
    r"(?:約|のべ|累計|計)? ?(?P<n>\d{1,3}(?:,\d{3})+|\d{1,7}) ?"
    r"(?:件|回|人|名|社|hires?|orders?|projects?|jobs?)?(?: ?[/(・,、|].{0,30})?"
)
_NO_ORDERS = re.compile(r"(?:なし|無し|ゼロ|none|まだ(?:あり|ござい)ません)")
_RATE = re.compile(r"(?P<n>\d{1,3}(?:\.\d{1,2})?) ?(?:%|パーセント|percent)?(?: ?[(/].{0,24})?")
_HIGHEST_RATING = 5
_LONGEST_NAME = 40

Value = str | float | int | bool


def value_of(fact: FactOnPage, written: str, layout: Layout) -> Value | None:
    """The value of a fact as it is written, in plain form (`markup.plain`)."""
    match fact:
        case "rating":
            return rating(written)
        case "orders":
            return orders(written)
        case "completion_rate":
            return completion_rate(written)
        case "name":
            return None
        case _:
            return check(written, layout)


def rating(written: str | float) -> float | None:
    """A rating on a scale of five; 0 is what sites show where there is none yet."""
    value = _number(written, _RATING)
    return value if value is not None and 0 < value <= _HIGHEST_RATING else None


def orders(written: str | float) -> int | None:
    """How many orders; None for what is no whole number."""
    if isinstance(written, str) and _NO_ORDERS.fullmatch(written):
        return 0
    value = _number(written, _ORDERS)
    return int(value) if value is not None and value >= 0 and value == int(value) else None


def completion_rate(written: str | float) -> float | None:
    """A rate in percent."""
    value = _number(written, _RATE)
    return value if value is not None and 0 <= value <= 100 else None


def check(written: str, layout: Layout) -> bool | None:
    """How a check stands, where a few words or a sign say so."""
    said = written.strip(" :/|・-—()[]「」【】")
    if not said:
        return None
    if layout.open.match(said):
        return False
    return True if layout.done.match(said) else None


def name(written: str) -> str | None:
    """A name: short, and no sentence."""
    said = written.strip()
    if not said or len(said) > _LONGEST_NAME or re.search(r"[。!?！？]|https?:", said):
        return None
    return said


def _number(written: str | float, form: re.Pattern[str]) -> float | None:
    if isinstance(written, bool):
        return None
    if isinstance(written, int | float):
        return float(written)
    found = form.fullmatch(written.strip())
    return float(found["n"].replace(",", "")) if found else None

"""Lines of letters, as the sentence that was broken into them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.reading.seen import Line

_CJK = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_IS_CJK = re.compile(f"[{_CJK}]")
_ENDS = re.compile(r"[。.!?！？」』)）】:：…]$")
_BEGINS_ITEM = re.compile(r"[・·●○■□◆◇※★☆▶►•✓【〈◎①-⑳]|[-*]\s|\d{1,2}[.)．）]\s?\D")
_WORD = re.compile(rf"[^\s{_CJK}]+|.")
_NEVER_FIRST = re.compile(
    r"[、。，．,.!?！？」』)）】〉》〕・ーぁぃぅぇぉっゃゅょァィゥェォッャュョ…]+"
)
_INK_ON_THE_LEFT = re.compile(r"[、。，．」』）】]$")  # the letter's other half is empty
_ENOUGH_AIR = 0.3  # of the room: a line that leaves more than this ended on purpose


def joined(lines: Sequence[Line], room: int) -> str:
    """The text of lines in reading order. `room`: how far to the right a line could have gone.

    A line break stays where the writer made it, and falls away where only the width did.
    """
    text = ""
    for before, line in zip((None, *lines), lines, strict=False):
        text += line.text if before is None else _link(before, line, room) + line.text
    return _straightened(text)


def _link(before: Line, line: Line, room: int) -> str:
    """What stands between a line and the next, or between the parts of one torn line."""
    height = line.box[3] - line.box[1]
    if line.box[1] < before.box[3] - 0.5 * height and line.box[0] >= before.box[2] - 0.5 * height:
        torn = line.box[0] - before.box[2] > 0.7 * height
        return " " if torn else _gap(before.text, line.text)
    if _BEGINS_ITEM.match(line.text):
        return "\n"
    air: float = room - before.box[2]
    if _INK_ON_THE_LEFT.search(before.text):
        air -= column_width(before)
    if air < _needed(line):
        return _gap(before.text, line.text)
    width = max(1, room - min(before.box[0], line.box[0]))
    ended = _ENDS.search(before.text) or air > _ENOUGH_AIR * width
    return "\n" if ended else " "  # a sign stands there that is no letter


def _needed(line: Line) -> float:
    """The room that the first word of a line takes."""
    return breadth(_first_word(line.text)) * column_width(line) + 0.3 * (line.box[3] - line.box[1])


def _first_word(text: str) -> str:
    """What can't be parted from the first word of a line."""
    match = _WORD.match(text)
    word = match.group() if match else ""
    after = _NEVER_FIRST.match(text, len(word))
    return word + (after.group() if after else "")


def column_width(line: Line) -> float:
    """How wide a narrow letter is; a wide one takes two of these."""
    return (line.box[2] - line.box[0]) / max(1, breadth(line.text))


def breadth(text: str) -> int:
    """Columns: two for a wide letter, one for a narrow one."""
    return sum(2 if _IS_CJK.match(letter) else 1 for letter in text)


def _gap(before: str, after: str) -> str:
    """A space where words are parted by spaces; none after a hyphen, which is a place to break at."""
    if not before or not after or _IS_CJK.match(before[-1]) or _IS_CJK.match(after[0]):
        return ""
    return "" if before[-1] in "-/@_" else " "


# Katakana and kanji of one shape are told apart by what stands beside them.
_KANJI_FOR = str.maketrans("カロニエタハトー", "力口二工夕八卜一")
_KATAKANA_FOR = str.maketrans("力口二工夕八卜一", "カロニエタハトー")
_KANJI = "\u4e00-\u9fff々"
_LONE_KATAKANA = re.compile(rf"(?<=[{_KANJI}])[カロニエタハ](?![ァ-ヴー年月国所条箇])")
_MIDDLE_DOT = re.compile(f"·(?=[{_CJK}])|(?<=[{_CJK}])·")
_KANJI_AMONG_KATAKANA = re.compile(r"(?<=[ァ-ヴー])[力口二工夕八卜一](?=[ァ-ヴー])")


def _straightened(text: str) -> str:
    text = _KANJI_AMONG_KATAKANA.sub(lambda one: one.group().translate(_KATAKANA_FOR), text)
    text = _LONE_KATAKANA.sub(lambda one: one.group().translate(_KANJI_FOR), text)
    return _MIDDLE_DOT.sub("・", text)

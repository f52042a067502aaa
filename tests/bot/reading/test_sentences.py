"""Lines become the sentences that they were: 20 high, wide letters 16 wide, room for 15 of them."""

from __future__ import annotations

import pytest

from bot.reading.seen import Line
from bot.reading.sentences import breadth, joined

ROOM = 15 * 16


def lines(*texts: str) -> list[Line]:
    return [
        Line(
            text=text, box=(0, 26 * n, 8 * breadth(text), 26 * n + 20), surface=1, area=(0, 0, 9, 9)
        )
        for n, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        (["詳しい業務内容はチャットワー", "クでご案内します。"], "詳しい業務内容はチャットワークでご案内します。"),
        (["ご応募ありがとうございます。", "よろしくお願いします。"], "ご応募ありがとうございます。よろしくお願いします。"),
        (["はじめまして。", "佐藤と申します。"], "はじめまして。\n佐藤と申します。"),
        (["次の情報をお送りください", "・お名前", "・ご住所"], "次の情報をお送りください\n・お名前\n・ご住所"),
        (["お願いします", "急いでいます"], "お願いします\n急いでいます"),
        (["We only work on Telegram, so", "please add us there."], "We only work on Telegram, so please add us there."),
        (["Send me your details by e-", "mail today, please."], "Send me your details by e-mail today, please."),
        (["Thank you.", "See you there."], "Thank you.\nSee you there."),
        (["とても簡単なお仕事です", "1日30分で1万円"], "とても簡単なお仕事です 1日30分で1万円"),
        ([], ""),
    ],
)  # fmt: skip
def test_breaks(broken: list[str], whole: str) -> None:
    assert joined(lines(*broken), ROOM) == whole


def test_a_line_that_a_sign_tore_apart_is_one() -> None:
    parts = [
        Line(text=text, box=(at, 0, at + 60, 20), surface=1, area=(0, 0, 9, 9))
        for text, at in (("loved it", 0), ("call me", 90))
    ]
    assert joined(parts, ROOM) == "loved it call me"


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("メッセージを入カ", "メッセージを入力"),
        ("銀行ロ座", "銀行口座"),
        ("チャットワ一ク", "チャットワーク"),
        ("力カオトーク", "力カオトーク"),  # could be either: left as it was read
        ("3カ月", "3カ月"),
        ("箇所と数カ所", "箇所と数カ所"),
        ("ハワイ", "ハワイ"),
        ("·お名前", "・お名前"),
    ],
)
def test_letters_of_one_shape(read: str, meant: str) -> None:
    assert joined(lines(read), ROOM) == meant

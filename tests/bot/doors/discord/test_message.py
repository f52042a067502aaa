"""A message is read as a person sees it."""

from __future__ import annotations

import re

import pytest

from bot.doors.discord.markup import escaped, fenced, quoted
from bot.doors.discord.message import plain

BOT = 1000


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("<@1000> こんにちは", "こんにちは"),
        ("<@!1000>\nこんにちは", "こんにちは"),
        ("<@2000> <@&3> <#4>", "@… @… #…"),
        ("<:line:123> <a:wave:5>", ":line: :wave:"),
        (
            "**太字** と *斜体* と __下線__ と ~~取消~~ と ||秘密||",
            "太字 と 斜体 と 下線 と 取消 と 秘密",
        ),
        ("***both***", "both"),
        ("`LINE` ``ID``", "LINE ID"),
        ("```text\nLINEで\nお願いします\n```", "LINEで\nお願いします"),
        ("> 引用です\n続き", "引用です\n続き"),
        ("# 見出し\n-# 小さく", "見出し\n小さく"),
        ("[ここ](https://example.com/x)", "ここ (https://example.com/x)"),
        ("[https://example.com](https://example.com)", "https://example.com"),
        ("<https://example.com/a>", "https://example.com/a"),
        (r"\*そのまま\*", "*そのまま*"),
        ("my_line_id と 2*3*4", "my_line_id と 2*3*4"),
        ("期限は <t:1700000000:R> です", "期限は  です"),
    ],
)
def test_markup_is_read_away(written: str, seen: str) -> None:
    assert plain(written, BOT) == seen


@pytest.mark.parametrize(
    "hostile",
    [
        "@everyone",
        "<@1>",
        "https://example.com",
        "discord.gg/abc",
        "**x**",
        "||x||",
        "# x",
        "`x`",
        "-# x",
    ],
)
def test_what_is_escaped_stands_for_itself(hostile: str) -> None:
    assert plain(escaped(hostile)) == hostile
    left = re.sub(r"\\.", "", escaped(hostile))
    assert not re.search(r"[!-/:-@\[-`{-~]", left)
    assert quoted(f"{hostile}\n{hostile}").count("\n") == 0


def test_a_frame_can_not_be_left() -> None:
    assert fenced("a```b").count("```") == 2

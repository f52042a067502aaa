"""What people say after an answer, told apart from a new text to judge."""

import pytest

from rules import Lang, Stage, load_rulebook
from rules.dialogue import Remark, understand, wish


@pytest.mark.parametrize(
    ("said", "remark"),
    [
        ("仮払い済みです", Remark(stage=Stage.ESCROWED)),
        ("もう仮払いは済んでいます。", Remark(stage=Stage.ESCROWED)),
        ("仮払いしてもらいました", Remark(stage=Stage.ESCROWED)),
        ("escrowed", Remark(stage=Stage.ESCROWED)),
        ("already escrowed", Remark(stage=Stage.ESCROWED)),
        ("Escrow is paid.", Remark(stage=Stage.ESCROWED)),
        ("escrow is not yet paid", Remark(stage=Stage.CONTRACTED)),
        ("the client already paid into escrow", Remark(stage=Stage.ESCROWED)),
        ("まだ契約してません", Remark(stage=Stage.BEFORE_CONTRACT)),
        ("The milestone is funded.", Remark(stage=Stage.ESCROWED)),
        ("it's funded", Remark(stage=Stage.ESCROWED)),
        ("契約済み、仮払いはまだ", Remark(stage=Stage.CONTRACTED)),
        ("契約しました", Remark(stage=Stage.CONTRACTED)),
        ("contract signed", Remark(stage=Stage.CONTRACTED)),
        ("まだ契約前です", Remark(stage=Stage.BEFORE_CONTRACT)),
        ("no contract yet", Remark(stage=Stage.BEFORE_CONTRACT)),
        ("Lancers", Remark(platform="lancers")),
        ("ランサーズです", Remark(platform="lancers")),
        ("it's on Lancers", Remark(platform="lancers")),
        ("ココナラの案件です", Remark(platform="coconala")),
        ("in English", Remark(lang=Lang.EN)),
        ("英語でお願いします", Remark(lang=Lang.EN)),
        ("日本語で", Remark(lang=Lang.JA)),
        ("ランサーズで仮払い済みです", Remark(platform="lancers", stage=Stage.ESCROWED)),
    ],
)
def test_remarks(said: str, remark: Remark) -> None:
    assert understand(said, load_rulebook()) == remark


@pytest.mark.parametrize(
    "text",
    [
        "",
        "LINEで話しましょう",
        "Please add me on Telegram",
        "仮払いの前に作業を始めてください",
        "ランサーズではなくLINEで連絡をください",
        "I need an article in English about gardens, 800 words, $60",
        "英語の翻訳をお願いします。1文字5円です。",
        "仮払い済みです。\nここからはSlackでお願いします。",
    ],
)
def test_texts_to_judge_are_no_remarks(text: str) -> None:
    assert understand(text, load_rulebook()) is None


@pytest.mark.parametrize(
    ("said", "manner"),
    [
        ("お断りする", "decline"),
        ("断りたいです", "decline"),
        ("decline", "decline"),
        ("確認する", "ask"),
        ("ask", "ask"),
        ("お願いする", "insist"),
        ("こんにちは", None),
        ("お断りする場合はご連絡くださいと書いてあります。どうすればよいでしょうか", None),
    ],
)
def test_wishes_for_a_reply(said: str, manner: str | None) -> None:
    assert wish(said, load_rulebook()) == manner


def test_a_site_that_is_denied_is_not_taken() -> None:
    remark = understand("it's upwork, not fiverr", load_rulebook())
    assert remark == Remark(platform="upwork")

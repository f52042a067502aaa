"""A Slack message is read as a person sees it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.doors.slack.message import mentions, plain, read

BOT = "U0BOT"
PERMALINK = "https://example.com/archives/C0EXAMPLE/p1700000000000100"


def rich(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(parts)}


def line(*runs: dict[str, Any] | str, kind: str = "section") -> dict[str, Any]:
    said = [{"type": "text", "text": run} if isinstance(run, str) else run for run in runs]
    return {"type": f"rich_text_{kind}", "elements": said}


def forwarded(text: str, **more: Any) -> dict[str, Any]:
    inner = {"message": {"blocks": [rich(line(text))]}}
    return {"is_share": True, "from_url": PERMALINK, "message_blocks": [inner], **more}


def own(*blocks: dict[str, Any]) -> str:
    return read({"blocks": list(blocks), "text": "not read"}, BOT).own


# ---- blocks -----------------------------------------------------------------------------------


def test_the_bots_own_mention_is_left_out_and_others_carry_no_id() -> None:
    mentions = (
        {"type": "user", "user_id": BOT},
        " これ、",
        {"type": "user", "user_id": "U0EXAMPLE"},
        {"type": "channel", "channel_id": "C0EXAMPLE"},
        {"type": "broadcast", "range": "here"},
    )
    assert own(rich(line(*mentions))) == "これ、@…#…@here"


def test_lists_keep_their_signs_and_their_depth() -> None:
    ordered = {"style": "ordered", "indent": 0, "offset": 2, "elements": [line("三"), line("四")]}
    nested = {"style": "bullet", "indent": 1, "elements": [line("中")]}
    block = rich(
        line("条件"), {"type": "rich_text_list", **ordered}, {"type": "rich_text_list", **nested}
    )
    assert own(block) == "条件\n3. 三\n4. 四\n  • 中"


def test_quotes_and_code_are_their_words() -> None:
    block = rich(line("一\n二", kind="quote"), line("三  四", kind="preformatted"))
    assert own(block) == "一\n二\n三  四"


def test_emoji_are_the_characters_where_there_are_any() -> None:
    emoji = (
        {"type": "emoji", "name": "+1", "unicode": "1f44d-1f3fb"},
        {"type": "emoji", "name": "our_cat"},
    )
    assert own(rich(line(*emoji))) == "👍🏻:our_cat:"


@pytest.mark.parametrize(
    ("url", "label", "seen"),
    [
        ("https://example.com/a", "", "https://example.com/a"),
        ("http://example.com/", "example.com", "example.com"),
        ("mailto:a@example.com", "a@example.com", "a@example.com"),
        ("tel:090-0000-0000", "090-0000-0000", "090-0000-0000"),
        ("https://example.com/add", "こちら", "こちら (https://example.com/add)"),
    ],
)
def test_a_link_is_its_words_and_its_address_where_they_hide_it(
    url: str, label: str, seen: str
) -> None:
    run = {"type": "link", "url": url} | ({"text": label} if label else {})
    assert own(rich(line(run))) == seen
    assert plain(f"<{url}|{label}>" if label else f"<{url}>") == seen


def test_other_blocks_with_words_are_read_and_pictures_passed_over() -> None:
    assert (
        own(
            {"type": "header", "text": {"type": "plain_text", "text": "募集"}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "*単価* &lt;5,000円&gt;"}},
            {"type": "section", "fields": [{"type": "plain_text", "text": "*納期*"}]},
            {
                "type": "context",
                "elements": [{"type": "image"}, {"type": "mrkdwn", "text": "_急ぎ_"}],
            },
            {"type": "image", "image_url": "https://example.com/x.png"},
            {"type": "markdown", "text": "**そのまま**"},
            {
                "type": "table",
                "rows": [[{"type": "raw_text", "text": "月"}, rich(line("10件"))]],
            },
        )
        == "募集\n単価 <5,000円>\n*納期*\n急ぎ\n**そのまま**\n月\t10件"
    )


def test_a_message_without_blocks_is_read_from_its_text() -> None:
    assert read({"text": f"<@{BOT}> LINEで &amp; 電話で"}, BOT).own == "LINEで & 電話で"


def test_a_message_whose_blocks_hold_no_words_is_read_from_its_text() -> None:
    assert read({"text": "見える文", "blocks": [{"type": "unheard_of"}]}, BOT).own == "見える文"


# ---- mrkdwn -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("*bold* _it_ ~no~ `code`", "bold it no code"),
        ("a_b_c 2*3*4 ~100円~200円", "a_b_c 2*3*4 ~100円~200円"),
        ("```\ncode\nmore\n```", "code\nmore"),
        ("&gt; quoted\nnot", "quoted\nnot"),
        ("&amp;lt; &lt;b&gt; &amp;", "&lt; <b> &"),
        ("<!channel> <!here|here> <!subteam^S0EXAMPLE|@team>", "@channel @here @team"),
        ("<@U0EXAMPLE|alex> <#C0EXAMPLE|general> <#C0EXAMPLE>", "@alex #general #…"),
        ("<!date^1700000000^{date}|Nov 14>", "Nov 14"),
        ("5 < 6", "5 < 6"),
    ],
)
def test_markup_is_read_as_it_is_seen(written: str, seen: str) -> None:
    assert plain(written) == seen


@given(st.text(alphabet="<>|*_~`!@#&;ab 円\n", max_size=200))
def test_no_markup_breaks_the_reader(written: str) -> None:
    assert isinstance(plain(written, BOT), str)


@pytest.mark.parametrize("piece", ["`", "```", "<", "*a ", "_a", "~a ", "&gt;", "<a|", "*`_~"])
def test_markup_without_end_is_read_in_time(piece: str) -> None:
    start = time.perf_counter()
    plain(piece * (40_000 // len(piece)), BOT)
    assert time.perf_counter() - start < 2


# ---- forwarded and quoted messages ------------------------------------------------------------


def test_a_forwarded_message_is_what_is_judged() -> None:
    found = read(
        {
            "text": f"<@{BOT}> これ大丈夫かな",
            "attachments": [forwarded("続きはLINEで")],
        },
        BOT,
    )
    assert found.own == "これ大丈夫かな"
    assert found.forwarded == ("続きはLINEで",)
    assert found.text == "続きはLINEで"


def test_the_link_that_only_quotes_a_message_is_no_word_of_its_own() -> None:
    message = {
        "blocks": [
            rich(line({"type": "user", "user_id": BOT}, {"type": "link", "url": PERMALINK}))
        ],
        "attachments": [forwarded("続きはLINEで", is_share=False, is_msg_unfurl=True)],
    }
    assert read(message, BOT).own == ""
    assert read(message, BOT).text == "続きはLINEで"


def test_a_forwarded_message_without_blocks_is_read_from_its_text() -> None:
    attachment = {"is_share": True, "text": "<https://example.com|ここ>で", "fallback": "別"}
    assert read({"attachments": [attachment]}).forwarded == ("ここ (https://example.com)で",)


def test_a_link_preview_is_not_what_was_written() -> None:
    preview = {"from_url": "https://example.com", "title": "先にお支払い", "text": "LINEで"}
    found = read({"text": "<https://example.com>", "attachments": [preview]})
    assert found.own == "https://example.com"
    assert found.forwarded == ()


def test_a_message_that_is_only_a_mention_says_nothing() -> None:
    assert read({"text": f"<@{BOT}>"}, BOT).text == ""
    assert read({}, BOT).text == ""


def test_what_an_app_posted_is_a_message_though_it_stands_in_an_attachment() -> None:
    post = {"pretext": "新着", "title": "ご連絡", "text": "LINE &amp; 電話で", "fallback": "別"}
    assert read({"text": "", "attachments": [post]}).text == "新着\nご連絡\nLINE & 電話で"


@pytest.mark.parametrize(
    ("message", "does"),
    [
        ({"text": f"<@{BOT}> LINEで"}, True),
        ({"text": f"<@{BOT}|mikiwame> LINEで"}, True),
        ({"text": f"<@{BOT}2> LINEで"}, False),
        ({"text": None, "blocks": [rich(line({"type": "user", "user_id": BOT}))]}, True),
        ({"text": "", "blocks": [rich(line({"type": "user", "user_id": f"{BOT}2"}))]}, False),
        ({"text": "LINEで"}, False),
    ],
)
def test_a_mention_is_seen_in_the_text_and_in_the_blocks(
    message: dict[str, Any], does: bool
) -> None:
    assert mentions(message, BOT) is does

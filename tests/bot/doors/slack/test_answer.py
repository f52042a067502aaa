"""The answer in Slack: short first, everything within reach, client text shown as text."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.showing import Control, Showing, changed
from bot.doors.slack.answer import Post, answer
from bot.doors.slack.ids import CONTROL, pressed
from rules import (
    Assessment,
    Facts,
    Finding,
    Kind,
    Lang,
    Level,
    Stage,
    Submission,
    load_rulebook,
    vet,
)
from rules.format import Risk
from rules.models import Note, Weight
from rules.saying_format import Saying
from tests.bot.doors.slack.limits import assert_within_limits, every_dict, every_text

RULEBOOK = load_rulebook()
DANGER = (
    "ご応募ありがとうございます。詳しい業務内容はLINEにてご案内しておりますので、友だち追加をお願いいたします。"
    "報酬は銀行振込で直接お支払いします。初回のみ教材費として5,000円のご負担をお願いしております。"
    "本人確認のため、免許証の写真もあわせてお送りください。"
)
CAUTION = "はじめまして。続きはチャットワークでお願いできますか。"
CLEAR = "記事の執筆を3本お願いします。1本3,000文字で、報酬は1本4,500円、納期は来週の金曜日です。"


def shown(
    text: str, *, platform: str | None = None, stage: Stage | None = None, **how: Any
) -> Post:
    submission = Submission(text=text, platform=platform, stage=stage)
    return answer(vet(submission, RULEBOOK), RULEBOOK, Showing(key="k1", **how))


def kinds(post: Post) -> list[str]:
    return [block["type"] for block in post.blocks]


def words(post: Post) -> str:
    return "\n".join(every_text(post.blocks))


def controls(post: Post) -> set[Control]:
    """Everything that can be pressed."""
    found = set()
    for each in every_dict(post.blocks):
        if "value" in each:
            control = pressed(each)
            assert control is not None
            found.add(control)
    return found


def said(verb: str, post: Post) -> set[str]:
    return {each.argument for each in controls(post) if each.verb == verb}


# ---- what is shown ----------------------------------------------------------------------------


def test_an_innocent_message_gets_two_lines_and_small_controls() -> None:
    post = shown(CLEAR)
    assert kinds(post) == ["rich_text", "actions", "context_actions"]
    assert len(post.blocks[0]["elements"]) == 2
    assert said("manner", post) == set()


def test_a_dangerous_message_shows_three_risks_a_reply_and_how_many_more() -> None:
    post = shown(DANGER)
    quotes = [each for each in every_dict(post.blocks) if each.get("type") == "rich_text_quote"]
    assert len(quotes) == 3
    assert "ほか2件" in words(post)
    (letter,) = (
        each for each in every_dict(post.blocks) if each.get("type") == "rich_text_preformatted"
    )
    assert [run["type"] for run in letter["elements"]] == ["text"]
    assert "style" not in letter["elements"][0]


def test_more_shows_every_risk_the_checks_and_the_sources_last() -> None:
    short, more = shown(DANGER), shown(DANGER, more=True)
    assert said("more", short) == {"yes"}
    assert said("more", more) == {"no"}
    assert "個人情報の提供" not in words(short)
    assert "個人情報の提供" in words(more)
    assert "次に確かめること" in words(more)
    assert kinds(more)[-3:] == ["context", "actions", "context_actions"]


@pytest.mark.parametrize("manner", ["insist", "ask", "decline"])
def test_the_reply_that_was_asked_for_is_shown_and_the_others_are_a_click_away(manner: str) -> None:
    post = shown(CAUTION, manner=manner)
    assert said("manner", post) == {"insist", "ask", "decline"} - {manner}


def test_a_reply_that_does_not_fit_is_not_shown() -> None:
    """Some work no wording can put right: then it is declined, unless somebody wants to ask."""
    text = "あなた名義のアカウントをお借りして、こちらで出品を代行します。月3万円お支払いします。"
    post = shown(text, manner="insist")
    assert said("manner", post) == {"ask"}
    assert said("manner", shown(text, manner="ask")) == {"decline"}


def test_the_reader_chooses_the_language_and_the_reply_stays_in_the_clients() -> None:
    post = shown(CAUTION, lang=Lang.EN)
    assert "Contact outside the platform" in words(post)
    assert "お願いできますと幸いです" in words(post)
    assert said("lang", post) == {"ja"}


def test_where_contact_is_fine_after_escrow_the_request_that_it_needs_is_said_at_once() -> None:
    post = shown(CAUTION, platform="crowdworks", stage=Stage.ESCROWED)
    assert "サービス外連絡申請" in words(post)
    assert said("manner", post) == set()


def test_a_long_text_says_that_the_rest_was_not_read() -> None:
    post = shown("記事の執筆をお願いします。" * 9000)
    assert "100,000" in words(post)


# ---- controls ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [CLEAR, CAUTION, DANGER])
@pytest.mark.parametrize("private", [False, True])
def test_every_answer_can_be_put_right_judged_and_removed(text: str, private: bool) -> None:
    post = shown(text, private=private)
    assert said("stage", post) == set(Stage)
    assert said("site", post) == set(RULEBOOK.book.sites)
    assert said("lang", post) == {"en"}
    assert said("feedback", post) == {"right", "wrong"}
    assert said("remove", post) == {""}
    assert said("share", post) == ({""} if private else set())
    names = [each["action_id"] for each in every_dict(post.blocks) if "action_id" in each]
    assert all(CONTROL.match(name) for name in names)


def test_that_it_is_escrowed_is_one_click_away_until_it_is_known() -> None:
    buttons = [each for each in every_dict(shown(CAUTION).blocks) if each.get("type") == "button"]
    assert any("escrow" in each["value"] for each in buttons)
    known = every_dict(shown(DANGER, stage=Stage.ESCROWED).blocks)
    assert not any("escrow" in each["value"] for each in known if each.get("type") == "button")


def test_the_menus_show_what_the_verdict_stands_on() -> None:
    post = shown(CAUTION, platform="lancers", stage=Stage.CONTRACTED)
    menus = [each for each in every_dict(post.blocks) if each.get("type") == "static_select"]
    assert [each["initial_option"]["text"]["text"] for each in menus] == ["契約済み", "ランサーズ"]


def test_a_private_answer_keeps_to_blocks_that_every_message_takes() -> None:
    assert set(kinds(shown(DANGER, private=True, more=True))) == {"rich_text", "context", "actions"}


def test_pressing_a_control_changes_what_it_says() -> None:
    submission, showing = Submission(text=CAUTION), Showing(key="k1")
    for each in controls(shown(CAUTION)):
        judged, now = changed(submission, showing, each, RULEBOOK)
        seen = {
            "stage": judged.stage,
            "site": judged.platform,
            "lang": now.lang,
            "manner": now.manner,
            "more": "yes" if now.more else "no",
        }
        assert seen.get(each.verb, each.argument) == each.argument


# ---- nothing of the client's text is alive ----------------------------------------------------

HOSTILE = (
    "<!channel>", "<@U0EXAMPLE>", "<#C0EXAMPLE>", "@here", "https://example.com/a?b=<c>&d",
    "*bold* _it_ ~no~ `code` ```block```", ":smile:", "<https://example.com|click>", "&lt;!here&gt;",
    "\u202e", "\u0000", "| | |", "> quoted", "\n\n\n", "[x](https://example.com)", "{title}", "{0}",
)  # fmt: skip
RISKY = (
    "詳細はLINEで説明します。友だち追加をお願いします ", "報酬は銀行振込で直接お支払いします ", "先に5,000円をお支払いください ",
    "Please add me on Telegram ", "You pay a $30 fee first ", "send a photo of your driver's license ",
)  # fmt: skip
texts_of_all_kinds = (
    st.lists(
        st.one_of(st.sampled_from(HOSTILE), st.sampled_from(RISKY), st.text(max_size=30)),
        min_size=1,
        max_size=30,
    )
    .map("".join)
    .filter(bool)
)
showings = st.builds(
    Showing,
    key=st.from_regex(r"\A[A-Za-z0-9_-]{1,32}\Z"),
    lang=st.sampled_from([None, *Lang]),
    manner=st.sampled_from([None, "insist", "ask", "decline"]),
    more=st.booleans(),
    private=st.booleans(),
)


def assert_nothing_is_alive(post: Post) -> None:
    """No mention, no link but to our sources, no text from outside where markup is read."""
    ours = {source.url for source in RULEBOOK.book.sources.values()}
    for each in every_dict(post.blocks):
        assert each.get("type") not in {"user", "usergroup", "channel", "broadcast", "link"}
        if each.get("type") == "mrkdwn":
            assert each["verbatim"] is True
            tags = [part.split(">")[0] for part in each["text"].split("<")[1:]]
            assert {tag.split("|")[0] for tag in tags} <= ours
        if each.get("type") == "plain_text":
            assert each["emoji"] is False
    assert "<" not in post.text
    assert ">" not in post.text


@settings(deadline=None, max_examples=150)
@given(text=texts_of_all_kinds, showing=showings, stage=st.sampled_from([None, *Stage]))
def test_whatever_the_text_the_answer_keeps_slacks_limits_and_pings_nobody(
    text: str, showing: Showing, stage: Stage | None
) -> None:
    assessment = vet(Submission(text=text, stage=stage), RULEBOOK)
    post = answer(assessment, RULEBOOK, showing)
    assert_within_limits(post.blocks)
    assert_nothing_is_alive(post)
    assert len(post.text) <= 4000
    outside = [quote for finding in assessment.findings if (quote := finding.quote.strip())]
    assert not any(len(quote) > 12 and quote in post.text for quote in outside)


def test_a_ping_inside_a_quote_is_shown_as_it_was_written() -> None:
    post = shown("続きはLINE <!channel> <@U0EXAMPLE> &amp; で友だち追加をお願いします。", more=True)
    assert_nothing_is_alive(post)
    quotes = [each for each in every_dict(post.blocks) if each.get("type") == "rich_text_quote"]
    assert quotes
    assert all(run["type"] == "text" for quote in quotes for run in quote["elements"])


def every_risk_at_once(size: int) -> tuple[Assessment, Any]:
    """An operator's own rulebook of many wordy risks, all of them found."""
    long = "あ<b>&" * size
    saying = Saying(title=long, brief=None, why=long, insist=long, ask=long, decline=long)
    risks = {
        f"own_{number}": Risk(
            code=f"own_{number}", weight=Weight.DANGER, say=dict.fromkeys(Lang, saying)
        )
        for number in range(60)
    }
    rulebook = copy(RULEBOOK)
    rulebook.risks = risks
    findings = tuple(
        Finding(
            code=code,
            weight=Weight.DANGER,
            quote=long,
            start=number * 10_000 + place * 1000,
            end=number * 10_000 + place * 1000 + 1,
            pattern="p",
            confidence=1,
        )
        for number, code in enumerate(risks)
        for place in range(5)
    )
    return Assessment(
        level=Level.DANGER,
        findings=findings,
        notes=(Note(code="escrow_named"),) * 30,
        excused=(),
        platform=None,
        stage=Stage.BEFORE_CONTRACT,
        stage_said=False,
        kind=Kind.MESSAGE,
        lang=Lang.JA,
        facts=Facts(),
        truncated=True,
    ), rulebook


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("size", [10, 2000])
def test_an_operators_wordy_rules_fit_too(more: bool, size: int) -> None:
    assessment, rulebook = every_risk_at_once(size)
    post = answer(assessment, rulebook, Showing(key="k" * 32, more=more))
    assert_within_limits(post.blocks)
    assert len(post.text) <= 4000


def test_a_risk_from_blank_words_or_facts_alone_has_no_quote() -> None:
    assessment, rulebook = every_risk_at_once(1)
    blank = tuple(each.model_copy(update={"quote": "\n \u3000"}) for each in assessment.findings)
    post = answer(
        assessment.model_copy(update={"findings": blank}), rulebook, Showing(key="k1", more=True)
    )
    assert_within_limits(post.blocks)
    assert not [each for each in every_dict(post.blocks) if each.get("type") == "rich_text_quote"]


def test_more_sites_than_a_menu_holds() -> None:
    sites = RULEBOOK.book.sites
    more = {
        f"site_{n}": sites["other"].model_copy(update={"code": f"site_{n}"}) for n in range(120)
    }
    rulebook = copy(RULEBOOK)
    rulebook.book = RULEBOOK.book.model_copy(update={"sites": sites | more})
    assessment = vet(Submission(text=CAUTION, platform="site_119"), rulebook)
    assert_within_limits(answer(assessment, rulebook, Showing(key="k1")).blocks)

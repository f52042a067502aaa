"""Every way in, and every control, over a real socket."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.slack.delivery import Slack
from tests.slack.wire import Json, texts_in, values_in
from tests.slack.workspace import (
    BOT_ID,
    BOT_USER,
    CHANNEL,
    DIRECT,
    ELSEWHERE,
    PRIVATE,
)

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
INNOCENT = "ご応募ありがとうございます。ご提案の内容でお願いしたいと思います。"
QUIET = 0.5  # seconds in which an answer that should not come would have come


async def answered(slack: Slack, thread: str, channel: str = CHANNEL) -> Json:
    found = await slack.until(lambda: slack.answers(thread, channel))
    assert len(found) == 1
    return found[0]


async def whispered(slack: Slack, count: int = 1) -> Json:
    found = await slack.until(lambda: slack.ephemeral if len(slack.ephemeral) >= count else None)
    assert found is not None
    return found[-1]


def seen(message: Json) -> str:
    return "\n".join(texts_in(message["blocks"]))


def control(message: Json, words: str) -> str:
    """The value of the control that says these words in its value."""
    return next(value for value in values_in(message["blocks"]) if words in value)


async def changed(slack: Slack, message: Json, value: str, words: str) -> None:
    """Uses a control and waits until the same message says these words."""
    await slack.press(message, value)
    await slack.until(lambda: words in seen(message))


class TestMessages:
    @pytest.mark.parametrize("channel", [CHANNEL, PRIVATE])
    async def test_a_mention_is_answered_in_its_thread(self, slack: Slack, channel: str) -> None:
        ts = slack.mention(RISKY, channel)
        answer = await answered(slack, ts, channel)
        assert "LINE" in seen(answer)
        assert answer["text"]

    async def test_a_mention_in_a_thread_is_answered_in_that_thread(self, slack: Slack) -> None:
        root = slack.post("相談です")["ts"]
        slack.mention(RISKY, thread_ts=root)
        assert "LINE" in seen(await answered(slack, root))

    @pytest.mark.parametrize("words", ["", "これどう思いますか?"])
    async def test_a_mention_without_a_text_reads_the_root(self, slack: Slack, words: str) -> None:
        root = slack.post(RISKY)["ts"]
        slack.mention(words, thread_ts=root)
        assert "LINE" in seen(await answered(slack, root))

    async def test_a_mention_without_a_text_reads_what_was_forwarded(self, slack: Slack) -> None:
        forwarded = {"is_share": True, "text": RISKY, "from_url": "https://example.com/p1"}
        ts = slack.mention("", attachments=[forwarded])
        assert "LINE" in seen(await answered(slack, ts))

    async def test_a_message_that_is_linked_to_is_read_as_soon_as_slack_quotes_it(
        self, slack: Slack
    ) -> None:
        link = "https://example.slack.com/archives/C0GENERAL/p1700000000000100"
        ts = slack.mention(f"<{link}> これどう?")
        await slack.until(lambda: slack.called("conversations.replies"))
        quoted = {"is_msg_unfurl": True, "text": RISKY, "from_url": link}
        next(m for m in slack.messages[CHANNEL] if m["ts"] == ts)["attachments"] = [quoted]
        assert "LINE" in seen(await answered(slack, ts))

    async def test_a_link_that_slack_does_not_quote_is_not_called_harmless(
        self, slack: Slack
    ) -> None:
        link = "https://example.slack.com/archives/C0GENERAL/p1700000000000100"
        ts = slack.mention(f"<{link}>")
        assert "/vet" in (await whispered(slack))["text"]
        assert not slack.answers(ts)

    async def test_a_mention_with_nothing_to_read_says_how_to_ask(self, slack: Slack) -> None:
        ts = slack.mention("")
        told = await whispered(slack)
        assert "/vet" in told["text"]
        assert not slack.answers(ts)

    async def test_a_direct_message_is_answered(self, slack: Slack) -> None:
        ts = slack.say(RISKY)
        assert "LINE" in seen(await answered(slack, ts, DIRECT))

    async def test_blocks_are_read_as_a_person_sees_them(self, slack: Slack) -> None:
        items = [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}
            for words in ("はじめまして。", RISKY)
        ]
        blocks = [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_list", "style": "bullet", "elements": items}],
            }
        ]
        ts = slack.say("fallback", blocks=blocks)
        assert "LINE" in seen(await answered(slack, ts, DIRECT))

    async def test_a_mention_in_blocks_alone_is_one_too(self, slack: Slack) -> None:
        runs = [{"type": "user", "user_id": BOT_USER}, {"type": "text", "text": RISKY}]
        section = {"type": "rich_text_section", "elements": runs}
        ts = slack.say("", CHANNEL, blocks=[{"type": "rich_text", "elements": [section]}])
        assert "LINE" in seen(await answered(slack, ts))

    async def test_words_beside_a_quoted_message_count_unless_they_only_speak_of_it(
        self, slack: Slack
    ) -> None:
        quoted = {"is_msg_unfurl": True, "text": INNOCENT, "from_url": "https://example.com/p1"}
        ts = slack.mention(RISKY, attachments=[quoted])
        assert "LINE" in seen(await answered(slack, ts))
        forwarded = {"is_share": True, "text": RISKY}
        ts = slack.mention("これどう思いますか?", attachments=[forwarded])
        assert "LINE" in seen(await answered(slack, ts))

    async def test_what_the_text_holds_is_shown_as_text(self, slack: Slack) -> None:
        hostile = (
            "LINEで友だち追加を &lt;!channel&gt; &lt;@U0ANN&gt; https://example.com/x お願いします"
        )
        answer = await answered(slack, slack.mention(hostile))
        assert "<!channel>" not in answer["text"]
        call = next(
            c for c in slack.called("chat.postMessage") if c.arguments["text"] == answer["text"]
        )
        assert call.arguments["unfurl_links"] is False
        assert call.arguments["unfurl_media"] is False

    async def test_what_is_not_addressed_is_acknowledged_and_left_alone(self, slack: Slack) -> None:
        asked = f"<@{BOT_USER}> {RISKY}"
        others: list[dict[str, Any]] = [
            {"subtype": "message_changed", "message": {"text": asked}},
            {"subtype": "message_deleted", "deleted_ts": "1.0"},
            {"subtype": "bot_message", "bot_id": "B0OTHER", "text": asked},
            {"user": "U0OTHER", "bot_id": "B0OTHER", "text": asked},
            {"user": BOT_USER, "bot_id": BOT_ID, "text": asked},
            {"user": "U0ANN", "edited": {"ts": "2.0"}, "text": asked},
            {"user": "U0ANN", "text": RISKY},
            {"user": "U0ANN", "text": f"<@{BOT_USER}2> {RISKY}"},
            {"subtype": "channel_join", "user": "U0ANN", "text": "joined"},
            {"type": "reaction_added", "user": "U0ANN"},
        ]
        stamps = [slack.stamp() for _ in others]
        message = {"type": "message", "channel": CHANNEL, "channel_type": "channel"}
        ids = [
            slack.happens({**message, "ts": ts, **each})
            for ts, each in zip(stamps, others, strict=True)
        ]
        await slack.until(lambda: all(slack.deliveries[each].acked for each in ids))
        await asyncio.sleep(QUIET)
        assert {slack.deliveries[each].tries for each in ids} == {1}
        assert not any(slack.answers(ts) for ts in stamps)
        assert not slack.ephemeral


class TestGoingOn:
    async def test_plain_words_change_the_answer_where_it_stands(self, slack: Slack) -> None:
        ts = slack.mention(RISKY)
        answer = await answered(slack, ts)
        slack.mention("ランサーズで仮払い済みです", thread_ts=ts)
        await slack.until(lambda: "ランサーズ" in seen(answer) and "サイトの外" not in seen(answer))
        slack.say("in English", CHANNEL, thread_ts=ts)  # without a mention
        await slack.until(lambda: "No known risk" in seen(answer))
        assert slack.answers(ts) == [answer]

    async def test_another_letter_is_asked_for_in_words(self, slack: Slack) -> None:
        ts = slack.mention(RISKY)
        answer = await answered(slack, ts)
        slack.mention("お断りする", thread_ts=ts)
        await slack.until(
            lambda: "お見送り" in seen(answer) or "辞退" in seen(answer) or "見送" in seen(answer)
        )

    async def test_in_direct_messages_the_last_answer_is_meant(self, slack: Slack) -> None:
        answer = await answered(slack, slack.say(RISKY), DIRECT)
        slack.say("in English")
        await slack.until(lambda: "Slow down" in seen(answer) or "careful" in seen(answer).lower())

    async def test_a_remark_under_a_message_never_asked_about_vets_it(self, slack: Slack) -> None:
        root = slack.post(RISKY)["ts"]
        slack.mention("Lancersで仮払い済みです", thread_ts=root)
        assert "ランサーズ" in seen(await answered(slack, root))

    async def test_people_talking_in_our_thread_are_left_alone(self, slack: Slack) -> None:
        ts = slack.mention(RISKY)
        await answered(slack, ts)
        slack.say("これは気をつけたほうがよさそうですね", CHANNEL, thread_ts=ts)
        slack.say("ランサーズで仮払い済みです", CHANNEL, thread_ts=slack.post("別の話")["ts"])
        await asyncio.sleep(QUIET)
        assert len(slack.answers(ts)) == 1
        assert not slack.ephemeral
        assert not slack.called("chat.update")

    async def test_a_remark_on_nothing_is_told_so(self, slack: Slack) -> None:
        slack.mention("仮払い済みです")
        assert (await whispered(slack))["user"] == "U0ANN"


class TestControls:
    async def test_stage_site_and_language(self, slack: Slack) -> None:
        answer = await answered(slack, slack.mention(RISKY))
        await changed(slack, answer, control(answer, "|site|lancers"), "ランサーズ")
        await changed(slack, answer, control(answer, "|stage|escrowed"), "仮払い")
        await slack.until(lambda: "サイトの外" not in seen(answer))
        await changed(slack, answer, control(answer, "|lang|en"), "No known risk")
        assert len(slack.answers(answer["thread_ts"])) == 1

    async def test_more_and_another_letter(self, slack: Slack) -> None:
        answer = await answered(slack, slack.mention(RISKY))
        short = len(seen(answer))
        await slack.press(answer, control(answer, "|more|yes"))
        await slack.until(lambda: len(seen(answer)) > short)
        letter = seen(answer)
        await slack.press(answer, control(answer, "|manner|decline"))
        await slack.until(lambda: seen(answer) != letter)

    async def test_remove(self, slack: Slack) -> None:
        ts = slack.mention(RISKY)
        answer = await answered(slack, ts)
        await slack.press(answer, control(answer, "|remove|"))
        await slack.until(lambda: not slack.answers(ts))

    async def test_somebody_of_another_workspace_in_a_shared_channel(self, slack: Slack) -> None:
        answer = await answered(slack, slack.mention(RISKY))
        with slack.inside("T0THEIRS"):  # as Slack may call it, though there is one installation
            pressing = slack.press(answer, control(answer, "|lang|en"))
        await pressing
        await slack.until(lambda: slack.called("chat.update"))
        assert not slack.ephemeral

    async def test_was_this_right(self, slack: Slack) -> None:
        answer = await answered(slack, slack.mention(RISKY))
        await slack.press(answer, control(answer, "|feedback|right"))
        thanks = await whispered(slack)
        assert thanks["thread_ts"] == answer["thread_ts"]  # where the person looks
        await slack.press(answer, control(answer, "|feedback|wrong"))
        form = (await slack.until(lambda: slack.views))[0]
        said = await slack.submit(
            form,
            {
                "verdict": {"selected_option": {"value": "wrong_alarm"}},
                "word": {"value": "いつもの取引先です"},
            },
        )
        assert said == {}


class TestForOneAlone:
    async def test_a_command_is_answered_for_its_caller_and_can_be_shared(
        self, slack: Slack
    ) -> None:
        await slack.command(RISKY)
        answer = await whispered(slack)
        assert answer["response_type"] == "ephemeral"
        assert "LINE" in seen(answer)
        before = len(slack.answers())
        await slack.press(answer, control(answer, "|share|"))
        await slack.press(answer, control(answer, "|share|"))
        await slack.until(lambda: len(slack.answers()) > before)
        await asyncio.sleep(QUIET)
        assert len(slack.answers()) == before + 1
        assert "thread_ts" not in slack.answers()[-1]
        assert not [value for value in values_in(slack.answers()[-1]["blocks"]) if "share" in value]

    async def test_its_controls_change_what_the_caller_sees(self, slack: Slack) -> None:
        await slack.command(RISKY)
        answer = await whispered(slack)
        await slack.press(answer, control(answer, "|lang|en"))
        again = await whispered(slack, 2)
        assert again["replace_original"] is True
        assert "reply" in seen(again).lower()

    async def test_a_command_alone_opens_the_form(self, slack: Slack) -> None:
        await slack.command("")
        form = (await slack.until(lambda: slack.views))[0]
        said = await slack.submit(form, {"text": {"value": "  "}})
        assert said["response_action"] == "errors"
        await slack.submit(
            form,
            {
                "text": {"value": RISKY},
                "site": {"selected_option": {"value": "coconala"}},
                "stage": {"selected_option": {"value": "escrowed"}},
            },
        )
        assert "ココナラ" in seen(await whispered(slack))

    async def test_the_shortcut_answers_in_the_messages_thread(self, slack: Slack) -> None:
        message = slack.post(RISKY)
        await slack.shortcut(message)
        assert "LINE" in seen(await answered(slack, message["ts"]))

    async def test_the_shortcut_reads_what_an_app_posted(self, slack: Slack) -> None:
        post = {"pretext": "新しいメール", "text": RISKY, "fallback": "mail"}
        message = slack.post("", bot_id="B0MAIL", attachments=[post])
        await slack.shortcut(message)
        assert "LINE" in seen(await answered(slack, message["ts"]))

    async def test_where_the_bot_is_not_the_shortcut_answers_the_caller(self, slack: Slack) -> None:
        message = slack.post(RISKY, ELSEWHERE)
        await slack.shortcut(message, ELSEWHERE)
        answer = await whispered(slack, 2)
        assert "/invite" in slack.ephemeral[0]["text"]
        assert "LINE" in seen(answer)
        await slack.press(answer, control(answer, "|share|"), ELSEWHERE)
        assert "/invite" in (await whispered(slack, 3))["text"]


class TestHome:
    @pytest.mark.parametrize(("locale", "words"), [("ja-JP", "使い"), ("en-US", "client")])
    async def test_it_tells_how_to_ask_in_the_readers_language(
        self, slack: Slack, locale: str, words: str
    ) -> None:
        slack.locale = locale
        user = f"U0{locale[:2].upper()}"
        slack.happens({"type": "app_home_opened", "user": user, "channel": DIRECT, "tab": "home"})
        view = (await slack.until(lambda: slack.views))[0]
        assert words in "\n".join(texts_in(view["blocks"]))

    async def test_its_button_opens_the_form_and_the_answer_is_a_direct_message(
        self, slack: Slack
    ) -> None:
        slack.happens(
            {"type": "app_home_opened", "user": "U0ANN", "channel": DIRECT, "tab": "home"}
        )
        view = (await slack.until(lambda: slack.views))[0]
        await slack.press(view, values_in(view["blocks"])[0])
        form = (await slack.until(lambda: slack.views[1:]))[0]
        before = len(slack.answers(channel=DIRECT))
        await slack.submit(form, {"text": {"value": INNOCENT}})
        await slack.until(lambda: len(slack.answers(channel=DIRECT)) > before)

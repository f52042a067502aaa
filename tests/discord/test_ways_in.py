"""All the ways in and on, through a running bot."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.discord.community import (
    BOT,
    DIRECT,
    EPHEMERAL,
    GENERAL,
    GUILD,
    V2,
    Interaction,
    ids_in,
    person,
    seen,
)
from tests.discord.gateway import Discord
from tests.loopback import Json

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
INNOCENT = "記事の執筆をお願いします。1本3,000文字で、報酬は1本4,500円です。"
CONTACT = "サイトの外での連絡"
#: Seconds in which something that must not happen would have happened.
QUIET = 0.6


async def answered(discord: Discord, message: Json) -> Json:
    """The answer to a message."""
    return (await discord.until(lambda: discord.answers_to(message)))[0]


async def whispered(discord: Discord, interaction: Interaction) -> Json:
    """What one person was shown in return for an interaction."""

    def look() -> Json | None:
        found = discord.whispers.get(interaction.original or "")
        return found if found and found["components"] else None

    found = await discord.until(look)
    assert found is not None
    assert found["flags"] & EPHEMERAL
    return found


async def changed(discord: Discord, answer: Json, words: str) -> None:
    await discord.until(lambda: words in seen(answer))


async def told(discord: Discord, message: Json) -> str:
    """What was said in reply to a message without being an answer."""

    def look() -> list[str]:
        return [
            seen(each)
            for each in discord.messages[message["channel_id"]]
            if each["author"]["id"] == BOT
            and str((each.get("message_reference") or {}).get("message_id")) == message["id"]
            and not list(ids_in(each["components"]))
        ]

    return (await discord.until(look))[0]


class TestMessages:
    async def test_a_mention_opens_a_thread_and_answers_there(self, discord: Discord) -> None:
        message = discord.mention(RISKY)
        answer = await answered(discord, message)
        assert answer["channel_id"] == message["id"]
        assert CONTACT in seen(answer)
        (opened,) = discord.called("POST .*/threads")
        assert opened.body["auto_archive_duration"] == 60

    async def test_a_mention_in_a_thread_is_answered_in_place(self, discord: Discord) -> None:
        thread = discord.new_thread(discord.new_id(), GENERAL)
        discord.on_thread(thread)
        message = discord.mention(RISKY, thread["id"])
        answer = await answered(discord, message)
        assert answer["channel_id"] == thread["id"]
        assert not discord.called("POST .*/threads")

    async def test_a_thread_that_is_there_already_is_used(self, discord: Discord) -> None:
        message = discord.mention(RISKY, missed=True)
        discord.new_thread(message["id"], GENERAL)
        discord.on_message(message)
        assert (await answered(discord, message))["channel_id"] == message["id"]

    async def test_a_thread_that_the_bot_has_not_heard_of_is_answered_in(
        self, discord: Discord
    ) -> None:
        thread = discord.new_thread(discord.new_id(), GENERAL)
        message = discord.mention(RISKY, thread["id"])
        assert (await answered(discord, message))["channel_id"] == thread["id"]

    async def test_a_direct_message_is_answered(self, discord: Discord) -> None:
        answer = await answered(discord, discord.say(RISKY))
        assert answer["channel_id"] == DIRECT
        assert answer["flags"] & V2

    async def test_a_forwarded_message_is_read(self, discord: Discord) -> None:
        snapshot = {"message": {"content": RISKY, "type": 0, "attachments": [], "embeds": []}}
        snapshot["message"] |= {"timestamp": "2026-11-28T00:00:00+00:00", "edited_timestamp": None}
        reference = {"type": 1, "message_id": "1", "channel_id": "2"}
        message = discord.say("", message_snapshots=[snapshot], message_reference=reference)
        assert CONTACT in seen(await answered(discord, message))

    async def test_a_text_file_is_read_whole(self, discord: Discord) -> None:
        text = INNOCENT * 400 + "先に教材費5,000円をお支払いください。"
        file = discord.attach("message.txt", text.encode())
        message = discord.mention("これどう思いますか?", attachments=[file])
        assert "教材費" in seen(await answered(discord, message))

    async def test_a_mention_with_nothing_says_how_to_ask(self, discord: Discord) -> None:
        message = discord.mention("")
        assert "/vet" in await told(discord, message)
        assert not discord.answers_to(message)

    @pytest.mark.parametrize("words", ["", "これどう思いますか?"])
    async def test_a_reply_to_what_is_hidden_says_how_to_hand_it_over(
        self, discord: Discord, words: str
    ) -> None:
        message = discord.say(RISKY, GENERAL)
        asked = discord.reply(f"<@{BOT}> {words}", message)
        assert "見極める" in await told(discord, asked)
        assert not discord.answers_to(asked)

    async def test_a_reply_to_what_can_be_read_is_about_that(self, discord: Discord) -> None:
        first = discord.say(RISKY, missed=True)
        asked = discord.reply("これどう思いますか?", first)
        assert CONTACT in seen(await answered(discord, asked))

    async def test_what_the_text_holds_is_shown_as_text(self, discord: Discord) -> None:
        hostile = "LINEを @everyone <@2000> https://example.com/x discord.gg/abc **今** で追加して"
        answer = await answered(discord, discord.mention(hostile))
        await discord.until(lambda: True)
        shown = seen(answer)
        for each in ("@everyone", "https://", "discord.gg", "**今**", "<@"):
            assert f" {each}" not in shown
        (sent,) = discord.called("POST .*/messages$")
        assert sent.body["allowed_mentions"]["parse"] == []
        assert sent.body["enforce_nonce"] is True

    @pytest.mark.parametrize(
        "more",
        [
            {
                "author": {
                    "id": "5",
                    "username": "other",
                    "discriminator": "0",
                    "avatar": None,
                    "bot": True,
                }
            },
            {"webhook_id": "7"},
            {"type": 7},
            {"content": RISKY, "mentions": []},
        ],
        ids=["a bot", "a webhook", "somebody came", "not addressed"],
    )
    async def test_what_is_not_addressed_is_left_alone(
        self, discord: Discord, more: dict[str, Any]
    ) -> None:
        message = discord.mention(RISKY, missed=True)
        message.update(more)
        discord.happens("MESSAGE_CREATE", message)
        discord.happens("MESSAGE_UPDATE", {**message, "edited_timestamp": message["timestamp"]})
        await asyncio.sleep(QUIET)
        assert not discord.answers_to(message)
        assert not discord.called("POST")


class TestGoingOn:
    async def test_in_its_thread_by_mentioning_it(self, discord: Discord) -> None:
        message = discord.mention(RISKY)
        answer = await answered(discord, message)
        discord.mention("ランサーズで仮払い済みです", message["id"])
        await discord.until(lambda: CONTACT not in seen(answer))
        discord.mention("in English", message["id"])
        await changed(discord, answer, "No known risk")
        assert discord.answers_to(message) == [answer]

    async def test_in_reply_to_the_answer_without_a_mention(self, discord: Discord) -> None:
        answer = await answered(discord, discord.mention(RISKY))
        await asyncio.sleep(0.1)  # nobody replies before the answer is on the disk
        discord.reply("in English", answer, mentions=[person(BOT)])
        await changed(discord, answer, "careful")

    async def test_in_direct_messages_in_plain_words(self, discord: Discord) -> None:
        answer = await answered(discord, discord.say(RISKY))
        discord.say("in English")
        await changed(discord, answer, "careful")

    async def test_people_talking_in_its_thread_are_left_alone(self, discord: Discord) -> None:
        message = discord.mention(RISKY)
        await answered(discord, message)
        discord.calls.clear()
        discord.say("これは気をつけたほうがよさそうですね", message["id"])
        await asyncio.sleep(QUIET)
        assert not discord.calls

    async def test_a_remark_on_nothing_is_told_so(self, discord: Discord) -> None:
        assert "先に" in await told(discord, discord.mention("仮払い済みです"))


class TestControls:
    async def test_stage_site_and_language(self, discord: Discord) -> None:
        answer = await answered(discord, discord.mention(RISKY))
        discord.press(answer, "|site|coconala")
        await discord.until(lambda: discord.called("PATCH"))
        discord.press(answer, "|stage|escrowed")
        await discord.until(lambda: len(discord.called("PATCH")) == 2)
        discord.press(answer, "|lang|en")
        await changed(discord, answer, "careful")

    async def test_more_and_another_letter(self, discord: Discord) -> None:
        answer = await answered(discord, discord.mention(RISKY))
        short = len(seen(answer))
        discord.press(answer, "|more|yes")
        await discord.until(lambda: len(seen(answer)) > short)
        letter = seen(answer)
        discord.press(answer, "|manner|decline")
        await discord.until(lambda: seen(answer) != letter)

    async def test_remove(self, discord: Discord) -> None:
        message = discord.mention(RISKY)
        discord.press(await answered(discord, message), "|remove|")
        await discord.until(lambda: not discord.answers_to(message))

    async def test_was_this_right(self, discord: Discord) -> None:
        answer = await answered(discord, discord.mention(RISKY))
        discord.press(answer, "|feedback|right")
        await discord.until(
            lambda: any("ありがとう" in seen(each) for each in discord.whispers.values())
        )
        asked = discord.press(answer, "|feedback|wrong")
        await discord.until(lambda: asked.response)
        assert asked.response is not None
        assert asked.response["type"] == 9
        sent = discord.submit(
            asked.response["data"], verdict="wrong_alarm", word="いつもの取引先です"
        )
        await discord.until(lambda: sent.response)


class TestForOneAlone:
    async def test_a_command_is_answered_for_its_caller_and_can_be_shared_once(
        self, discord: Discord
    ) -> None:
        answer = await whispered(discord, discord.command("vet", text=RISKY))
        assert CONTACT in seen(answer)
        before = len(discord.answers(GENERAL))
        discord.press(answer, "|share|")
        discord.press(answer, "|share|")
        await discord.until(lambda: len(discord.answers(GENERAL)) > before)
        await asyncio.sleep(QUIET)
        assert len(discord.answers(GENERAL)) == before + 1
        assert not [
            each for each in ids_in(discord.answers(GENERAL)[-1]["components"]) if "share" in each
        ]

    async def test_its_site_and_stage_count(self, discord: Discord) -> None:
        asked = discord.command("vet", text=RISKY, site="lancers", stage="escrowed")
        assert CONTACT not in seen(await whispered(discord, asked))

    async def test_the_readers_language_is_discords(self, discord: Discord) -> None:
        answer = await whispered(discord, discord.command("vet", locale="en-US", text=RISKY))
        assert "careful" in seen(answer)

    async def test_its_controls_change_what_the_caller_sees(self, discord: Discord) -> None:
        answer = await whispered(discord, discord.command("vet", text=RISKY))
        discord.press(answer, "|lang|en")
        await changed(discord, answer, "careful")
        discord.press(answer, "|remove|")
        await discord.until(lambda: answer["id"] not in discord.whispers)

    async def test_a_command_alone_opens_the_form(self, discord: Discord) -> None:
        asked = discord.command("vet")
        await discord.until(lambda: asked.response)
        assert asked.response is not None
        form = asked.response["data"]
        sent = discord.submit(form, text=RISKY, site="coconala", stage="escrowed")
        assert "ココナラ" in seen(await whispered(discord, sent)) or CONTACT in seen(
            await whispered(discord, sent)
        )

    async def test_vet_this_message_reads_what_is_hidden_otherwise(self, discord: Discord) -> None:
        asked = discord.menu(discord.say(RISKY, GENERAL))
        assert CONTACT in seen(await whispered(discord, asked))

    async def test_shared_where_the_bot_is_no_member(self, discord: Discord) -> None:
        answer = await whispered(discord, discord.command("vet", text=RISKY))
        discord.forbidden.add(("see", GENERAL))
        before = len(discord.answers(GENERAL))
        discord.press(answer, "|share|")
        await discord.until(lambda: len(discord.answers(GENERAL)) > before)
        assert discord.called("POST /webhooks")


class TestPermissions:
    async def test_without_threads_it_answers_in_the_channel(self, discord: Discord) -> None:
        discord.forbidden.add(("thread", GENERAL))
        answer = await answered(discord, discord.mention(RISKY))
        assert answer["channel_id"] == GENERAL
        assert "公開スレッドの作成" in seen(answer)

    async def test_and_goes_on_in_reply_to_that(self, discord: Discord) -> None:
        discord.forbidden.add(("thread", GENERAL))
        answer = await answered(discord, discord.mention(RISKY))
        discord.reply(f"<@{BOT}> in English", answer)
        await changed(discord, answer, "careful")

    async def test_without_writing_it_answers_directly(self, discord: Discord) -> None:
        discord.forbidden |= {("send", GENERAL), ("thread", GENERAL)}
        before = len(discord.answers(DIRECT))
        discord.mention(RISKY)
        await discord.until(lambda: len(discord.answers(DIRECT)) > before)
        assert "メッセージを送信" in seen(discord.answers(DIRECT)[-1])


class TestCommands:
    async def test_they_are_told_in_both_languages_and_for_every_place(
        self, discord: Discord
    ) -> None:
        found = {each["name"]: each for each in discord.commands}
        vet, menu = found["vet"], found["Vet this message"]
        assert vet["name"] == "vet"
        assert vet["name_localizations"]["ja"] == "見極め"
        assert vet["description_localizations"]["ja"]
        assert all(each["name_localizations"]["ja"] for each in vet["options"])
        assert menu["name_localizations"]["ja"] == "見極める"
        for each in (vet, menu):
            assert sorted(each["integration_types"]) == [0, 1]
            assert sorted(each["contexts"]) == [0, 1, 2]

    async def test_no_privileged_intent_is_asked_for(self, discord: Discord) -> None:
        privileged = 1 << 1 | 1 << 8 | 1 << 15
        assert all(not each.intents & privileged for each in discord.sessions.values())
        assert GUILD in discord.guilds

"""Once and only once: every fault that Discord, the network or the machine can bring."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.discord.community import DIRECT, GENERAL, QUIET, seen
from tests.discord.gateway import Discord
from tests.discord.process import Bot
from tests.discord.test_ways_in import RISKY, answered, whispered
from tests.loopback import Fault, Json
from tests.slack.delivery import Slack
from tests.slack.stored import failures
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN

#: Seconds in which a second answer would have come.
SETTLED = 0.6
SEND = "POST /channels/[0-9]+/messages$"
WAIT = {"Via": "1.1 discord"}


async def once(discord: Discord, message: Json, seconds: float = 15) -> None:
    """The message gets one answer, and no second one."""
    await discord.until(lambda: discord.answers_to(message), seconds)
    await asyncio.sleep(SETTLED)
    assert len(discord.answers_to(message)) == 1


class TestSending:
    @pytest.mark.parametrize(
        "fault",
        [
            Fault(SEND, status=500),
            Fault(SEND, status=503, body="<html>busy</html>"),
            Fault(SEND, hang_up=True),
            Fault(SEND, status=200, body="<html>a proxy</html>"),
        ],
        ids=["500", "503", "hang up", "no json"],
    )
    @pytest.mark.parametrize("done", [False, True], ids=["not sent", "sent"])
    async def test_trouble_at_discord(self, discord: Discord, fault: Fault, done: bool) -> None:
        fault.times, fault.done = 1, done
        discord.faults.append(fault)
        await once(discord, discord.mention(RISKY))

    async def test_what_was_sent_is_found_when_its_nonce_has_lapsed(self, discord: Discord) -> None:
        discord.faults.append(Fault(SEND, status=503, done=True))
        discord.nonce_lasts = 0
        try:
            await once(discord, discord.say(RISKY))
        finally:
            discord.nonce_lasts = 300
        assert len(discord.called(SEND)) == 1

    async def test_a_thread_whose_opening_was_not_told_is_used(self, discord: Discord) -> None:
        discord.faults.append(Fault("POST .*/threads", status=503, done=True))
        message = discord.mention(RISKY)
        await once(discord, message)
        assert discord.answers(message["id"])

    async def test_a_limit_is_waited_for(self, discord: Discord) -> None:
        body = {"message": "slowly", "retry_after": 1.0, "global": False}
        discord.faults.append(Fault(SEND, status=429, body=body, headers=WAIT))
        await once(discord, discord.say(RISKY))
        first, second = discord.called(SEND)
        assert second.at - first.at >= 1

    async def test_a_limit_for_everything_holds_everything(self, discord: Discord) -> None:
        body = {"message": "slowly", "retry_after": 1.0, "global": True}
        discord.faults.append(Fault(SEND, status=429, body=body, headers=WAIT))
        first = discord.say(RISKY)
        await discord.until(lambda: discord.called(SEND))
        second = discord.mention(RISKY)
        await once(discord, first)
        await once(discord, second)
        held = discord.called(SEND)[0].at
        assert all(call.at - held >= 1 for call in discord.called("/threads"))

    async def test_the_same_event_twice_is_answered_once(self, discord: Discord) -> None:
        message = discord.mention(RISKY)
        discord.on_message(message)
        await once(discord, message)
        discord.on_message(message)
        await once(discord, message)


class TestInteractions:
    async def test_all_of_many_at_once_are_acknowledged_in_time(self, discord: Discord) -> None:
        asked = [discord.command("vet", text=f"{RISKY} ({number})") for number in range(60)]
        for each in asked:
            await whispered(discord, each)
        assert max(each.responded - each.began for each in asked) < 3

    @pytest.mark.parametrize("call", ["callback", "PATCH /webhooks"])
    async def test_trouble_at_discord(self, discord: Discord, call: str) -> None:
        discord.faults.append(Fault(call, status=503, done=True))
        await whispered(discord, discord.command("vet", text=RISKY))

    async def test_after_its_time_the_answer_is_a_direct_message(self, discord: Discord) -> None:
        before = len(discord.answers(DIRECT))
        discord.token_lasts = 0
        try:
            discord.command("vet", text=RISKY)
            await discord.until(lambda: len(discord.answers(DIRECT)) > before)
        finally:
            discord.token_lasts = 900
        assert "お待たせしました" in seen(discord.answers(DIRECT)[-1])

    async def test_after_its_time_a_control_still_changes_the_answer(
        self, discord: Discord
    ) -> None:
        answer = await answered(discord, discord.mention(RISKY))
        discord.token_lasts = 0
        try:
            discord.press(answer, "|lang|en")
            await discord.until(lambda: "careful" in seen(answer))
        finally:
            discord.token_lasts = 900
        assert discord.called("PATCH /channels")


class TestGateway:
    async def test_a_broken_connection_is_taken_up_again(self, discord: Discord) -> None:
        await discord.drop()
        await once(discord, discord.say(RISKY))  # Discord brings it on the resume

    async def test_discord_asks_to_connect_anew(self, discord: Discord) -> None:
        await discord.drop(politely=True)
        await once(discord, discord.mention(RISKY))

    async def test_what_a_lost_session_missed_is_looked_up(self, discord: Discord) -> None:
        await once(discord, discord.say(RISKY))
        discord.resumable = False
        try:
            await discord.drop()
            missed = [discord.say(RISKY, missed=True), discord.mention(RISKY, missed=True)]
            for each in missed:
                await once(discord, each)
        finally:
            discord.resumable = True

    async def test_what_the_library_gives_up_is_begun_anew(self, discord: Discord) -> None:
        await discord.close(4013)  # for the library the end of everything
        await discord.until(lambda: len(discord.called("GET /gateway/bot")) > 0)
        await once(discord, discord.say(RISKY))

    async def test_the_network_away(self, discord: Discord) -> None:
        discord.faults.append(Fault(SEND, status=503))
        message = discord.say(RISKY)
        await discord.until(lambda: discord.called(SEND))
        await discord.away()
        await asyncio.sleep(2)
        await discord.back()
        await once(discord, message, 30)


class TestNever:
    """What can't be answered in the end is recorded with its reason, and told where possible."""

    async def test_it_is_recorded(self, discord: Discord, bot: Bot) -> None:
        discord.forbidden |= {("send", GENERAL), ("thread", GENERAL)}
        discord.direct_closed = True
        discord.mention(RISKY)
        await discord.until(lambda: failures(bot))
        assert len(failures(bot)) == 1, bot.log
        found = failures(bot)[0]
        assert (found.door, found.reason, found.where) == ("discord", "discord_50007", DIRECT)


class TestRestarts:
    async def test_what_was_sent_but_not_remembered_is_found(self, data: Path) -> None:
        async with Discord() as discord, Bot(discord, data) as bot:
            discord.faults.append(Fault(SEND, status=503, done=True))
            discord.faults.append(Fault("GET .*/messages", times=1000, status=503))
            message = discord.mention(RISKY)
            await discord.until(lambda: discord.called("GET .*/messages"))
            await bot.kill()
            discord.faults.clear()
            discord.nonce_lasts = 0
            for number in range(120):  # more than a page
                discord.write(message["id"], f"… {number}")
            await bot.start()
            await once(discord, message)

    async def test_a_restart_finishes_what_was_begun_and_answers_what_was_missed(
        self, data: Path
    ) -> None:
        async with Discord() as discord, Bot(discord, data) as bot:
            first = discord.mention(RISKY)
            answer = await answered(discord, first)
            asked = discord.command("vet")
            await discord.until(lambda: asked.response)
            assert asked.response is not None
            discord.faults.append(Fault(SEND, times=1000, status=503))
            begun = discord.say(RISKY)
            await discord.until(lambda: len(discord.called(SEND)) > 1)
            began = time.monotonic()
            assert await bot.stop() == 0
            assert time.monotonic() - began < 10

            discord.faults.clear()
            missed = [
                discord.say(RISKY, missed=True),
                discord.mention(RISKY, missed=True),
                discord.mention(RISKY, first["id"], missed=True),
            ]
            discord.say(RISKY, QUIET, missed=True)  # not addressed to the bot
            await bot.start()
            discord.press(answer, "|lang|en")
            await discord.until(lambda: "careful" in seen(answer))
            await whispered(discord, discord.submit(asked.response["data"], text=RISKY))
            every = [begun, *missed]
            await discord.until(lambda: all(discord.answers_to(each) for each in every))
            await asyncio.sleep(SETTLED)
            assert [len(discord.answers_to(each)) for each in every] == [1, 1, 1, 1]
            assert len(discord.answers(first["id"])) == 2
            assert not discord.answers(QUIET)

    async def test_killed_again_and_again_amid_60_messages(self, data: Path) -> None:
        """0 lost of what was said, heard or not; 0 twice."""
        rng = random.Random(1)
        async with Discord() as discord, Bot(discord, data) as bot:
            asked = [discord.say(RISKY)]
            await discord.until(lambda: discord.answers_to(asked[0]))

            async def ask() -> None:
                for number in range(60):
                    say = discord.mention if number % 2 else discord.say
                    asked.append(say(f"{RISKY} ({number})"))
                    await asyncio.sleep(0.1)

            asking = asyncio.ensure_future(ask())
            for _ in range(5):
                await asyncio.sleep(rng.uniform(0.1, 0.9))
                await bot.kill()
                await bot.start()
            await asking
            await discord.until(lambda: all(discord.answers_to(each) for each in asked), 60)
            await asyncio.sleep(SETTLED)
            counts = Counter(len(discord.answers_to(each)) for each in asked)
            assert counts == {1: len(asked)}


class TestStarting:
    async def test_a_wrong_token_is_said(self, discord: Discord, data: Path) -> None:
        bot = Bot(discord, data, DISCORD_TOKEN="another.bot.token")  # noqa: S106
        await bot.start(ready=False)
        assert bot.process is not None
        assert await asyncio.wait_for(bot.process.wait(), 10) == 1
        assert "DISCORD_TOKEN" in bot.log
        assert "another.bot.token" not in bot.log

    async def test_both_doors_in_one_process(self, data: Path) -> None:
        async with Discord() as discord, Slack() as slack:
            told = {"SLACK_API_URL": slack.api_url, "SLACK_BOT_TOKEN": BOT_TOKEN}
            async with Bot(discord, data, **told, SLACK_APP_TOKEN=APP_TOKEN):
                asked = slack.mention(RISKY)
                await once(discord, discord.mention(RISKY))
                await slack.until(lambda: slack.answers(asked))

    async def test_it_waits_while_discord_is_away(self, data: Path) -> None:
        async with Discord() as discord:
            await discord.away()
            bot = Bot(discord, data)
            await bot.start(ready=False)
            await asyncio.sleep(1.5)
            await discord.back()
            await discord.until(lambda: discord.sessions)
            assert await bot.stop() == 0

"""Once and only once: every fault that Slack, the network or the machine can bring."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.loopback import Fault
from tests.slack.delivery import Slack
from tests.slack.process import Bot
from tests.slack.stored import failures
from tests.slack.wire import values_in
from tests.slack.workspace import BOT_USER, CHANNEL, DIRECT, ELSEWHERE, USER

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
#: Seconds in which a second answer would have come.
QUIET = 0.4


async def once(slack: Slack, *asked: str, channel: str = CHANNEL) -> None:
    """Each message gets one answer, and no second one."""
    for ts in asked:
        await slack.until(lambda ts=ts: slack.answers(ts, channel), 30)  # type: ignore[misc]
    await asyncio.sleep(QUIET)
    assert [len(slack.answers(ts, channel)) for ts in asked] == [1] * len(asked)


class TestDeliveries:
    async def test_one_message_as_two_events_is_answered_once(self, slack: Slack) -> None:
        message = slack.post(f"<@{BOT_USER}> {RISKY}")
        for kind in ("app_mention", "message", "app_mention"):
            slack.happens({**message, "type": kind, "channel": CHANNEL, "channel_type": "channel"})
        await once(slack, message["ts"])

    async def test_a_retry_that_is_the_first_to_be_seen_is_answered(self, slack: Slack) -> None:
        message = slack.post(RISKY)
        event = {**message, "channel": DIRECT, "channel_type": "im"}
        slack.messages[DIRECT].append(message)
        retry = {"retry_attempt": 2, "retry_reason": "timeout"}
        await slack.bring_once(event, retry)
        await slack.bring_once(event, retry)
        await once(slack, message["ts"], channel=DIRECT)

    async def test_an_event_whose_acknowledgement_was_lost_is_answered_once(
        self, slack: Slack
    ) -> None:
        slack.deaf = True
        ts = slack.mention(RISKY)
        await slack.until(lambda: slack.answers(ts))
        slack.deaf = False
        delivery = list(slack.deliveries.values())[-1]
        await slack.until(lambda: delivery.acked or delivery.tries > 1)
        await once(slack, ts)


class TestSending:
    @pytest.mark.parametrize(
        "fault",
        [
            Fault("chat.postMessage", status=500, body={"ok": False, "error": "internal_error"}),
            Fault("chat.postMessage", status=503, body="<html>busy</html>"),
            Fault("chat.postMessage", status=503, body={"ok": False, "error": "unheard_of"}),
            Fault("chat.postMessage", status=200, body={"ok": False, "error": "fatal_error"}),
            Fault("chat.postMessage", status=200, body="<html>a proxy</html>"),
            Fault("chat.postMessage", hang_up=True),
        ],
        ids=["500", "503", "503 in json", "fatal", "no json", "hang up"],
    )
    @pytest.mark.parametrize("done", [False, True], ids=["not sent", "sent"])
    async def test_trouble_at_slack(self, slack: Slack, fault: Fault, done: bool) -> None:
        fault.times, fault.done = 1, done
        slack.faults.append(fault)
        ts = slack.mention(RISKY)
        await slack.until(
            lambda: slack.called("conversations.replies")
        )  # what is unsure is looked at
        await once(slack, ts)

    async def test_429_is_waited_for_and_others_wait_in_line(self, slack: Slack) -> None:
        body = {"ok": False, "error": "ratelimited"}
        slack.faults.append(
            Fault("chat.postMessage", status=429, body=body, headers={"Retry-After": "2"})
        )
        first = slack.mention(RISKY)
        await slack.until(lambda: slack.called("chat.postMessage"))
        others = [slack.mention(RISKY) for _ in range(5)]
        await asyncio.sleep(1)
        assert len(slack.called("chat.postMessage")) == 1
        await once(slack, first, *others)
        calls = slack.called("chat.postMessage")
        assert calls[1].at - calls[0].at >= 2

    async def test_slack_also_says_that_it_was_too_much_without_a_status(
        self, slack: Slack
    ) -> None:
        body = {"ok": False, "error": "rate_limited"}
        slack.faults.append(Fault("chat.postMessage", status=200, body=body))
        await once(slack, slack.mention(RISKY))

    async def test_an_answer_is_known_again_where_slack_gives_no_metadata_back(
        self, slack: Slack
    ) -> None:
        slack.gives_metadata = False
        try:
            slack.faults.append(Fault("chat.postMessage", status=500, done=True))
            ts = slack.mention(RISKY)
            await slack.until(lambda: slack.called("conversations.replies"))
            await once(slack, ts)
        finally:
            slack.gives_metadata = True

    async def test_429_of_a_response_url(self, slack: Slack) -> None:
        slack.faults.append(Fault("response_url", status=429, headers={"Retry-After": "1"}))
        slack.faults.append(Fault("response_url", status=500))
        await slack.command(RISKY)
        await slack.until(lambda: slack.ephemeral)


class TestNetwork:
    async def test_dropped_sockets(self, slack: Slack) -> None:
        await slack.drop_sockets()
        ts = slack.mention(RISKY)  # nobody hears it now
        await once(slack, ts)

    async def test_slack_asks_to_connect_anew(self, slack: Slack) -> None:
        await slack.drop_sockets(politely=True)
        ts = slack.mention(RISKY)
        await once(slack, ts)

    async def test_a_socket_that_is_refused_is_asked_for_anew(self, slack: Slack) -> None:
        slack.refusing_sockets = 1
        await slack.drop_sockets()
        await slack.connected()
        await once(slack, slack.mention(RISKY))

    async def test_the_network_away(self, slack: Slack) -> None:
        slack.faults.append(Fault("chat.postMessage", status=500))
        ts = slack.mention(RISKY)
        await slack.until(lambda: slack.called("chat.postMessage"))
        await slack.away()
        await asyncio.sleep(3)
        await slack.back()
        await slack.connected()
        await once(slack, ts, slack.mention(RISKY))


class TestNever:
    """What can't be answered in the end is recorded with its reason, and told where possible."""

    @pytest.mark.parametrize(
        "reason", ["is_archived", "not_in_channel", "channel_not_found", "token_revoked"]
    )
    async def test_it_is_recorded_and_told(self, slack: Slack, bot: Bot, reason: str) -> None:
        slack.faults.append(
            Fault("chat.postMessage", status=200, body={"ok": False, "error": reason})
        )
        before = len(slack.ephemeral)
        slack.mention(RISKY)
        await slack.until(lambda: slack.ephemeral[before:])
        found = [each for each in failures(bot) if each.reason == reason]
        assert found[0].door == "slack"
        assert found[0].where == CHANNEL

    async def test_a_response_url_that_serves_no_more_has_a_stand_in(self, slack: Slack) -> None:
        slack.faults.append(Fault("response_url", status=404, body="expired_url"))
        await slack.command(RISKY)
        told = (await slack.until(lambda: slack.ephemeral))[0]
        assert (told["channel"], told["user"]) == (CHANNEL, USER)
        assert any("|share|" in value for value in values_in(told["blocks"]))

    async def test_where_neither_works_the_person_gets_a_direct_message(
        self, slack: Slack, bot: Bot
    ) -> None:
        before = len(slack.messages[DIRECT])
        slack.faults.append(Fault("response_url", 9, status=404, body="expired_url"))
        await slack.command(RISKY, ELSEWHERE)
        await slack.until(lambda: slack.messages[DIRECT][before:])
        assert failures(bot)[0].reason == "not_in_channel"

    async def test_in_an_archived_channel_the_person_gets_a_direct_message(
        self, slack: Slack, bot: Bot
    ) -> None:
        before = len(slack.messages[DIRECT])
        slack.archived.add(CHANNEL)
        try:
            slack.mention(RISKY)
            await slack.until(lambda: slack.messages[DIRECT][before:])
        finally:
            slack.archived.clear()
        assert failures(bot)[0].reason == "is_archived"


class TestRestarts:
    async def test_what_was_sent_but_not_remembered_is_found_and_the_rest_is_sent(
        self, data: Path
    ) -> None:
        async with Slack(clock=0.02) as slack, Bot(slack, data) as bot:
            slack.faults.append(Fault("chat.postMessage", status=500, done=True, hang_up=True))
            slack.faults.append(Fault("conversations.replies", times=100, status=500))
            sent = slack.mention(RISKY)
            await slack.until(lambda: slack.called("conversations.replies"))
            slack.faults.append(Fault("chat.postMessage", times=1000, status=503))
            unsent = slack.mention(RISKY)
            await slack.until(lambda: slack.called("chat.postMessage")[1:])
            await bot.kill()
            looked = len(slack.called("conversations.replies"))
            await bot.start()
            await slack.until(lambda: slack.called("conversations.replies")[looked + 1 :])
            assert await bot.stop() == 0  # in mid-answer
            slack.faults.clear()
            for number in range(40):  # more than a page
                slack.post(f"… {number}", thread_ts=sent)
            await bot.start()
            await once(slack, sent, unsent)

    async def test_killed_again_and_again_amid_200_events(self, data: Path) -> None:
        """0 lost, 0 twice; every other message also comes as a second event."""
        rng = random.Random(1)
        asked: list[str] = []
        async with Slack(clock=1 / 60) as slack, Bot(slack, data) as bot:
            for portion in (30, 30, 30, 30, 30, 30, 20):
                answered = len(slack.answers())
                asked += [_asked(slack, twice=number % 2 == 1) for number in range(portion)]
                if portion == 30:  # killed somewhere in the middle of them
                    some = answered + rng.randint(0, 20)
                    await slack.until(lambda some=some: len(slack.answers()) >= some)  # type: ignore[misc]
                    await asyncio.sleep(rng.uniform(0, 0.1))
                    await bot.kill()
                    await bot.start()
            await slack.until(lambda: not slack.on_their_way, 30)
            # What was never acknowledged, and given up by Slack, a person says again.
            for event in slack.given_up:
                slack.happens(event)
            await slack.until(lambda: len(_threads(slack)) == len(asked), 30)
            await asyncio.sleep(QUIET)
            assert set(_threads(slack)) == set(asked)
            assert set(_threads(slack).values()) == {1}


def _asked(slack: Slack, *, twice: bool) -> str:
    message = slack.post(f"<@{BOT_USER}> {RISKY}")
    event = {**message, "channel": CHANNEL, "channel_type": "channel"}
    slack.happens({**event, "type": "app_mention"})
    if twice:
        slack.happens(event)
    return str(message["ts"])


def _threads(slack: Slack) -> Counter[str]:
    return Counter(each["thread_ts"] for each in slack.answers())

"""'Add to Slack': many workspaces, each with its own token, until it removes the app."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.doors.slack.scopes import NEEDED
from tests.loopback import Fault
from tests.slack.delivery import Slack
from tests.slack.installing import Browser, many
from tests.slack.process import Bot, free_port
from tests.slack.wire import values_in
from tests.slack.workspace import BOT_TOKEN, CHANNEL, CLIENT_SECRET, DIRECT, TEAM, USER

ONE, TWO, WHOLE = "T0ONE", "T0TWO", "E0WHOLE"
RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
ROWS = ("jobs", "kept", "keys", "installations", "settings")


def events(port: int) -> str:
    return f"http://127.0.0.1:{port}/slack/events"


def asks(slack: Slack, team: str, text: str = RISKY) -> str:
    """Somebody in a workspace mentions the bot."""
    with slack.inside(team):
        return slack.mention(text)


def answered(slack: Slack, team: str, thread: str | None = None) -> list[dict[str, object]]:
    with slack.inside(team):
        return slack.answers(thread)


def rows(data: Path, table: str) -> int:
    with sqlite3.connect(data / "mikiwame.sqlite") as connection:
        found = connection.execute(f"select count(*) from mikiwame_{table}")  # noqa: S608
        return int(found.fetchone()[0])


async def test_two_workspaces_add_it_and_each_is_answered_with_its_own_token(data: Path) -> None:
    port = free_port()
    async with (
        Slack(clock=0.02, limit=5, http=events(port)) as slack,
        Bot(slack, data, told=many(port)) as bot,
        Browser(slack, port) as browser,
    ):
        asked = await browser.begin()
        assert set(asked["scope"].split(",")) == set(NEEDED)
        page = await browser.get(browser.consents(asked, ONE))
        assert page.status == 200
        assert "Mikiwame is in your workspace" in page.text
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert (await browser.add_to(TWO)).status == 200
        # the same channel and the same time stamp in both
        with slack.inside(ONE):
            ts = slack.stamp()
            message = slack.post(f"<@{slack.bot_user}> {RISKY}", ts=ts)
            slack.happens({**message, "type": "app_mention", "channel": CHANNEL})
        with slack.inside(TWO):
            message = slack.post(f"<@{slack.bot_user}> 続きはTelegramでお願いします。", ts=ts)
            slack.happens({**message, "type": "app_mention", "channel": CHANNEL})
        await slack.until(lambda: answered(slack, ONE, ts) and answered(slack, TWO, ts))
        await asyncio.sleep(0.5)
        (first,), (second,) = answered(slack, ONE, ts), answered(slack, TWO, ts)
        assert "LINE" in str(first)
        assert "Telegram" not in str(first)
        assert "Telegram" in str(second)
        assert {call.team for call in slack.called("chat.postMessage")} == {ONE, TWO}
        # what is said in one thread changes the answer in that workspace
        with slack.inside(TWO):
            slack.say("仮払い済みです", CHANNEL, thread_ts=ts)
        await slack.until(lambda: slack.called("chat.update"))
        assert [call.team for call in slack.called("chat.update")] == [TWO]
        assert "友だち" in str(answered(slack, ONE, ts))
        # after a restart each still has its token
        await bot.kill()
        await bot.start()
        again = asks(slack, ONE)
        await slack.until(lambda: answered(slack, ONE, again))
        assert not answered(slack, TWO, again)
        # and nothing secret is readable
        held = b"".join(path.read_bytes() for path in data.glob("mikiwame.sqlite*"))
        for secret in (*slack.tokens, CLIENT_SECRET, ONE, TWO):
            assert secret.encode() not in held
            assert secret not in bot.log
        assert asked["state"] not in bot.log


async def test_where_the_app_was_not_added_nothing_is_answered(data: Path) -> None:
    port = free_port()
    async with (
        Slack(clock=0.02, limit=5, http=events(port)) as slack,
        Bot(slack, data, told=many(port)),
    ):
        asks(slack, TWO)
        await slack.until(lambda: not slack.on_their_way)
        with slack.inside(TWO):
            await slack.command(RISKY)
        said = await slack.until(lambda: slack.ephemeral)
        assert "追加" in str(said)
        assert "add it again" in str(said)
        assert not slack.called("chat.postMessage")
        assert rows(data, "jobs") == 0


@pytest.mark.parametrize("told", [True, False], ids=["told", "seen on a call"])
async def test_a_workspace_that_removes_the_app_is_forgotten(data: Path, told: bool) -> None:
    port = free_port()
    async with (
        Slack(clock=0.02, limit=5, http=events(port)) as slack,
        Bot(slack, data, told=many(port)) as bot,
        Browser(slack, port) as browser,
    ):
        for team in (ONE, TWO):
            await browser.add_to(team)
            ts = asks(slack, team)
            await slack.until(lambda team=team, ts=ts: answered(slack, team, ts))  # type: ignore[misc]
        await slack.until(lambda: rows(data, "kept") == 2)
        assert rows(data, "installations") == rows(data, "keys") == 2
        with slack.inside(ONE):
            slack.removes(told=told)
            if not told:
                slack.mention(RISKY)
        await slack.until(lambda: rows(data, "installations") == 1)
        await slack.until(lambda: [rows(data, name) for name in ("kept", "keys")] == [1, 1])
        await slack.until(lambda: not slack.on_their_way)
        asks(slack, ONE)  # the other one goes on, and this one is a stranger
        ts = asks(slack, TWO)
        await slack.until(lambda: answered(slack, TWO, ts))
        assert len(answered(slack, ONE)) == 1
        assert rows(data, "keys") == 1
        assert "Traceback" not in bot.log
        # it may be added again
        await browser.add_to(ONE)
        ts = asks(slack, ONE)
        await slack.until(lambda: answered(slack, ONE, ts))


async def test_late_news_of_a_removal_does_not_remove_what_was_added_since(data: Path) -> None:
    port = free_port()
    async with (
        Slack(clock=0.02, limit=5, http=events(port)) as slack,
        Bot(slack, data, told=many(port)),
        Browser(slack, port) as browser,
    ):
        await browser.add_to(ONE)
        with slack.inside(ONE):
            slack.removes(told=False)
            removed = slack._told({"type": "app_uninstalled"}, slack.new_id("Ev"))
        await asyncio.sleep(1.1)  # Slack's times are whole seconds
        await browser.add_to(ONE)
        await slack._bring("events_api", removed)
        ts = asks(slack, ONE)
        await slack.until(lambda: answered(slack, ONE, ts))
        # added anew, the new token serves at once, though the old one is remembered
        assert slack.called("chat.postMessage")[-1].team == ONE


async def test_a_token_that_was_replaced_meanwhile_is_not_taken_for_a_removal(data: Path) -> None:
    port = free_port()
    async with (
        Slack(clock=0.02, limit=5, http=events(port)) as slack,
        Bot(slack, data, told=many(port)),
        Browser(slack, port) as browser,
    ):
        await browser.add_to(ONE)
        ts = asks(slack, ONE)
        await slack.until(lambda: answered(slack, ONE, ts))
        with slack.inside(ONE):
            slack.removes(told=False)
        await browser.add_to(ONE)
        ts = asks(slack, ONE)
        await slack.until(lambda: answered(slack, ONE, ts))
        assert rows(data, "installations") == 1


async def test_a_whole_organization_adds_it(data: Path) -> None:
    port = free_port()
    async with (
        Slack(clock=0.02, limit=5, http=events(port)) as slack,
        Bot(slack, data, told=many(port)),
        Browser(slack, port) as browser,
    ):
        page = await browser.add_to(WHOLE)
        assert "example.enterprise.slack.com" in page.text
        ts = asks(slack, WHOLE)
        answer = (await slack.until(lambda: answered(slack, WHOLE, ts)))[0]
        with slack.inside(WHOLE):
            value = next(each for each in values_in(answer["blocks"]) if "|lang|en" in each)
            await slack.press(answer, value)
        await slack.until(lambda: slack.called("chat.update"))
        with slack.inside(WHOLE):
            slack.removes()
        await slack.until(lambda: rows(data, "installations") == 0)


async def test_over_a_socket_and_beside_the_operators_own_workspace(data: Path) -> None:
    port = free_port()
    told = many(port, socket=True) | {"SLACK_BOT_TOKEN": BOT_TOKEN}
    async with (
        Slack(clock=0.02, limit=5) as slack,
        Bot(slack, data, told=told),
        Browser(slack, port) as browser,
    ):
        await slack.connected()
        await browser.add_to(ONE)
        mine, theirs = asks(slack, TEAM), asks(slack, ONE)
        await slack.until(lambda: answered(slack, TEAM, mine) and answered(slack, ONE, theirs))
        with slack.inside(ONE):
            slack.say(RISKY)
        await slack.until(lambda: directly(slack))
        with slack.inside(TEAM):
            slack.happens({"type": "app_uninstalled"})
        await slack.until(lambda: rows(data, "keys") == 1)


def directly(slack: Slack) -> bool:
    """Whether somebody was answered in a direct message."""
    return any(call.arguments["channel"] == DIRECT for call in slack.called("chat.postMessage"))


class TestPages:
    async def test_what_goes_wrong_is_said_and_nothing_is_stored(self, data: Path) -> None:
        port = free_port()
        async with (
            Slack(clock=0.02, limit=5, http=events(port)) as slack,
            Bot(slack, data, told=many(port)) as bot,
            Browser(slack, port, accepts="ja,en;q=0.8") as browser,
            Browser(slack, port, accepts="fr, en-GB;q=0.7, ja;q=0.3") as other,
        ):
            denied = await browser.get("/slack/oauth_redirect?error=access_denied&state=x")
            assert "何も追加していません" in denied.text
            # a link that somebody else began: another browser, or none
            link = browser.consents(await browser.begin(), ONE)
            strange = await other.get(link)
            assert strange.status == 400
            assert "did not begin in this browser" in strange.text
            # a state of ours, but used
            assert (await browser.get(link)).status == 200
            browser.cookies["slack-app-oauth-state"] = link.partition("state=")[2]
            used = await browser.get(link)
            assert used.status == 401
            assert "一度だけ" in used.text
            # a state that is not ours, with a cookie that says the same
            browser.cookies["slack-app-oauth-state"] = "1.2.3"
            assert (await browser.get("/slack/oauth_redirect?code=c&state=1.2.3")).status == 401
            for odd in ("", "x", "..", "é.é.é", "9" * 5000):
                assert (
                    await browser.get(f"/slack/oauth_redirect?code=c&state={odd}")
                ).status == 400
            # a code that Slack does not know
            asked = await other.begin()
            unknown = await other.get(f"/slack/oauth_redirect?code=no&state={asked['state']}")
            assert "Slack did not confirm it" in unknown.text
            # an app whose tokens expire
            body = {"ok": True, "access_token": "xoxe.xoxb-1", "refresh_token": "xoxe-1"}
            slack.faults.append(Fault("oauth.v2.access", status=200, body=body))
            asked = await other.begin()
            expires = await other.get(f"/slack/oauth_redirect?code=no&state={asked['state']}")
            assert "Slack did not confirm it" in expires.text
            assert "without token rotation" in bot.log
            assert "xoxe" not in bot.log
            # Slack away
            asked = await other.begin()
            await slack.away()
            away = await other.get(f"/slack/oauth_redirect?code=no&state={asked['state']}")
            assert away.status == 503
            assert "be reached just now" in away.text
            await slack.back()
            assert rows(data, "installations") == 1
            assert "Traceback" not in bot.log
            for secret in (link, asked["state"], CLIENT_SECRET, USER):
                assert secret not in bot.log

    async def test_looking_at_the_address_writes_nothing(self, data: Path) -> None:
        port = free_port()
        async with (
            Slack(clock=0.02, limit=5, http=events(port)) as slack,
            Bot(slack, data, told=many(port)),
            Browser(slack, port) as browser,
        ):
            for _ in range(3):
                await browser.begin()
            assert rows(data, "states") == 0

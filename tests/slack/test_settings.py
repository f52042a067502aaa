"""A workspace's own settings: chosen by its admins in the App Home, and gone by in its answers."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.slack.delivery import Slack
from tests.slack.installing import Browser, many
from tests.slack.process import Bot, free_port
from tests.slack.wire import Json, texts_in
from tests.slack.workspace import CHANNEL, USER

ONE, TWO = "T0ONE", "T0TWO"
RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
BUTTON = "open_settings"
REMARKABLE = "むらさきの傘"


@asynccontextmanager
async def two_workspaces(data: Path) -> AsyncIterator[tuple[Slack, Bot]]:
    """Both added the app."""
    port = free_port()
    async with (
        Slack(clock=0.02, limit=5, http=f"http://127.0.0.1:{port}/slack/events") as slack,
        Bot(slack, data, told=many(port)) as bot,
        Browser(slack, port) as browser,
    ):
        for team in (ONE, TWO):
            await browser.add_to(team)
        slack.calls.clear()
        yield slack, bot


async def answer_in(slack: Slack, team: str, text: str = RISKY) -> Json:
    with slack.inside(team):
        ts = slack.mention(text)

    def look() -> list[Json]:
        with slack.inside(team):
            return slack.answers(ts)

    return (await slack.until(look))[0]


async def form_of(slack: Slack, team: str) -> Json:
    """The settings as an admin of a workspace opens them."""
    slack.views.clear()
    with slack.inside(team):
        await slack.press_in_home(BUTTON)
    return (await slack.until(lambda: slack.views))[-1]


def as_shown(form: Json) -> Json:
    """What a form sends off where nothing was changed in it."""
    fields: Json = {}
    for block in form["blocks"]:
        element = block["element"]
        field: dict[str, Any] = {"type": element["type"]}
        for name in ("option", "options", "users", "conversation"):
            if f"initial_{name}" in element:
                field[f"selected_{name}"] = element[f"initial_{name}"]
        fields[block["block_id"]] = field
    return fields


def option(value: str) -> Json:
    return {"selected_option": {"value": value}}


async def test_admins_choose_and_their_workspace_alone_is_answered_so(data: Path) -> None:
    async with two_workspaces(data) as (slack, bot):
        slack.admins = {USER}
        with slack.inside(ONE):
            slack.opens_home()
        home = (await slack.until(lambda: slack.views))[-1]
        assert BUTTON in str(home)
        form = await form_of(slack, ONE)
        chosen = as_shown(form) | {
            "lang": option("en"),
            "site": option("lancers"),
            "rules": {"selected_options": [{"value": "off_platform_contact"}, {"value": "odd"}]},
            "keep": option("7200"),
            "digest": option("on"),
        }
        with slack.inside(ONE):
            refused = await slack.submit(form, chosen)
        assert "channel" in refused["errors"]  # where should the digest go?
        with slack.inside(ONE):
            kept = await slack.submit(
                form, chosen | {"channel": {"selected_conversation": CHANNEL}}
            )
        assert not kept
        answer = await answer_in(slack, ONE)
        said = " ".join(texts_in(answer["blocks"]))
        assert "No known risk" in said
        assert "Lancers" in said
        other = " ".join(texts_in((await answer_in(slack, TWO))["blocks"]))
        assert "友だち" in other
        assert "CrowdWorks" not in other
        # what was chosen is shown again, after a restart too, and stands nowhere in plain
        await bot.stop()
        with sqlite3.connect(data / "mikiwame.sqlite") as rows:
            spans = {
                round(until - at)
                for at, until in rows.execute("select at, until from mikiwame_kept")
            }
        assert spans == {7200, 86400}
        held = b"".join(path.read_bytes() for path in data.glob("mikiwame.sqlite*"))
        assert b"off_platform_contact" not in held.replace(b"code:off_platform_contact", b"")
        await bot.start()
        again = await form_of(slack, ONE)
        shown = as_shown(again)
        assert shown["lang"]["selected_option"]["value"] == "en"
        assert [each["value"] for each in shown["rules"]["selected_options"]] == [
            "off_platform_contact"
        ]
        assert shown["channel"]["selected_conversation"] == CHANNEL
        assert as_shown(await form_of(slack, TWO))["lang"]["selected_option"]["value"] == "own"


async def test_nobody_else_sees_or_changes_them_and_who_may_use_it_is_theirs_to_say(
    data: Path,
) -> None:
    async with two_workspaces(data) as (slack, bot):
        slack.admins = {USER}
        form = await form_of(slack, ONE)
        named = as_shown(form) | {"who": option("named"), "people": {"selected_users": ["U0BEA"]}}
        # somebody who is no admin (any more): no button, no form, nothing taken
        slack.admins = set()
        slack.views.clear()
        with slack.inside(TWO):
            slack.opens_home()
        home = (await slack.until(lambda: slack.views))[-1]
        assert BUTTON not in str(home)
        slack.views.clear()
        with slack.inside(ONE):
            await slack.press_in_home(BUTTON)
        assert [view["type"] for view in slack.views] == ["home"]
        with slack.inside(ONE):
            forged = await slack.submit(form, named)
        assert "管理者" in forged["errors"]["lang"]
        await answer_in(slack, ONE)
        # an admin may; the others are told kindly, and the other workspace goes on
        slack.admins = {USER}
        with slack.inside(ONE):
            assert not await slack.submit(form, named)
        await answer_in(slack, ONE)
        slack.admins = set()
        await bot.stop()
        await bot.start()
        slack.ephemeral.clear()
        with slack.inside(ONE):
            before = len(slack.answers())
            slack.mention(RISKY)
        told = (await slack.until(lambda: slack.ephemeral))[0]
        assert "管理者" in told["text"]
        with slack.inside(ONE):
            assert len(slack.answers()) == before
            slack.happens(
                {
                    **slack.post(f"<@{slack.bot_user}> {RISKY}", user="U0BEA"),
                    "type": "app_mention",
                    "channel": CHANNEL,
                }
            )

        def look() -> bool:
            with slack.inside(ONE):
                return len(slack.answers()) == before + 1

        await slack.until(look)
        await answer_in(slack, TWO)


async def test_a_key_of_one_workspace_opens_nothing_in_another(data: Path) -> None:
    async with two_workspaces(data) as (slack, bot):
        theirs = await answer_in(slack, ONE, f"{REMARKABLE}の件、LINEの友だち追加をお願いします。")
        own = await answer_in(slack, TWO)
        before = str(theirs)
        key = theirs["metadata"]["event_payload"]["key"]
        mine = own["metadata"]["event_payload"]["key"]
        forged = {**own, "blocks": _with_key(own["blocks"], mine, key)}
        values = [value for value in _values(forged["blocks"]) if value.startswith(key)]
        assert any("|feedback|wrong" in value for value in values)
        slack.ephemeral.clear()
        for part in ("|lang|en", "|stage|escrowed", "|more|yes", "|manner|", "|feedback|right"):
            value = next(each for each in values if part in each)
            told = len(slack.ephemeral)
            with slack.inside(TWO):
                await slack.press(forged, value)
            await slack.until(lambda told=told: len(slack.ephemeral) > told)  # type: ignore[misc]
            assert "預かっていない" in str(slack.ephemeral[-1])
        # the forms neither show it nor take a vote on it
        slack.views.clear()
        with slack.inside(TWO):
            await slack.press(forged, next(each for each in values if "|feedback|wrong" in each))
        form = {
            "type": "modal",
            "callback_id": "feedback_form",
            "private_metadata": key,
            "blocks": [],
        }
        with slack.inside(TWO):
            refused = await slack.submit(form, {"verdict": option("missed")})
        assert refused["response_action"] == "errors"
        assert not slack.views
        # nor does it go away with a message of theirs
        with slack.inside(TWO):
            await slack.press(forged, next(each for each in values if "|remove|" in each))
        await slack.until(lambda: slack.called("chat.delete"))
        assert slack.called("chat.delete")[0].team == TWO
        with slack.inside(ONE):
            assert str(slack.answers()[0]) == before
            await slack.press(slack.answers()[0], f"{key}|lang|en")
        await slack.until(lambda: slack.called("chat.update"))
        assert [call.team for call in slack.called("chat.update")] == [ONE]
        everything = str([call.arguments for call in slack.calls if call.team == TWO])
        assert REMARKABLE not in everything + str(slack.ephemeral)
        assert "Traceback" not in bot.log


def _with_key(blocks: Any, mine: str, key: str) -> Any:
    """Blocks as they would be with another answer's key in each control."""
    if isinstance(blocks, list):
        return [_with_key(each, mine, key) for each in blocks]
    if isinstance(blocks, dict):
        return {name: _with_key(each, mine, key) for name, each in blocks.items()}
    return blocks.replace(mine, key) if isinstance(blocks, str) else blocks


def _values(blocks: Any) -> list[str]:
    if isinstance(blocks, list):
        return [value for each in blocks for value in _values(each)]
    if isinstance(blocks, dict):
        found = [blocks["value"]] if isinstance(blocks.get("value"), str) else []
        return found + [value for each in blocks.values() for value in _values(each)]
    return []

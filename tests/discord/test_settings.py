"""A server's own settings: `/settings` for those who manage it; nothing of one server in another."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.discord.community import (
    ANN,
    BEA,
    ELSEWHERE,
    EVERYTHING,
    GENERAL,
    GUILD,
    MANAGING,
    ROLE,
    THERE,
    Interaction,
    ids_in,
    seen,
)
from tests.discord.gateway import Discord
from tests.discord.process import Bot
from tests.loopback import Json

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
SAID_THERE = "友だち"


def two_servers() -> Discord:
    discord = Discord()
    discord.add_server()
    discord.guilds = [GUILD, ELSEWHERE]
    discord.may = EVERYTHING & ~MANAGING
    return discord


async def answer_in(discord: Discord, channel: str, text: str = RISKY, **more: str) -> Json:
    asked = discord.mention(text, channel, **more)
    return (await discord.until(lambda: discord.answers_to(asked)))[0]


async def shown_by(discord: Discord, used: Interaction) -> Json:
    """What one person sees of a command or a control."""
    await discord.until(lambda: used.response and used.original)
    return discord.whispers[str(used.original)]


async def test_who_manages_a_server_chooses_and_that_server_alone_is_answered_so(
    data: Path,
) -> None:
    async with two_servers() as discord, Bot(discord, data) as bot:
        settings = await shown_by(discord, discord.command("settings"))
        assert "このサーバーの設定" in seen(settings)
        fields = [each for each in ids_in(settings["components"]) if each.startswith("settings|")]
        assert fields == [
            f"settings|{each}" for each in ("lang", "site", "who", "rules", "keep", "digest")
        ]
        for field, values in {
            "lang": ["en"],
            "site": ["lancers"],
            "rules": ["off_platform_contact", "odd"],
            "keep": ["7200"],
            "digest": ["on"],
        }.items():
            used = discord.choose(settings, field, *values)
            await discord.until(lambda used=used: used.response)  # type: ignore[misc]
        assert "Settings of this server" in seen(settings)  # it changes where it stands
        assert "settings|channel" in list(ids_in(settings["components"]))
        here = seen(await answer_in(discord, GENERAL))
        assert "No known risk" in here
        asked = discord.command("vet")  # its form too, whatever its reader's own language
        await discord.until(lambda: asked.response)
        assert asked.response is not None
        assert asked.response["data"]["title"] == "Vet a client's text"
        there = seen(await answer_in(discord, THERE))
        assert "友だち" in there
        await bot.stop()
        await bot.start()
        again = await shown_by(discord, discord.command("settings"))
        assert "Settings of this server" in seen(again)
        other = await shown_by(discord, discord.command("settings", channel=THERE))
        assert "このサーバーの設定" in seen(other)


async def test_nobody_else_sees_or_changes_them_and_who_may_use_it_is_theirs_to_say(
    data: Path,
) -> None:
    async with two_servers() as discord, Bot(discord, data):
        settings = await shown_by(discord, discord.command("settings"))
        discord.user, discord.user_may = BEA, EVERYTHING & ~MANAGING
        refused = await shown_by(discord, discord.command("settings"))
        assert "管理者だけ" in seen(refused)
        assert not list(ids_in(refused["components"]))
        forged = await shown_by(discord, discord.choose(settings, "who", "named"))
        assert "管理者だけ" in seen(forged)
        await answer_in(discord, GENERAL, author=BEA)
        # those who manage it say who may use it
        discord.user, discord.user_may = ANN, EVERYTHING
        used = discord.choose(settings, "who", "named")
        await discord.until(lambda: used.response)
        assert "settings|people" in list(ids_in(settings["components"]))
        roles = {"roles": {ROLE: {"id": ROLE, "name": "writers"}}}
        chose = discord.choose(settings, "people", ROLE, resolved=roles)
        await discord.until(lambda: chose.response)
        asked = discord.mention(RISKY, author=BEA)
        told = await discord.until(
            lambda: [each for each in discord.messages[GENERAL] if "決めています" in seen(each)]
        )
        assert str(told[0]["message_reference"]["message_id"]) == asked["id"]
        assert not discord.answers_to(asked)
        whisper = discord.command("vet", text=RISKY)
        discord.user = BEA
        private = discord.command("vet", text=RISKY)
        await discord.until(
            lambda: (
                "決めています"
                in seen(discord.whispers.get(str(private.original), {"components": []}))
            )
        )
        await discord.until(lambda: "友だち" in seen(discord.whispers[str(whisper.original)]))
        await answer_in(discord, GENERAL)  # the owner
        await answer_in(discord, THERE, author=BEA)


async def test_a_role_that_was_named_may_use_it(data: Path) -> None:
    async with two_servers() as discord, Bot(discord, data):
        settings = await shown_by(discord, discord.command("settings"))
        roles = {"roles": {ROLE: {"id": ROLE, "name": "writers"}}}
        for field, value in (("who", "named"), ("people", ROLE)):
            used = discord.choose(settings, field, value, resolved=roles)
            await discord.until(lambda used=used: used.response)  # type: ignore[misc]
        discord.roles[BEA] = [ROLE]
        await answer_in(discord, GENERAL, author=BEA)


async def test_a_key_of_one_server_opens_nothing_in_another(data: Path) -> None:
    async with two_servers() as discord, Bot(discord, data) as bot:
        theirs = await answer_in(discord, GENERAL)
        own = await answer_in(discord, THERE, "続きはTelegramでお願いします。")
        assert SAID_THERE in str(theirs)
        key = next(each.split("|")[0] for each in ids_in(theirs["components"]))
        before = str(theirs["components"])
        mine = str(own["components"])
        for control in ("lang|en", "more|yes", "stage|escrowed", "feedback|right", "share|"):
            used = discord.press_forged(own, f"{key}|{control}")
            await discord.until(lambda: "預かっていない" in str(discord.whispers))
            assert used.channel == own["channel_id"]
            discord.whispers.clear()
        form = discord.press_forged(own, f"{key}|feedback|wrong")
        await discord.until(lambda: form.response)
        assert SAID_THERE not in str(form.response)
        discord.press_forged(own, f"{key}|remove|")
        await discord.until(lambda: own not in discord.messages[own["channel_id"]])
        assert str(own["components"]) == mine
        assert str(theirs["components"]) == before
        discord.press(theirs, "lang|en")
        await discord.until(lambda: str(theirs["components"]) != before)
        assert SAID_THERE not in str(discord.whispers)
        assert "Traceback" not in bot.log


async def test_a_server_that_removes_the_bot_is_forgotten(data: Path) -> None:
    async with two_servers() as discord, Bot(discord, data):
        await answer_in(discord, GENERAL)
        await answer_in(discord, THERE)
        settings = await shown_by(discord, discord.command("settings"))
        used = discord.choose(settings, "lang", "en")
        await discord.until(lambda: used.response and rows(data, "settings"))
        await discord.until(lambda: rows(data, "kept") == 2)
        discord.happens("GUILD_DELETE", {"id": GUILD, "unavailable": True})  # merely out of reach
        discord.happens("GUILD_DELETE", {"id": ELSEWHERE})
        await discord.until(lambda: [rows(data, name) for name in ("kept", "keys")] == [1, 1])
        assert rows(data, "settings") == 1
        discord.happens("GUILD_DELETE", {"id": GUILD})
        await discord.until(lambda: not any(rows(data, name) for name in ("kept", "settings")))


def rows(data: Path, table: str) -> int:
    with sqlite3.connect(data / "mikiwame.sqlite") as connection:
        found = connection.execute(f"select count(*) from mikiwame_{table}")  # noqa: S608
        return int(found.fetchone()[0])

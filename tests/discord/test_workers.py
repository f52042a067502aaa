"""A process that listens to Discord, and one that answers without a connection of its own."""

from __future__ import annotations

from pathlib import Path

from tests.discord.community import TOKEN, Interaction, ids_in, seen
from tests.discord.gateway import Discord
from tests.postgres import postgres
from tests.process import Process

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"


async def test_a_worker_answers_what_another_process_heard(tmp_path: Path) -> None:
    async with Discord() as discord:
        with postgres() as server:
            told = {
                "DISCORD_API_URL": discord.api_url,
                "DISCORD_TOKEN": TOKEN,
                "DATABASE_URL": server.get_uri(),
                "SECRET_KEY": "the same for all of them",
            }
            async with (
                Process(tmp_path / "worker", ("worker",), **told),
                Process(tmp_path / "listening", ("discord",), **told) as listening,
            ):
                await discord.connected()
                assert len(discord.called("PUT /applications/commands")) <= 1
                await _answers(discord)
                await listening.kill()  # the worker goes on without it
    assert not discord.broken


async def _answers(discord: Discord) -> None:
    message = discord.mention(RISKY)
    answer = (await discord.until(lambda: discord.answers_to(message)))[0]
    for control in ("|more|yes", "|stage|escrowed"):
        value = next(each for each in ids_in(answer["components"]) if control in each)
        before = seen(answer)
        discord.press(answer, value)
        await discord.until(lambda before=before: seen(answer) != before)  # type: ignore[misc]
    interactions = [discord.command("vet", text=RISKY) for _ in range(10)]
    for each in interactions:

        def shown(interaction: Interaction = each) -> bool:
            found = discord.whispers.get(interaction.original or "")
            return bool(found and found["components"])

        await discord.until(shown)

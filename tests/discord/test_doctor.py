"""`doctor` on Discord, as people run it: what is missing or wrong is said in words."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from tests.discord.community import GENERAL, TOKEN
from tests.discord.gateway import Discord
from tests.process import ROOT


async def examined(
    discord: Discord, data: Path, *options: str, token: str = TOKEN
) -> tuple[int, str]:
    """Exit status and everything that it prints."""
    told = {"DISCORD_API_URL": discord.api_url, "DISCORD_TOKEN": token, "DATA_DIR": str(data)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor", *options),
        env={k: v for k, v in os.environ.items() if not k.startswith("SLACK_")} | told,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert token not in said.decode()
    return process.returncode or 0, said.decode()


async def test_all_is_well_and_the_invitation_is_printed(discord: Discord, data: Path) -> None:
    status, said = await examined(discord, data, "--channel", GENERAL)
    assert status == 0, said
    assert "oauth2/authorize?client_id=1000&scope=bot+applications.commands" in said
    assert "all permissions there" in said
    assert "Slack" not in said
    assert not discord.called("POST|PUT|PATCH")  # it only looks


async def test_missing_permissions_are_named(discord: Discord, data: Path) -> None:
    discord.may = 1 << 10 | 1 << 11  # to see and to write
    try:
        status, said = await examined(discord, data, "--channel", GENERAL, "--channel", "3999")
    finally:
        discord.may = (1 << 50) - 1
    assert status == 1
    assert "Create Public Threads" in said
    assert "Read Message History" in said
    assert "there is no such channel" in said


async def test_a_wrong_token_is_said(discord: Discord, data: Path) -> None:
    status, said = await examined(discord, data, token="another.token")  # noqa: S106
    assert status == 1
    assert "does not know this token" in said

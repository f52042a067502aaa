"""The bot as people start it, with Discord alone."""

from __future__ import annotations

from pathlib import Path

from tests.discord.community import TOKEN
from tests.discord.gateway import Discord
from tests.process import Process


class Bot(Process):
    """`async with Bot(discord, tmp_path)`: started and ready; stopped at the end."""

    def __init__(
        self, discord: Discord, data: Path, module: str | None = None, **more: str
    ) -> None:
        told = {"DISCORD_API_URL": discord.api_url, "DISCORD_TOKEN": TOKEN, **more}
        super().__init__(data, (), module, **told)

"""What the Discord door costs, as a whole process: time from a direct message to its answer, memory."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.figure import Figure
from tests.discord.community import GUILD
from tests.discord.gateway import Discord
from tests.discord.process import Bot
from tests.loopback import Json

#: One after another, with a pause; then all at once.
ONE_BY_ONE, AT_ONCE = 100, 100
_PAUSE = 0.02
_WARM_UP = 10
_GUILDS = (1, 100, 1000)
_CHANNELS = 40
_MEGA = 1024**2


@dataclass(frozen=True)
class Run:
    """Seconds from a message to its answer one by one, and until the last of all at once."""

    latencies: list[float]
    all_answered: float
    twice: int


class Crowded(Discord):
    """A Discord in which the bot is in many servers of forty channels."""

    def __init__(self, guilds: int) -> None:
        super().__init__()
        self.guilds = [GUILD, *(str((1 << 60) + (number << 30)) for number in range(1, guilds))]

    def guild(self, number: str) -> Json:
        """A server as Discord describes it: roles, emojis, channels that not everybody sees."""
        made = super().guild(number)
        if number == GUILD:
            return made
        first = int(number)
        everyone = {**made["roles"][0], "id": number}
        made["roles"] = [everyone] + [
            {**everyone, "id": str(first + 100 + each), "name": f"role {each}"}
            for each in range(10)
        ]
        hidden = {"id": number, "type": 0, "allow": "0", "deny": "1024"}
        shown = {"id": str(first + 101), "type": 0, "allow": "1024", "deny": "0"}
        made["channels"] = [
            {
                "id": str(first + 1000 + each),
                "type": 0,
                "name": f"channel-{each}",
                "topic": f"What {each} is about, in a few words",
                "position": each,
                "permission_overwrites": [hidden, shown],
                "nsfw": False,
                "rate_limit_per_user": 0,
                "parent_id": None,
                "last_message_id": str(first + 5000 + each),
            }
            for each in range(_CHANNELS)
        ]
        return made


def measure(texts: list[str]) -> Iterator[Figure]:
    """All figures of the door; `texts` are direct messages that the bot has never seen."""
    run = asyncio.run(_run(texts))
    times = [each * 1e3 for each in run.latencies]
    yield Figure("Discord: message to answer, median", statistics.median(times), 50, "ms")
    p99 = statistics.quantiles(times, n=100)[98]
    yield Figure("Discord: message to answer, p99", p99, 150, "ms")
    yield Figure(f"Discord: {AT_ONCE} at once, all answered", run.all_answered, 5, "s")
    yield Figure(f"Discord: {AT_ONCE} at once, answered twice", run.twice, 0, "")
    memory = {guilds: asyncio.run(_memory(guilds)) for guilds in _GUILDS}
    for guilds, used in memory.items():
        yield Figure(f"Discord: memory with {guilds} servers", used / _MEGA, None, "MB")
    least, most = _GUILDS[0], _GUILDS[-1]
    each = (memory[most] - memory[least]) / (most - least) / 1024
    yield Figure(f"Discord: memory for a server of {_CHANNELS} channels", each, 40, "KB")


async def _run(texts: list[str]) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        async with Discord() as discord, Bot(discord, Path(folder) / "data"):
            for text in texts[:_WARM_UP]:
                await _answered(discord, [discord.say(text)])
            latencies = []
            for text in texts[_WARM_UP : _WARM_UP + ONE_BY_ONE]:
                began = time.perf_counter()
                await _answered(discord, [discord.say(text)])
                latencies.append(time.perf_counter() - began)
                await asyncio.sleep(_PAUSE)
            began = time.perf_counter()
            asked = [discord.say(text) for text in texts[-AT_ONCE:]]
            await _answered(discord, asked)
            all_answered = time.perf_counter() - began
            twice = sum(len(discord.answers_to(each)) > 1 for each in asked)
            return Run(latencies, all_answered, twice)


async def _answered(discord: Discord, asked: list[Json]) -> None:
    wanted = {each["id"] for each in asked}
    await discord.until(lambda: wanted <= discord.replied, 60)


async def _memory(guilds: int) -> float:
    """Bytes of the process when it knows all its servers."""
    with tempfile.TemporaryDirectory() as folder:
        async with Crowded(guilds) as discord, Bot(discord, Path(folder) / "data") as bot:
            await asyncio.sleep(3 + guilds / 250)
            return float(psutil.Process(bot.pid).memory_info().rss)

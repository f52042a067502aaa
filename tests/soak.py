"""`make soak`: tens of thousands of events through one real process, over both doors.

Half of them come over Slack's Socket Mode, half over Discord's gateway. Nothing may be lost or
answered twice, and when all is done the process holds as much memory, as many files and as many
sockets as when it had warmed up. Exit status 1 where that does not hold.

    make soak ARGS='--events 3000'
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from rules import Lang
from tests.bench.__main__ import fresh_texts
from tests.bench.figure import Figure
from tests.discord.community import BOT, DIRECT, TOKEN
from tests.discord.gateway import Discord
from tests.loopback import Json
from tests.process import Process
from tests.slack.delivery import Slack
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN, CHANNEL

#: Events that are under way at once in each door; samples that are taken on the way.
_UNDER_WAY, _SAMPLES = 16, 60
#: The part of the run in which caches fill, pools grow and the allocator settles.
_WARM_UP = 0.4
#: Seconds without an event before the end is looked at.
_REST = 8.0
_MEGA = 1024**2
_TEXTS = 2000
_PATIENCE = 400.0


class CountingSlack(Slack):
    """A Slack that counts the answers to each message, and forgets all else."""

    def __init__(self) -> None:
        super().__init__(echo=False)
        self.answered: Counter[str] = Counter()
        self.asked = 0

    def on_posted(self, channel: str, message: Json) -> None:
        self.answered[str(message.get("thread_ts"))] += 1
        self.messages[channel].clear()
        self.calls.clear()

    def ask(self, text: str) -> str:
        message = self.post(f"<@{self.bot_user}> {text}", CHANNEL)
        self.happens({**message, "type": "app_mention", "channel": CHANNEL})
        return str(message["ts"])


class CountingDiscord(Discord):
    """The same of Discord."""

    def __init__(self) -> None:
        super().__init__()
        self.answered: Counter[str] = Counter()
        self.asked = 0

    def on_message(self, message: Json) -> None:
        if message["author"]["id"] == BOT:
            self.answered[str((message.get("message_reference") or {}).get("message_id"))] += 1
            self.messages[DIRECT].clear()
            self.calls.clear()
        super().on_message(message)

    def ask(self, text: str) -> str:
        return str(self.say(text)["id"])


@dataclass(frozen=True)
class Sample:
    """The process at one moment: after so many events, its own memory (MB), files and sockets."""

    events: int
    memory: float
    resident: float
    files: int
    sockets: int
    threads: int


def _sample(process: psutil.Process, events: int) -> Sample:
    memory = process.memory_info()
    # What it shares with other processes (the dictionary's file, libraries) comes and goes with them.
    own = memory.rss - getattr(memory, "shared", 0)
    return Sample(
        events,
        own / _MEGA,
        memory.rss / _MEGA,
        process.num_fds(),
        len(process.net_connections()),
        process.num_threads(),
    )


async def _talk(door: CountingSlack | CountingDiscord, texts: Iterator[str], number: int) -> None:
    """Asks so many times, a few at once, each as soon as an earlier one is answered."""
    asked: set[str] = set()
    while door.asked < number:
        asked.add(door.ask(f"{next(texts)} ({door.asked})"))
        door.asked += 1
        least = door.asked - _UNDER_WAY
        await _patiently(door, lambda least=least: len(door.answered) > least)  # type: ignore[misc]

    def all_answered() -> bool:
        asked.difference_update(door.answered)
        return not asked

    await _patiently(door, all_answered)


async def _patiently(door: CountingSlack | CountingDiscord, look: Callable[[], bool]) -> None:
    """What is not answered by then is lost, and counted."""
    try:
        await door.until(look, _PATIENCE)
    except AssertionError:
        print(f"{type(door).__name__}: nothing for {_PATIENCE} s", file=sys.stderr, flush=True)


async def _watch(
    process: psutil.Process,
    doors: tuple[CountingSlack, CountingDiscord],
    number: int,
    samples: list[Sample],
) -> None:
    """Takes samples, evenly over all events."""
    while len(samples) < _SAMPLES:
        done = sum(len(each.answered) for each in doors)
        if done >= (len(samples) + 1) * number // _SAMPLES:
            samples.append(_sample(process, done))
            if len(samples) % 6 == 0:
                print(samples[-1], file=sys.stderr, flush=True)
        await asyncio.sleep(0.05)


async def soak(number: int, folder: Path) -> list[Figure]:
    """The whole run; what it came to."""
    texts = itertools.cycle(fresh_texts(Lang.JA, _TEXTS, seed=88))
    async with CountingSlack() as slack, CountingDiscord() as discord:
        told = {
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "DISCORD_API_URL": discord.api_url,
            "DISCORD_TOKEN": TOKEN,
            "LIMIT_PERSON": "off",
            "LIMIT_WORKSPACE": "off",
            "TEXT_TTL": "5m",
        }
        async with Process(folder, (), **told) as bot:
            await asyncio.gather(slack.connected(), discord.connected())
            process, began = psutil.Process(bot.pid), time.perf_counter()
            samples: list[Sample] = []
            watching = asyncio.create_task(_watch(process, (slack, discord), number, samples))
            half = number // 2
            await asyncio.gather(_talk(slack, texts, number - half), _talk(discord, texts, half))
            took = time.perf_counter() - began
            await asyncio.wait({watching}, timeout=1)
            watching.cancel()
            await asyncio.sleep(_REST)
            rest = _sample(process, number)
            failures = _rows(folder, "mikiwame_failures")
            waiting = _rows(folder, "mikiwame_jobs WHERE sealed IS NOT NULL")
            given_up, broken = len(slack.given_up), len(discord.broken)
        assert bot.process is not None
        ended = bot.process.returncode
    counts = Counter([*slack.answered.values(), *discord.answered.values()])
    warm = [each for each in samples if each.events >= number * _WARM_UP]
    slope = statistics.linear_regression(
        [each.events / 10_000 for each in warm], [each.memory for each in warm]
    ).slope
    return [
        Figure("events", number, None, ""),
        Figure("answered a second", number / took, None, "/s"),
        Figure("lost", number - counts.total(), 0, ""),
        Figure("answered twice", counts.total() - counts[1], 0, ""),
        Figure("given up by Slack, or refused by Discord", given_up + broken, 0, ""),
        Figure("failures recorded", failures, 0, ""),
        Figure("jobs left open", waiting, 0, ""),
        Figure("memory of its own, warm", warm[0].memory, None, "MB"),
        Figure("memory of its own, at the end", rest.memory, None, "MB"),
        Figure("resident memory, at the end", rest.resident, None, "MB"),
        Figure("memory: growth in 10,000 events, when warm", slope, 4, "MB"),
        Figure("files open at the end, more than when warm", rest.files - warm[0].files, 2, ""),
        Figure("sockets at the end, more than when warm", rest.sockets - warm[0].sockets, 2, ""),
        Figure("threads at the end, more than when warm", rest.threads - warm[0].threads, 2, ""),
        Figure("exit status", abs(ended if ended is not None else 99), 0, ""),
    ]


def _rows(folder: Path, what: str) -> int:
    with sqlite3.connect(folder / "mikiwame.sqlite") as connection:
        return int(connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0])  # noqa: S608


def main() -> int:
    """Prints all figures and a verdict; 1 where any is over its limit."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--events", type=int, default=30_000)
    number = parser.parse_args().events
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(soak(number, Path(folder) / "data"))
    for figure in figures:
        print(figure)
    holds = all(figure.holds for figure in figures)
    print("it holds" if holds else "IT DOES NOT HOLD")
    return int(not holds)


if __name__ == "__main__":
    sys.exit(main())

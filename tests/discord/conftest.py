"""Tests here are coroutines; most of them share one running bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from tests.discord.gateway import Discord
from tests.discord.process import Bot
from tests.running import _needs_runner, data, kept_open, pytest_pyfunc_call, runner

__all__ = ["_needs_runner", "data", "pytest_pyfunc_call", "runner"]


@pytest.fixture(scope="session")
def served(
    runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Discord, Bot]]:
    """A Discord and a bot, for tests that leave both as they were."""

    @asynccontextmanager
    async def both() -> AsyncIterator[tuple[Discord, Bot]]:
        async with Discord() as discord, Bot(discord, tmp_path_factory.mktemp("bot")) as bot:
            yield discord, bot

    yield from kept_open(runner, both())


@pytest.fixture
def discord(served: tuple[Discord, Bot]) -> Discord:
    """The shared Discord."""
    made = served[0]
    made.faults.clear()
    made.calls.clear()
    made.forbidden.clear()
    made.direct_closed = False
    made.broken.clear()
    return made


@pytest.fixture
def bot(served: tuple[Discord, Bot]) -> Bot:
    """The shared process."""
    return served[1]

"""Tests here are coroutines; most of them share one running bot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.discord.gateway import Discord
from tests.discord.process import Bot
from tests.running import _needs_runner, pytest_pyfunc_call, runner

__all__ = ["_needs_runner", "pytest_pyfunc_call", "runner"]


@pytest.fixture(scope="session")
def served(
    runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Discord, Bot]]:
    """A Discord and a bot, for tests that leave both as they were."""
    stack = AsyncExitStack()

    async def enter() -> tuple[Discord, Bot]:
        discord = await stack.enter_async_context(Discord())
        bot = await stack.enter_async_context(Bot(discord, tmp_path_factory.mktemp("bot")))
        return discord, bot

    yield runner.run(enter())
    runner.run(stack.aclose())


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


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder for a bot of the test's own."""
    return tmp_path / "data"

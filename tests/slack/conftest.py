"""Tests here are coroutines; they share one event loop, and most of them one running bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from tests.running import _needs_runner, data, kept_open, pytest_pyfunc_call, runner
from tests.slack.delivery import Slack
from tests.slack.process import Bot

__all__ = ["_needs_runner", "data", "pytest_pyfunc_call", "runner"]


@pytest.fixture(scope="session")
def served(
    runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Slack, Bot]]:
    """A workspace and a bot over Socket Mode, for tests that leave both as they were."""

    @asynccontextmanager
    async def both() -> AsyncIterator[tuple[Slack, Bot]]:
        async with Slack(clock=0.02) as slack, Bot(slack, tmp_path_factory.mktemp("bot")) as bot:
            yield slack, bot

    yield from kept_open(runner, both())


@pytest.fixture
def slack(served: tuple[Slack, Bot]) -> Slack:
    """The shared workspace."""
    workspace = served[0]
    workspace.locale = "ja-JP"
    workspace.faults.clear()
    workspace.calls.clear()
    workspace.ephemeral.clear()
    workspace.views.clear()
    return workspace


@pytest.fixture
def bot(served: tuple[Slack, Bot]) -> Bot:
    """The shared process."""
    return served[1]

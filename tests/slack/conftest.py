"""Tests here are coroutines; they share one event loop, and most of them one running bot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.running import _needs_runner, pytest_pyfunc_call, runner
from tests.slack.delivery import Slack
from tests.slack.process import Bot

__all__ = ["_needs_runner", "pytest_pyfunc_call", "runner"]


@pytest.fixture(scope="session")
def served(
    runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Slack, Bot]]:
    """A workspace and a bot over Socket Mode, for tests that leave both as they were."""
    stack = AsyncExitStack()

    async def enter() -> tuple[Slack, Bot]:
        slack = await stack.enter_async_context(Slack(clock=0.02))
        return slack, await stack.enter_async_context(Bot(slack, tmp_path_factory.mktemp("bot")))

    yield runner.run(enter())
    runner.run(stack.aclose())


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


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder for a bot of the test's own."""
    return tmp_path / "data"

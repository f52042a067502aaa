"""Tests that are coroutines, for a conftest to import: they share one event loop."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

_LIMIT = 120


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Runs a coroutine test to its end."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    runner: Any = pyfuncitem.funcargs["runner"]
    names = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    runner.run(asyncio.wait_for(pyfuncitem.obj(**arguments), _LIMIT))
    return True


@pytest.fixture(autouse=True)
def _needs_runner(runner: asyncio.Runner) -> None:
    """Every test there may be a coroutine."""


def kept_open(runner: asyncio.Runner, entering: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """For a fixture that many tests share: what is entered, until they are done."""
    stack = AsyncExitStack()
    yield runner.run(stack.enter_async_context(entering))
    runner.run(stack.aclose())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder for a bot of the test's own."""
    return tmp_path / "data"

"""The bot as people start it: a process of its own, told by its environment."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[1]
_SETTINGS = (
    "SLACK_",
    "DISCORD_",
    "DATABASE_URL",
    "SECRET_KEY",
    "TEXT_TTL",
    "PORT",
    "HOST",
    "DATA_DIR",
)


class Process:
    """`async with`: started and ready; stopped at the end. `told`: its further settings.

    `module`: another program to run in its place, as the floor of a bench.
    """

    def __init__(
        self, data: Path, roles: tuple[str, ...] = (), module: str | None = None, **told: str
    ) -> None:
        served = ["bot", "serve", *roles] if module is None else [module]
        self._command = [sys.executable, "-m", *served]
        self._data = data
        self._log = data / "log"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(_SETTINGS)}
        self.environment = {**kept, "DATA_DIR": str(data), **told}
        self.process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, *, ready: bool = True) -> str:
        """Starts it and waits until it says that it is ready; returns what it says."""
        self._data.mkdir(exist_ok=True)
        with self._log.open("a") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self._command,
                env=self.environment,
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        if not ready:
            return ""
        assert self.process.stdout is not None
        line = await asyncio.wait_for(self.process.stdout.readline(), 30)
        assert line, f"it ended without being ready: {self.log}"
        return line.decode()

    async def beside(self, *command: str) -> tuple[int, str]:
        """`python -m bot COMMAND` with its settings, while it runs: exit status, what that says."""
        done = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *command),
            env=self.environment,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await done.communicate()
        assert done.returncode is not None
        return done.returncode, said.decode()

    async def forget(self, *whom: str) -> str:
        """`python -m bot forget WHOM`: what it says."""
        status, said = await self.beside("forget", *whom)
        assert status == 0, said
        return said

    @property
    def log(self) -> str:
        """Everything that it wrote to standard error, over all starts."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    async def kill(self) -> None:
        """As the kernel does when memory is short: at once."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """As a service manager does; returns the exit status. Fails after ten seconds."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self.process.wait(), 10)
        except TimeoutError:
            self.process.kill()
            raise AssertionError(f"it did not end in 10 s: {self.log}") from None

"""`serve`: the doors of this process, from the first connection to the last job.

A worker listens nowhere: it has its doors for answering only.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from aiohttp import web

from bot.desk.desk import Desk
from bot.logs import set_up_logs
from bot.roles import DISCORD, SLACK, WORKER, doors_of
from bot.settings import Settings, SettingsError
from bot.store.alone import alone
from bot.store.database import engine_of
from bot.store.sealing import load_seal
from bot.store.store import Store
from bot.watch.health import Health
from rules import Rulebook

_log = logging.getLogger(__name__)

#: Seconds that jobs have to end in after a signal, at least and at most; ten are allowed for all.
_LEAST, _GRACE = 0.5, 4.0


class Served(Protocol):
    """A door as it is served: `connect`, then `listen`, then `silence` and `close`."""

    @property
    def way(self) -> str:
        """How people's messages reach it, in words."""

    @property
    def is_connected(self) -> bool:
        """Whether what is said there comes in just now."""

    async def connect(self, desk: Desk) -> None:
        """Introduces the bot there, and the door to the desk."""

    async def listen(self, http: web.Application) -> None:
        """From now on what is said there comes in."""

    async def silence(self) -> None:
        """Takes nothing more."""

    async def close(self) -> None:
        """Ends all connections."""


def serve(settings: Settings, roles: Sequence[str], load: Callable[[], Rulebook]) -> int:
    """Serves until SIGTERM or SIGINT; returns the exit status. Raises SettingsError."""
    set_up_logs(settings.log_format)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(settings):
        asyncio.run(_serve(settings, load(), roles))
    return 0


def _alone(settings: Settings) -> AbstractContextManager[None]:
    """One process on one SQLite file: two would both take up what an earlier one left."""
    if settings.database_url is not None:
        return nullcontext()
    return alone(
        settings,
        "end it, or let one process serve all doors (python -m bot serve), or set DATABASE_URL to "
        "a Postgres database for several",
    )


def _door(name: str, settings: Settings, *, listens: bool) -> Served:
    """A door; what the others stand on is not even loaded."""
    if name == SLACK:
        from bot.doors.slack.app import Slack  # noqa: PLC0415

        return Slack(settings)
    from bot.doors.discord.app import Discord  # noqa: PLC0415

    return Discord(settings, listens=listens)


class _Doors:
    """The doors of this process: those that it listens at, and those that it only answers through."""

    def __init__(self, settings: Settings, roles: Sequence[str]) -> None:
        heard = [each for each in roles if each in {SLACK, DISCORD}]
        asked = doors_of(settings) if WORKER in roles else ()
        self.heard = {each: _door(each, settings, listens=True) for each in heard}
        silent = [each for each in asked if each not in heard]
        self.silent = {each: _door(each, settings, listens=False) for each in silent}

    @property
    def all(self) -> list[Served]:
        return [*self.heard.values(), *self.silent.values()]

    @property
    def way(self) -> str:
        ways = [door.way for door in self.heard.values()]
        return ", ".join(ways) or "worker for " + ", ".join(self.silent)


async def _serve(settings: Settings, rulebook: Rulebook, roles: Sequence[str]) -> None:
    """Serves until a signal ends it, whatever it is doing then. Raises SettingsError."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    seal = load_seal(settings)
    store = Store(engine_of(settings), seal, settings.text_ttl)
    store.create()
    desk = Desk(store, seal, rulebook, settings, roles)
    doors = _Doors(settings, roles)
    health = Health(store, doors.heard)
    http = web.AppRunner(_http(health), access_log=None)
    try:
        start = asyncio.create_task(_start(settings, desk, doors, http))
        ending = asyncio.create_task(stop.wait())
        await asyncio.wait({start, ending}, return_when=asyncio.FIRST_COMPLETED)
        if not start.done():
            start.cancel()
        else:
            start.result()
            gc.freeze()  # what is loaded stays: no collection looks at it again
            gc.enable()
            _give_back()
            print(f"mikiwame is ready: {doors.way}", flush=True)
            await ending
            _log.info("ending")
    finally:
        deadline = loop.time() + _GRACE
        await asyncio.gather(*(door.silence() for door in doors.all))
        await http.cleanup()
        await desk.close(max(deadline - loop.time(), _LEAST))
        await asyncio.gather(*(door.close() for door in doors.all))


async def _start(settings: Settings, desk: Desk, doors: _Doors, http: web.AppRunner) -> None:
    await asyncio.gather(*(door.connect(desk) for door in doors.all))
    await desk.open()
    await asyncio.gather(*(door.listen(http.app) for door in doors.heard.values()))
    if settings.port is not None:
        await http.setup()
        try:
            await web.TCPSite(http, settings.host, settings.port).start()
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise SettingsError(
                f"HOST and PORT: nothing can listen on {where} ({error.strerror}); processes on one "
                "machine need a PORT each"
            ) from None


def _give_back() -> None:
    """Memory that was needed to load returns to the system; glibc would keep it, others do not."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _http(health: Health) -> web.Application:
    application = web.Application()
    application.router.add_get("/healthz", health.answer)
    application.router.add_get("/metrics", health.metrics)
    return application

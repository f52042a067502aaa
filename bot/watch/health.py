"""`/healthz` and `/metrics`: how this process is doing, for probes and for Prometheus.

`/healthz` answers 200 where everything works and 503 where something does not, with JSON that says
what: each door's connection, the store, how much waits for its answer and for how long.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol

import sqlalchemy as sa
from aiohttp import web

from bot.store.store import Store
from bot.store.tables import JOBS
from bot.watch import metrics

#: Seconds that the store may take to answer, and that an event may wait for its answer.
_PATIENCE, _LONG = 2.0, 300.0
#: Seconds for which it is told that the store refused something.
_OF_LATE = 30.0


class Connected(Protocol):
    """A door, as far as it is watched."""

    @property
    def is_connected(self) -> bool:
        """Whether what is said there comes in just now."""


class Health:
    """How a process does that listens at these doors, by name."""

    def __init__(self, store: Store, doors: Mapping[str, Connected]) -> None:
        self._store = store
        self._doors = doors
        for name, door in doors.items():
            metrics.CONNECTED.labels(name).set_function(partial(_connected, door))

    async def answer(self, _request: web.Request) -> web.Response:
        """What `/healthz` answers."""
        doors = {name: door.is_connected for name, door in self._doors.items()}
        waiting = await self._waiting()
        number, oldest = waiting or (None, None)
        store = "away" if waiting is None else "refusing" if self._refuses else "ok"
        well = all(doors.values()) and store == "ok" and (oldest or 0) < _LONG
        said: dict[str, Any] = {
            "status": "ok" if well else "failing",
            "doors": {name: "connected" if there else "away" for name, there in doors.items()},
            "store": store,
            "open_jobs": number,
            "oldest_open_seconds": None if oldest is None else round(oldest, 1),
        }
        return web.json_response(said, status=200 if well else 503)

    @property
    def _refuses(self) -> bool:
        at = self._store.refused_at
        return at is not None and time.monotonic() - at < _OF_LATE

    async def metrics(self, _request: web.Request) -> web.Response:
        """What `/metrics` answers; what the store would have to say is missing where it is away."""
        number, oldest = await self._waiting() or (float("nan"), float("nan"))
        metrics.QUEUE.set(number)
        metrics.OLDEST.set(oldest or 0)
        text, kind = metrics.exposed()
        return web.Response(body=text, headers={"Content-Type": kind})

    async def _waiting(self) -> tuple[int, float | None] | None:
        """How many jobs are open, and the age of the oldest; None where the store is away."""
        try:
            return await asyncio.wait_for(asyncio.to_thread(self._open_jobs), _PATIENCE)
        except (sa.exc.SQLAlchemyError, TimeoutError):
            return None

    def _open_jobs(self) -> tuple[int, float | None]:
        now = time.time()
        query = (
            sa.select(sa.func.count(), sa.func.min(JOBS.c.at))
            .where(JOBS.c.sealed.is_not(None))
            .where(sa.func.coalesce(JOBS.c.until, JOBS.c.at + self._store.ttl) > now)
        )
        with self._store.engine.connect() as connection:
            number, since = connection.execute(query).one()
        return number, None if since is None else max(now - since, 0)


def _connected(door: Connected) -> float:
    return float(door.is_connected)

"""Jobs that survive: a job that was accepted is performed once, whatever happens to the process.

A thin layer over DBOS. A job is a workflow without steps, named by what it answers: a name that
is known is not started again, and what a process left unfinished is taken up when the next one
starts. Then `again` is true, and whoever sends must look first whether it was sent already.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, Serializer, SetWorkflowID

from bot.desk.seats import Seat

#: Performs the job of a name; `again`: an earlier try may have got as far as sending.
Perform = Callable[[str, bool], Awaitable[None]]

#: Set where a job is accepted, and inherited by the task that performs it then and there.
_just_accepted: ContextVar[bool] = ContextVar("just_accepted", default=False)

#: The same for every release: a deploy takes up what is left.
_VERSION = "1"
#: Jobs wait for those that are still being accepted, but not for ever.
_PATIENCE = 1.0
#: How many finished jobs are forgotten in one go.
_BATCH = 500


class SeatLostError(Exception):
    """The database let go of this process: another may take its jobs for abandoned."""


class Json(Serializer):
    """What DBOS stores for us is a name and None: JSON, not pickles."""

    def name(self) -> str:
        """How DBOS notes that this wrote it."""
        return "json"

    def serialize(self, data: Any) -> str:
        """What was given, as JSON; of an exception its type."""
        if isinstance(data, Exception):  # a job never ends in one, DBOS itself may
            data = type(data).__name__
        return json.dumps(data)

    @classmethod
    def deserialize(cls, serialized_data: str) -> Any:
        """What was serialized."""
        return json.loads(serialized_data)


class Durable:
    """The durable engine of this process; there is one at a time.

    `roles`: what this process can do; on Postgres those that can do the same stand in for each
    other.
    """

    def __init__(self, engine: sa.Engine, perform: Perform, roles: str) -> None:
        self._perform = perform
        self._tasks: set[asyncio.Task[Any]] = set()
        self._resting: set[asyncio.Task[Any]] = set()
        self._closing = False
        self._arriving = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

        async def job(name: str) -> None:
            await self._run(name)

        self._workflow = DBOS.workflow(name="job", max_recovery_attempts=None)(job)
        self._seat = Seat(engine)
        self._version = _VERSION if engine.dialect.name == "sqlite" else f"{_VERSION} {roles}"
        DBOS(config=_config(engine, self._seat.name, self._version))

    def launch(self) -> None:
        """Takes up what was left unfinished, and is ready for more."""
        DBOS.launch()

    async def accept(self, name: str) -> None:
        """Records that this job is to be performed; returns when that is on the disk."""
        self._arriving += 1
        self._quiet.clear()
        mark = _just_accepted.set(True)
        try:
            with SetWorkflowID(name):
                await DBOS.start_workflow_async(self._workflow, name)
        finally:
            _just_accepted.reset(mark)
            self._arriving -= 1
            if not self._arriving:
                self._quiet.set()

    async def _run(self, name: str) -> None:
        again = not _just_accepted.get()
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 — a coroutine of a workflow runs in a task
        self._tasks.add(task)
        try:
            await self._until_quiet()
            await self._perform(name, again)
        finally:
            self._tasks.discard(task)

    async def _until_quiet(self) -> None:
        """Accepting goes first: whoever waits for it waits with a clock."""
        if not self._quiet.is_set():
            try:
                await asyncio.wait_for(self._quiet.wait(), _PATIENCE)
            except TimeoutError:
                return

    async def rest(self, seconds: float) -> None:
        """A job waits before it tries again; a process that ends does not wait for it."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 — as above
        self._resting.add(task)
        try:
            await asyncio.sleep(0 if self._closing else seconds)
            if self._closing:
                raise asyncio.CancelledError
        finally:
            self._resting.discard(task)

    async def take_over(self) -> None:
        """Takes up the jobs of processes that died. Raises SeatLostError."""
        if self._seat.is_only_one:
            return
        if not await asyncio.to_thread(self._seat.is_held):
            raise SeatLostError
        pending = await DBOS.list_workflows_async(
            status="PENDING", app_version=self._version, load_input=False, load_output=False
        )
        others = {each.executor_id for each in pending if each.executor_id} - {self._seat.name}
        for other in others:
            await asyncio.to_thread(self._take_over, other)

    def _take_over(self, other: str) -> None:
        with self._seat.abandoned(other) as left:
            if left:
                DBOS._recover_pending_workflows([other])

    async def forget(self, age: timedelta) -> None:
        """Forgets jobs that were finished longer ago than this."""
        before = (datetime.now(UTC) - age).isoformat()
        while True:
            old = await DBOS.list_workflows_async(
                completed_before=before, limit=_BATCH, load_input=False, load_output=False
            )
            if not old:
                return
            await DBOS.delete_workflows_async([each.workflow_id for each in old])

    async def close(self, grace: float) -> None:
        """Lets jobs end for `grace` seconds; what is under way then stays for the next start."""
        self._closing = True
        for task in self._resting:
            task.cancel()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=grace)
        left = set(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.to_thread(DBOS.destroy)
        self._seat.leave()


def _config(engine: sa.Engine, executor: str, version: str) -> DBOSConfig:
    return DBOSConfig(
        name="mikiwame",
        system_database_url=engine.url.render_as_string(hide_password=False),
        system_database_engine=engine,
        application_version=version,
        executor_id=executor,
        serializer=Json(),
        max_executor_threads=4,  # SQLite writes one at a time: more threads only wait
        scheduler_polling_interval_sec=3600,  # nothing is scheduled
        notification_listener_polling_interval_sec=0.2,  # nothing is listened for, but waited out
        log_level="WARNING",
    )

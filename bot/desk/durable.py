"""Jobs that survive: a job that was accepted is performed once, whatever happens to the process.

A thin layer over DBOS. A job is a workflow without steps, named by what it answers: a name that
is known is not started again. A process performs what it accepted, as long as it has the time; the
rest it puts into DBOS's queue, from which all processes that perform take, each as much as it can.
Jobs are accepted and performed lane by lane in turn (turns.py), a lane for each workspace.
What a process left unfinished is taken up when the next one starts, or by another (seats.py). Then
`again` is true, and whoever sends must look first whether it was sent already.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

from bot.desk.engine import config_of, outside
from bot.desk.seats import Seat
from bot.desk.turns import Turn, Turns
from bot.watch.metrics import RUNNING

T = TypeVar("T")
_log = logging.getLogger(__name__)

#: Performs the job of a name; `again`: an earlier try may have got as far as sending.
Perform = Callable[[str, bool], Awaitable[None]]

#: The turn of the job that a task performs.
_turn: ContextVar[Turn] = ContextVar("turn")

#: Set where a job is accepted, and inherited by the task that performs it then and there.
_just_accepted: ContextVar[bool] = ContextVar("just_accepted", default=False)

#: The same for every release: a deploy takes up what is left.
_VERSION = "1"
#: Jobs wait for those that are still being accepted, but not for ever.
_PATIENCE = 2.0
#: How many finished jobs are forgotten in one go.
_BATCH = 500

#: The queue of jobs that wait for a process, and seconds between two looks into it: half of that is
#: what waiting costs, and each look some CPU.
_QUEUE, _POLLING = "jobs", 0.1
#: Jobs that a process takes from the queue, or keeps for itself, at once; those of one lane of them.
_AT_ONCE, _OF_A_LANE = 24, 8
#: Jobs that are recorded at once, and those of one lane: the database has not many connections.
_RECORDED, _RECORDED_OF_A_LANE = 24, 16
#: Seconds between two looks after the seats, and without a seat until nothing is performed any more.
LOOKING, _UNSEATED = 2.0, 6.0


class Durable:
    """The durable engine of this process; there is one at a time.

    `able`: what jobs this process can do; on Postgres those that can do the same stand in for each
    other. `performs`: it takes jobs from the queue; one that does not performs what it accepts only
    while there is nobody who does.
    """

    def __init__(self, engine: sa.Engine, perform: Perform, able: str, *, performs: bool) -> None:
        self._perform = perform
        self._tasks: dict[asyncio.Task[Any], str] = {}
        self._resting: set[asyncio.Task[Any]] = set()
        self._closing = self._closed = False
        self._arriving: Counter[str] = Counter()
        self._quiet: dict[str, asyncio.Event] = {}
        self._recording = Turns(_RECORDED, _RECORDED_OF_A_LANE)
        self._turns = Turns(_AT_ONCE, _OF_A_LANE)

        async def job(name: str, lane: str = "") -> None:  # earlier releases named no lane
            await self._run(name, lane)

        self._workflow = DBOS.workflow(name="job", max_recovery_attempts=None)(job)
        self._seat = Seat(engine, able, performs=performs)
        self._performs = performs or self._seat.is_only_one
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="seat")
        self._seated_at = time.monotonic()
        self._left: set[str] = set()
        self._has_workers = performs
        self._version = _VERSION if self._seat.is_only_one else f"{_VERSION} {able}"
        DBOS(config=config_of(engine, self._seat.name, self._version))

    async def launch(self) -> None:
        """Takes up what was left unfinished, and is ready for more."""
        if self._seat.is_only_one:
            DBOS.launch()
            return
        await self._keep_seat()
        DBOS.listen_queues([_QUEUE] if self._performs else [])
        DBOS.launch()
        await DBOS.register_queue_async(
            _QUEUE,
            worker_concurrency=_AT_ONCE,
            partition_worker_concurrency=_OF_A_LANE,
            polling_interval_sec=_POLLING,
            on_conflict="always_update",
        )

    async def accept(self, name: str, lane: str, record: Callable[[], Awaitable[T]]) -> T:
        """Records a job by `record` and that it is to be performed; returns when it is on the disk.

        Where jobs have to wait, each lane has its turn. Returns what `record` does.
        """
        self._arriving[lane] += 1
        try:
            async with self._recording.turn(lane):
                recorded = await record()
                await self._start(name, lane)
        finally:
            self._arriving[lane] -= 1
            if not self._arriving[lane]:
                del self._arriving[lane]
                self._quiet.pop(lane, asyncio.Event()).set()
        return recorded

    async def _start(self, name: str, lane: str) -> None:
        mark = _just_accepted.set(True)
        try:
            with SetWorkflowID(name):
                if self._stays_here():
                    await DBOS.start_workflow_async(self._workflow, name, lane)
                else:
                    with SetEnqueueOptions(queue_partition_key=lane):
                        await DBOS.enqueue_workflow_async(_QUEUE, self._workflow, name, lane)
        finally:
            _just_accepted.reset(mark)

    def _stays_here(self) -> bool:
        """Whether a job is performed where it was accepted: that needs no look into the queue."""
        if self._seat.is_only_one:
            return True
        if not self._performs:
            return not self._has_workers
        return not self._closing and len(self._tasks) + self._arriving.total() <= _AT_ONCE

    async def adopt(self, names: Sequence[str]) -> None:
        """Takes up what DBOS does not know, and may have been begun.

        Such jobs came from another database (`move`), or were recorded in the store last thing
        before a process died. A process that does not perform leaves them to one that does.
        """
        if not self._performs:
            return
        for start in range(0, len(names), _BATCH):
            some = list(names[start : start + _BATCH])
            known = await DBOS.list_workflows_async(
                workflow_ids=some, load_input=False, load_output=False
            )
            for name in set(some) - {each.workflow_id for each in known}:
                with SetWorkflowID(name):
                    await DBOS.start_workflow_async(self._workflow, name)

    async def _run(self, name: str, lane: str) -> None:
        task = _this_task()
        if self._closed:
            raise asyncio.CancelledError
        self._tasks[task] = name
        RUNNING.set(len(self._tasks))
        try:
            again = not _just_accepted.get() and await self._was_begun(name)
            await self._until_quiet(lane)
            async with self._turns.turn(lane) as turn:
                _turn.set(turn)
                await self._perform(name, again)
        finally:
            self._tasks.pop(task, None)
            RUNNING.set(len(self._tasks))

    async def _was_begun(self, name: str) -> bool:
        """Whether an earlier process began this; what comes from the queue was not."""
        if self._seat.is_only_one:
            return True
        status = await outside(DBOS.get_workflow_status_async(name))
        return status is None or status.queue_name != _QUEUE

    async def _until_quiet(self, lane: str) -> None:
        """Accepting goes first: whoever waits for it waits with a clock. Other lanes don't count."""
        if self._arriving[lane]:
            quiet = self._quiet.setdefault(lane, asyncio.Event())
            with suppress(TimeoutError):
                await asyncio.wait_for(quiet.wait(), _PATIENCE)

    def aside(self) -> AbstractAsyncContextManager[None]:
        """A job waits for something slow: others have its turn meanwhile."""
        return _turn.get().aside()

    async def rest(self, seconds: float) -> None:
        """A job waits before it tries again; a process that ends does not wait for it."""
        task = _this_task()
        self._resting.add(task)
        try:
            async with self.aside():
                await asyncio.sleep(0 if self._closing else seconds)
            if self._closing:
                raise asyncio.CancelledError
        finally:
            self._resting.discard(task)

    async def pass_on(self, name: str) -> None:
        """Leaves a job to a process that can do it."""
        if self._seat.is_only_one:
            await asyncio.Event().wait()  # the next one, with other settings
        await self.rest(1)
        await outside(DBOS.resume_workflows_async([name]))
        raise asyncio.CancelledError

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncIterator[None]:
        """One at a time among all processes."""
        if self._seat.is_only_one:
            yield
            return
        pause = 0.01
        while not await self._seated(self._seat.begin, key):
            await self.rest(pause)
            pause = min(2 * pause, 0.5)
        try:
            yield
        finally:
            await self._seated(self._seat.end, key)

    # ---- among others -------------------------------------------------------------------------

    async def look_after(self) -> None:
        """Keeps the seat of this process, and takes up the jobs of processes that died."""
        if self._seat.is_only_one or not await self._keep_seat():
            return
        if self._left:
            mine = await self._pending(self._seat.name)
            await self._hand_over(self._left & set(mine))
            self._left.clear()
        for other in await self._others():
            await self._take_over(other)

    async def _leave_jobs(self) -> None:
        """So that nobody has to wait until it is sure that this process is gone."""
        await self._hand_over(await self._pending(self._seat.name))

    async def _keep_seat(self) -> bool:
        """Whether this process has its seat; jobs are left alone once others may take them up."""
        try:
            held = await asyncio.wait_for(self._seated(self._seat.hold), LOOKING)
            if held:
                self._has_workers = await self._seated(self._seat.has_workers)
        except (TimeoutError, sa.exc.SQLAlchemyError):
            held = False
        now = time.monotonic()
        if held:
            self._seated_at = now
        elif now - self._seated_at > _UNSEATED and self._tasks:
            _log.warning("the database is away: %d jobs wait until it is back", len(self._tasks))
            self._left.update(await self._cancel())
        return held

    async def _seated(self, work: Callable[..., T], *arguments: Any) -> T:
        """In a thread of its own: all others may be waiting for the database."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    async def _cancel(self) -> list[str]:
        """Stops performing; returns the names of what was not done."""
        left = dict(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        return list(left.values())

    async def _others(self) -> set[str]:
        pending = await DBOS.list_workflows_async(
            status="PENDING", app_version=self._version, load_input=False, load_output=False
        )
        return {each.executor_id for each in pending if each.executor_id} - {self._seat.name}

    async def _take_over(self, other: str) -> None:
        """Where nobody has sat for long. What was seen before that may be somebody else's by now."""
        if not await self._seated(self._seat.take, other):
            return
        try:
            names = await self._pending(other)
            _log.info("taking up %d jobs of a process that ended", len(names))
            await self._hand_over(names)
        finally:
            await self._seated(self._seat.give_back, other)

    async def _pending(self, executor: str) -> list[str]:
        found = await DBOS.list_workflows_async(
            status="PENDING",
            app_version=self._version,
            executor_id=executor,
            load_input=False,
            load_output=False,
        )
        return [each.workflow_id for each in found]

    async def _hand_over(self, names: Iterable[str]) -> None:
        """Puts begun jobs where any process finds them within a second, this one too."""
        if names := list(names):
            await DBOS.resume_workflows_async(names)

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
        """Lets jobs end for `grace` seconds; what is under way then stays for others."""
        self._closing = True
        for task in self._resting:
            task.cancel()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=grace)
        self._closed = True
        await self._cancel()
        if not self._seat.is_only_one:
            with suppress(sa.exc.SQLAlchemyError, TimeoutError):
                await asyncio.wait_for(self._leave_jobs(), 1)
        await asyncio.to_thread(DBOS.destroy)
        self._seat.leave()
        self._thread.shutdown(wait=False)


def _this_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine of a workflow runs in a task
    return task

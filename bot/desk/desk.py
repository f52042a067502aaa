"""The one path that every door calls: what was said is recorded, read, judged, answered, kept.

A door translates and hands over a job (`accept`); from then on the desk answers for it. The desk
knows no chat platform: it asks the job's door to show what it has to say (errand.py).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import sqlalchemy as sa

from bot.desk.durable import LOOKING, Durable
from bot.desk.errand import Errand
from bot.desk.jobs import (
    JOB,
    Digest,
    Door,
    HinderedError,
    Job,
    Kept,
    Place,
    Slowed,
    UnanswerableError,
)
from bot.desk.limits import Limits
from bot.desk.talk import change_in
from bot.desk.tenants import Tenants
from bot.desk.turns import Turns
from bot.desk.weekly import Weekly
from bot.desk.weeks import Week
from bot.logs import JOB_NAME
from bot.reading.room import Room
from bot.roles import WORKER, doors_of
from bot.settings import Settings
from bot.store.keys import Owner
from bot.store.marks import Marks
from bot.store.origins import with_owner
from bot.store.sealing import Seal
from bot.store.store import MEMORY, Outcome, Store, TooManyError
from bot.store.troubles import trouble_of
from bot.store.workspaces import WorkspaceSettings
from bot.watch.metrics import ANSWER_SECONDS, EVENTS, FAILURES, LIMITED
from rules import Lang, Rulebook, vet

T = TypeVar("T")
_log = logging.getLogger(__name__)

#: Seconds between two looks for what is to be forgotten.
_OFTEN, _SELDOM = 1.0, 60.0
#: Seconds that whoever brings a job waits for a database that is away: Slack waits three.
_PATIENCE = 2.0
#: Seconds between two tries while the database is away.
_SOON, _LATER = 0.2, 5.0
#: Pages, files and pictures that are read at once, and those of one workspace.
_READINGS, _READINGS_OF_ONE = 16, 4
#: What a database that is away, full or locked raises.
_AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError)


class Desk:
    """The desk of this process (bot/roles.py). `join` its doors, then `open` it."""

    def __init__(
        self,
        store: Store,
        seal: Seal,
        rulebook: Rulebook,
        settings: Settings,
        roles: Sequence[str],
    ) -> None:
        self.rulebook = rulebook
        self.lang = settings.lang
        self._zone = settings.zone
        self._weekly = Weekly(self, settings.zone)
        self.room = Room(settings, rulebook)
        self.store = store
        self._seal = seal
        self.marks = Marks(store.engine, seal)
        self.tenants = Tenants(store, settings)
        self._limits = Limits(settings.rates)
        self._doors: dict[str, Door] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        able = " ".join(doors_of(settings))
        self._readings = Turns(_READINGS, _READINGS_OF_ONE)
        self._durable = Durable(store.engine, self._perform, able, performs=WORKER in roles)
        self._upkeep: list[asyncio.Task[None]] = []

    def join(self, door: Door) -> None:
        """From now on the desk answers through this door."""
        self._doors[door.name] = door

    async def open(self) -> None:
        """Takes up what an earlier process left, and is ready for more. The store is there."""
        self.store.forget_old()
        await self._durable.launch()
        await self._durable.adopt(self.store.unfinished())
        upkeep = (self._tidy(), self._look_after(), self._weekly.run())
        self._upkeep = [asyncio.create_task(each) for each in upkeep]

    async def close(self, grace: float) -> None:
        """Ends what can be ended in `grace` seconds; the rest is left for the next start."""
        for each in self._upkeep:
            each.cancel()
        await self._durable.close(grace)

    def door(self, name: str) -> Door | None:
        """A door of this process."""
        return self._doors.get(name)

    # ---- for the doors ------------------------------------------------------------------------

    async def accept(self, job: Job, *, tells: bool = True) -> bool:
        """Records a job; returns when it is on the disk. The same `once` is recorded once.

        False where that person, or the workspace, asked for too much: then it is left out, and
        where the desk `tells`, the person hears of it, once in a while.
        """
        try:
            await self._take(job)
        except TooManyError as error:
            LIMITED.labels(job.door).inc()
            word = self._limits.word_on(job, error.over) if tells else None
            if word is not None:
                await self._take(word)
            return False
        return True

    async def _take(self, job: Job) -> None:
        name = self.name(job.door, job.once)
        mark = JOB_NAME.set(name)
        try:
            lane = self.name("lane", job.workspace)
            is_new = await self._durable.accept(name, lane, lambda: self._recorded(name, job))
        finally:
            JOB_NAME.reset(mark)
        if is_new:
            EVENTS.labels(job.door, job.job).inc()

    async def _recorded(self, name: str, job: Job) -> bool:
        """Whether it is a new one. Whoever brings it waits only a moment while the database is away."""
        owner = self.store.keys.owner(job.workspace, job.by)
        rates = self._limits.rates_for(job)
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                time_to_keep = (await self.tenants.settings_of(job.workspace)).seconds_to_keep
                said = job.model_dump_json()
                return await asyncio.to_thread(
                    self.store.put_job, name, said, owner, time_to_keep, rates
                )
            except _AWAY as error:
                self.store.refused_at = time.monotonic()
                if time.monotonic() > deadline:
                    _log.error(
                        "an event can't be recorded: %s", trouble_of(error, self.store.engine)
                    )
                    raise
            await asyncio.sleep(_SOON)

    async def goes_on(self, door: str, about: str, said: str) -> bool:
        """Whether this is a remark on an answer of ours, not one person's word to another."""
        if change_in(said, self.rulebook) is None or await self.room.concerns(said):
            return False
        place = self.name(door, about)
        return await asyncio.to_thread(self.store.last_in, place) is not None

    async def lang_of(self, key: str, workspace: str, place: Place | None = None) -> Lang | None:
        """The language in which an answer is read; None where it is not kept (see `kept`)."""
        kept = await self.kept(key, workspace, place)
        if kept is None:
            return None
        return kept.showing.lang or vet(kept.submission, self.rulebook).lang

    async def text_to_keep(
        self, key: str, workspace: str, by: str, place: Place | None = None
    ) -> str:
        """The text of an answer, for whoever asked: nobody else is shown it, or may let us keep it."""
        found = await self._found(key, workspace, place)
        if found is None or found[1].person != self.store.keys.owner(workspace, by).person:
            return ""
        return found[0].submission.text

    # ---- for errands --------------------------------------------------------------------------

    def name(self, *parts: str) -> str:
        """The name under which something is kept."""
        return self._seal.name(*parts)

    def week_in(self, workspace: str) -> str:
        """The week that it is, by which a workspace's answers are counted; "" where one is alone."""
        return "" if "/@" in workspace else Week.of(time.time(), self._zone).name

    async def settings_of(self, workspace: str) -> WorkspaceSettings:
        """What a workspace chose for itself."""
        known = self.tenants.known(workspace)
        return known if known is not None else await self.stored(self.tenants.read, workspace)

    async def kept(self, key: str, workspace: str, place: Place | None = None) -> Kept | None:
        """What is kept of an answer; None where its time is over, or where it is none of theirs.

        A key is known to whoever saw the answer, so it alone opens nothing: it has to come from the
        workspace that the answer is kept for, or from the `place` where that stands.
        """
        found = await self._found(key, workspace, place)
        return found and found[0]

    async def _found(
        self, key: str, workspace: str, place: Place | None
    ) -> tuple[Kept, Owner] | None:
        found = await self.stored(self.store.kept_of, key)
        if found is None:
            return None
        kept, owner = Kept.model_validate_json(found[0]), found[1]
        if owner.workspace == self.store.keys.workspace(workspace):
            return kept, owner
        door = self._doors.get(workspace.partition("/")[0])
        there = place and door and door.is_same_room(place, kept.sent.place)
        return (kept, owner) if there else None

    async def rest(self, seconds: float) -> None:
        """Waits before another try, unless this process ends meanwhile."""
        await self._durable.rest(seconds)

    @asynccontextmanager
    async def reading(self, workspace: str) -> AsyncIterator[None]:
        """What takes seconds takes no turn of what takes a moment."""
        async with self._durable.aside(), self._readings.turn(workspace):
            yield

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncIterator[None]:
        """One change of an answer at a time."""
        async with self._locks.setdefault(key, asyncio.Lock()), self._durable.alone(key):
            yield

    async def stored(self, work: Callable[..., T], *arguments: Any) -> T:
        """What the store does, in a thread. While the database is away or full the job waits for it.

        What was sent already is not sent again by that, as it would be where the job began anew.
        """
        pause = _SOON
        while True:
            try:
                return await asyncio.to_thread(work, *arguments)
            except _AWAY as error:
                self.store.refused_at = time.monotonic()
                _log.warning("an answer waits: %s", trouble_of(error, self.store.engine))
            await self.rest(pause)
            pause = min(2 * pause, _LATER)

    # ---- performing ---------------------------------------------------------------------------

    async def _perform(self, name: str, again: bool) -> None:
        """Performs the job of this name; never raises for anything that a job can hold."""
        JOB_NAME.set(name)
        found = await self.stored(self.store.job, name)
        if found is None:
            return
        job, left = JOB.validate_json(with_owner(found[0])), found[1]
        door = self._doors.get(job.door)
        if door is None:
            await self._durable.pass_on(name)
            return
        try:
            async with asyncio.timeout(left):
                await Errand(self, door, name, again=again).do(job)
            if not isinstance(job, Digest | Slowed):
                ANSWER_SECONDS.labels(door.name).observe(max(time.time() - job.at, 0))
        except TimeoutError:
            await self._give_up(job, door, name, UnanswerableError("expired"))
        except UnanswerableError as error:
            await self._give_up(job, door, name, error)
        except Exception as error:
            _log.exception("job %s failed", name)  # a fault of ours: the next job must not suffer
            await self._give_up(job, door, name, UnanswerableError(type(error).__name__))

    async def _give_up(self, job: Job, door: Door, name: str, error: UnanswerableError) -> None:
        """Records why there is no answer, and tells the person where that is possible."""
        _log.warning("job %s of %s can't be answered: %s", name, door.name, error.reason)
        FAILURES.labels(door.name, error.reason).inc()
        outcome = Outcome(failure=(door.name, error.reason, error.where))
        await self.stored(self.store.finish, name, outcome)
        if isinstance(job, Digest | Slowed):
            return  # nobody asked, and nobody waits
        try:
            lang = (await self.settings_of(job.workspace)).lang or self.lang
            await door.tell(job.place, error.notice, lang)
        except (HinderedError, UnanswerableError):
            _log.warning("job %s: the person could not be told", name)

    async def _look_after(self) -> None:
        """Keeps this process among the others, and looks after the jobs of those that died."""
        while True:
            await asyncio.sleep(LOOKING)
            try:
                await self._durable.look_after()
            except Exception:
                _log.exception("looking after others' jobs failed and will be tried again")

    async def _tidy(self) -> None:
        pause = min(max(self.store.ttl / 10, _OFTEN), _SELDOM)
        while True:
            await asyncio.sleep(pause)
            try:
                await asyncio.to_thread(self.store.forget_old)
                await asyncio.to_thread(self.marks.forget_old)
                await self._durable.forget(MEMORY)
            except Exception:
                _log.exception("forgetting failed and will be tried again")

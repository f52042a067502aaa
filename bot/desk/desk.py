"""The one path that every door calls: what was said is recorded, read, judged, answered, kept.

A door translates and hands over a job (`accept`); from then on the desk answers for it. The desk
knows no chat platform: it asks the job's door to show what it has to say (errand.py).
"""

from __future__ import annotations

import asyncio
import logging
import signal
from weakref import WeakValueDictionary

from bot.desk.durable import Durable, SeatLostError
from bot.desk.errand import Errand
from bot.desk.jobs import JOB, Door, HinderedError, Job, Kept, UnanswerableError
from bot.desk.talk import change_in
from bot.desk.tenants import Tenants
from bot.reading.room import Room
from bot.settings import Settings
from bot.store.marks import Marks
from bot.store.origins import with_owner
from bot.store.sealing import Seal
from bot.store.store import MEMORY, Outcome, Store
from rules import Lang, Rulebook, vet

_log = logging.getLogger(__name__)

#: Seconds between two looks for what is to be forgotten.
_OFTEN, _SELDOM = 1.0, 60.0
#: Seconds between two looks for jobs of processes that died.
_LOOKING = 5.0


class Desk:
    """The desk of this process. `join` its doors, then `open` it."""

    def __init__(
        self, store: Store, seal: Seal, rulebook: Rulebook, settings: Settings, roles: str
    ) -> None:
        self.rulebook = rulebook
        self.lang = settings.lang
        self.room = Room(settings, rulebook)
        self.store = store
        self._seal = seal
        self.marks = Marks(store.engine, seal)
        self.tenants = Tenants(store, settings)
        self._doors: dict[str, Door] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._durable = Durable(store.engine, self._perform, roles)
        self._upkeep: list[asyncio.Task[None]] = []

    def join(self, door: Door) -> None:
        """From now on the desk answers through this door."""
        self._doors[door.name] = door

    def open(self) -> None:
        """Takes up what an earlier process left, and is ready for more. Blocks for a moment."""
        self.store.create()
        self.store.forget_old()
        self._durable.launch()
        self._upkeep = [asyncio.create_task(each) for each in (self._tidy(), self._stand_in())]

    async def close(self, grace: float) -> None:
        """Ends what can be ended in `grace` seconds; the rest is left for the next start."""
        for each in self._upkeep:
            each.cancel()
        await self._durable.close(grace)

    # ---- for the doors ------------------------------------------------------------------------

    async def accept(self, job: Job) -> None:
        """Records a job; returns when it is on the disk. The same `once` is recorded once."""
        name = self.name(job.door, job.once)
        owner = self.store.keys.owner(job.workspace, job.by)
        await asyncio.to_thread(self.store.put_job, name, job.model_dump_json(), owner)
        await self._durable.accept(name)

    async def goes_on(self, door: str, about: str, said: str) -> bool:
        """Whether this is a remark on an answer of ours, not one person's word to another."""
        if change_in(said, self.rulebook) is None or await self.room.concerns(said):
            return False
        place = self.name(door, about)
        return await asyncio.to_thread(self.store.last_in, place) is not None

    async def lang_of(self, key: str) -> Lang | None:
        """The language in which an answer is read; None where it is not kept any more."""
        kept = await self.kept(key)
        if kept is None:
            return None
        return kept.showing.lang or vet(kept.submission, self.rulebook).lang

    # ---- for errands --------------------------------------------------------------------------

    def name(self, *parts: str) -> str:
        """The name under which something is kept."""
        return self._seal.name(*parts)

    async def kept(self, key: str) -> Kept | None:
        """What is kept of an answer; None where its time is over."""
        text = await asyncio.to_thread(self.store.kept, key)
        return None if text is None else Kept.model_validate_json(text)

    async def rest(self, seconds: float) -> None:
        """Waits before another try, unless this process ends meanwhile."""
        await self._durable.rest(seconds)

    def lock(self, key: str) -> asyncio.Lock:
        """One change of an answer at a time."""
        return self._locks.setdefault(key, asyncio.Lock())

    # ---- performing ---------------------------------------------------------------------------

    async def _perform(self, name: str, again: bool) -> None:
        """Performs the job of this name; never raises for anything that a job can hold."""
        found = await asyncio.to_thread(self.store.job, name)
        if found is None:
            return
        job = JOB.validate_json(with_owner(found[0]))
        door = self._doors.get(job.door)
        if door is None:
            await asyncio.Event().wait()  # left for a process that has this door
            return
        try:
            async with asyncio.timeout(found[1]):
                await Errand(self, door, name, again=again).do(job)
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
        outcome = Outcome(failure=(door.name, error.reason, error.where))
        await asyncio.to_thread(self.store.finish, name, outcome)
        try:
            await door.tell(job.place, error.notice, self.lang)
        except (HinderedError, UnanswerableError):
            _log.warning("job %s: the person could not be told", name)

    async def _stand_in(self) -> None:
        """Looks after the jobs of other processes that died; ends this one where others must."""
        while True:
            await asyncio.sleep(_LOOKING)
            try:
                await self._durable.take_over()
            except SeatLostError:
                _log.error("the connection to the database was lost: ending")
                signal.raise_signal(signal.SIGTERM)
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

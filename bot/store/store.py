"""What is kept: jobs to be done, answers for their controls, counts, feedback, failures.

One SQLite file in `DATA_DIR`, or Postgres. Whatever a person wrote is sealed with the key of their
workspace (keys.py), and gone after `TEXT_TTL` at the latest; names are keyed hashes. Everything here
blocks for about a millisecond: call it in a thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bot.rates import Rate, Rates
from bot.store.database import empty_log, inserting, is_postgres
from bot.store.keys import Keys, Owner
from bot.store.sealing import Seal
from bot.store.tables import FAILURES, JOBS, KEPT, KEYS
from bot.store.tallies import Counted, Feedback, Tallies
from bot.store.troubles import check_file, in_words
from bot.store.upgrading import prepare
from rules.models import Frozen

#: How long it is remembered that something was answered, and what failed.
MEMORY = timedelta(days=30)
_ANY = Rates()


class TooManyError(Exception):
    """More was asked for than may be; `over`: which rate that is over."""

    def __init__(self, over: Rate) -> None:
        super().__init__()
        self.over = over


class Answered(Frozen):
    """An answer that is kept for its controls: its name, where it is, and what was answered.

    `source`: the answer that this one shows again, elsewhere; it is as old as that.
    """

    name: str
    thread: str
    room: str
    text: str
    source: str | None = None


class Failure(Frozen):
    """Something that could not be answered: when (UTC), by which door, why and where."""

    at: datetime
    door: str
    reason: str
    where: str


class Outcome(Frozen):
    """What follows from a job that is done.

    `keep` is a new answer, `change` one as it stands now; `forget` names an answer; `failure` is a
    door, a reason and a place.
    """

    keep: Answered | None = None
    change: Answered | None = None
    forget: str | None = None
    counts: Counted | None = None
    feedback: Feedback | None = None
    failure: tuple[str, str, str] | None = None


class Store:
    """The store. Methods that write are each one transaction. `clock`: seconds since 1970."""

    def __init__(
        self,
        engine: sa.Engine,
        seal: Seal,
        ttl: timedelta,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.engine = engine
        self.keys = Keys(seal)
        self.tallies = Tallies(engine, self.keys, clock)
        self.ttl = ttl.total_seconds()
        self.refused_at: float | None = None
        """When it last refused what the desk wanted: seconds of the monotonic clock."""
        self._seal = seal
        self._clock = clock

    def create(self) -> None:
        """Makes what is not there yet. Raises SettingsError where this store can't be used."""
        with in_words(self.engine):
            if not is_postgres(self.engine):
                check_file(self.engine)
            prepare(self.engine, self._seal)

    # ---- jobs ---------------------------------------------------------------------------------

    def put_job(
        self, name: str, job: str, owner: Owner, ttl: float | None = None, rates: Rates = _ANY
    ) -> bool:
        """Records what is to be done, once: a name that is known, done or not, stays as it is.

        Returns whether it is new.
        `ttl`: the seconds for which the owner's workspace wants texts to be kept, if it says so.
        Raises TooManyError, and records nothing, where it is one more than the `rates` let them ask
        for; what others record in the same moment is not seen.
        """
        now = self._clock()
        with self.engine.begin() as connection:
            row = {
                "name": name,
                "sealed": self.keys.close(connection, owner.workspace, job, name),
                "at": now,
                "until": now + min(self.ttl, ttl or self.ttl),
                **owner._asdict(),
            }
            adding = inserting(connection, JOBS).values(row).on_conflict_do_nothing()
            is_new = connection.execute(adding.returning(JOBS.c.name)).first() is not None
            if is_new:  # an event that comes again is not counted again
                self._check(connection, JOBS.c.person == owner.person, rates.person, now)
                self._check(connection, JOBS.c.workspace == owner.workspace, rates.workspace, now)
            return is_new

    def _check(
        self,
        connection: sa.Connection,
        whose: sa.ColumnElement[bool],
        rate: Rate | None,
        now: float,
    ) -> None:
        """What is of much later than now was recorded before the clock was put back."""
        if rate is None:
            return
        soon = now + rate.seconds  # clocks differ, and so does when each looked
        query = sa.select(JOBS.c.at).where(whose, JOBS.c.at <= soon).order_by(JOBS.c.at.desc())
        one_too_many = connection.execute(query.offset(rate.number).limit(1)).scalar()
        if one_too_many is not None and one_too_many > now - rate.seconds:
            raise TooManyError(rate)

    def job(self, name: str) -> tuple[str, float] | None:
        """What is to be done, and in how many seconds; None where it is done or too late."""
        found = self._opened(JOBS, name)
        return found and found[:2]

    def unfinished(self) -> list[str]:
        """The names of all jobs that are still to be done, the oldest first."""
        query = sa.select(JOBS.c.name).where(JOBS.c.sealed.is_not(None)).order_by(JOBS.c.at)
        with self.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def finish(self, name: str, outcome: Outcome) -> None:
        """Records that a job is done, with all that follows from it, in one transaction.

        Of a job that was forgotten meanwhile nothing is recorded, and so of an answer.
        """
        now = self._clock()
        done = JOBS.update().where(JOBS.c.name == name, JOBS.c.sealed.is_not(None))
        with self.engine.begin() as connection:
            job = connection.execute(done.values(sealed=None).returning(JOBS)).first()
            if job is None:
                return
            owner = Owner(job.workspace, job.person)
            if outcome.keep is not None:
                self._keep(connection, outcome.keep, owner, now, (job.until or now) - job.at)
            if outcome.change is not None:
                self._change(connection, outcome.change)
            if outcome.forget is not None:
                connection.execute(KEPT.delete().where(KEPT.c.name == outcome.forget))
            if outcome.counts is not None:
                self.tallies.count(connection, outcome.counts, owner, now)
            if outcome.feedback is not None:
                self.tallies.take(connection, outcome.feedback, owner, now)
            if outcome.failure is not None:
                self._fail(connection, outcome.failure, owner, now)

    def _keep(
        self, connection: sa.Connection, answer: Answered, owner: Owner, now: float, span: float
    ) -> None:
        until = now + span
        if answer.source is not None:
            query = sa.select(KEPT).where(KEPT.c.name == answer.source)
            source = connection.execute(query).first()
            if source is None:
                return
            owner, until = Owner(source.workspace, source.person), source.until
        sealed = self.keys.close(connection, owner.workspace, answer.text, answer.name)
        row = {**answer.model_dump(include={"name", "thread", "room"}), "sealed": sealed, "at": now}
        adding = inserting(connection, KEPT).values(row | {"until": until, **owner._asdict()})
        connection.execute(
            adding.on_conflict_do_update(index_elements=["name"], set_={"sealed": sealed})
        )

    def _change(self, connection: sa.Connection, answer: Answered) -> None:
        """A change seals anew, but the time runs from when the text was first answered."""
        there = KEPT.c.name == answer.name
        kept = connection.execute(sa.select(KEPT.c.workspace).where(there)).first()
        if kept is not None:
            sealed = self.keys.close(connection, kept.workspace, answer.text, answer.name)
            connection.execute(KEPT.update().where(there).values(sealed=sealed))

    def _fail(
        self, connection: sa.Connection, failure: tuple[str, str, str], owner: Owner, now: float
    ) -> None:
        door, reason, where = failure
        row = {"at": now, "door": door, "reason": reason[:64], "where": where[:64]}
        connection.execute(FAILURES.insert().values(row | owner._asdict()))

    # ---- answers ------------------------------------------------------------------------------

    def kept(self, name: str) -> str | None:
        """What is kept for the controls of an answer; None where its time is over."""
        found = self._opened(KEPT, name)
        return found and found[0]

    def kept_of(self, name: str) -> tuple[str, Owner] | None:
        """The same, and whose it is."""
        found = self._opened(KEPT, name)
        return found and (found[0], found[2])

    def last_in(self, place: str) -> str | None:
        """The name of the newest answer in a thread, or in a room, that is still kept."""
        query = (
            sa.select(KEPT.c.name)
            .where(sa.or_(KEPT.c.thread == place, KEPT.c.room == place))
            .where(sa.not_(self._over(KEPT)))
            .order_by(KEPT.c.at.desc())
            .limit(1)
        )
        with self.engine.connect() as connection:
            return connection.execute(query).scalar()

    # ---- what an operator looks at ------------------------------------------------------------

    def failures(self, limit: int = 20) -> list[Failure]:
        """What could not be answered, the newest first."""
        said = (FAILURES.c[each] for each in Failure.model_fields)
        query = sa.select(*said).order_by(FAILURES.c.at.desc()).limit(limit)
        with self.engine.connect() as connection:
            return [
                Failure(
                    at=datetime.fromtimestamp(row.at, UTC),
                    door=row.door,
                    reason=row.reason,
                    where=row.where,
                )
                for row in connection.execute(query)
            ]

    # ---- forgetting ---------------------------------------------------------------------------

    def shorten(self, workspace: str, ttl: float) -> None:
        """What is kept for a workspace is from now on kept for `ttl` seconds, where that is less."""
        for table in (JOBS, KEPT):
            sooner = table.c.at + ttl
            of_it = (table.c.workspace == self.keys.workspace(workspace), table.c.until > sooner)
            with self.engine.begin() as connection:
                connection.execute(table.update().where(*of_it).values(until=sooner))

    def forget_old(self) -> None:
        """Deletes texts after their time, and memories after theirs."""
        now = self._clock()
        memory = now - MEMORY.total_seconds()
        late = JOBS.update().where(self._over(JOBS), JOBS.c.sealed.is_not(None))
        with self.engine.begin() as connection:
            connection.execute(KEPT.delete().where(self._over(KEPT)))
            for job in connection.execute(late.values(sealed=None).returning(JOBS)).all():
                owner = Owner(job.workspace, job.person)
                self._fail(connection, ("", "expired", ""), owner, now)
            connection.execute(JOBS.delete().where(JOBS.c.at <= memory))
            connection.execute(FAILURES.delete().where(FAILURES.c.at <= memory))
            self.tallies.forget_old(connection, now)
        if not is_postgres(self.engine):
            empty_log(str(self.engine.url.database))

    def _over(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """Whether the time of a text is over; the operator may have shortened it since."""
        now = self._clock()
        return sa.or_(table.c.at <= now - self.ttl, sa.func.coalesce(table.c.until, now + 1) <= now)

    def _opened(self, table: sa.Table, name: str) -> tuple[str, float, Owner] | None:
        """A sealed text, for how many seconds it is still to be had, and whose it is."""
        key = table.outerjoin(KEYS, KEYS.c.workspace == table.c.workspace)
        query = sa.select(table, KEYS.c.wrapped).select_from(key).where(table.c.name == name)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        end = row.at + self.ttl
        left = min(end, row.until or end) - self._clock()
        text = self.keys.plain(row.workspace, row.wrapped, row.sealed, name)
        if text is None or left <= 0:
            return None
        return text, left, Owner(row.workspace, row.person)

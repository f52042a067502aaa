"""What is kept: jobs to be done, answers for their controls, counts, feedback, failures.

One SQLite file in `DATA_DIR`, or Postgres. Whatever a person wrote is sealed (sealing.py), and
gone after `TEXT_TTL`; names are keyed hashes. Everything here blocks for about a millisecond: call
it in a thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.settings import Settings
from bot.store.sealing import Seal, SealBrokenError
from bot.store.tables import COUNTS, FAILURES, FEEDBACK, JOBS, KEPT, TABLES
from rules.models import Frozen

#: How long it is remembered that something was answered, and what failed.
MEMORY = timedelta(days=30)


class Answered(Frozen):
    """An answer that is kept for its controls: its name, where it is, and what was answered."""

    name: str
    thread: str
    room: str
    text: str


class Failure(Frozen):
    """Something that could not be answered: when (UTC), by which door, why and where."""

    at: datetime
    door: str
    reason: str
    where: str


class Feedback(Frozen):
    """What a person thought of an answer; `word` is what they added."""

    name: str
    level: str
    codes: tuple[str, ...]
    verdict: str
    word: str = ""


class Outcome(Frozen):
    """What follows from a job that is done.

    `forget` names an answer; `counts` holds a door and what to count for it; `failure` a door, a
    reason and a place.
    """

    keep: Answered | None = None
    forget: str | None = None
    counts: tuple[str, tuple[str, ...]] | None = None
    feedback: Feedback | None = None
    failure: tuple[str, str, str] | None = None


def engine_of(settings: Settings) -> sa.Engine:
    """The database of these settings; its tables may not be there yet."""
    if settings.database_url is not None:
        url = sa.make_url(settings.database_url.get_secret_value())
        url = url.set(drivername="postgresql+psycopg")
        return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=8)
    return _sqlite(settings.data_dir / "mikiwame.sqlite")


def _sqlite(path: Path) -> sa.Engine:
    """One connection that all threads take in turn.

    SQLite writes one at a time anyway; who waits for its lock sleeps up to a tenth of a second,
    who waits for the connection goes on at once.
    """
    engine = sa.create_engine(
        f"sqlite:///{path}", hide_parameters=True, pool_size=1, max_overflow=0, pool_timeout=60
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        connection.execute("PRAGMA busy_timeout = 30000")  # first: the next one takes a lock
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # recorded is on the disk
        connection.execute("PRAGMA secure_delete = ON")  # gone is overwritten
        connection.execute("PRAGMA foreign_keys = ON")

    return engine


def create_tables(engine: sa.Engine, tables: sa.MetaData) -> None:
    """Makes the tables that are not there yet; on Postgres another process may be at it too."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('mikiwame'))"))
        tables.create_all(connection)


class Store:
    """The store. Methods that write are each one transaction."""

    def __init__(self, engine: sa.Engine, seal: Seal, ttl: timedelta) -> None:
        self.engine = engine
        self._seal = seal
        self.ttl = ttl.total_seconds()
        dialect = postgres_insert if engine.dialect.name == "postgresql" else sqlite_insert
        self._insert: Callable[[sa.Table], Any] = dialect

    def create(self) -> None:
        """Makes what is not there yet."""
        create_tables(self.engine, TABLES)

    # ---- jobs ---------------------------------------------------------------------------------

    def put_job(self, name: str, job: str) -> None:
        """Records what is to be done, once: a name that is known, done or not, stays as it is."""
        row = {"name": name, "sealed": self._sealed(job, name), "at": time.time()}
        with self.engine.begin() as connection:
            connection.execute(self._insert(JOBS).values(row).on_conflict_do_nothing())

    def job(self, name: str) -> tuple[str, float] | None:
        """What is to be done, and in how many seconds; None where it is done or too late."""
        return self._opened(JOBS, name)

    def finish(self, name: str, outcome: Outcome) -> None:
        """Records that a job is done, with all that follows from it, in one transaction."""
        now = time.time()
        with self.engine.begin() as connection:
            connection.execute(JOBS.update().where(JOBS.c.name == name).values(sealed=None))
            if outcome.keep is not None:
                self._keep(connection, outcome.keep, now)
            if outcome.forget is not None:
                connection.execute(KEPT.delete().where(KEPT.c.name == outcome.forget))
            if outcome.counts is not None:
                self._count(connection, *outcome.counts)
            if outcome.feedback is not None:
                self._take(connection, outcome.feedback, now)
            if outcome.failure is not None:
                door, reason, where = outcome.failure
                row = {"at": now, "door": door, "reason": reason[:64], "where": where[:64]}
                connection.execute(FAILURES.insert().values(row))

    def _keep(self, connection: sa.Connection, answer: Answered, now: float) -> None:
        """A change seals anew, but the time runs from when the text was first answered."""
        sealed = self._sealed(answer.text, answer.name)
        row = {"name": answer.name, "thread": answer.thread, "room": answer.room, "at": now}
        adding = self._insert(KEPT).values(row | {"sealed": sealed})
        connection.execute(
            adding.on_conflict_do_update(index_elements=["name"], set_={"sealed": sealed})
        )

    def _count(self, connection: sa.Connection, door: str, what: Sequence[str]) -> None:
        day = datetime.now(UTC).date().isoformat()
        for each in what:
            adding = self._insert(COUNTS).values(day=day, door=door, what=each, number=1)
            connection.execute(
                adding.on_conflict_do_update(
                    index_elements=["day", "door", "what"],
                    set_={"number": COUNTS.c.number + 1},
                )
            )

    def _take(self, connection: sa.Connection, feedback: Feedback, now: float) -> None:
        """One person's last word on an answer counts."""
        row = {
            "at": now,
            "level": feedback.level,
            "codes": " ".join(feedback.codes),
            "verdict": feedback.verdict,
            "word": self._sealed(feedback.word, feedback.name) if feedback.word else None,
        }
        adding = self._insert(FEEDBACK).values(name=feedback.name, **row)
        connection.execute(adding.on_conflict_do_update(index_elements=["name"], set_=row))

    # ---- answers ------------------------------------------------------------------------------

    def kept(self, name: str) -> str | None:
        """What is kept for the controls of an answer; None where its time is over."""
        found = self._opened(KEPT, name)
        return found and found[0]

    def last_in(self, place: str) -> str | None:
        """The name of the newest answer in a thread, or in a room, that is still kept."""
        query = (
            sa.select(KEPT.c.name)
            .where(sa.or_(KEPT.c.thread == place, KEPT.c.room == place))
            .where(KEPT.c.at > time.time() - self.ttl)
            .order_by(KEPT.c.at.desc())
            .limit(1)
        )
        with self.engine.connect() as connection:
            return connection.execute(query).scalar()

    # ---- what an operator looks at ------------------------------------------------------------

    def failures(self, limit: int = 20) -> list[Failure]:
        """What could not be answered, the newest first."""
        query = sa.select(FAILURES).order_by(FAILURES.c.at.desc()).limit(limit)
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

    def totals(self) -> dict[str, int]:
        """How often each level and code was answered in the time that counts are kept."""
        query = sa.select(COUNTS.c.what, sa.func.sum(COUNTS.c.number)).group_by(COUNTS.c.what)
        with self.engine.connect() as connection:
            return {what: int(number) for what, number in connection.execute(query)}

    def feedback(self) -> list[Feedback]:
        """What people thought of the answers, the newest first; a word that no key opens is ''."""
        query = sa.select(FEEDBACK).order_by(FEEDBACK.c.at.desc())
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            Feedback(
                name=row.name,
                level=row.level,
                codes=tuple(row.codes.split()),
                verdict=row.verdict,
                word=self._plain(row.word, row.name) or "",
            )
            for row in rows
        ]

    # ---- forgetting ---------------------------------------------------------------------------

    def forget_old(self) -> None:
        """Deletes texts after their time, and memories after theirs."""
        now = time.time()
        text, memory, year = now - self.ttl, now - MEMORY.total_seconds(), now - 365 * 86400
        day = datetime.fromtimestamp(year, UTC).date().isoformat()
        with self.engine.begin() as connection:
            connection.execute(KEPT.delete().where(KEPT.c.at <= text))
            late = JOBS.update().where(JOBS.c.at <= text, JOBS.c.sealed.is_not(None))
            for _ in connection.execute(late.values(sealed=None).returning(JOBS.c.name)).all():
                row = {"at": now, "door": "", "reason": "expired", "where": ""}
                connection.execute(FAILURES.insert().values(row))
            connection.execute(JOBS.delete().where(JOBS.c.at <= memory))
            connection.execute(FAILURES.delete().where(FAILURES.c.at <= memory))
            connection.execute(FEEDBACK.delete().where(FEEDBACK.c.at <= year))
            connection.execute(COUNTS.delete().where(COUNTS.c.day <= day))

    # ---- sealing ------------------------------------------------------------------------------

    def _opened(self, table: sa.Table, name: str) -> tuple[str, float] | None:
        """A sealed text, and for how many seconds it is still to be had."""
        query = sa.select(table.c.sealed, table.c.at).where(table.c.name == name)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        left = row.at + self.ttl - time.time() if row else 0
        text = self._plain(row.sealed, name) if row and left > 0 else None
        return None if text is None else (text, left)

    def _sealed(self, text: str, name: str) -> bytes:
        return self._seal.close(text.encode("utf-8", "surrogatepass"), name)

    def _plain(self, sealed: bytes | None, name: str) -> str | None:
        """The text; None where there is none, or another key sealed it."""
        try:
            return (
                self._seal.open(sealed, name).decode("utf-8", "surrogatepass") if sealed else None
            )
        except SealBrokenError:
            return None

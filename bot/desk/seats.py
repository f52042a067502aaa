"""Whose jobs are whose, where several processes share one Postgres.

Each process sits on a seat of its own, and its jobs bear the seat's name. A seat is held by an
advisory lock, which Postgres lets go of when the connection ends, however the process ended. A seat
that nobody has held for a while, but whose jobs are unfinished, was left by a process that died: one
of the others takes the jobs up. On SQLite there is one process (bot/serving.py), and one seat.
"""

from __future__ import annotations

import random
import threading
import time
import zlib
from contextlib import suppress

import sqlalchemy as sa

# Ours among the advisory locks of a database: seats, processes that perform, what is changed.
_SEATS, _WORKERS, _KEYS = 0x6D696B69, 0x6D696B6A, 0x6D696B6B
_NAME = "mikiwame"
#: Seconds that a seat has to be seen free before its jobs are taken up. A process that lost its
#: seat stops performing long before (durable.py).
ABANDONED = 12.0
#: So that Postgres notices within half a minute that a machine is gone.
_ALIVE = (
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
)
_TAKE = "SELECT pg_try_advisory_lock(:space, :number)"
_LEAVE = "SELECT pg_advisory_unlock(:space, :number)"
_SHARE = "SELECT pg_try_advisory_lock_shared(:space, :number)"
_SHARED = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND classid = :space AND objid = :number"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


class Seat:
    """The seat of this process. Everything here blocks for about a millisecond.

    `performs`: this process is one of those that perform jobs of the kind `able`, and says so.
    """

    def __init__(self, engine: sa.Engine, able: str, *, performs: bool) -> None:
        self.is_only_one = engine.dialect.name != "postgresql"
        self._engine = engine
        self._able = _number(able)
        self._performs = performs
        self._mine = random.randrange(1 << 10, 1 << 31)  # noqa: S311 - nobody is kept out by it
        self.name = _NAME if self.is_only_one else f"{_NAME}-{self._mine}"
        self._connection: sa.Connection | None = None
        self._turn = threading.Lock()
        self._free_since: dict[int, float] = {}

    def hold(self) -> bool:
        """Whether this process sits here, again if it has to; where not, another may think it died."""
        if self.is_only_one:
            return True
        with self._turn:
            try:
                if self._connection is not None:
                    self._connection.scalar(sa.text("SELECT true"))
                    return True
            except sa.exc.SQLAlchemyError:
                self._let_go()
            return self._sit_down()

    def _sit_down(self) -> bool:
        self._free_since.clear()  # while nobody looked anybody may have come and gone
        try:
            self._connection = self._engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            )
            self._connection.exec_driver_sql(_ALIVE)
            if not self._do(_TAKE, _SEATS, self._mine):
                self._let_go()  # an earlier connection of ours still holds it
                return False
            if self._performs:
                self._do(_SHARE, _WORKERS, self._able)
        except sa.exc.SQLAlchemyError:
            self._let_go()
            return False
        return True

    def has_workers(self) -> bool:
        """Whether there is a process that performs jobs like ours."""
        with self._turn:
            return self._do(_SHARED, _WORKERS, self._able)

    def take(self, name: str) -> bool:
        """Takes the seat of another where nobody has sat for long; `give_back` ends that."""
        mark = _mark(name)
        if mark is None or mark == self._mine:
            return False
        with self._turn:
            if not self._do(_TAKE, _SEATS, mark):
                self._free_since.pop(mark, None)
                return False
            since = self._free_since.setdefault(mark, time.monotonic())
            if time.monotonic() - since >= ABANDONED:
                return True
            self._do(_LEAVE, _SEATS, mark)
        return False

    def give_back(self, name: str) -> None:
        """Lets go of the seat of another."""
        with self._turn, suppress(sa.exc.SQLAlchemyError):  # it went with the connection
            self._do(_LEAVE, _SEATS, _mark(name) or 0)

    def begin(self, key: str) -> bool:
        """Takes something for this process alone; False where that can't be had now."""
        with self._turn:
            try:
                return self._do(_TAKE, _KEYS, _number(key))
            except sa.exc.SQLAlchemyError:
                return False

    def end(self, key: str) -> None:
        """Lets go of it."""
        with self._turn, suppress(sa.exc.SQLAlchemyError):  # it went with the connection
            self._do(_LEAVE, _KEYS, _number(key))

    def leave(self) -> None:
        """Lets go of everything."""
        with self._turn:
            self._let_go()

    def _let_go(self) -> None:
        if self._connection is not None:
            with suppress(sa.exc.SQLAlchemyError):
                self._connection.invalidate()  # its locks would stay with it in the pool
            self._connection.close()
            self._connection = None

    def _do(self, query: str, space: int, number: int) -> bool:
        if self._connection is None:
            raise sa.exc.InterfaceError(query, None, ConnectionError("no seat"))
        return bool(self._connection.scalar(sa.text(query), {"space": space, "number": number}))


def _mark(name: str) -> int | None:
    """The number of a seat, in its name; None where it is none of ours."""
    number = name.removeprefix(f"{_NAME}-")
    return int(number) if number.isdigit() else None


def _number(word: str) -> int:
    """A number for a word that fits a lock: 31 bits, always the same."""
    return zlib.crc32(word.encode()) & 0x7FFFFFFF

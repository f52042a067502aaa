"""Whose jobs are whose, where several processes share one Postgres.

Each process sits on a numbered seat, and its jobs bear the seat's name. A seat is held by an
advisory lock, which Postgres lets go of when the connection ends, however the process ended. A seat
that nobody holds but whose jobs are unfinished was left by a process that died: whoever sees that
first takes the jobs up. On SQLite there is one process (bot/serving.py), and one seat.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

_SPACE = 0x6D696B69  # ours among the advisory locks of a database
_SEATS = 1000
_NAME = "mikiwame"


class Seat:
    """The seat of this process. Everything here blocks for about a millisecond."""

    def __init__(self, engine: sa.Engine) -> None:
        self._connection: sa.Connection | None = None
        self.name = _NAME
        if engine.dialect.name == "postgresql":
            self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            number = next(each for each in range(_SEATS) if self._locked(each))
            self.name = f"{_NAME}-{number}"

    @property
    def is_only_one(self) -> bool:
        """Whether there can be no other process."""
        return self._connection is None

    def is_held(self) -> bool:
        """Whether this process still sits here; where not, another one may."""
        if self._connection is None:
            return True
        try:
            return bool(self._connection.scalar(sa.text("SELECT true")))
        except sa.exc.SQLAlchemyError:
            return False

    @contextmanager
    def abandoned(self, name: str) -> Iterator[bool]:
        """Whether nobody sits on a seat; if so, nobody can sit down while this is asked."""
        number = name.removeprefix(f"{_NAME}-")
        if self._connection is None or name == self.name or not number.isdigit():
            yield False
        elif self._locked(int(number)):
            try:
                yield True
            finally:
                self._do("SELECT pg_advisory_unlock(:space, :number)", int(number))
        else:
            yield False

    def leave(self) -> None:
        """Lets go of the seat."""
        if self._connection is not None:
            self._connection.close()
            self._connection.engine.dispose()

    def _locked(self, number: int) -> bool:
        return self._do("SELECT pg_try_advisory_lock(:space, :number)", number)

    def _do(self, query: str, number: int) -> bool:
        assert self._connection is not None  # noqa: S101 — asked on Postgres only
        return bool(self._connection.scalar(sa.text(query), {"space": _SPACE, "number": number}))

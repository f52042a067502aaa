"""What one person, and one workspace, may ask for, and what they are told beyond that.

Counted is what the store recorded, so several processes on one Postgres count together, and nothing
is remembered beside it. What is over a rate is left out; of that people are told, not too often.
"""

from __future__ import annotations

import time

from bot.desk.jobs import Heard, Job, Pressed, Slowed
from bot.rates import Rate, Rates

_NONE = Rates()
#: Seconds in which a person is told at most once.
_SELDOM = 60.0
#: People of whom this process remembers that they were told; the store knows it of all.
_MANY = 10_000


class Limits:
    """The limits of one desk."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._told: set[str] = set()

    def rates_for(self, job: Job) -> Rates:
        """Which rates a job counts against: what nobody asked for counts against none."""
        return self._rates if isinstance(job, Heard | Pressed) else _NONE

    def word_on(self, job: Job, over: Rate) -> Slowed | None:
        """What tells a person that it was too much; None where they were told of late."""
        period = int(time.time() // max(over.seconds, _SELDOM))
        once = f"slow_down/{job.workspace}/{job.by}/{period}"
        if not job.place or once in self._told:
            return None
        if len(self._told) >= _MANY:
            self._told.clear()
        self._told.add(once)
        return Slowed(
            once=once,
            door=job.door,
            workspace=job.workspace,
            by=job.by,
            place=job.place,
            lang=job.lang if isinstance(job, Heard) else None,
        )

"""How much may be asked for: so many times in so long."""

from __future__ import annotations

import re
from datetime import timedelta

from rules.models import Frozen

_RATE = re.compile(r"\s*([1-9]\d{0,5})\s*/\s*(\d{0,4})\s*([smh])\s*", re.IGNORECASE)
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_LONGEST = timedelta(days=1)


class Rate(Frozen):
    """At most `number` in any `seconds`."""

    number: int
    seconds: float

    @staticmethod
    def parse(said: str) -> Rate | None:
        """The rate that 600/10m says; None for 'off'. Raises ValueError with words for people."""
        if said.strip().lower() == "off":
            return None
        match = _RATE.fullmatch(said)
        seconds = int(match[2] or 1) * _SECONDS[match[3].lower()] if match else 0
        if match is None or not 0 < seconds <= _LONGEST.total_seconds():
            raise ValueError("a rate such as 30/1m or 600/10m is needed (a day at most), or off")
        return Rate(number=int(match[1]), seconds=seconds)


class Rates(Frozen):
    """What one person, and one workspace as a whole, may ask for; None: as much as they like."""

    person: Rate | None = None
    workspace: Rate | None = None

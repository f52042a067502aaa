"""`python -m bot stats`: how much was vetted, what was found, what people thought of it."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.table import Table

from bot.commands.tables import table
from bot.doors.terminal import make_console
from bot.store.tallies import Tallies
from rules import Level

_LEVELS = [each.value for each in reversed(Level)]
_VERDICTS = ("right", "wrong_alarm", "missed")


class Stats:
    """The figures of the last `days` days, today included. Counts alone: no text, no person."""

    def __init__(self, tallies: Tallies | None, days: int) -> None:
        """`tallies` is None where nothing was ever kept."""
        self.to = datetime.fromtimestamp(time.time(), UTC).date()
        self.since = self.to - timedelta(days=days - 1)
        self._by_place: dict[tuple[str, str], Counter[str]] = {}
        for day, door, what, number in tallies.counts(days) if tallies else ():
            self._by_place.setdefault((day, door), Counter())[what] += number
        self.verdicts = tallies.verdicts(days) if tallies else {}
        self.failures = tallies.failures(days) if tallies else {}

    @property
    def all(self) -> Counter[str]:
        """How often everything was answered."""
        return sum(self._by_place.values(), Counter())

    def by_door(self) -> dict[str, Counter[str]]:
        """The same for each door."""
        doors = sorted({door for _, door in self._by_place})
        return {
            door: sum((each for (_, d), each in self._by_place.items() if d == door), Counter())
            for door in doors
        }

    def by_day(self) -> dict[str, Counter[str]]:
        """The same for each day on which something was vetted, the latest first."""
        days = sorted({day for day, _ in self._by_place}, reverse=True)
        return {
            day: sum((each for (d, _), each in self._by_place.items() if d == day), Counter())
            for day in days
        }

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data; see README, 'Learning from use'."""
        places = sorted(self._by_place.items(), reverse=True)
        return {
            "from": self.since.isoformat(),
            "to": self.to.isoformat(),
            **_figures(self.all),
            "doors": {door: _figures(counts) for door, counts in self.by_door().items()},
            "days": [
                {"day": day, "door": door, **_figures(counts)} for (day, door), counts in places
            ],
            "feedback": {each: self.verdicts.get(each, 0) for each in _VERDICTS},
            "failures": [
                {"door": door, "reason": reason, "number": number}
                for (door, reason), number in sorted(self.failures.items())
            ],
        }


def show_stats(tallies: Tallies | None, days: int, *, as_json: bool) -> None:
    """Prints them, for people or for programs."""
    stats = Stats(tallies, days)
    if as_json:
        print(json.dumps(stats.as_json(), indent=2))
        return
    console = make_console()
    console.print(f"{stats.since} to {stats.to}, in days of UTC")
    for each in _tables(stats):
        console.print()
        console.print(each)


def _tables(stats: Stats) -> Iterator[Table]:
    yield _levels("door", {**stats.by_door(), "all doors": stats.all})
    if by_day := stats.by_day():
        yield _levels("day", by_day)
    if codes := _codes(stats.all):
        yield _numbers("risk", codes)
    feedback = {each.replace("_", " "): stats.verdicts.get(each, 0) for each in _VERDICTS}
    yield _numbers("feedback", feedback)
    failures = {f"{door or 'store'}: {why}": n for (door, why), n in stats.failures.items()}
    if failures:
        yield _numbers("not answered (30 days are kept)", failures)


def _figures(counts: Counter[str]) -> dict[str, Any]:
    return {
        "vetted": _vetted(counts),
        "levels": {level: counts[f"level:{level}"] for level in _LEVELS},
        "codes": _codes(counts),
    }


def _vetted(counts: Counter[str]) -> int:
    return sum(counts[f"level:{level}"] for level in _LEVELS)


def _codes(counts: Counter[str]) -> dict[str, int]:
    """How often each risk was found, the most frequent first."""
    found = {
        what.removeprefix("code:"): number
        for what, number in counts.items()
        if what.startswith("code:")
    }
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def _levels(by: str, rows: dict[str, Counter[str]]) -> Table:
    made = table(by, "vetted", *_LEVELS)
    for name, counts in rows.items():
        levels = (str(counts[f"level:{level}"]) for level in _LEVELS)
        made.add_row(name, str(_vetted(counts)), *levels)
    return made


def _numbers(what: str, rows: dict[str, int]) -> Table:
    made = table(what, "times")
    for name, number in rows.items():
        made.add_row(name, str(number))
    return made

"""Weeks as people live them: from Monday to Sunday, in a zone of their own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.models import Frozen

#: When news of last week may come: at the beginning of the next, while people are at work.
_DAYS = range(1, 4)  # Monday to Wednesday, in case nobody was there on Monday
_FROM, _TO = time(10), time(18)


class Week(Frozen):
    """One week, by the Monday that it begins with."""

    monday: date

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def name(self) -> str:
        """As ISO 8601 names it, such as 2026-W48; later weeks sort later."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @staticmethod
    def named(name: str) -> Week:
        """The week of this name. Raises ValueError."""
        year, number = name.split("-W")
        return Week(monday=date.fromisocalendar(int(year), int(number), 1))

    @staticmethod
    def of(at: float, zone: ZoneInfo) -> Week:
        """The week of a moment, in seconds since 1970."""
        day = datetime.fromtimestamp(at, zone).date()
        return Week(monday=day - timedelta(days=day.weekday()))

    @property
    def before(self) -> Week:
        """The week before."""
        return Week(monday=self.monday - timedelta(days=7))


def week_to_tell(at: float, zone: ZoneInfo) -> Week | None:
    """The week of which people may be told at this moment; None where they had rather not be."""
    now = datetime.fromtimestamp(at, zone)
    good = now.isoweekday() in _DAYS and _FROM <= now.time() < _TO
    return Week.of(at, zone).before if good else None

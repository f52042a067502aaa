"""Which week a moment belongs to, and when people may be told of the last one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.weeks import Week, week_to_tell

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")


def at(said: str, zone: ZoneInfo = TOKYO) -> float:
    return datetime.fromisoformat(said).replace(tzinfo=zone).timestamp()


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        ("2026-11-23T00:00", "2026-W48"),
        ("2026-11-29T23:59:59", "2026-W48"),
        ("2026-12-31T12:00", "2026-W53"),
        ("2027-01-03T12:00", "2026-W53"),
        ("2027-01-04T00:00", "2027-W01"),
    ],
)
def test_a_week_begins_on_monday_where_people_are(moment: str, week: str) -> None:
    assert Week.of(at(moment), TOKYO).name == week


def test_the_same_moment_may_lie_in_two_weeks() -> None:
    monday = at("2026-11-23T08:00")
    assert Week.of(monday, TOKYO).name == "2026-W48"
    assert Week.of(monday, NEW_YORK).name == "2026-W47"


@given(st.floats(0, 4e9))
def test_a_week_is_found_by_its_name_and_names_sort_as_weeks_do(moment: float) -> None:
    week = Week.of(moment, TOKYO)
    assert Week.named(week.name) == week
    assert week.before.name < week.name
    assert (week.sunday - week.monday).days == 6


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-11-30T09:59", None),
        ("2026-11-30T10:00", "2026-W48"),
        ("2026-11-30T17:59", "2026-W48"),
        ("2026-11-30T18:00", None),
        ("2026-12-02T12:00", "2026-W48"),
        ("2026-12-03T12:00", None),
        ("2026-12-06T12:00", None),
    ],
)
def test_people_are_told_at_a_good_hour_early_in_the_next_week(
    moment: str, told: str | None
) -> None:
    week = week_to_tell(at(moment), TOKYO)
    assert (week and week.name) == told

"""What is learnt from use: counts, votes, and the texts that people let us keep.

Counts hold no text and no person. A feedback is one person's last word on one answer: what spoke
there is kept with it, so that votes can be counted by rule, pattern and version of the rules; the
text only where the person said yes, and sealed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.store.database import inserting
from bot.store.keys import Keys, Owner
from bot.store.tables import COUNTS, FAILURES, FEEDBACK
from bot.store.tally_tables import SAMPLES, VOTES, WEEKS
from rules.models import Frozen

#: How long feedback is kept, with all that belongs to it, and how long counts are.
YEAR = timedelta(days=365)
#: How long the counts of a workspace's weeks are.
_WEEKS = timedelta(days=35)


class Counted(Frozen):
    """What to count of an answer: by door and day, and by its workspace and `week`, if any."""

    door: str
    what: tuple[str, ...]
    week: str


class Spoke(Frozen):
    """A pattern that spoke in an answer, or came near and was excused by a `frame`."""

    code: str
    pattern: str
    frame: str = ""


class Feedback(Frozen):
    """What a person thought of an answer; `word` is what they added.

    `sample` is the text that may be kept, with what the bot says of it, as JSON: "" where nobody
    said yes.
    """

    name: str
    level: str
    codes: tuple[str, ...]
    verdict: str
    word: str = ""
    spoke: tuple[Spoke, ...] = ()
    version: str = ""
    sample: str = ""


class Votes(Frozen):
    """What people thought where a pattern spoke, or came near, under one version of the rules."""

    version: str
    spoke: Spoke
    right: int = 0
    wrong_alarm: int = 0
    missed: int = 0
    last: date


class Said(Frozen):
    """One feedback as it is kept: the day, the verdict, the word, and the sample, if any."""

    name: str
    day: date
    level: str
    codes: tuple[str, ...]
    verdict: str
    word: str
    version: str
    sample: str = ""


class Tallies:
    """Everything here blocks for about a millisecond; what takes a connection joins its transaction."""

    def __init__(self, engine: sa.Engine, keys: Keys, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock

    # ---- as answers and feedback come ---------------------------------------------------------

    def count(self, connection: sa.Connection, counted: Counted, owner: Owner, now: float) -> None:
        """Adds one to everything that is to be counted."""
        day = datetime.fromtimestamp(now, UTC).date().isoformat()
        for what in counted.what:
            _add_one(connection, COUNTS, {"day": day, "door": counted.door, "what": what})
            if owner.workspace is not None and counted.week:
                week = {"workspace": owner.workspace, "week": counted.week, "what": what}
                _add_one(connection, WEEKS, week)

    def take(self, connection: sa.Connection, said: Feedback, owner: Owner, now: float) -> None:
        """One person's last word on an answer counts, and says anew whether the text may be kept."""
        row = {
            "at": now,
            "level": said.level,
            "codes": " ".join(said.codes),
            "verdict": said.verdict,
            "word": self._closed(connection, said.word, said, owner) if said.word else None,
            **owner._asdict(),
        }
        adding = inserting(connection, FEEDBACK).values(name=said.name, **row)
        connection.execute(adding.on_conflict_do_update(index_elements=["name"], set_=row))
        for table in (VOTES, SAMPLES):
            connection.execute(table.delete().where(table.c.name == said.name))
        votes = [
            {"name": said.name, "version": said.version, **each.model_dump()}
            for each in dict.fromkeys(said.spoke or (Spoke(code="", pattern=""),))
        ]
        connection.execute(VOTES.insert(), votes)
        if said.sample:
            sealed = self._closed(connection, said.sample, said, owner)
            sample = {"name": said.name, "sealed": sealed, **owner._asdict()}
            connection.execute(SAMPLES.insert().values(sample))

    def _closed(self, connection: sa.Connection, text: str, said: Feedback, owner: Owner) -> bytes:
        return self._keys.close(connection, owner.workspace, text, said.name)

    def forget_old(self, connection: sa.Connection, now: float) -> None:
        """Deletes what has had its time."""
        year = now - YEAR.total_seconds()
        day = datetime.fromtimestamp(year, UTC).date().isoformat()
        year_of, number, _ = datetime.fromtimestamp(now - _WEEKS.total_seconds(), UTC).isocalendar()
        week = f"{year_of}-W{number:02}"
        connection.execute(FEEDBACK.delete().where(FEEDBACK.c.at <= year))
        connection.execute(COUNTS.delete().where(COUNTS.c.day <= day))
        connection.execute(WEEKS.delete().where(WEEKS.c.week < week))

    # ---- what is made of it -------------------------------------------------------------------

    def week(self, workspace: str, week: str) -> dict[str, int]:
        """How often each level and code was answered in a workspace in one week."""
        mine = sa.and_(WEEKS.c.workspace == workspace, WEEKS.c.week == week)
        query = sa.select(WEEKS.c.what, WEEKS.c.number).where(mine)
        with self._engine.connect() as connection:
            return {row.what: row.number for row in connection.execute(query)}

    def counts(self, days: int) -> list[tuple[str, str, str, int]]:
        """Day, door, what and how often, of the last days, the earliest first."""
        today = datetime.fromtimestamp(self._clock(), UTC).date()
        since = (today - timedelta(days=days - 1)).isoformat()
        columns = (COUNTS.c.day, COUNTS.c.door, COUNTS.c.what, COUNTS.c.number)
        query = sa.select(*columns).where(COUNTS.c.day >= since).order_by(*columns[:3])
        with self._engine.connect() as connection:
            return [(row.day, row.door, row.what, row.number) for row in connection.execute(query)]

    def verdicts(self, days: int) -> dict[str, int]:
        """How often people thought what of the answers, in the last days."""
        number = sa.func.count()
        query = sa.select(FEEDBACK.c.verdict, number).where(FEEDBACK.c.at > self._ago(days))
        with self._engine.connect() as connection:
            found = connection.execute(query.group_by(FEEDBACK.c.verdict))
            return {verdict: int(count) for verdict, count in found}

    def failures(self, days: int) -> dict[tuple[str, str], int]:
        """How often something could not be answered in the last days, by door and reason."""
        columns = (FAILURES.c.door, FAILURES.c.reason)
        query = sa.select(*columns, sa.func.count()).where(FAILURES.c.at > self._ago(days))
        with self._engine.connect() as connection:
            found = connection.execute(query.group_by(*columns))
            return {(door, reason): int(count) for door, reason, count in found}

    def votes(self) -> list[Votes]:
        """What people thought, by version, rule and pattern; the latest version first."""
        columns = (VOTES.c.version, VOTES.c.code, VOTES.c.pattern, VOTES.c.frame)
        query = sa.select(
            *columns, FEEDBACK.c.verdict, sa.func.count(), sa.func.max(FEEDBACK.c.at)
        ).join(FEEDBACK, FEEDBACK.c.name == VOTES.c.name)
        with self._engine.connect() as connection:
            rows = connection.execute(query.group_by(*columns, FEEDBACK.c.verdict)).all()
        return _by_pattern(rows)

    def feedback(self, *, samples: bool = False) -> list[Said]:
        """What people said, the latest first; `samples`: only where the text may be kept."""
        version = sa.select(sa.func.min(VOTES.c.version)).where(VOTES.c.name == FEEDBACK.c.name)
        query = sa.select(
            FEEDBACK, SAMPLES.c.sealed, version.scalar_subquery().label("version")
        ).join(SAMPLES, SAMPLES.c.name == FEEDBACK.c.name, isouter=not samples)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(FEEDBACK.c.at.desc(), FEEDBACK.c.name)).all()
            said = [self._said(connection, row) for row in rows]
        return [each for each in said if each.sample] if samples else said

    def _said(self, connection: sa.Connection, row: Any) -> Said:
        """What is kept of one feedback; what was sealed with a key that is gone is ""."""

        def opened(sealed: bytes | None) -> str:
            return self._keys.open(connection, row.workspace, sealed, row.name) or ""

        return Said(
            name=row.name,
            day=datetime.fromtimestamp(row.at, UTC).date(),
            level=row.level,
            codes=tuple(row.codes.split()),
            verdict=row.verdict,
            word=opened(row.word),
            version=row.version or "",
            sample=opened(row.sealed),
        )

    def _ago(self, days: int) -> float:
        return self._clock() - days * 86400


def _add_one(connection: sa.Connection, table: sa.Table, key: dict[str, str]) -> None:
    adding = inserting(connection, table).values(**key, number=1)
    more = {"number": table.c.number + 1}
    connection.execute(adding.on_conflict_do_update(index_elements=list(key), set_=more))


def _by_pattern(rows: Sequence[Any]) -> list[Votes]:
    """The rows of one version and pattern together."""
    counted: dict[tuple[str, Spoke], Counter[str]] = {}
    last: dict[tuple[str, Spoke], float] = {}
    newest: dict[str, float] = {}
    for version, code, pattern, frame, verdict, number, at in rows:
        key = version, Spoke(code=code, pattern=pattern, frame=frame)
        counted.setdefault(key, Counter())[verdict] += number
        last[key] = max(last.get(key, 0), at)
        newest[version] = max(newest.get(version, 0), at)
    votes = [
        Votes(
            version=version,
            spoke=spoke,
            right=count["right"],
            wrong_alarm=count["wrong_alarm"],
            missed=count["missed"],
            last=datetime.fromtimestamp(last[version, spoke], UTC).date(),
        )
        for (version, spoke), count in counted.items()
    ]

    def order(each: Votes) -> tuple[Any, ...]:
        spoke = each.spoke
        return (
            -newest[each.version],
            each.version,
            bool(spoke.frame),
            not spoke.code,
            spoke.code,
            -each.wrong_alarm,
            -each.missed,
            spoke.pattern,
        )

    return sorted(votes, key=order)

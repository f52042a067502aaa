"""Votes, the texts that may be kept, and the counts: on SQLite and on Postgres alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.settings import Settings
from bot.store.database import engine_of
from bot.store.sealing import Seal
from bot.store.store import Outcome, Store
from bot.store.tallies import Counted, Feedback, Spoke, Votes
from tests.postgres import postgres

SEAL = Seal(b"a secret that is long enough")
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres() as server:
        yield server.get_uri()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    told = {"data_dir": tmp_path}
    if request.param == "postgres":
        told["database_url"] = request.getfixturevalue("database")
    made = opened(Settings.model_validate(told))
    yield made
    if request.param == "postgres":
        with made.engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
    made.engine.dispose()


class Clock:
    """Tells the time, which a test may put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> float:
        return (datetime.now(UTC) + self.ahead).timestamp()


CLOCK = Clock()


def opened(settings: Settings) -> Store:
    CLOCK.ahead = timedelta()
    made = Store(engine_of(settings), SEAL, timedelta(hours=24), CLOCK)
    made.create()
    return made


def did(store: Store, name: str, outcome: Outcome, workspace: str = "slack/T1") -> None:
    """A job of one person in a workspace that came and was done."""
    store.put_job(name, "words", store.keys.owner(workspace, "U1"))
    store.finish(name, outcome)


LINE = Spoke(code="off_platform_contact", pattern="move-to-tool")
HASTE = Spoke(code="pressure", pattern="only-today")
NEAR = Spoke(code="personal_info", pattern="asked-for", frame="denied")
WORDS = "むらさきの傘のお客様です"


def vote(store: Store, name: str, verdict: str = "wrong_alarm", **more: object) -> None:
    said = {"level": "danger", "codes": ("pressure",), "spoke": (LINE, HASTE), "version": "v1"}
    feedback = Feedback.model_validate({"name": name, "verdict": verdict, **said, **more})
    did(
        store,
        f"job {len(list(store.tallies.feedback()))} {name} {verdict}",
        Outcome(feedback=feedback),
    )


class TestVotes:
    def test_they_are_counted_by_rule_pattern_and_version(self, store: Store) -> None:
        vote(store, "a")
        vote(store, "b", spoke=(LINE,))
        vote(store, "c", "right", spoke=(LINE, NEAR))
        vote(store, "d", "missed", spoke=(NEAR,))
        vote(store, "e", version="v2", spoke=(LINE,))
        votes = store.tallies.votes()
        assert votes[0].version == "v2"
        assert votes[0].spoke == LINE
        assert [each for each in votes if each.version == "v1"] == [
            Votes(version="v1", spoke=LINE, right=1, wrong_alarm=2, last=TODAY),
            Votes(version="v1", spoke=HASTE, wrong_alarm=1, last=TODAY),
            Votes(version="v1", spoke=NEAR, right=1, missed=1, last=TODAY),
        ]

    def test_one_persons_last_word_on_an_answer_counts_once(self, store: Store) -> None:
        for verdict in ("wrong_alarm", "missed", "wrong_alarm", "right"):
            vote(store, "a", verdict, spoke=(LINE,))
        (votes,) = store.tallies.votes()
        assert (votes.right, votes.wrong_alarm, votes.missed) == (1, 0, 0)
        assert store.tallies.verdicts(1) == {"right": 1}

    def test_what_was_missed_where_nothing_came_near_is_counted_too(self, store: Store) -> None:
        vote(store, "a", "missed", spoke=())
        (votes,) = store.tallies.votes()
        assert (votes.spoke.code, votes.missed) == ("", 1)


class TestSamples:
    def test_a_text_is_kept_sealed_and_given_back(self, store: Store, tmp_path: Path) -> None:
        vote(store, "a", sample=WORDS, word="いつもの方です")
        (said,) = store.tallies.feedback(samples=True)
        assert (said.sample, said.word, said.verdict) == (WORDS, "いつもの方です", "wrong_alarm")
        assert said.version == "v1"
        with store.engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT * FROM mikiwame_samples")).all()
            rows = [*rows, *connection.execute(sa.text("SELECT * FROM mikiwame_feedback"))]
        held = b"".join(
            bytes(cell) for row in rows for cell in row if not isinstance(cell, str | float | None)
        )
        held += b"".join(path.read_bytes() for path in tmp_path.iterdir())
        for words in (WORDS, "いつもの方です"):
            assert words.encode() not in held

    def test_who_says_something_else_without_a_yes_takes_the_text_back(self, store: Store) -> None:
        vote(store, "a", sample=WORDS)
        vote(store, "b", sample="another")
        vote(store, "a", "right")
        assert [each.sample for each in store.tallies.feedback(samples=True)] == ["another"]
        assert len(list(store.tallies.feedback())) == 2

    def test_it_is_gone_after_a_year(self, store: Store) -> None:
        vote(store, "a", sample=WORDS)
        CLOCK.ahead = timedelta(days=364)
        store.forget_old()
        assert store.tallies.feedback(samples=True)
        CLOCK.ahead = timedelta(days=366)
        store.forget_old()
        assert not list(store.tallies.feedback())
        assert not store.tallies.votes()
        with store.engine.connect() as connection:
            for table in ("samples", "votes", "feedback"):
                left = connection.execute(sa.text(f"SELECT count(*) FROM mikiwame_{table}"))  # noqa: S608
                assert left.scalar() == 0


class TestCounts:
    def test_by_day_and_door_and_by_workspace_and_week(self, store: Store) -> None:
        for number, workspace in enumerate(["slack/T1", "slack/T1", "slack/T2", "discord/3"]):
            what = ("level:danger", "code:pressure")
            counted = Counted(door=workspace.split("/")[0], what=what, week="2026-W48")
            did(store, str(number), Outcome(counts=counted), workspace)
        first, fourth = (store.keys.workspace(each) for each in ("slack/T1", "slack/T4"))
        assert store.tallies.week(first, "2026-W48") == {"level:danger": 2, "code:pressure": 2}
        assert store.tallies.week(first, "2026-W47") == {}
        assert store.tallies.week(fourth, "2026-W48") == {}
        day = TODAY.isoformat()
        assert store.tallies.counts(1) == [
            (day, "discord", "code:pressure", 1),
            (day, "discord", "level:danger", 1),
            (day, "slack", "code:pressure", 3),
            (day, "slack", "level:danger", 3),
        ]

    def test_a_workspaces_weeks_are_kept_for_five(self, store: Store) -> None:
        for weeks in range(8):
            CLOCK.ahead = timedelta(weeks=weeks)
            year, week, _ = datetime.fromtimestamp(CLOCK(), UTC).isocalendar()
            counted = Counted(door="slack", what=("level:clear",), week=f"{year}-W{week:02}")
            did(store, str(weeks), Outcome(counts=counted))
            store.forget_old()
        with store.engine.connect() as connection:
            kept = connection.execute(sa.text("SELECT count(*) FROM mikiwame_weeks")).scalar()
        assert kept == 6
        assert len(store.tallies.counts(365)) == 8

    def test_failures_are_counted_by_door_and_reason(self, store: Store) -> None:
        for number, reason in enumerate(["is_archived", "is_archived", "expired"]):
            did(store, str(number), Outcome(failure=("slack", reason, "C1")))
        failed = {("slack", "is_archived"): 2, ("slack", "expired"): 1}
        assert store.tallies.failures(28) == failed

"""From SQLite to Postgres: all or nothing, wherever it is interrupted."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.settings import SettingsError
from bot.store import moving
from bot.store.catalogue import ALL
from bot.store.database import postgres_engine
from bot.store.moving import move
from bot.store.sealing import Seal
from bot.store.store import Answered, Outcome, Store
from bot.store.tables import ABOUT, FAILURES
from bot.store.tallies import Counted, Feedback, Spoke
from tests.bot import databases
from tests.process import ROOT

SECRET = "a secret that is long enough"  # noqa: S105
SEAL = Seal(SECRET.encode())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with databases.postgres(tmp_path_factory.mktemp("pg")) as address:
        yield address


@pytest.fixture
def address(server: str) -> Iterator[str]:
    with databases.new_database(server, "moved") as made:
        yield made


@pytest.fixture
def target(address: str) -> Iterator[sa.Engine]:
    engine = postgres_engine(address)
    yield engine
    engine.dispose()


@pytest.fixture
def source(tmp_path: Path) -> sa.Engine:
    """A store in which everything has happened."""
    engine = databases.sqlite(tmp_path)
    store = Store(engine, SEAL, timedelta(hours=1))
    store.create()
    for name in ("done", "waiting", "failed"):
        store.put_job(name, f"text of {name}", store.keys.owner("slack/T1", "U1"))
    kept = Answered(name="done", thread="t", room="r", text="むらさき")
    said = Feedback(
        name="f",
        level="danger",
        codes=("pressure",),
        verdict="wrong_alarm",
        word="ひとこと",
        spoke=(Spoke(code="pressure", pattern="threat"),),
        sample="{}",
    )
    counts = Counted(door="slack", what=("level:danger",), week="2026-W48")
    store.finish("done", Outcome(keep=kept, feedback=said, counts=counts))
    for number in range(3):
        store.put_job(f"failed {number}", "words", store.keys.owner("slack/T1", "U1"))
        store.finish(f"failed {number}", Outcome(failure=("slack", "is_archived", "C1")))
    return engine


def rows(engine: sa.Engine) -> dict[str, list[str]]:
    """All rows of all tables but what a store says of itself."""
    with engine.connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in ALL
            if table is not ABOUT
        }


def test_everything_moves_and_opens(source: sa.Engine, target: sa.Engine, tmp_path: Path) -> None:
    before = rows(source)
    moved = move(source, target, SEAL)
    assert rows(target) == before
    assert moved["mikiwame_jobs"] == 6
    assert sum(1 for each in before.values() if each) > 6
    store = Store(target, SEAL, timedelta(hours=1))
    store.create()
    assert store.unfinished() == ["waiting", "failed"]
    assert store.kept("done") is not None
    store.finish("waiting", Outcome(failure=("slack", "is_archived", "C1")))  # numbers go on
    with target.connect() as connection:
        assert connection.execute(sa.select(sa.func.max(FAILURES.c.id))).scalar() == 4
    assert [path.name for path in tmp_path.iterdir()] == ["mikiwame.sqlite.moved"]


def test_a_database_that_is_used_is_refused(source: sa.Engine, target: sa.Engine) -> None:
    other = Store(target, SEAL, timedelta(hours=1))
    other.create()
    other.put_job("theirs", "words", other.keys.owner("slack/T2", "U2"))
    before = rows(target)
    with pytest.raises(SettingsError, match="not empty"):
        move(source, target, SEAL)
    assert rows(target) == before
    assert rows(source)["mikiwame_jobs"]


def test_an_address_that_is_none_is_refused_in_words(source: sa.Engine, tmp_path: Path) -> None:
    told = {"DATA_DIR": str(tmp_path), "SECRET_KEY": SECRET}
    for address, words in (
        ("vet", "--to needs"),
        ("postgresql://127.0.0.1:9/vet", "can't be used"),
    ):
        command = [sys.executable, "-m", "bot", "move", "--to", address]
        done = subprocess.run(
            command, env=told, cwd=ROOT, check=False, capture_output=True, text=True
        )
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    assert rows(source)["mikiwame_jobs"]


@pytest.mark.parametrize("step", ["_count_on", "_put_aside"])
def test_it_goes_on_after_an_interruption(
    source: sa.Engine, target: sa.Engine, monkeypatch: pytest.MonkeyPatch, step: str, tmp_path: Path
) -> None:
    before = rows(source)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(moving, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            move(source, target, SEAL)
    found = rows(target)
    assert found == (before if step == "_put_aside" else {each: [] for each in before})
    move(source, target, SEAL)
    assert rows(target) == before
    assert (tmp_path / "mikiwame.sqlite.moved").exists()


def test_it_goes_on_after_it_was_killed(
    source: sa.Engine, target: sa.Engine, address: str, tmp_path: Path
) -> None:
    with source.begin() as connection:
        number = {"door": "slack", "reason": "is_archived", "where": "C1", "at": time.time()}
        connection.execute(FAILURES.insert(), [number] * 30000)
    before = rows(source)
    command = [sys.executable, "-m", "bot", "move", "--to", address]
    told = {"DATA_DIR": str(tmp_path), "SECRET_KEY": SECRET}
    with subprocess.Popen(command, env=told, cwd=ROOT) as killed:
        sizes = sa.text("SELECT pg_relation_size(oid) FROM pg_class WHERE relname = :name")
        with target.connect() as connection:  # what is written is there, and nobody sees it yet
            while not connection.execute(sizes, {"name": FAILURES.name}).scalar():
                assert killed.poll() is None
                connection.rollback()
        killed.kill()
    assert not any(rows(target).values())
    said = subprocess.run(
        command, env=told, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert "set DATABASE_URL" in said
    assert rows(target) == before

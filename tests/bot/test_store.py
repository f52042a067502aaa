"""What is kept, how it is sealed, and when it is gone."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.settings import Settings, SettingsError
from bot.store.database import engine_of, postgres_engine
from bot.store.sealing import Seal, SealBrokenError, load_seal
from bot.store.store import Answered, Outcome, Store
from bot.store.tallies import Feedback

SEAL = Seal(b"a secret that is long enough")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return opened(tmp_path)


class Clock:
    """A clock that is moved."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


def opened(
    folder: Path, seal: Seal = SEAL, ttl: float = 3600, clock: Callable[[], float] = time.time
) -> Store:
    made = Store(engine_of(Settings(data_dir=folder)), seal, timedelta(seconds=ttl), clock)
    made.create()
    return made


def put(store: Store, name: str, job: str = "words", ttl: float | None = None) -> None:
    """Records a job of one person in one workspace."""
    store.put_job(name, job, store.keys.owner("slack/T1", "U1"), ttl)


def did(store: Store, name: str, outcome: Outcome) -> None:
    """A job that came and was done."""
    put(store, name)
    store.finish(name, outcome)


def answer(name: str, text: str = "sealed words", thread: str = "t", room: str = "r") -> Answered:
    return Answered(name=name, thread=thread, room=room, text=text)


class TestSeal:
    def test_what_was_sealed_opens_for_its_name_alone(self) -> None:
        sealed = SEAL.close("言葉".encode(), "a")
        assert SEAL.open(sealed, "a").decode() == "言葉"
        for seal, name in ((SEAL, "b"), (Seal(b"another secret, as long"), "a")):
            with pytest.raises(SealBrokenError):
                seal.open(sealed, name)
        with pytest.raises(SealBrokenError):
            SEAL.open(sealed[:-1], "a")

    def test_names_are_short_stable_and_keyed(self) -> None:
        name = SEAL.name("T1/C1", "1.0")
        assert name == SEAL.name("T1/C1", "1.0")
        assert len(name) == 20
        assert len({name, SEAL.name("T1/C11.0"), Seal(b"another secret").name("T1/C1", "1.0")}) == 3

    def test_the_secret_is_made_once_and_for_the_owner_alone(self, tmp_path: Path) -> None:
        first, second = (load_seal(Settings(data_dir=tmp_path)) for _ in range(2))
        assert first.name("x") == second.name("x")
        assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
        assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


class TestJobs:
    def test_a_job_is_recorded_once_and_stays_done(self, store: Store) -> None:
        put(store, "a", "first")
        put(store, "a", "second")
        found = store.job("a")
        assert found is not None
        assert found[0] == "first"
        assert 3590 < found[1] <= 3600
        store.finish("a", Outcome())
        put(store, "a", "again")
        assert store.job("a") is None

    def test_a_job_that_nobody_came_to_is_a_failure(self, tmp_path: Path) -> None:
        clock = Clock()
        store = opened(tmp_path, clock=clock)
        put(store, "a", "words")
        clock.now += 3600
        assert store.job("a") is None
        store.forget_old()
        assert [each.reason for each in store.failures()] == ["expired"]


class TestAnswers:
    def test_the_last_answer_in_a_thread_or_a_room_is_found(self, store: Store) -> None:
        did(store, "1", Outcome(keep=answer("1", thread="t1")))
        did(store, "2", Outcome(keep=answer("2", thread="t2")))
        assert store.last_in("t1") == "1"
        assert store.last_in("r") == "2"
        assert store.last_in("elsewhere") is None
        did(store, "3", Outcome(forget="2"))
        assert store.last_in("r") == "1"
        assert store.kept("2") is None

    def test_a_change_does_not_make_a_text_live_longer(self, tmp_path: Path) -> None:
        clock = Clock()
        store = opened(tmp_path, clock=clock)
        did(store, "1", Outcome(keep=answer("1")))
        clock.now += 3500
        did(store, "2", Outcome(change=answer("1", text="changed")))
        assert store.kept("1") == "changed"
        clock.now += 100
        assert store.kept("1") is None
        store.forget_old()
        assert b"changed" not in (tmp_path / "mikiwame.sqlite").read_bytes()

    def test_what_another_key_sealed_is_refused_in_words(self, tmp_path: Path) -> None:
        did(opened(tmp_path), "1", Outcome(keep=answer("1")))
        with pytest.raises(SettingsError, match="SECRET_KEY"):
            opened(tmp_path, Seal(b"another secret, as long"))
        kept = opened(tmp_path).kept("1")
        assert kept is not None

    def test_no_words_stand_in_the_file(self, store: Store, tmp_path: Path) -> None:
        put(store, "1", "plain words of a job")
        did(store, "1", Outcome(keep=answer("1", text="plain words of an answer")))
        did(
            store,
            "2",
            Outcome(
                feedback=Feedback(
                    name="f", level="clear", codes=(), verdict="right", word="plain words"
                )
            ),
        )
        for path in tmp_path.iterdir():
            assert b"plain words" not in path.read_bytes()

    def test_a_workspace_may_want_texts_to_be_kept_for_less(self, tmp_path: Path) -> None:
        clock = Clock()
        store = opened(tmp_path, clock=clock)
        for name, ttl in (("1", 600.0), ("2", 7200.0), ("3", None)):
            put(store, name, ttl=ttl)
            store.finish(name, Outcome(keep=answer(name)))
        clock.now += 601
        assert [store.kept(name) is not None for name in "123"] == [False, True, True]
        store.forget_old()
        store.shorten("slack/T2", 60)
        assert store.kept("2") is not None
        store.shorten("slack/T1", 60)
        assert store.kept("2") is None
        assert store.last_in("r") is None

    def test_the_operator_may_shorten_it_for_what_is_there(self, tmp_path: Path) -> None:
        clock = Clock()
        did(opened(tmp_path, clock=clock), "1", Outcome(keep=answer("1")))
        clock.now += 61
        assert opened(tmp_path, ttl=60, clock=clock).kept("1") is None

    def test_what_is_shown_again_is_as_old_as_before(self, tmp_path: Path) -> None:
        clock = Clock()
        store = opened(tmp_path, clock=clock)
        did(store, "1", Outcome(keep=answer("1")))
        clock.now += 3000
        copy = answer("2").model_copy(update={"source": "1"})
        did(store, "2", Outcome(keep=copy))
        assert store.kept("2") == copy.text
        clock.now += 601
        assert store.kept("2") is None


class TestFailures:
    def test_failures_are_told_the_newest_first(self, store: Store) -> None:
        for reason in ("is_archived", "token_revoked"):
            did(store, reason, Outcome(failure=("slack", reason, "C1")))
        assert [each.reason for each in store.failures()] == ["token_revoked", "is_archived"]
        assert store.failures()[0].where == "C1"


def test_a_postgres_that_says_nothing_counts_as_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        engine = postgres_engine(f"postgresql://u@127.0.0.1:{port}/d?connect_timeout=2")
        with pytest.raises(sa.exc.OperationalError):
            engine.connect()
        ours = postgres_engine(f"postgresql://u@127.0.0.1:{port}/d")
        assert ours.url.query["connect_timeout"]

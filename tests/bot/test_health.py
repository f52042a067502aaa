"""`/healthz` and `/metrics`: what is wrong is said, and nothing of anybody's text."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.settings import Settings
from bot.store.database import engine_of
from bot.store.sealing import Seal
from bot.store.store import Outcome, Store
from bot.watch import metrics
from bot.watch.health import Health

ASKED = make_mocked_request("GET", "/")


@dataclass
class There:
    """A door, as far as it is watched."""

    is_connected: bool = True


@pytest.fixture
def store(tmp_path: Path) -> Store:
    engine = engine_of(Settings(data_dir=tmp_path))
    made = Store(engine, Seal(b"a key for tests only"), timedelta(hours=1))
    made.create()
    return made


def said(health: Health) -> tuple[int, dict[str, Any]]:
    answer = asyncio.run(health.answer(ASKED))
    assert isinstance(answer.body, bytes)
    return answer.status, json.loads(answer.body)


def figures(health: Health) -> str:
    answer: web.Response = asyncio.run(health.metrics(ASKED))
    assert isinstance(answer.body, bytes)
    return answer.body.decode()


def put(store: Store, name: str) -> None:
    store.put_job(name, "むらさきの傘", store.keys.owner("slack/T1", "U1"))


def test_it_is_well_where_all_works(store: Store) -> None:
    status, told = said(Health(store, {"slack": There()}))
    assert status == 200
    assert told["doors"] == {"slack": "connected"}
    assert (told["store"], told["open_jobs"], told["oldest_open_seconds"]) == ("ok", 0, None)


def test_a_door_without_its_connection_is_named(store: Store) -> None:
    door = There()
    health = Health(store, {"slack": There(), "discord": door})
    door.is_connected = False
    status, told = said(health)
    assert (status, told["status"]) == (503, "failing")
    assert told["doors"] == {"slack": "connected", "discord": "away"}
    assert 'mikiwame_door_connected{door="discord"} 0.0' in figures(health)


def test_what_waits_is_counted_until_it_is_done(store: Store) -> None:
    health = Health(store, {})
    put(store, "one")
    put(store, "two")
    status, told = said(health)
    assert (status, told["open_jobs"]) == (200, 2)
    assert 0 <= told["oldest_open_seconds"] < 60
    assert "mikiwame_queue_length 2.0" in figures(health)
    store.finish("one", Outcome())
    store.finish("two", Outcome())
    assert said(health)[1]["open_jobs"] == 0


def test_what_waits_too_long_is_no_good(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, "one")
    monkeypatch.setattr("bot.watch.health._LONG", 0.0)
    assert said(Health(store, {}))[0] == 503


def test_a_store_that_is_away_is_said_and_the_rest_with_it(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE mikiwame_jobs")
    health = Health(store, {"slack": There()})
    status, told = said(health)
    assert (status, told["store"], told["doors"]) == (503, "away", {"slack": "connected"})
    assert "mikiwame_events_total" in figures(health)


def test_figures_hold_nobodys_words(store: Store) -> None:
    metrics.EVENTS.labels("slack", "heard").inc()
    metrics.ANSWER_SECONDS.labels("slack").observe(0.02)
    put(store, "one")
    told = figures(Health(store, {}))
    for name in ("events_total", "answer_seconds_bucket", "queue_length", "oldest_open_seconds"):
        assert f"mikiwame_{name}" in told
    assert "傘" not in told
    assert "process_resident_memory_bytes" in told

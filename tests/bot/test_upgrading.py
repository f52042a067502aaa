"""A store that an earlier release wrote is upgraded, with all that is in it."""

from __future__ import annotations

import importlib
import json
import pkgutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import bot.store
from bot.desk.jobs import JOB, Kept
from bot.settings import SettingsError
from bot.store.catalogue import ALL
from bot.store.database import postgres_engine
from bot.store.forgetting import Forgetting
from bot.store.marks import Marks
from bot.store.sealing import Seal
from bot.store.store import Store
from bot.store.tables import FAILURES, FEEDBACK, TABLES
from bot.store.upgrading import LATEST, version_of
from tests.bot import databases, first_tables

SEAL = Seal(b"a key that is long enough")
PLACE = {"team": "T1", "channel": "C1", "user": "U1", "ts": "1.2", "thread": "1.2"}
HEARD = {"job": "heard", "once": "T1/C1/1.2", "door": "slack", "place": PLACE, "said": "言葉"}
ANSWERED = {
    "submission": {"text": "言葉"},
    "showing": {"key": "answer", "lang": "ja"},
    "sent": {
        "place": {"channel": 5, "user": 7, "message": 6, "inside": True},
        "thread": "5",
        "room": "5",
    },
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with databases.postgres(tmp_path_factory.mktemp("pg")) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    if request.param == "sqlite":
        made = databases.sqlite(tmp_path)
        yield made
        made.dispose()
        return
    with databases.new_database(request.getfixturevalue("server"), "old") as address:
        made = postgres_engine(address)
        yield made
        made.dispose()


def store_of(engine: sa.Engine, seal: Seal = SEAL) -> Store:
    store = Store(engine, seal, timedelta(hours=1))
    store.create()
    return store


def as_it_was(engine: sa.Engine) -> None:
    """A row of each kind, as version 1 had it."""

    def sealed(said: Any, name: str) -> bytes:
        return SEAL.close(json.dumps(said, ensure_ascii=False).encode(), name)

    def row(table: sa.Table, **said: Any) -> None:
        connection.execute(table.insert().values(at=time.time(), **said))

    first_tables.TABLES.create_all(engine)
    with engine.begin() as connection:
        row(first_tables.JOBS, name="job", sealed=sealed(HEARD, "job"))
        row(first_tables.JOBS, name="done")
        place = {"thread": "thread", "room": "room"}
        row(first_tables.KEPT, name="answer", sealed=sealed(ANSWERED, "answer"), **place)
        said = {"level": "clear", "codes": "", "verdict": "wrong"}
        word = SEAL.close("ひとこと".encode(), "opinion")
        row(first_tables.FEEDBACK, name="opinion", word=word, **said)
        row(first_tables.FAILURES, door="slack", reason="is_archived", where="D1")
        mark = SEAL.name("discord_direct", "5")
        row(first_tables.MARKS, name=mark, kind="discord_direct", sealed=SEAL.close(b"5", mark))
        count = {"day": "2999-01-01", "door": "slack", "what": "level:clear", "number": 3}
        connection.execute(first_tables.COUNTS.insert().values(count))


def test_everything_is_there_afterwards_and_has_an_owner(engine: sa.Engine) -> None:
    as_it_was(engine)
    store = store_of(engine)
    found = store.job("job")
    assert found is not None
    job = JOB.validate_json(found[0])
    assert (job.workspace, job.by, job.place) == ("slack/T1", "U1", PLACE)
    assert store.unfinished() == ["job"]
    kept = store.kept("answer")
    assert kept is not None
    assert Kept.model_validate_json(kept).submission.text == "言葉"
    assert store.last_in("thread") == "answer"
    assert [each.where for each in store.failures()] == ["D1"]
    assert Marks(engine, SEAL).of("discord_direct") == ["5"]
    with engine.connect() as connection:
        row = connection.execute(sa.select(FEEDBACK)).one()
        assert store.keys.open(connection, row.workspace, row.word, row.name) == "ひとこと"
    assert Forgetting(engine, store.keys).person("slack", "U1")["jobs"] == 1
    assert Forgetting(engine, store.keys).workspace("discord/@7")["answers"] == 1


def test_it_is_upgraded_once_and_looks_like_a_new_one(engine: sa.Engine) -> None:
    as_it_was(engine)
    for _ in range(2):
        store_of(engine)
    upgraded = shape(engine)
    with engine.begin() as connection:
        assert version_of(connection) == LATEST
        TABLES.drop_all(connection)
    store_of(engine)
    assert upgraded == shape(engine)


def test_the_catalogue_names_all_tables() -> None:
    for module in pkgutil.iter_modules(bot.store.__path__, "bot.store."):
        importlib.import_module(module.name)
    assert set(TABLES.tables.values()) == set(ALL)


def shape(engine: sa.Engine) -> dict[str, Any]:
    """The columns and indexes of all our tables."""
    seen = sa.inspect(engine)
    return {
        table.name: (
            {(each["name"], str(each["type"])) for each in seen.get_columns(table.name)},
            {str(each["name"]) for each in seen.get_indexes(table.name)},
        )
        for table in ALL
    }


def test_what_might_be_anybodys_goes_with_the_first_who_is_forgotten(engine: sa.Engine) -> None:
    as_it_was(engine)
    store = store_of(engine)
    Forgetting(engine, store.keys).person("slack", "U9")
    with engine.connect() as connection:
        assert connection.execute(sa.select(FEEDBACK.c.word)).scalars().all() == [None]
        assert connection.execute(sa.select(FAILURES.c.where)).scalars().all() == [""]
    assert Marks(engine, SEAL).of("discord_direct") == []
    assert store.kept("answer") is not None


def test_the_key_of_an_earlier_release_is_checked_too(engine: sa.Engine) -> None:
    as_it_was(engine)
    with pytest.raises(SettingsError, match="another key"):
        store_of(engine, Seal(b"another key, long enough"))
    assert store_of(engine).kept("answer") is not None


def test_a_store_of_a_newer_release_is_refused(engine: sa.Engine) -> None:
    store_of(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE mikiwame_about SET said = '99' WHERE what = 'version'"))
    with pytest.raises(SettingsError, match="newer release"):
        store_of(engine)

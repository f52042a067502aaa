"""Backups, and what is said where a store can't be used."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.settings import SettingsError
from bot.store.backup import back_up
from bot.store.database import sqlite_engine
from bot.store.marks import Marks
from bot.store.sealing import Seal
from bot.store.store import Answered, Outcome, Store
from tests.process import ROOT

SECRET = "a secret that is long enough"  # noqa: S105
SEAL = Seal(SECRET.encode())
WORDS = "むらさきの傘"


class Said(NamedTuple):
    """What a command ended with and said."""

    status: int
    text: str


def bot(folder: Path, *arguments: str, **told: str) -> Said:
    """`python -m bot …` on a store in a folder."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder),
        "SECRET_KEY": SECRET,
        **told,
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Said(done.returncode, done.stdout + done.stderr)


def store_in(folder: Path, patience: float = 30) -> Store:
    folder.mkdir(exist_ok=True)
    engine = sqlite_engine(folder / "mikiwame.sqlite", patience)
    return Store(engine, SEAL, timedelta(hours=1))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = store_in(tmp_path / "data")
    made.create()
    answer(made, "1")
    yield made
    made.engine.dispose()


def answer(store: Store, name: str) -> None:
    store.put_job(name, WORDS, store.keys.owner("slack/T1", "U1"))
    store.finish(name, Outcome(keep=Answered(name=name, thread="t", room="r", text=WORDS)))


class TestBackup:
    def test_what_was_backed_up_comes_back(self, store: Store, tmp_path: Path) -> None:
        Marks(store.engine, SEAL).put("discord_heard", {"0/1": "1.0"})
        copy = tmp_path / "copy"
        said = bot(tmp_path / "data", "backup", str(copy))
        assert said.status == 0
        assert "SECRET_KEY alone" in said.text
        assert copy.stat().st_mode & 0o077 == 0
        answer(store, "2")
        store.engine.dispose()
        said = bot(tmp_path / "data", "restore", str(copy))
        assert said.status == 0
        assert "mikiwame.sqlite.before" in said.text
        back = store_in(tmp_path / "data")
        assert back.kept("1") is not None
        assert back.kept("2") is None
        assert Marks(back.engine, SEAL).of("discord_heard") == []
        back.engine.dispose()

    @pytest.mark.usefixtures("store")
    def test_a_backup_comes_back_on_another_machine_with_the_key_alone(
        self, tmp_path: Path
    ) -> None:
        copy, new = tmp_path / "copy", tmp_path / "new"
        back_up(tmp_path / "data" / "mikiwame.sqlite", copy)
        assert "put secret.key into" in bot(new, "restore", str(copy), SECRET_KEY="").text
        assert "another key" in bot(new, "restore", str(copy), SECRET_KEY="x" * 16).text
        assert not (new / "mikiwame.sqlite").exists()
        assert bot(new, "restore", str(copy)).status == 0
        assert store_in(new).kept("1") is not None

    def test_a_backup_is_whole_while_the_bot_writes(self, store: Store, tmp_path: Path) -> None:
        done = threading.Event()

        def write() -> None:
            number = 2
            while not done.is_set():
                answer(store, str(number))
                number += 1

        writing = threading.Thread(target=write)
        writing.start()
        for number in range(5):
            copy = tmp_path / f"copy{number}"
            back_up(tmp_path / "data" / "mikiwame.sqlite", copy)
            with sqlite3.connect(copy) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                jobs, kept = (
                    connection.execute(f"SELECT count(*) FROM mikiwame_{table}").fetchone()[0]  # noqa: S608
                    for table in ("jobs WHERE sealed IS NULL", "kept")
                )
                assert jobs == kept > 0  # what belongs together is together
        done.set()
        writing.join()

    def test_nothing_is_written_over(self, store: Store, tmp_path: Path) -> None:
        copy = tmp_path / "copy"
        copy.write_text("mine")
        said = bot(tmp_path / "data", "backup", str(copy))
        assert (said.status, copy.read_text()) == (1, "mine")
        assert "there already" in said.text
        assert "no folder" in bot(tmp_path / "data", "backup", str(tmp_path / "x" / "y")).text
        assert "no backup" in bot(tmp_path / "data", "restore", str(copy)).text
        assert "no file" in bot(tmp_path / "data", "restore", str(tmp_path / "none")).text
        assert store.kept("1") is not None
        assert sorted(each.name for each in tmp_path.iterdir()) == ["copy", "data"]

    def test_of_postgres_it_says_what_to_do(self, tmp_path: Path) -> None:
        told = {"DATABASE_URL": "postgresql://somebody@db.example.com/vet"}
        assert "pg_dump" in bot(tmp_path, "backup", "copy", **told).text
        assert "pg_restore" in bot(tmp_path, "restore", "copy", **told).text


class TestForget:
    def test_it_says_what_was_erased_and_is_kind_about_the_unknown(
        self, store: Store, tmp_path: Path
    ) -> None:
        data = tmp_path / "data"
        assert "1  answers" in bot(data, "forget", "user", "slack/U1", "--workspace", "T1").text
        said = bot(data, "forget", "user", "@U1")
        assert (said.status, "nothing is kept of slack/U1" in said.text) == (0, True)
        assert "key is destroyed" in bot(data, "forget", "workspace", "slack/T1").text
        for wrong in (("user", "Ann"), ("workspace", "U1"), ("user", "7", "--workspace", "T1")):
            assert bot(data, "forget", *wrong).status == 1
        assert "discord/@7:" in bot(data, "forget", "workspace", "discord/@7").text
        assert store.kept("1") is None

    def test_where_there_is_no_store_none_is_made(self, tmp_path: Path) -> None:
        said = bot(tmp_path, "forget", "user", "U1", SECRET_KEY="")
        assert (said.status, "no store yet" in said.text) == (1, True)
        assert list(tmp_path.iterdir()) == []


class TestTroubles:
    @pytest.mark.usefixtures("store")
    def test_a_file_that_is_locked(self, tmp_path: Path) -> None:
        other = sqlite3.connect(tmp_path / "data" / "mikiwame.sqlite")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SettingsError, match="is locked: end the program that holds it"):
            store_in(tmp_path / "data", patience=0.1).create()
        other.close()
        store_in(tmp_path / "data", patience=0.1).create()

    def test_a_file_that_is_damaged(self, store: Store, tmp_path: Path) -> None:
        store.engine.dispose()
        file = tmp_path / "data" / "mikiwame.sqlite"
        whole = file.read_bytes()
        for damaged in (b"no database at all" * 1000, whole[:-8192], _spoilt(whole)):
            file.write_bytes(damaged)
            with pytest.raises(SettingsError, match="damaged: restore a backup"):
                store_in(tmp_path / "data").create()

    def test_a_file_whose_key_is_missing(self, store: Store, tmp_path: Path) -> None:
        assert store.kept("1") is not None
        said = bot(tmp_path / "data", "forget", "user", "U1", SECRET_KEY="")
        assert "the key of the store is missing" in said.text
        assert not (tmp_path / "data" / "secret.key").exists()

    def test_a_database_that_is_away_without_its_password(self, tmp_path: Path) -> None:
        told = {"DATABASE_URL": "postgresql://somebody:open-sesame@127.0.0.1:9/vet"}
        said = bot(tmp_path, "forget", "user", "U1", **told)
        assert "the database vet at 127.0.0.1 can't be used" in said.text
        assert "open-sesame" not in said.text


def _spoilt(whole: bytes) -> bytes:
    """A file of which all but the first page is noise."""
    return whole[:4096] + os.urandom(len(whole) - 4096)

"""What people said is found by whoever has the keys, and nowhere once it was forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from bot.store.backup import back_up
from bot.store.database import postgres_engine, sqlite_engine
from bot.store.keys import Keys
from bot.store.sealing import Seal
from bot.store.tables import KEPT, KEYS
from tests.bot import databases
from tests.bot.decoding import held, in_files
from tests.loopback import Fault
from tests.slack.delivery import Slack
from tests.slack.process import Bot
from tests.slack.wire import values_in
from tests.slack.workspace import TEAM, USER

REMARKABLE = "むらさきの傘"
RISKY = f"{REMARKABLE}の件、お打ち合わせのため、LINEの友だち追加をお願いします。"
SECRET = "the same for all of them"  # noqa: S105
SEAL = Seal(SECRET.encode())


class Place(NamedTuple):
    """Where a bot keeps what it keeps: its settings, its database, and where all files of it are."""

    told: dict[str, str]
    engine: sa.Engine
    files: Path


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    told = {"SECRET_KEY": SECRET}
    if request.param == "sqlite":
        data = tmp_path / "bot"
        data.mkdir()
        engine = sqlite_engine(data / "mikiwame.sqlite")
        yield Place(told, engine, data)
        engine.dispose()
        return
    with databases.postgres(tmp_path / "pg") as address:
        engine = postgres_engine(address)
        yield Place({**told, "DATABASE_URL": address}, engine, tmp_path / "pg")
        engine.dispose()


async def ask(slack: Slack, bot: Bot) -> None:
    """One text is answered, thought wrong and may be kept, another waits; all is in the store."""
    ts = slack.mention(RISKY)
    answer = (await slack.until(lambda: slack.answers(ts)))[0]
    await asyncio.sleep(0.2)  # nobody presses before the answer is on the disk
    await slack.press(
        answer, next(v for v in values_in(answer["blocks"]) if "|feedback|wrong" in v)
    )
    form = (await slack.until(lambda: slack.views))[0]
    said = {"verdict": {"selected_option": {"value": "missed"}}, "text": {"value": RISKY}}
    await slack.submit(form, {**said, "keep": {"selected_options": [{"value": "yes"}]}})
    await asyncio.sleep(0.5)
    slack.faults.append(Fault("chat.postMessage", times=1000, status=503))
    slack.mention(f"{RISKY} (2)")
    await slack.until(lambda: not slack.on_their_way)
    assert bot.process is not None


@contextmanager
def let_go(place: Place) -> Iterator[None]:
    """What Postgres holds beside its tables, for itself, goes as it would with time."""
    if place.engine.dialect.name == "postgresql":
        engine = place.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text("ALTER SYSTEM SET wal_recycle = off"))
            connection.execute(sa.text("SELECT pg_reload_conf()"))
            connection.execute(sa.text("CHECKPOINT"))
        yield
        with engine.connect() as connection:
            for _ in range(2):
                connection.execute(sa.text("SELECT pg_switch_wal()"))
                connection.execute(sa.text("CHECKPOINT"))
    else:
        yield


@pytest.mark.parametrize("whom", [("workspace", TEAM), ("user", f"<@{USER}>")], ids=["T", "U"])
async def test_the_text_is_found_before_and_nowhere_after(
    place: Place, whom: tuple[str, str], tmp_path: Path
) -> None:
    owner = Keys(SEAL).owner(f"slack/{TEAM}", USER)
    async with (
        Slack(clock=0.02) as slack,
        Bot(slack, tmp_path / "bot", told=place.told) as bot,
    ):
        await ask(slack, bot)
        before = held(place.engine, SEAL)
        assert before.words.count(REMARKABLE) == 3  # the answer, what may be kept, what waits
        assert owner.person is not None
        assert owner.person in before.words
        with let_go(place):
            written = before.sealed | {owner.person.encode()}
            assert in_files(place.files, written) == written
            said = await bot.forget(*whom)
            assert "answers" in said
            slack.faults.clear()
            ts = slack.mention("こんにちは、納品の件です。報酬は3,000円です。")
            await slack.until(lambda: slack.answers(ts))  # the bot goes on
            await slack.until(lambda: not slack.on_their_way)
            await asyncio.sleep(0.5)
            assert await bot.stop() == 0
            assert REMARKABLE not in held(place.engine, SEAL).words
            said = await bot.forget(*whom)  # what came since
            after = held(place.engine, SEAL)
        assert REMARKABLE not in after.words
        assert owner.person not in after.words
        kept = {Keys(SEAL).workspace(f"slack/{TEAM}")} if whom[0] == "user" else set()
        left = after.sealed & before.sealed
        assert bool(left) == bool(kept)  # the workspace's key stays where a person is forgotten
        place.engine.dispose()
        assert in_files(place.files, written - left) == set()
        assert "nothing is kept" in await bot.forget(*whom)
        assert "Traceback" not in bot.log
        assert "ERROR" not in bot.log


async def test_a_copy_of_before_opens_by_its_own_keys_alone(tmp_path: Path) -> None:
    data = tmp_path / "bot"
    async with Slack(clock=0.02) as slack, Bot(slack, data, SECRET_KEY=SECRET) as bot:
        await ask(slack, bot)
        back_up(data / "mikiwame.sqlite", tmp_path / "copy")
        await bot.forget("workspace", TEAM)
        slack.faults.clear()
    copy = sqlite_engine(tmp_path / "copy")
    live = sqlite_engine(data / "mikiwame.sqlite")
    keys = Keys(SEAL)
    with copy.connect() as old, live.connect() as now:
        row = old.execute(sa.select(KEPT)).one()
        assert keys.open(now, row.workspace, row.sealed, row.name) is None
        assert REMARKABLE in (keys.open(old, row.workspace, row.sealed, row.name) or "")
        assert now.execute(sa.select(KEYS)).all() == []
    copy.dispose()
    live.dispose()

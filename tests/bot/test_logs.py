"""Logs never hold what somebody wrote, whoever logs it."""

from __future__ import annotations

import logging

import pytest

from bot.logs import PrivateFormatter

WORDS = "むらさきの傘"


def written(name: str, message: str, *arguments: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.LogRecord(name, logging.ERROR, "place.py", 7, message, arguments, info)
    return PrivateFormatter().format(record)


def test_our_own_words_are_written() -> None:
    assert "job abc failed" in written("bot.desk.desk", "job %s failed", "abc")


@pytest.mark.parametrize("name", ["slack_bolt.AsyncApp", "dbos", "aiohttp.server", "asyncio"])
def test_of_a_librarys_words_only_the_place_is(name: str) -> None:
    line = written(name, f"Failed on {WORDS} %s", WORDS)
    assert WORDS not in line
    assert "place" in line


def test_of_an_exception_type_and_path_are_written_and_of_its_causes() -> None:
    try:
        try:
            int(WORDS)
        except ValueError as cause:
            raise RuntimeError(WORDS) from cause
    except RuntimeError as error:
        line = written("bot.desk.desk", "job %s failed", "abc", error=error)
    assert WORDS not in line
    assert "\n" not in line
    assert "RuntimeError at" in line
    assert "ValueError at" in line
    assert "test_logs.py:" in line

"""Logs never hold what somebody wrote, whoever logs it."""

from __future__ import annotations

import json
import logging

import pytest

from bot.logs import JOB_NAME, JsonFormatter, PrivateFormatter

WORDS = "むらさきの傘"


@pytest.fixture(params=["plain", "json"], autouse=True)
def formatter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both forms have to keep it."""
    forms = {"plain": PrivateFormatter(), "json": JsonFormatter()}
    monkeypatch.setitem(globals(), "_form", forms[request.param])


_form: logging.Formatter = PrivateFormatter()


def written(name: str, message: str, *arguments: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.LogRecord(name, logging.ERROR, "place.py", 7, message, arguments, info)
    return _form.format(record)


def test_every_line_of_a_job_bears_its_name() -> None:
    mark = JOB_NAME.set("Vq3x-opaque")
    try:
        lines = [written("bot.desk.desk", "at it"), written("slack_bolt", WORDS)]
    finally:
        JOB_NAME.reset(mark)
    assert all("Vq3x-opaque" in line for line in lines)
    assert "Vq3x-opaque" not in written("bot.desk.desk", "at it")


def test_json_is_one_object_a_line() -> None:
    record = logging.LogRecord("bot.x", logging.WARNING, "place.py", 7, "a\nb %d", (1,), None)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert (said["level"], said["logger"], said["message"]) == ("warning", "bot.x", "a\nb 1")
    assert said["time"].endswith("Z")


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

"""Logs that hold nothing private, however they came about.

Our own records say codes, counts and opaque names. What libraries say may hold anything (a body
that could not be read, a parameter that did not fit), as may an exception's message: of these only
the place and the type are written.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

_OURS = ("bot", "__main__")

#: The opaque name of the job that is worked on: the event's id, on each line that belongs to it.
JOB_NAME: ContextVar[str | None] = ContextVar("job_name", default=None)


class PrivateFormatter(logging.Formatter):
    """Words of our own; of everything else where it happened and what kind it was."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the record holds."""
        event, error = JOB_NAME.get(), _error_of(record)
        head = f"{self.formatTime(record)} {record.levelname:7} {record.name}"
        marked = f" [{event}]" if event else ""
        traced = f" [{_traced(error)}]" if error is not None else ""
        return f"{head}{marked} {_said(record)}{traced}"


class JsonFormatter(logging.Formatter):
    """The same as one JSON object a line: time (UTC), level, logger, message, event, error."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the record holds."""
        event, error = JOB_NAME.get(), _error_of(record)
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _said(record),
            "event": event,
            "error": _traced(error) if error is not None else None,
        }
        return json.dumps({key: value for key, value in line.items() if value is not None})


_FORMATTERS = {"plain": PrivateFormatter, "json": JsonFormatter}


def _said(record: logging.LogRecord) -> str:
    """Our own words; of a library's the place."""
    if record.name.split(".")[0] in _OURS:
        return record.getMessage()
    return f"{record.module}.{record.funcName}:{record.lineno}"


def _error_of(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else _exception_in(record)


def _exception_in(record: logging.LogRecord) -> BaseException | None:
    """Where a library puts the exception among the words."""
    arguments = record.args if isinstance(record.args, tuple) else ()
    return next((each for each in arguments if isinstance(each, BaseException)), None)


def _traced(error: BaseException) -> str:
    """Type and path of an exception, and of what caused it, without a word of theirs."""
    path = " < ".join(_frames(error.__traceback__))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    caused = f" < {_traced(cause)}" if cause is not None else ""
    return f"{type(error).__name__} at {path}{caused}"


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-6:]
    return [f"{'/'.join(each.filename.split('/')[-2:])}:{each.lineno}" for each in reversed(frames)]


def _is_news(record: logging.LogRecord) -> bool:
    """Bolt warns of what is on purpose here: a client and an authorization of our own."""
    return record.levelno >= logging.ERROR or not record.name.startswith("slack_bolt")


def _ended_by(_kind: type[BaseException], error: BaseException, _trace: object) -> None:
    """What ends the process is told in the private form too."""
    logging.getLogger("bot").critical("ended by an error of its own", exc_info=error)


def set_up_logs(form: Literal["plain", "json"] = "plain") -> None:
    """All records of this process go to standard error in the private form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_FORMATTERS[form]())
    handler.addFilter(_is_news)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    sys.excepthook = _ended_by
    logging.getLogger("bot").setLevel(logging.INFO)
    # DBOS would add a handler of its own where there is none.
    durable = logging.getLogger("dbos")
    durable.handlers[:] = [handler]
    durable.propagate = False

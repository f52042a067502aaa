"""DBOS as it is used here: what it stores, what it logs, how it is set, how it is asked."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Coroutine
from contextvars import Context
from typing import Any, TypeVar

import sqlalchemy as sa
from dbos import DBOSConfig, Serializer
from dbos import error as dbos_error

T = TypeVar("T")


def _is_news(record: logging.LogRecord) -> bool:
    """Whether DBOS says something; that it misses a job which was erased under way is nothing."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, dbos_error.DBOSNonExistentWorkflowError)


logging.getLogger("dbos").addFilter(_is_news)


class Json(Serializer):
    """What DBOS stores for us is a name and None: JSON, not pickles."""

    def name(self) -> str:
        """How DBOS notes that this wrote it."""
        return "json"

    def serialize(self, data: Any) -> str:
        """What was given, as JSON; of an exception its type."""
        if isinstance(data, Exception):  # a job never ends in one, DBOS itself may
            data = type(data).__name__
        return json.dumps(data)

    @classmethod
    def deserialize(cls, serialized_data: str) -> Any:
        """What was serialized."""
        return json.loads(serialized_data)


async def outside(work: Coroutine[Any, Any, T]) -> T:
    """Asks DBOS something as if from outside of the job: it would record that as a step of it."""
    return await asyncio.create_task(work, context=Context())


def config_of(engine: sa.Engine, executor: str, version: str) -> DBOSConfig:
    """How DBOS works for us on this database. `executor`: the seat; `version`: what can stand in for it."""
    return DBOSConfig(
        name="mikiwame",
        system_database_url=engine.url.render_as_string(hide_password=False),
        system_database_engine=engine,
        application_version=version,
        executor_id=executor,
        serializer=Json(),
        max_executor_threads=4,  # SQLite writes one at a time: more threads only wait
        scheduler_polling_interval_sec=3600,  # nothing is scheduled
        notification_listener_polling_interval_sec=0.2,  # nothing is listened for, but waited out
        log_level="WARNING",
    )

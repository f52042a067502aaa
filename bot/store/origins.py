"""Whose the rows are that releases before 2 wrote: their places say it, in each door's words.

Of the rest that can't be told any more. It is erased as soon as anybody is forgotten (forgetting.py),
for it might be theirs; by itself it is gone after a month, feedback after a year.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from bot.store.keys import Keys
from bot.store.sealing import Seal
from bot.store.tables import FAILURES, FEEDBACK, JOBS, KEPT, MARKS

#: Rows of each table that a key is tried on.
_SAMPLE = 20


def with_owner(job: str) -> str:
    """A job as it is written since: with its workspace and whose it is."""
    said: dict[str, Any] = json.loads(job)
    if "workspace" in said:
        return job
    workspace, by = _origin(said["door"], said["place"])
    return json.dumps({"by": by, **said, "workspace": workspace}, ensure_ascii=False)


def give_owners(connection: sa.Connection, keys: Keys) -> None:
    """Jobs and answers get their owners, and are sealed with their workspaces' keys."""
    for table in (JOBS, KEPT):
        old = sa.select(table).where(table.c.workspace.is_(None), table.c.sealed.is_not(None))
        for row in connection.execute(old).all():
            text = keys.open(connection, None, row.sealed, row.name)
            if text is None:
                continue
            if table is JOBS:
                text = with_owner(text)
                said = json.loads(text)
                workspace, by = said["workspace"], said["by"]
            else:
                place = json.loads(text)["sent"]["place"]
                workspace, by = _origin("slack" if "team" in place else "discord", place)
            owner = keys.owner(workspace, by)
            sealed = keys.close(connection, owner.workspace, text, row.name)
            there = table.c.name == row.name
            connection.execute(table.update().where(there).values(sealed=sealed, **owner._asdict()))


def sealed_before(connection: sa.Connection, seal: Seal) -> bool:
    """Whether this key sealed what is there; so it is where nothing is there yet."""
    found = 0
    for sealed in (JOBS.c.sealed, KEPT.c.sealed, MARKS.c.sealed, FEEDBACK.c.word):
        name = sealed.table.c.name
        query = sa.select(name, sealed).where(sealed.is_not(None)).limit(_SAMPLE)
        for each, text in connection.execute(query).all():
            found += 1
            if Keys(seal).plain(None, None, text, each) is not None:
                return True
    return not found


def erase_unowned(connection: sa.Connection) -> int:
    """Erases the words, channels and direct conversations of nobody knows whom: how many."""
    words = FEEDBACK.update().where(FEEDBACK.c.workspace.is_(None), FEEDBACK.c.word.is_not(None))
    places = FAILURES.update().where(FAILURES.c.workspace.is_(None), FAILURES.c.where != "")
    direct = MARKS.delete().where(MARKS.c.workspace.is_(None), MARKS.c.kind == "discord_direct")
    changes = (words.values(word=None), places.values(where=""), direct)
    return sum(connection.execute(each).rowcount for each in changes)


def _origin(door: str, place: dict[str, Any]) -> tuple[str, str]:
    """The workspace of a place, and who was there."""
    by = str(place.get("user") or "")
    if door == "slack":
        return f"slack/{place.get('team') or ''}", by
    return f"discord/{place.get('guild') or '@' + by}", by

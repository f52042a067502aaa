"""Whose the rows are that releases before 2 wrote: their places say it, in each door's words.

Their feedback can't be told apart any more; its words are erased as soon as anybody is forgotten
(forgetting.py), for they might be theirs.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from bot.store.keys import Keys
from bot.store.tables import JOBS, KEPT


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


def _origin(door: str, place: dict[str, Any]) -> tuple[str, str]:
    """The workspace of a place, and who was there."""
    by = str(place.get("user") or "")
    if door == "slack":
        return f"slack/{place.get('team') or ''}", by
    return f"discord/{place.get('guild') or '@' + by}", by

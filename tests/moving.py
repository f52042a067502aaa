"""A clock that is put forward (tests/clock.py), and workspaces that want a weekly digest."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.settings import Settings
from bot.store.rows import Rows
from bot.store.store import Store
from bot.store.workspaces import Workspaces, WorkspaceSettings

_TOKYO = ZoneInfo(Settings().timezone)


def until_monday(weeks: int = 0, hour: int = 10) -> dict[str, str]:
    """The setting by which it is the coming Monday, a minute after this hour, or weeks later."""
    now = datetime.fromtimestamp(time.time(), _TOKYO)
    days = timedelta(days=7 - now.weekday(), weeks=weeks)
    then = (now + days).replace(hour=hour, minute=1, second=0)
    return {"CLOCK_AHEAD": str((then - now).total_seconds())}


def wants_digest(store: Store, workspace: str, channel: str, **more: object) -> None:
    """An admin switched the digest on."""
    chosen = {"digest": True, "digest_channel": channel, **more}
    rows = Rows(store.engine, store.keys)
    Workspaces(rows).put(workspace, WorkspaceSettings.model_validate(chosen))
    store.engine.dispose()

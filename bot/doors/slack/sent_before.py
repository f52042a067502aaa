"""Looking for our own answer, where an earlier try may have sent it: Slack has no nonce."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from bot.desk.jobs import UnanswerableError
from bot.doors.slack.signature import is_signed
from bot.doors.slack.spot import Spot
from bot.doors.slack.teams import Team

#: Messages a page; fewer than Slack allows any app.
_PAGE = 15


async def sent_before(team: Team, spot: Spot, key: str) -> str | None:
    """The time stamp of our answer of this key; None where there is none. Raises HinderedError."""
    try:
        async for message in _after(team, spot):
            if is_signed(message, key):
                return str(message["ts"])
    except UnanswerableError:
        return None  # can't be looked up (a scope, a thread that is gone): sending will tell
    return None


async def _after(team: Team, spot: Spot) -> AsyncIterator[dict[str, Any]]:
    """All messages where the answer goes, from the one that is answered on."""
    method, root = (
        (team.client.conversations_replies, {"ts": spot.thread})
        if spot.thread
        else (team.client.conversations_history, {})
    )
    cursor = ""
    while True:
        page = await team.api(
            method,
            where=spot.channel,
            channel=spot.channel,
            oldest=spot.ts,
            include_all_metadata=True,
            limit=_PAGE,
            cursor=cursor,
            **root,
        )
        for message in page.get("messages") or ():
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return

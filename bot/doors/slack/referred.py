"""What a message refers to: one that it links to, or the one at the root of its thread."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.desk.jobs import Referred
from bot.doors.slack.message import files_in, read
from bot.doors.slack.spot import Spot
from bot.doors.slack.teams import Team

#: Seconds before each look whether Slack has quoted what a message links to.
_UNTIL_QUOTED = (0.5, 1.5, 3.0)


async def referred(spot: Spot, team: Team) -> Referred:
    """Its text and files; nothing where it is a message of ours. Raises as `Team.api`."""
    if spot.links and spot.ts and (quoted := await _quoted_in(spot, team)):
        return Referred(text=quoted)
    if spot.thread is None or spot.thread == spot.ts:
        return Referred()
    root = await _message(spot, spot.thread, team)
    if root.get("user") == team.who.bot_user:
        return Referred()
    files = files_in(root)
    there = spot.model_copy(update={"files": files}).place if files else None
    return Referred(text=read(root, team.who.bot_user).text, files=there)


async def _quoted_in(spot: Spot, team: Team) -> str:
    """What Slack quotes in a message by now: what its writer may read, and no more."""
    for pause in _UNTIL_QUOTED:
        await asyncio.sleep(pause)
        message = await _message(spot, spot.ts, team)
        if quoted := read(message, team.who.bot_user).forwarded:
            return "\n\n".join(quoted)
    return ""


async def _message(spot: Spot, ts: str | None, team: Team) -> dict[str, Any]:
    found = await team.api(
        team.client.conversations_replies,
        where=spot.channel,
        channel=spot.channel,
        ts=ts,
        limit=1,
    )
    return next(iter(found.get("messages") or ()), {})

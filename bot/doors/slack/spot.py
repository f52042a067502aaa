"""A place in Slack, as the desk keeps it for us."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncBoltContext

from bot.desk.jobs import Place
from bot.doors.downloads import File
from rules.models import Frozen


class Spot(Frozen):
    """Where something was said or stands, and how to answer there.

    `workspace` is whose installation of the bot this is (bot.desk.jobs.Heard), `team` where it was
    said: not the same where a whole enterprise installed it, or a channel is shared.

    `ts` is the message itself, `thread` the root under which answers go (None: the channel);
    `links`: the message links to another one, which Slack quotes in it a moment after it is sent;
    `response_url` Slack's address for answers that only `user` sees, `files` what came with the
    message.
    """

    team: str
    workspace: str = ""
    channel: str = ""
    user: str = ""
    ts: str | None = None
    thread: str | None = None
    links: bool = False
    response_url: str | None = None
    private: bool = False
    files: tuple[File, ...] = ()

    @property
    def place(self) -> Place:
        """The spot as plain data."""
        return self.model_dump(mode="json", exclude_none=True, exclude_defaults=True)

    @property
    def thread_name(self) -> str:
        """The conversation under one message."""
        return f"{self.room_name}/{self.thread or self.ts}"

    @property
    def room_name(self) -> str:
        """The conversation in the channel as a whole."""
        return f"{self.team}/{self.channel}"

    @property
    def source(self) -> dict[str, Any]:
        """What a job says of where it comes from (bot.desk.jobs.Heard)."""
        return {
            "door": "slack",
            "workspace": self.workspace,
            "by": self.user,
            "place": self.place,
        }

    @property
    def once(self) -> str:
        """A message is answered once, by how many events soever it arrives."""
        return f"{self.room_name}/{self.ts}"


def spot_of(place: Place) -> Spot:
    """The spot that a place was."""
    return Spot.model_validate(place)


def workspace_of(context: AsyncBoltContext) -> str:
    """Whose installation of the bot a request is for, as Bolt reads it."""
    whole = context.enterprise_id if context.is_enterprise_install else None
    return f"slack/{whole or context.team_id or ''}"

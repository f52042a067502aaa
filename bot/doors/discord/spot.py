"""A place in Discord, as the desk keeps it for us."""

from __future__ import annotations

from typing import Any, Literal

from bot.desk.jobs import Place
from bot.doors.downloads import File
from rules import Lang
from rules.models import Frozen


class Spot(Frozen):
    """Where something was said or stands, and how to answer there. All ids are snowflakes.

    `channel` is a thread, a direct conversation or a channel of a server; in the latter an answer
    opens a thread unless `inside`. `message` is the message itself, `replied` the one that it was a
    reply to, `files` what came with it.

    `personal`: the person added the bot to their own account, and this server did not.

    `lang` is the language in which `user` reads Discord, where Discord says it.

    `token` allows to answer an interaction for fifteen minutes: `way` says what was promised to
    Discord, 'reply' (something is shown as being thought of) or 'change' (of the message it was
    used on). `asked` is when that was (seconds since 1970). `private`: only `user` sees it.
    """

    channel: int
    guild: int | None = None
    personal: bool = False
    user: int = 0
    message: int | None = None
    inside: bool = False
    replied: int | None = None
    files: tuple[File, ...] = ()
    token: str | None = None
    way: Literal["reply", "change"] | None = None
    asked: float = 0
    private: bool = False
    lang: Lang | None = None

    @property
    def place(self) -> Place:
        """The spot as plain data."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @property
    def workspace(self) -> str:
        """The server, or the person who is written to directly (bot.desk.jobs.Heard)."""
        alone = self.guild is None or self.personal
        return f"discord/@{self.user}" if alone else f"discord/{self.guild}"

    @property
    def source(self) -> dict[str, Any]:
        """What a job says of where it comes from (bot.desk.jobs.Heard)."""
        return {
            "door": "discord",
            "workspace": self.workspace,
            "by": str(self.user),
            "place": self.place,
        }

    @property
    def once(self) -> str:
        """A message is answered once, however often it is seen."""
        return f"{self.channel}/{self.message}"


def spot_of(place: Place) -> Spot:
    """The spot that a place was."""
    return Spot.model_validate(place)

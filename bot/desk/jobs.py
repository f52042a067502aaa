"""What a door hands to the desk, what the desk asks of a door, and what can go wrong between them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Protocol

from pydantic import Field, TypeAdapter

from bot.desk.digest import Summary
from bot.desk.showing import Control, Showing
from bot.reading.models import Read, Trouble
from bot.reading.room import Brought
from rules import Assessment, Kind, Lang, Stage, Submission
from rules.models import Frozen

#: Where something is, in a door's own words; the desk keeps it and never looks inside.
Place = dict[str, Any]

#: What a door says beside answers.
Notice = Literal[
    "how",  # there was nothing to judge
    "too_early",  # a remark, but nothing that it could be about
    "not_a_message",  # a word under an answer that changes nothing
    "no_reply",  # a wish for a reply that does not fit
    "gone",  # what is asked for is no longer kept
    "thanks",  # for feedback
    "not_here",  # answered in private, for the bot is not in that room
    "cannot_share",  # nor can be shared there
    "failed",  # it could not be answered
    "not_allowed",  # the workspace's admins chose who may use it
    "slow_down",  # more was asked for than may be (limits.py)
]


class Heard(Frozen):
    """Something that `by` said to the bot in a `workspace`. Of one `once`, one is answered.

    A workspace is `slack/T…` (`slack/E…` where a whole enterprise installed the bot), `discord/` with
    a server's id, or, in a direct message there, `discord/@` with the person's.

    `said` holds a person's own words, `quoted` a message of somebody else's that came with them.

    `about` is the conversation (a thread or a room) to whose last answer plain words refer;
    without it, words are always a text to judge. `refers`: it stands under something that can be
    read where the words themselves hold no text to judge. `attached`: files came with it, which are
    read and judged with the words; `place` says where they are.
    """

    job: Literal["heard"] = "heard"
    once: str
    door: str
    workspace: str
    by: str
    place: Place
    said: str = ""
    quoted: str = ""
    about: str | None = None
    refers: bool = False
    attached: bool = False
    kind: Kind | None = None
    stage: Stage | None = None
    platform: str | None = None
    lang: Lang | None = None
    private: bool = False
    at: float = Field(default_factory=time.time)
    """When it was heard: seconds since 1970."""


class Pressed(Frozen):
    """A control that `by` used in a `workspace` (see Heard).

    `place` is where it stood; `word` what was added to a feedback, `text` the text that may be kept
    with it.
    """

    job: Literal["pressed"] = "pressed"
    once: str
    door: str
    workspace: str
    by: str
    place: Place
    control: Control
    word: str = ""
    text: str = ""
    at: float = Field(default_factory=time.time)
    """When that was: seconds since 1970."""


class Digest(Frozen):
    """The digest of a week (bot.desk.weeks) for a workspace that wants it; nobody asked for it.

    `lang`: every language where None.
    """

    job: Literal["digest"] = "digest"
    once: str
    door: str
    workspace: str
    by: str = ""
    place: Place
    week: str
    lang: Lang | None = None


class Slowed(Frozen):
    """A word to somebody who asked for too much, of which some was left out."""

    job: Literal["slowed"] = "slowed"
    once: str
    door: str
    workspace: str
    by: str
    place: Place
    lang: Lang | None = None


Job = Heard | Pressed | Digest | Slowed
JOB: TypeAdapter[Job] = TypeAdapter(Annotated[Job, Field(discriminator="job")])


class Sent(Frozen):
    """Where an answer stands now: `thread` and `room` are the conversations that it belongs to.

    `private`: for one person's eyes.
    """

    place: Place
    thread: str
    room: str
    private: bool = False


class Referred(Frozen):
    """A message that something was said about: its text, and its place where files came with it."""

    text: str = ""
    files: Place | None = None


class Answer(Frozen):
    """What a door shows; `read` is what came of a posting and of files."""

    assessment: Assessment
    showing: Showing
    read: Read | None = None


class Kept(Frozen):
    """What the controls of an answer need: what was judged and read, how it is shown, and where."""

    submission: Submission
    showing: Showing
    sent: Sent
    read: Read | None = None


class HinderedError(Exception):
    """It did not work now and may work later.

    `unsure`: it may have worked all the same; `after`: the seconds to wait, where that was said;
    `why`: what hindered it, for the operator.
    """

    def __init__(self, *, unsure: bool, after: float | None = None, why: str = "") -> None:
        super().__init__(why)
        self.unsure = unsure
        self.after = after


class UnanswerableError(Exception):
    """It will never work.

    `reason` is a code; `where` names the place for the operator; `notice` is for the person.
    """

    def __init__(self, reason: str, where: str = "", notice: Notice = "failed") -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = where
        self.notice: Notice = notice


class Door(Protocol):
    """What the desk asks of a door. Everything may raise HinderedError or UnanswerableError."""

    name: str

    async def read(self, place: Place) -> Referred:
        """What stands where something was said without a text; empty where there is nothing."""

    async def fetch(self, place: Place) -> Brought:
        """The files of a message, within limits; those that can't be had are told."""

    async def send(self, place: Place, answer: Answer, *, again: bool) -> Sent:
        """Shows an answer; `again`: only where it is not there already."""

    async def update(self, place: Place, answer: Answer) -> None:
        """Shows an answer in the place of an earlier one."""

    async def remove(self, place: Place) -> None:
        """Takes an answer away."""

    async def tell(
        self,
        place: Place,
        notice: Notice,
        lang: Lang | None,
        troubles: Sequence[Trouble] = (),
    ) -> None:
        """Says a few words to the person alone: the notice, or why there is nothing to judge."""

    async def may_use(self, workspace: str, by: str, groups: Sequence[str]) -> bool:
        """Whether somebody manages a workspace, or is in one of these groups of it."""

    def is_same_room(self, place: Place, other: Place) -> bool:
        """Whether two places are one conversation, whatever workspace they are said to be in."""

    async def announce(
        self, place: Place, summary: Summary, lang: Lang | None, key: str, *, again: bool
    ) -> None:
        """Shows a digest, named by `key`; `again`: only where it is not there already."""

    def room(self, workspace: str, channel: str) -> Place:
        """Where everybody in a channel of a workspace sees what is shown."""

    def shared(self, place: Place) -> Place:
        """Where everybody sees what one person saw."""

"""What passes between the reading room and those who ask it: what came in, and what was read."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from bot.requests import submission_of
from rules import Facts, Kind, Rulebook, Stage, Submission
from rules.models import Frozen

FILES = 10
"""Files of one message that are read."""
FILE_LIMIT = 10_000_000
"""Bytes of one attached file."""
_TOLD = 6_000  # characters of files that are kept to be shown


class Attachment(Frozen):
    """A file as it arrived: `kind` is its MIME type as said, which may be empty or wrong."""

    name: str
    kind: str = ""
    data: bytes


class Trouble(Frozen):
    """Something that could not be had. The sentence is data (`bot/reading/texts`), by `code`."""

    code: str
    values: dict[str, str] = Field(default_factory=dict)


class TroubleError(Exception):
    """Something could not be had; carries the trouble that says why."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.trouble = Trouble(code=code, values=values)


class Posting(Frozen):
    """A posting as its page shows it. None: the page does not say it.

    `text` is the job's own text without the title; `pay` is worded as on the page; `client` is
    what the page says of the client, with a completion rate of 0 where it says so.
    """

    platform: str
    url: str | None = None
    title: str | None = None
    text: str | None = None
    pay: str | None = None
    client: Facts = Facts()


class Speaker(StrEnum):
    """Who says something in a picture of a chat."""

    CLIENT = "client"
    WORKER = "worker"


class Speech(Frozen):
    """What is said in one bubble. `speaker` None: it can't be seen; `box`: left, top, right, bottom."""

    speaker: Speaker | None
    text: str
    box: tuple[int, int, int, int]


class PictureText(Frozen):
    """What was read of a picture: `text` is to be judged, `shown` is told to the person.

    `speeches` is all that was seen, in order; `links` is what QR codes in it say (in `text` too).
    Not `whole`: there was more than could be read in time.
    """

    text: str
    shown: str = ""
    speeches: tuple[Speech, ...] = ()
    links: tuple[str, ...] = ()
    whole: bool = True


class Read(Frozen):
    """What came of a message with its links and files.

    `text` is all that is to be judged, the message first ('' where nothing could be had), with the
    circumstances that were read beside it. `shown` is what was read of files and pictures.
    """

    text: str = ""
    kind: Kind | None = None
    platform: str | None = None
    client: Facts | None = None
    posting: Posting | None = None
    shown: str = ""
    troubles: tuple[Trouble, ...] = ()

    @property
    def told(self) -> Read:
        """What an answer tells of it; the text is in the submission that is judged."""
        posting = self.posting and self.posting.model_copy(update={"text": None})
        return self.model_copy(update={"text": "", "posting": posting, "shown": self.shown[:_TOLD]})

    def submission(
        self,
        rulebook: Rulebook,
        *,
        kind: Kind | None = None,
        platform: str | None = None,
        stage: Stage | None = None,
    ) -> Submission:
        """What is to be judged; what the person says goes before what was read.

        Raises RequestError where there is no text.
        """
        said = submission_of(
            self.text,
            rulebook,
            kind=kind or self.kind,
            platform=platform or self.platform,
            stage=stage,
        )
        return said.model_copy(update={"client": self.client})

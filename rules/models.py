"""The words that the rule core and its callers share.

Everything here is plain data: what goes into `vet` (Submission, Facts) and what comes out
(Assessment with its Findings and Notes). Nothing here knows a chat platform or the network.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

#: Characters of a text that are judged; the rest is left unread and said so.
TEXT_LIMIT = 100_000


class Level(StrEnum):
    """How careful a person should be. Follows from the risk codes alone (see `engine.level_of`)."""

    CLEAR = "clear"
    CAUTION = "caution"
    DANGER = "danger"


class Weight(StrEnum):
    """What one risk weighs by itself."""

    CAUTION = "caution"
    DANGER = "danger"


class Stage(StrEnum):
    """How far the contract on the platform has come."""

    BEFORE_CONTRACT = "before_contract"
    CONTRACTED = "contracted"
    ESCROWED = "escrowed"


class Kind(StrEnum):
    """What sort of text it is: a client's message to one worker, or a job posting."""

    MESSAGE = "message"
    POSTING = "posting"


class Lang(StrEnum):
    """Languages that are read and written."""

    JA = "ja"
    EN = "en"


class Frozen(BaseModel):
    """Base of all values that pass between rooms: checked once, then never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Facts(Frozen):
    """What a page or a text says about the client. None: it is not said.

    Ratings are on a scale of five; `completion_rate` is in percent, 0 to 100.
    """

    name: str | None = None
    identity_verified: bool | None = None
    rules_checked: bool | None = None
    payment_verified: bool | None = None
    rating: float | None = Field(default=None, ge=0, le=5)
    orders: int | None = Field(default=None, ge=0)
    completion_rate: float | None = Field(default=None, ge=0, le=100)


class Submission(Frozen):
    """One text to be judged, with what the person said about it."""

    text: str = Field(min_length=1)
    kind: Kind | None = None
    platform: str | None = None
    stage: Stage | None = None
    client: Facts | None = None


class Finding(Frozen):
    """One risk that was seen, with the words that show it.

    `start` and `end` count code points of the original text and `text[start:end] == quote`;
    a finding from client facts alone has quote "" and no offsets.
    `confidence` is 0 to 1: how sure the pattern is on texts it has not seen. `concepts` is what
    its words mention, so that what is said of it may follow.
    """

    code: str
    weight: Weight
    quote: str
    start: int | None
    end: int | None
    pattern: str
    confidence: float
    concepts: frozenset[str] = frozenset()


class Note(Frozen):
    """Something worth saying that is no risk, such as 'escrow comes first here'."""

    code: str
    values: dict[str, str] = {}


class Excused(Frozen):
    """A near miss: a pattern that hit, and the frame that excused it."""

    code: str
    pattern: str
    quote: str
    start: int | None
    end: int | None
    frame: str


class Assessment(Frozen):
    """The whole verdict on one submission.

    `concepts`: all that the text mentions; `not_sought`: codes that were not looked for.
    """

    level: Level
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    excused: tuple[Excused, ...]
    platform: str | None
    stage: Stage
    stage_said: bool
    kind: Kind
    lang: Lang
    facts: Facts
    truncated: bool
    concepts: frozenset[str] = frozenset()
    not_sought: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The risk codes found, each once, in the order of their first finding."""
        return tuple(dict.fromkeys(finding.code for finding in self.findings))

"""The format of what a risk says: the sentences, and when another fits better."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from rules.models import Stage

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Strict(BaseModel):
    """Base of all that is read from YAML: an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Strict):
    """What a risk says in one language, or a part of it.

    For the worker: `title` a few words; `brief` the reason in one line, for small screens; `why`
    one to three sentences; `lead` what the risk means for the answer as a whole. For letters, full
    sentences to the client: `insist` asks to keep to the platform, `ask` puts a question, `decline`
    says no. `keep` and `refuse` are phrases that letters fold together: what is to stay on the
    platform ('the payment'), and what the worker does not do ('payment outside the platform').
    A risk without `insist` can't be put right by wording, and its letters stand alone.

    {site}, {escrow}, {contract} and {messages} are the site's own words, {named} those in `names`.
    """

    title: str | None = None
    brief: str | None = None
    why: str | None = None
    lead: str | None = None
    keep: str | None = None
    insist: str | None = None
    ask: str | None = None
    refuse: str | None = None
    decline: str | None = None


class When(Strict):
    """When a variant is said: all that is given must hold."""

    seen: tuple[str, ...] = ()
    """Patterns that found the risk, or concepts in the words that show it: one is enough."""
    beside: tuple[str, ...] = ()
    """As `seen`, and one of these is needed too."""
    unseen: tuple[str, ...] = ()
    """Patterns or concepts of which none shows the risk too."""
    stages: tuple[Stage, ...] = ()
    forbids: Literal["contact_before_escrow", "contact_after_escrow", "outside_payment"] | None = (
        None
    )
    """What the site's terms forbid."""
    without: tuple[Name, ...] = ()
    """Risks that were not found beside it."""


class Variant(Words):
    """What is said differently in some cases; `null` takes a part away."""

    when: When


class Saying(Words):
    """All that a risk says in one language: of the variants that fit, the first has the word."""

    title: str
    why: str
    names: dict[str, str] = {}
    """How letters call what was asked for, by pattern or concept; `other` where none was seen."""
    variants: tuple[Variant, ...] = ()

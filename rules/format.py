"""The format of the rules: what a file in `book/` may say.

One YAML file for each risk and each site, the vocabulary they share, the sources they cite and the
texts the bot answers with, all checked by pydantic. `rulebook.py` compiles them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from rules.models import Kind, Lang, Stage, Weight
from rules.saying_format import Name, Saying, Strict

PatternName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]

#: What can stand round words and take the risk out of them (see `frames.py`).
Frame = Literal[
    "denied",
    "after_escrow",
    "after_contract",
    "topic",
    "quoted",
    "worker_voice",
    "third_party",
    "platform_function",
    "past",
    "copy",
]


class Shape(Strict):
    """Concepts that must be seen together.

    Each part is one concept, or several as alternatives ('tool|contact_detail'); '=words' is a
    term written in place. All parts must lie in one sentence, or in `span`, no more than `within`
    characters of the plain text apart from first to last.
    """

    all: tuple[str, ...] = Field(min_length=1)
    ordered: bool = False
    within: int = Field(default=60, ge=1, le=400)
    span: Literal["sentence", "neighbours"] = "sentence"
    none: tuple[str, ...] = ()
    """Concepts that must not stand in the same sentence (or span)."""
    text_has: tuple[str, ...] = ()
    """Concepts that must stand anywhere in the text."""
    text_lacks: tuple[str, ...] = ()
    """Concepts that must stand nowhere in the text."""


class ConceptEntry(Strict):
    """One concept of the vocabulary: what is written, or how other concepts make it up."""

    terms: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    disguised: bool = False
    includes: tuple[Name, ...] = ()
    shapes: tuple[Shape, ...] = ()


class Pattern(Shape):
    """One way in which a risk shows."""

    id: PatternName
    unless: tuple[Frame, ...] | None = None
    """Frames that excuse it; the risk's own list where not given."""
    stages: tuple[Stage, ...] | None = None
    kinds: tuple[Kind, ...] | None = None
    langs: tuple[Lang, ...] | None = None
    confidence: float = Field(default=0.9, gt=0, le=1)


class Condition(Strict):
    """A risk that shows in figures rather than words (see `facts.py`)."""

    id: PatternName
    fact: Name
    """A fact by name: a number, or true/false."""
    at_most: float | None = None
    below: float | None = None
    at_least: float | None = None
    equals: bool | None = None
    unless_all: tuple[Name, ...] = ()
    """Facts that excuse it where all of them hold ('not_X' for X that is known to be false)."""
    stands: bool = False
    """Whether the second reader is not asked: it cannot reckon."""
    stands_beside: tuple[Name, ...] = ()
    """Facts that make it one of a row of figures where they are told close by:
    the second reader then does not doubt it."""
    text_has: tuple[str, ...] = ()
    """Concepts that must stand anywhere in the text; 'a|b' for either."""
    text_lacks: tuple[str, ...] = ()
    """Concepts that must stand nowhere in the text."""
    confidence: float = Field(default=0.95, gt=0, le=1)


class Example(Strict):
    """A text with the circumstances in which it is judged."""

    text: str
    stage: Stage | None = None
    platform: str | None = None
    kind: Kind | None = None


class Examples(Strict):
    """Texts that prove a rule: run by one generic test."""

    flagged: tuple[Example | str, ...] = ()
    not_flagged: tuple[Example | str, ...] = ()


class Risk(Strict):
    """The whole of one risk: what it catches, what excuses it, what it says, what proves it."""

    code: Name
    weight: Weight
    enabled: bool = True
    lasting: bool = False
    """Whether what the worker gives or does cannot be taken back: letters speak of it sooner."""
    sources: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = tuple(Stage)
    any_stage_where: Literal["outside_contact_forbidden"] | None = None
    """Sites whose own terms take the stage's excuse away."""
    unless: tuple[Frame, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    conditions: tuple[Condition, ...] = ()
    settled_by: tuple[Name, ...] = ()
    """Facts and concepts that tell: where one of them is known, the second reader adds nothing to the rules."""
    other_matter: tuple[Name, ...] = ()
    """Concepts of a sentence that is about something else: the second reader adds nothing there."""
    say: dict[Lang, Saying]
    examples: Examples = Examples()

    @model_validator(mode="after")
    def _has_both_languages(self) -> Risk:
        if missing := set(Lang) - set(self.say):
            raise ValueError(f"say: no text in {', '.join(sorted(missing))}")
        names = [*(each.id for each in self.patterns), *(each.id for each in self.conditions)]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two patterns are called {', '.join(sorted(twice))}")
        return self


class Statement(Strict):
    """One thing that a site's terms say, with where and when it was found."""

    value: Literal["allowed", "allowed_with_application", "forbidden", "unknown"]
    source: str | None = None
    url: str | None = None
    checked: str | None = None


FactOnPage = Literal[
    "name",
    "identity_verified",
    "rules_checked",
    "payment_verified",
    "rating",
    "orders",
    "completion_rate",
]


class FactWords(Strict):
    """How a page says one fact about the client.

    A label stands before the value, on its line or on the line above; `labels` are plain wherever
    they stand, `in_box` only under the client's heading. `signs` are RE2 expressions for whole
    lines of the client's box; what they call `n` is the value ('done' and 'open': so a check
    stands).
    All are compared in lower case and one width.
    """

    labels: tuple[str, ...] = ()
    in_box: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()


class Embedded(Strict):
    """Data that a page carries as JSON: in an attribute, or else the text, of an element."""

    selector: str
    attribute: str | None = None
    keys: dict[FactOnPage, str]


class PageWords(Strict):
    """How a site's pages are read: which are postings, and what stands round each part of one.

    What the pages of any site may say stands with the site `other` and is added to a site's own.
    """

    postings: tuple[str, ...] = ()
    """RE2 expressions: the path of a posting's address begins so."""
    embedded: tuple[Embedded, ...] = ()
    title_cut: tuple[str, ...] = ()
    """RE2 expressions for what a title carries that is the site's."""
    text: tuple[str, ...] = ()
    """Headings of the job's own text."""
    text_at: tuple[str, ...] = ()
    """CSS selectors of the job's own text, where no heading is found."""
    pay: tuple[str, ...] = ()
    """Labels of the pay."""
    pay_kinds: tuple[str, ...] = ()
    """Labels of the pay that are a part of it ('固定報酬制')."""
    pay_words: tuple[str, ...] = ()
    """RE2 expressions, one of which stands in whatever is a pay."""
    client: tuple[str, ...] = ()
    """Headings of what is said about the client."""
    name_first: bool = False
    """Whether the first line under the client's heading is their name."""
    facts: dict[FactOnPage, FactWords] = Field(default_factory=dict)
    shows: tuple[FactOnPage, ...] = ()
    """The facts that such a page usually shows, so that a missing one is worth saying."""
    done: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    """RE2 expressions for the whole of what says that a check is done, or is open."""
    ends: tuple[str, ...] = ()
    """RE2 expressions for headings of what is neither the job's text nor the client's."""
    related: tuple[str, ...] = ()
    """RE2 expressions for headings of other jobs."""
    noise: tuple[str, ...] = ()
    """RE2 expressions for lines that are the site's own wherever they stand."""


class Checks(Strict):
    """Where on a site to look, before the contract."""

    record: str
    identity: str
    work: str
    forum: str | None = None


class Site(Strict):
    """The facts about one crowd-sourcing site."""

    code: Name
    name: dict[Lang, str]
    hosts: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    """How texts call the site."""
    escrow_word: dict[Lang, str]
    contract_word: dict[Lang, str]
    messages_word: dict[Lang, str]
    contact_before_escrow: Statement
    contact_after_escrow: Statement
    outside_payment: Statement
    notes: dict[Lang, tuple[str, ...]] = Field(default_factory=dict)
    """The rules on contact outside, the most important first."""
    after_escrow: dict[Lang, str] = Field(default_factory=dict)
    """How contact outside is done where it is allowed after escrow."""
    check: dict[Lang, Checks]
    report: dict[Lang, str]
    """Where to report, as 'from …' would go on."""
    page: PageWords = PageWords()


class Source(Strict):
    """Something that is cited."""

    title: dict[Lang, str]
    url: str | None = None
    checked: str | None = None


class DialogueWords(Strict):
    """What people say after an answer, as RE2 expressions over the normalised line."""

    stages: dict[Stage, tuple[str, ...]]
    langs: dict[Lang, tuple[str, ...]]
    other_site: tuple[str, ...]
    not_this_site: tuple[str, ...]
    manners: dict[Literal["insist", "ask", "decline"], tuple[str, ...]]
    questions: tuple[str, ...]
    filler: tuple[str, ...]


class Book(Strict):
    """Everything in `book/`, checked but not compiled."""

    vocabulary: dict[Name, ConceptEntry]
    risks: dict[Name, Risk]
    sites: dict[Name, Site]
    sources: dict[str, Source]
    texts: dict[Lang, dict[str, str]]
    dialogue: DialogueWords

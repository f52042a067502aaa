"""The format of the rules and the compiled rulebook.

`book/` holds everything a rule says as data: one YAML file for each risk and each site, the
vocabulary they share, the sources they cite and the texts the bot answers with. This module
checks that data (pydantic) and compiles it once into what the engine runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.kept import Kept
from rules.models import Kind, Lang, Stage, Weight
from rules.second_reader import SecondReader
from rules.signs import compiled
from rules.vocabulary import Concept, Lexicon

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
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
]


class Strict(BaseModel):
    """Base of all that is read from YAML: an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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
    text_has: tuple[str, ...] = ()
    """Concepts that must stand anywhere in the text; 'a|b' for either."""
    text_lacks: tuple[str, ...] = ()
    """Concepts that must stand nowhere in the text."""
    confidence: float = Field(default=0.95, gt=0, le=1)


class Saying(Strict):
    """What a risk says in one language.

    `title` a few words; `why` one or two sentences for the worker; the letter parts are full
    sentences to the client: `insist` asks to keep to the platform, `ask` puts a question.
    """

    title: str
    why: str
    insist: str | None = None
    ask: str | None = None
    decline: str | None = None


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
    sources: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = tuple(Stage)
    any_stage_where: Literal["outside_contact_forbidden"] | None = None
    """Sites whose own terms take the stage's excuse away."""
    unless: tuple[Frame, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    conditions: tuple[Condition, ...] = ()
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


class Site(Strict):
    """The facts about one crowd-sourcing site."""

    code: Name
    name: dict[Lang, str]
    hosts: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    """How texts call the site."""
    escrow_word: dict[Lang, str]
    contact_before_escrow: Statement
    contact_after_escrow: Statement
    outside_payment: Statement
    notes: dict[Lang, tuple[str, ...]] = {}
    check: dict[Lang, tuple[str, ...]] = {}
    report: dict[Lang, str]


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


class CompiledShape:
    """A shape with its parts resolved to sets of concept names."""

    __slots__ = ("none", "ordered", "parts", "text_has", "text_lacks", "wide", "within")

    def __init__(self, shape: Shape, resolve: Resolver) -> None:
        self.ordered, self.within = shape.ordered, shape.within
        self.wide = shape.span == "neighbours"
        self.parts = tuple(frozenset(map(resolve, part.split("|"))) for part in shape.all)
        self.none = frozenset(name for part in shape.none for name in map(resolve, part.split("|")))
        self.text_has = frozenset(
            n for part in shape.text_has for n in map(resolve, part.split("|"))
        )
        self.text_lacks = frozenset(
            n for part in shape.text_lacks for n in map(resolve, part.split("|"))
        )


class Resolver:
    """Turns what a rule writes into concept names; terms in place become concepts of their own."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self.inline: dict[str, Concept] = {}

    def __call__(self, part: str) -> str:
        """The concept that a part of a shape names. Raises ValueError for one that is not known."""
        if part.startswith("="):
            self.inline[part] = Concept(part, terms=(part[1:],))
            return part
        if part not in self._known:
            raise ValueError(f"no concept is called '{part}'")
        return part


class CompiledDialogue:
    """The words of the dialogue, compiled."""

    def __init__(self, words: DialogueWords) -> None:
        self.stages = {stage: _compiled(signs) for stage, signs in words.stages.items()}
        self.langs = {lang: _compiled(signs) for lang, signs in words.langs.items()}
        self.other_site = _compiled(words.other_site)
        self.not_this_site = _compiled(words.not_this_site)
        self.manners = {manner: _compiled(signs) for manner, signs in words.manners.items()}
        self.questions = _compiled(words.questions)
        self.filler = _compiled(words.filler)


def _compiled(signs: Iterable[str]) -> list[Any]:
    return [compiled(sign) for sign in signs]


class Rulebook:
    """The compiled rules: made once, shared by every text, never changed."""

    def __init__(
        self, book: Book, second_reader: SecondReader | None = None, kept: Kept | None = None
    ) -> None:
        """`kept`: what an earlier run has worked out of the vocabulary."""
        self.book = book
        self.second_reader = second_reader
        resolve = Resolver(frozenset(book.vocabulary))
        self.risks = {code: risk for code, risk in book.risks.items() if risk.enabled}
        self.compounds = [
            (name, CompiledShape(shape, resolve))
            for name, entry in book.vocabulary.items()
            for shape in entry.shapes
        ]
        self.patterns: dict[str, list[tuple[Risk, Pattern, CompiledShape]]] = defaultdict(list)
        for risk in self.risks.values():
            for pattern in risk.patterns:
                compiled = CompiledShape(pattern, resolve)
                for name in compiled.parts[0]:
                    self.patterns[name].append((risk, pattern, compiled))
        self.parents = _parents(book.vocabulary)
        self.lexicon = Lexicon(self._concepts(resolve), kept or Kept())

    def _concepts(self, resolve: Resolver) -> dict[str, Concept]:
        concepts = {
            name: Concept(
                name, entry.terms, entry.inside, entry.written, entry.signs, entry.disguised
            )
            for name, entry in self.book.vocabulary.items()
        }
        return (
            concepts
            | resolve.inline
            | {
                f"site:{site.code}": Concept(f"site:{site.code}", terms=site.mentions)
                for site in self.book.sites.values()
            }
        )

    @cached_property
    def dialogue(self) -> CompiledDialogue:
        """Compiled when somebody first says something: judging alone does not need it."""
        return CompiledDialogue(self.book.dialogue)

    @cached_property
    def hosts(self) -> dict[str, str]:
        """Host name to site code."""
        return {host: site.code for site in self.book.sites.values() for host in site.hosts}

    def site(self, platform: str | None) -> Site:
        """The facts of a site; the fallback for one that is not known."""
        return self.book.sites.get(platform or "other") or self.book.sites["other"]


def _parents(vocabulary: dict[str, ConceptEntry]) -> dict[str, tuple[str, ...]]:
    """For each concept, all the wider concepts that take it in."""
    direct: dict[str, list[str]] = defaultdict(list)
    for name, entry in vocabulary.items():
        for included in entry.includes:
            if included not in vocabulary:
                raise ValueError(f"{name} includes '{included}', which is no concept")
            direct[included].append(name)

    def wider(name: str, seen: tuple[str, ...] = ()) -> set[str]:
        return {
            each
            for parent in direct[name]
            if parent not in seen
            for each in (parent, *wider(parent, (*seen, name)))
        }

    return {name: tuple(sorted(wider(name))) for name in vocabulary if direct[name]}

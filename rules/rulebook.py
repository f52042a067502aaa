"""The rulebook: the checked data of `book/`, compiled once into what the engine runs."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Set
from functools import cached_property
from sys import intern
from typing import Any

from rules.format import Book, ConceptEntry, DialogueWords, Pattern, Risk, Shape, Site
from rules.kept import Kept
from rules.second_reader import SecondReader
from rules.signs import compiled
from rules.vocabulary import Concept, Lexicon


class CompiledShape:
    """A shape with its parts resolved to sets of concept names."""

    __slots__ = ("none", "ordered", "parts", "rarest", "text_has", "text_lacks", "wide", "within")

    def __init__(self, shape: Shape, resolve: Resolver) -> None:
        self.ordered, self.within = shape.ordered, shape.within
        self.wide = shape.span == "neighbours"
        self.parts = tuple(frozenset(map(resolve, part.split("|"))) for part in shape.all)
        self.rarest = min(self.parts, key=len)  # the part with the fewest ways to be met
        self.none = frozenset(name for part in shape.none for name in map(resolve, part.split("|")))
        self.text_has = frozenset(
            n for part in shape.text_has for n in map(resolve, part.split("|"))
        )
        self.text_lacks = frozenset(
            n for part in shape.text_lacks for n in map(resolve, part.split("|"))
        )

    def may_stand(self, concepts: Set[str]) -> bool:
        """Whether a text with these concepts has all parts, and what else the shape wants of it."""
        for part in self.parts:  # a plain loop takes half the time of any()
            if part.isdisjoint(concepts):
                return False
        return self.text_has <= concepts and self.text_lacks.isdisjoint(concepts)


Entry = tuple[Risk, Pattern, CompiledShape]
"""A pattern of a risk, with its shape compiled."""


class Resolver:
    """Turns what a rule writes into concept names; terms in place become concepts of their own."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self.inline: dict[str, Concept] = {}

    def __call__(self, part: str) -> str:
        """The concept that a part of a shape names. Raises ValueError for one that is not known."""
        if part.startswith("="):
            self.inline[part] = Concept(part, terms=(part[1:],))
        elif part not in self._known:
            raise ValueError(f"no concept is called '{part}'")
        return intern(part)


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
        parents = _parents(book.vocabulary)
        self.compounds = [
            ((intern(name), *parents.get(name, ())), CompiledShape(shape, resolve))
            for name, entry in book.vocabulary.items()
            for shape in entry.shapes
        ]
        self.patterns: dict[str, list[Entry]] = defaultdict(list)
        for risk in self.risks.values():
            for pattern in risk.patterns:
                compiled = CompiledShape(pattern, resolve)
                for name in compiled.parts[0]:
                    self.patterns[name].append((risk, pattern, compiled))
        self.first_concepts = frozenset(self.patterns)
        self.site_concepts = {f"site:{site.code}": site.code for site in book.sites.values()}
        self.lexicon = Lexicon(self._concepts(resolve), parents, kept or Kept())

    def _concepts(self, resolve: Resolver) -> dict[str, Concept]:
        concepts = {
            name: Concept(
                name, entry.terms, entry.inside, entry.written, entry.signs, entry.disguised
            )
            for name, entry in self.book.vocabulary.items()
        }
        sites = {
            name: Concept(name, terms=self.book.sites[code].mentions)
            for name, code in self.site_concepts.items()
        }
        return concepts | resolve.inline | sites

    @cached_property
    def dialogue(self) -> CompiledDialogue:
        """Compiled when somebody first says something: judging alone does not need it."""
        return CompiledDialogue(self.book.dialogue)

    @cached_property
    def hosts(self) -> dict[str, str]:
        """Host name to site code."""
        return {host: site.code for site in self.book.sites.values() for host in site.hosts}

    @cached_property
    def version(self) -> str:
        """Names these very rules, an operator's own and the second reader's weights included.

        Twelve hexadecimal digits, the same wherever the rules are the same.
        """
        digest = hashlib.sha256(self.book.model_dump_json().encode("utf-8", "surrogatepass"))
        if self.second_reader is not None:
            digest.update(self.second_reader.fingerprint)
        return digest.hexdigest()[:12]

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

    return {name: tuple(sorted(map(intern, wider(name)))) for name in vocabulary if direct[name]}

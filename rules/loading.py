"""Reading `book/` (and an operator's own folder) into a Rulebook."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import TypeAdapter

from rules.format import Book, ConceptEntry, DialogueWords, Risk, Site, Source
from rules.kept import FILE, Kept
from rules.models import Lang
from rules.rulebook import Rulebook
from rules.second_reader import SecondReader

BOOK = Path(__file__).parent / "book"
SECOND_READER = BOOK / "second_reader.npz"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_rulebook(own: Path | None = None, *, second_reader: bool = True) -> Rulebook:
    """The shipped rules, with an operator's own folder laid over them.

    A file in `own/risks` with a code of ours replaces that rule or, with `enabled: false`, switches
    it off; `own/vocabulary` adds terms to our concepts. Without `second_reader` the rules are
    alone. Raises ValueError (pydantic's included) on data that is wrong; `python -m bot rules
    check` says where.
    """
    return _load(own.resolve() if own else None, second_reader)


@cache
def _load(own: Path | None, second_reader: bool) -> Rulebook:
    with _nothing_thrown_away():
        book = read_book(BOOK, *([own] if own else []))
        reader = (
            SecondReader.load(SECOND_READER) if second_reader and SECOND_READER.is_file() else None
        )
        kept = Kept(FILE)
        rulebook = Rulebook(book, reader, kept)
        kept.save()
    return rulebook


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Almost all that is made here stays: to look for garbage in it would only cost time.

    Not meanwhile, and not later either: what is there at the end is left out for good.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def read_book(*folders: Path) -> Book:
    """The checked data of one or more folders, later ones over earlier ones."""
    vocabulary: dict[str, dict[str, Any]] = {}
    risks: dict[str, dict[str, Any]] = {}
    sites: dict[str, dict[str, Any]] = {}
    sources: dict[str, Any] = {}
    texts: dict[str, dict[str, str]] = {}
    dialogue: dict[str, Any] = {}
    for folder in folders:
        for data in _files(folder / "vocabulary"):
            _add_terms(vocabulary, data)
        for data in _files(folder / "risks"):
            risks[data["code"]] = {**risks.get(data["code"], {}), **data}
        for data in _files(folder / "sites"):
            sites[data["code"]] = data
        for lang in Lang:
            for data in _files(folder / "texts", f"{lang}.yaml"):
                texts.setdefault(lang, {}).update(data)
        for data in _files(folder, "sources.yaml"):
            sources.update(data)
        for data in _files(folder, "dialogue.yaml"):
            dialogue = data
    return Book(
        vocabulary=TypeAdapter(dict[str, ConceptEntry]).validate_python(vocabulary),
        risks=TypeAdapter(dict[str, Risk]).validate_python(risks),
        sites=TypeAdapter(dict[str, Site]).validate_python(sites),
        sources=TypeAdapter(dict[str, Source]).validate_python(sources),
        texts=TypeAdapter(dict[Lang, dict[str, str]]).validate_python(texts),
        dialogue=DialogueWords.model_validate(dialogue),
    )


def read_yaml(path: Path) -> Any:
    """One YAML file, by the C parser where there is one."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=_Loader)  # noqa: S506 - a safe loader, in C


def _files(folder: Path, pattern: str = "*.yaml") -> Iterable[dict[str, Any]]:
    for path in sorted(folder.glob(pattern)):
        data = read_yaml(path)
        if data is None:
            continue
        if not isinstance(data, dict):
            raise ValueError(f"{path.name}: keys are expected at the top")
        yield cast("dict[str, Any]", data)


def _add_terms(vocabulary: dict[str, dict[str, Any]], data: Mapping[str, Any]) -> None:
    """Joins what several files say of one concept."""
    for name, entry in data.items():
        known = vocabulary.setdefault(name, {})
        for key, value in (entry or {}).items():
            known[key] = [*known.get(key, []), *value] if isinstance(value, list) else value

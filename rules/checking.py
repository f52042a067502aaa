"""Checking a folder of rules and pointing at the line that is wrong.

For the people who write rules: every mistake is named at once, with file, line and column. The
examples of each rule are run too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from rules.engine import vet
from rules.format import Book, ConceptEntry, DialogueWords, Example, Risk, Shape, Site, Source
from rules.loading import BOOK, read_book, read_yaml
from rules.models import Facts, Frozen, Submission
from rules.rulebook import CompiledShape, Resolver, Rulebook
from rules.signs import compiled

Path_ = tuple[str | int, ...]


class Problem(Frozen):
    """One mistake. Lines and columns count from 1."""

    path: Path
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


def check(folder: Path | None = None) -> list[Problem]:
    """All mistakes in a folder of rules; in the shipped book where none is given."""
    folders = [BOOK] if folder is None else [BOOK, folder]
    if folder is not None and not folder.is_dir():
        return [Problem(path=folder, line=1, column=1, message="there is no such folder")]
    problems = [problem for path in _paths(folders[-1]) for problem in _check_file(path)]
    if problems:
        return problems
    try:
        book = read_book(*folders)
    except (ValueError, KeyError) as error:
        return [Problem(path=folders[-1], line=1, column=1, message=str(error))]
    return list(_check_links(book, folders[-1])) or list(_check_examples(book, folders[-1]))


def schemas() -> dict[str, Any]:
    """JSON Schemas of the files in a rule folder, by the folder they lie in."""
    kinds: dict[str, Any] = {
        "risks": Risk,
        "sites": Site,
        "vocabulary": dict[str, ConceptEntry],
        "sources": dict[str, Source],
    }
    return {name: TypeAdapter(kind).json_schema() for name, kind in kinds.items()}


def _paths(folder: Path) -> list[Path]:
    return sorted(
        path
        for pattern in (
            "risks/*.yaml",
            "sites/*.yaml",
            "vocabulary/*.yaml",
            "texts/*.yaml",
            "*.yaml",
        )
        for path in folder.glob(pattern)
    )


def _check_file(path: Path) -> Iterator[Problem]:
    """Mistakes that show in one file by itself."""
    try:
        data = read_yaml(path)
    except yaml.MarkedYAMLError as error:
        line, column = _place(error.problem_mark or error.context_mark, path)
        yield Problem(path=path, line=line, column=column, message=error.problem or "not YAML")
        return
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        yield Problem(path=path, line=1, column=1, message=f"not YAML: {error}")
        return
    if data is None:
        return
    if not isinstance(data, dict):
        yield Problem(path=path, line=1, column=1, message="keys are expected at the top")
        return
    if path.parent.name == "risks":
        data = _over_ours(data)
    try:
        TypeAdapter(_kind_of(path)).validate_python(data)
    except ValidationError as error:
        for each in error.errors():
            yield _at(path, each["loc"], each["msg"])


def _place(mark: Any, path: Path) -> tuple[int, int]:
    """Line and column of a mark; the last character where it lies behind the end of the file."""
    lines = path.read_text(encoding="utf-8").splitlines() or [""]
    if mark is None:
        return 1, 1
    if mark.line >= len(lines):
        return len(lines), len(lines[-1])
    return mark.line + 1, mark.column + 1


def _over_ours(data: dict[str, Any]) -> dict[str, Any]:
    """An operator's file may say only what differs from our rule of that code."""
    ours = BOOK / "risks" / f"{data.get('code')}.yaml"
    return {**read_yaml(ours), **data} if ours.is_file() else data


def _kind_of(path: Path) -> Any:
    if path.name == "dialogue.yaml":
        return DialogueWords
    by_folder: dict[str, Any] = {
        "risks": Risk,
        "sites": Site,
        "vocabulary": dict[str, ConceptEntry],
        "texts": dict[str, str],
    }
    return by_folder.get(path.parent.name, dict[str, Source])


def _check_links(book: Book, folder: Path) -> Iterator[Problem]:
    """Names that point to nothing: concepts and sources."""
    resolve = Resolver(frozenset(book.vocabulary))
    for risk in book.risks.values():
        path = folder / "risks" / f"{risk.code}.yaml"
        if not path.is_file():
            continue
        yield from _check_risk(risk, path, book, resolve)
    for path in sorted((folder / "vocabulary").glob("*.yaml")):
        for name, entry in (read_yaml(path) or {}).items():
            yield from _check_signs(path, name, entry)
            for number, shape in enumerate(ConceptEntry.model_validate(entry).shapes):
                yield from _check_shape(path, (name, "shapes", number), shape, resolve)


def _check_risk(risk: Risk, path: Path, book: Book, resolve: Resolver) -> Iterator[Problem]:
    for number, pattern in enumerate(risk.patterns):
        yield from _check_shape(path, ("patterns", number), pattern, resolve)
    for number, source in enumerate(risk.sources):
        if source not in book.sources:
            yield _at(path, ("sources", number), f"no source is called '{source}'")
    for number, condition in enumerate(risk.conditions):
        for name in condition.stands_beside:
            if name not in Facts.model_fields:
                at = ("conditions", number, "stands_beside")
                yield _at(path, at, f"no figure is called '{name}'")
    for number, name in enumerate(risk.other_matter):
        if name not in book.vocabulary:
            yield _at(path, ("other_matter", number), f"no concept is called '{name}'")
    for number, name in enumerate(risk.settled_by):
        if name not in book.vocabulary and name not in Facts.model_fields:
            message = f"no figure and no concept is called '{name}'"
            yield _at(path, ("settled_by", number), message)


def _check_signs(path: Path, name: str, entry: dict[str, Any]) -> Iterator[Problem]:
    for number, sign in enumerate(entry.get("signs", ())):
        try:
            compiled(sign)
        except ValueError as error:
            yield _at(path, (name, "signs", number), str(error))


def _check_shape(path: Path, at: Path_, shape: Shape, resolve: Resolver) -> Iterator[Problem]:
    try:
        CompiledShape(shape, resolve)
    except ValueError as error:
        yield _at(path, at, str(error))


def _check_examples(book: Book, folder: Path) -> Iterator[Problem]:
    """Runs every example of every rule in the folder, the rules alone."""
    rulebook = Rulebook(book)
    for risk in rulebook.risks.values():
        path = folder / "risks" / f"{risk.code}.yaml"
        if not path.is_file():
            continue
        for name, wanted in (("flagged", True), ("not_flagged", False)):
            for number, example in enumerate(getattr(risk.examples, name)):
                if (risk.code in codes_of(example, rulebook)) is not wanted:
                    said = "is not flagged" if wanted else "is flagged"
                    yield _at(path, ("examples", name, number), f"this example {said}")


def codes_of(example: Example | str, rulebook: Rulebook) -> tuple[str, ...]:
    """The risk codes that an example gets."""
    case = Example(text=example) if isinstance(example, str) else example
    submission = Submission(
        text=case.text, stage=case.stage, platform=case.platform, kind=case.kind
    )
    return vet(submission, rulebook).codes


def _at(path: Path, place: Path_, message: str) -> Problem:
    """The problem at the node that a path of keys and numbers leads to (as far as it does)."""
    node: Any = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    mark = node.start_mark
    reached: list[str] = []
    for step in place:
        child = _child(node, step)
        if child is None:
            continue  # a union's name in pydantic's path, or a key that is missing
        reached.append(str(step))
        mark, node = child
    where = ".".join(reached)
    return Problem(
        path=path,
        line=mark.line + 1,
        column=mark.column + 1,
        message=f"{where}: {message}" if where else message,
    )


def _child(node: Any, step: str | int) -> tuple[Any, Any] | None:
    """The mark and node below a YAML node, by key or number."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item.start_mark, item
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark, value
    return None

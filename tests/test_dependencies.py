"""What we stand on, as far as it can be checked without a network: the lock files and the licences.

Whether something is known to be vulnerable can only be asked of a service: `make audit`.
"""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-screenshots.lock", "requirements-dev.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

#: Words of licences that let everybody use and pass on what is built with them.
_FREE = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|Zlib|CC0|MPL|Mozilla)\b",
    re.IGNORECASE,
)
#: Libraries that are used as they are, under a licence that asks for no more than that.
_USED_AS_THEY_ARE = {"psycopg", "psycopg-binary"}  # LGPL


def locked(name: str) -> dict[str, tuple[Requirement, list[str]]]:
    """What a lock file names, with its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found: dict[str, tuple[Requirement, list[str]]] = {}
    for entry in re.sub(r"\\\n\s*", " ", text).splitlines():
        said, *hashes = re.split(r"\s+--hash=", entry)
        if not said.strip() or said.lstrip().startswith("#"):
            continue
        requirement = Requirement(said)
        found[f"{canonicalize_name(requirement.name)}{requirement.specifier}"] = requirement, hashes
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_pinned_to_files_that_are_known(name: str) -> None:
    """Nothing comes from another place than the index, and nothing that was changed there."""
    entries = locked(name)
    assert len(entries) > 30
    for requirement, hashes in entries.values():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert requirement.url is None
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), requirement
    options = re.findall(r"^\s*(-[^-\s]|--(?!hash)\S+)", (ROOT / name).read_text(), re.MULTILINE)
    assert not options


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("requirements.lock", PROJECT["project"]["dependencies"]),
        (
            "requirements-screenshots.lock",
            PROJECT["project"]["optional-dependencies"]["screenshots"],
        ),
        ("requirements-dev.lock", PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_the_locks_hold_what_is_asked_for(name: str, asked: list[str]) -> None:
    entries = [requirement for requirement, _ in locked(name).values()]
    for each in map(Requirement, asked):
        found = [e for e in entries if canonicalize_name(e.name) == canonicalize_name(each.name)]
        assert found, each
        for requirement in found:
            assert each.specifier.contains(str(requirement.specifier)[2:]), (each, requirement)


def test_a_smaller_lock_is_a_part_of_the_larger_ones() -> None:
    """So what is tested is what runs."""
    small, middle, large = (locked(name) for name in LOCKS)
    for one, other in ((small, middle), (middle, large)):
        for name, (_, hashes) in one.items():
            assert name in other, name
            assert set(other[name][1]) == set(hashes)


def test_what_is_installed_is_what_is_locked_and_may_be_used() -> None:
    for requirement, _ in locked("requirements-dev.lock").values():
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        assert metadata.version(requirement.name) == str(requirement.specifier)[2:]
        name = canonicalize_name(requirement.name)
        if name not in _USED_AS_THEY_ARE:
            licence = _licence(metadata.metadata(requirement.name))
            assert _FREE.search(licence), (requirement.name, licence)
            assert not re.search(r"\b(A?GPL|GNU|proprietary|commercial)", licence), licence


def _licence(said: metadata.PackageMetadata) -> str:
    """What a package says of its licence, in one of the three places."""
    classifiers = [each for each in said.get_all("Classifier") or [] if "License ::" in each]
    return "; ".join(
        [
            *(said.get_all("License-Expression") or []),
            *(each[:60] for each in said.get_all("License") or []),
            *classifiers,
        ]
    )

"""One thing that `doctor` found."""

from __future__ import annotations

from typing import Literal

from rules.models import Frozen


class Finding(Frozen):
    """One thing, in words.

    `state`: ok; noted (worth knowing); missing (somebody has to add it); wrong (it does not work
    as it is).
    """

    state: Literal["ok", "noted", "missing", "wrong"]
    what: str
    said: str


def ok(what: str, said: str) -> Finding:
    """It works."""
    return Finding(state="ok", what=what, said=said)


def noted(what: str, said: str) -> Finding:
    """It is worth knowing."""
    return Finding(state="noted", what=what, said=said)


def missing(what: str, said: str) -> Finding:
    """It has to be added."""
    return Finding(state="missing", what=what, said=said)


def wrong(what: str, said: str) -> Finding:
    """It does not work as it is."""
    return Finding(state="wrong", what=what, said=said)

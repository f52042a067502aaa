"""One thing that `doctor` looked at."""

from __future__ import annotations

from typing import Literal

from rules.models import Frozen


class Check(Frozen):
    """One thing, in words.

    `state`: ok; noted (worth knowing); missing (somebody has to add it); wrong (it does not work
    as it is).
    """

    state: Literal["ok", "noted", "missing", "wrong"]
    what: str
    said: str


def ok(what: str, said: str) -> Check:
    """It works."""
    return Check(state="ok", what=what, said=said)


def noted(what: str, said: str) -> Check:
    """It is worth knowing."""
    return Check(state="noted", what=what, said=said)


def missing(what: str, said: str) -> Check:
    """It has to be added."""
    return Check(state="missing", what=what, said=said)


def wrong(what: str, said: str) -> Check:
    """It does not work as it is."""
    return Check(state="wrong", what=what, said=said)

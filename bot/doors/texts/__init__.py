"""What all doors say alike, as data: one file for each language, the same keys in all."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rules import Lang
from rules.loading import read_yaml


@cache
def texts(lang: Lang) -> dict[str, str]:
    """The texts in one language, by key."""
    said: dict[str, str] = read_yaml(Path(__file__).with_name(f"{lang}.yaml"))
    return said

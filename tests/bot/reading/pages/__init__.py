"""Pages written for the tests: full pages of each site in several layouts, and what they say.

A file holds the part that differs; `_site.html` beside it is the frame that all pages of that site
have (navigation, cookie banner, advertising, related jobs, footer), full of suspicious words that
are none of the posting's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rules.loading import read_yaml

FOLDER = Path(__file__).parent
_HEAD = re.compile(r"<!-- (\w+): (.*?) -->\n")


@dataclass(frozen=True)
class Saved:
    """One page: its address, its markup, and what its posting is."""

    name: str
    url: str
    markup: str
    said: dict[str, Any]

    @property
    def site(self) -> str:
        return self.name.partition("/")[0]


def page(name: str) -> Saved:
    """The page of this name, such as 'crowdworks/table'."""
    return next(each for each in pages() if each.name == name)


@cache
def pages() -> tuple[Saved, ...]:
    """All pages that `expected.yaml` describes."""
    expected = read_yaml(FOLDER / "expected.yaml")
    return tuple(
        Saved(name, said["url"], _framed(name, said["url"]), said)
        for name, said in expected.items()
    )


def _framed(name: str, url: str) -> str:
    text = (FOLDER / f"{name}.html").read_text(encoding="utf-8")
    said = dict(_HEAD.findall(text))
    frame = (FOLDER / name).with_name("_site.html").read_text(encoding="utf-8")
    number = re.sub(r"\D", "", url) or "1"
    for mark, value in (
        ("title", said.get("title", "")),
        ("head", said.get("head", "")),
        ("number", number),
        ("body", _HEAD.sub("", text)),
    ):
        frame = frame.replace("{{" + mark + "}}", value)
    return frame

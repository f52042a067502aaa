"""What documents say is tested, is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@pytest.mark.parametrize("name", ["SECURITY.md", "docs/faults.md"])
def test_every_test_that_is_named_is_there(name: str) -> None:
    named = _NAMED.findall((ROOT / name).read_text(encoding="utf-8"))
    assert len(named) > 20
    for path, test in named:
        source = (ROOT / path).read_text(encoding="utf-8")
        assert not test or re.search(rf"def {test}\b", source), f"{path}::{test}"

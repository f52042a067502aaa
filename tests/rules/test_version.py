"""The version of a rulebook: the same where the rules are the same, another where they are not."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from rules import load_rulebook
from tests.process import ROOT

_ASK = "from rules import load_rulebook; print(load_rulebook().version)"


def test_it_is_the_same_in_another_process() -> None:
    version = load_rulebook().version
    assert re.fullmatch("[0-9a-f]{12}", version)
    asked = subprocess.run(
        [sys.executable, "-c", _ASK], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert asked.stdout.strip() == version


def test_the_second_reader_and_an_operators_rules_make_another(tmp_path: Path) -> None:
    rules = tmp_path / "risks"
    rules.mkdir()
    (rules / "vague_pay.yaml").write_text("code: vague_pay\nenabled: false\n")
    versions = {
        load_rulebook().version,
        load_rulebook(second_reader=False).version,
        load_rulebook(tmp_path).version,
        load_rulebook(tmp_path, second_reader=False).version,
    }
    assert len(versions) == 4


def test_an_empty_folder_changes_nothing(tmp_path: Path) -> None:
    assert load_rulebook(tmp_path).version == load_rulebook().version

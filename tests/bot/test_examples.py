"""What is shown as an example can be used: the Procfile, the units of systemd, the container."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.roles import ROLES

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
COMMAND = re.compile(r"(?:python|\"python\"),? ?\"?-m\"?,? ?\"?bot\"?,? ?\"?serve\"?(.*)")


@pytest.mark.parametrize(
    "path", [ROOT / "Procfile", *sorted(EXAMPLES.iterdir())], ids=lambda path: path.name
)
def test_commands_name_roles_that_there_are(path: Path) -> None:
    found = [
        match[1].strip(' "]`')
        for line in path.read_text(encoding="utf-8").splitlines()
        if (match := COMMAND.search(line))
    ]
    assert found
    assert {role for roles in found for role in roles.split()} <= set(ROLES)


def test_what_the_container_copies_is_there() -> None:
    said = (EXAMPLES / "Dockerfile").read_text(encoding="utf-8")
    lock = re.search(r"^ARG LOCK=(.*)$", said, re.MULTILINE)
    assert lock is not None
    sources = re.findall(r"^COPY (?!--)(\S+)", said, re.MULTILINE)
    assert sources
    for each in sources:
        assert (ROOT / each.replace("${LOCK}", lock[1])).exists(), each


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("name", ["mikiwame.service", "mikiwame-worker@.service"])
def test_systemd_understands_its_units(name: str) -> None:
    told = subprocess.run(
        ["systemd-analyze", "verify", str(EXAMPLES / name)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    unit = name.partition(".")[0].rstrip("@")
    lines = [line for line in told.stderr.splitlines() if unit in line]
    assert all("is not executable" in line for line in lines), told.stderr

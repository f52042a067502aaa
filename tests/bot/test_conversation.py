"""The conversation on a real terminal (a pseudo-terminal, with real keys)."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PASTE = "\x1b[200~{}\x1b[201~"


class Terminal:
    """One run of the bot on a pseudo-terminal."""

    def __init__(self) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "70", "LINES": "50"},
            close_fds=True,
        )
        os.close(slave)
        self.seen = ""

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def wait_for(self, words: str, seconds: float = 20) -> str:
        """Everything printed up to and with these words; fails where they do not come."""
        begun = time.monotonic()
        while words not in (plain := re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.seen)):
            left = seconds - (time.monotonic() - begun)
            assert left > 0, f"{words!r} did not come; seen: {plain[-1500:]}"
            if select.select([self._master], [], [], left)[0]:
                chunk = os.read(self._master, 65536).decode(errors="replace")
                self.seen += chunk
                if "\x1b[6n" in chunk:
                    self.type("\x1b[1;1R")  # a real terminal says where its cursor is
        at = plain.index(words) + len(words)
        self.seen = plain[at:]
        return plain[:at]

    def end(self) -> int:
        status = self._process.wait(10)
        os.close(self._master)
        return status

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    started = Terminal()
    yield started
    started.kill()


def test_a_person_pastes_reads_adds_and_leaves(terminal: Terminal) -> None:
    terminal.wait_for("›")
    terminal.type(
        PASTE.format("はじめまして。\nLINEで話しましょう。\n友だち追加をお願いします。") + "\r"
    )
    terminal.wait_for("サイトの外")
    terminal.wait_for("ご連絡をいただき")
    terminal.wait_for("›")
    terminal.type("ランサーズで仮払い済みです\r")
    answer = terminal.wait_for("ランサーズ・")
    assert "ご連絡をいただき" not in answer
    terminal.wait_for("›")
    terminal.type("これって詐欺?\r")
    terminal.wait_for("前のメッセージのまま")
    terminal.wait_for("›")
    terminal.type("in English\r")
    terminal.wait_for("No known risk")
    terminal.wait_for("›")
    terminal.type("q\r")
    terminal.wait_for("Take care")
    assert terminal.end() == 0


def test_lines_stay_within_the_width(terminal: Terminal) -> None:
    terminal.wait_for("›")
    terminal.type("詳しくはLINEでご案内しますので友だち追加をお願いします。\r")
    terminal.wait_for("サイトの外")
    lines = terminal.wait_for("›").replace("\r", "").split("\n")
    assert len(lines) > 10
    assert all(sum(1 + (ord(c) > 0x2E80) for c in line) <= 70 for line in lines), lines


def test_control_d_leaves(terminal: Terminal) -> None:
    terminal.wait_for("›")
    terminal.type("\x04")
    assert terminal.end() == 0

"""Screenshots of chats, drawn from chats.yaml, and what they say."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.reading.models import Speaker

HERE = Path(__file__).parent
_SIGNS = {"So", "Sk", "Cf", "Mn"}  # what emoji are made of


@dataclass(frozen=True)
class Screenshot:
    """A picture, and what is said in it: the speaker (None: can't be seen) and the words."""

    path: Path
    said: tuple[tuple[Speaker | None, str], ...]
    links: tuple[str, ...]

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()


def screenshots() -> dict[str, Screenshot]:
    """All, by name."""
    chats = yaml.safe_load((HERE / "chats.yaml").read_text(encoding="utf-8"))
    return {chat["name"]: _screenshot(chat) for chat in chats}


def _screenshot(chat: dict[str, Any]) -> Screenshot:
    (path,) = (each for each in HERE.glob(f"{chat['name']}.*"))
    sides = {"they": Speaker.CLIENT, "we": Speaker.WORKER}
    said = tuple(
        (sides[side] if chat["look"] != "thread" else None, str(words))
        for message in chat["chat"]
        for side, words in message.items()
        if side in sides
    )
    links = tuple(message["qr"] for message in chat["chat"] if "qr" in message)
    return Screenshot(path, said, links)


def plain(text: str) -> str:
    """Letters as they are compared: one width, no emoji, no spaces beside Japanese ones."""
    return "\n".join(_plain_line(line) for line in text.splitlines())


def _plain_line(line: str) -> str:
    letters = unicodedata.normalize("NFKC", line)
    kept = (each for each in letters if unicodedata.category(each) not in _SIGNS)
    joined = ""
    for word in "".join(kept).split():
        apart = joined and joined[-1].isascii() and word[0].isascii()
        joined += f" {word}" if apart else word
    return joined


def errors(truth: str, read: str) -> int:
    """Letters that are wrong, missing or too many (Levenshtein)."""
    row = list(range(len(read) + 1))
    for i, expected in enumerate(truth, 1):
        before, row[0] = row[0], i
        for j, seen in enumerate(read, 1):
            change = before + (expected != seen)
            before, row[j] = row[j], min(change, row[j] + 1, row[j - 1] + 1)
    return row[-1]

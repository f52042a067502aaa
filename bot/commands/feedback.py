"""`python -m bot feedback`: what people thought of the answers, and the texts they let us keep."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.commands.tables import table
from bot.doors.terminal import make_console
from bot.doors.wording import one_line
from bot.requests import RequestError
from bot.store.tallies import Said, Spoke, Tallies, Votes

#: How many words of people's own are shown.
_WORDS = 20


def show_feedback(tallies: Tallies | None, version: str, *, as_json: bool) -> None:
    """Prints the votes by version, rule and pattern. `version`: that of the rules now."""
    votes = tallies.votes() if tallies else []
    if as_json:
        print(json.dumps([_plain(each) for each in votes], indent=2))
        return
    console = make_console()
    if tallies is None or not votes:
        console.print("Nobody has said yet what they think of an answer.")
        return
    for name, group in groupby(votes, lambda each: each.version):
        now = " (the rules as they are now)" if name == version else ""
        _show_version(f"Rules {name or 'before versions were noted'}{now}", list(group), console)
    _show_words(islice((each for each in tallies.feedback() if each.word), _WORDS), console)


def _show_version(title: str, votes: list[Votes], console: Console) -> None:
    console.print(Text(title, style="bold"))
    spoke = table("what spoke", "right", "wrong alarm", "last")
    near = table("what came near (and what excused it)", "right", "missed", "last")
    for each in votes:
        said = each.spoke
        last = each.last.isoformat()
        if said.code and not said.frame:
            spoke.add_row(_name(said), str(each.right), str(each.wrong_alarm), last)
        else:
            near.add_row(_name(said), str(each.right), str(each.missed), last)
    for made in (spoke, near):
        if made.row_count:
            console.print(made)
            console.print()


def _name(spoke: Spoke) -> str:
    if not spoke.code:
        return "(nothing)"
    excused = f" ({spoke.frame})" if spoke.frame else ""
    return f"{spoke.code}/{spoke.pattern}{excused}"


def _show_words(said: Iterable[Said], console: Console) -> None:
    lines = [
        f"{each.day}  {each.verdict.replace('_', ' ')} ({', '.join(each.codes) or 'clear'}): "
        f"{_harmless(each.word)}"
        for each in said
    ]
    if lines:
        console.print(Text("In their own words, the latest first", style="bold"))
        for line in lines:
            console.print(Text(line))


def _harmless(word: str) -> str:
    """Somebody's words on one line, without what a terminal would obey."""
    return one_line("".join(sign if sign.isprintable() else " " for sign in word))


def _plain(votes: Votes) -> dict[str, Any]:
    return {
        "version": votes.version,
        **votes.spoke.model_dump(),
        "right": votes.right,
        "wrong_alarm": votes.wrong_alarm,
        "missed": votes.missed,
        "last": votes.last.isoformat(),
    }


def export(tallies: Tallies | None, file: Path | None) -> None:
    """Writes the texts that people let us keep, a line each, in the format of tests/corpora.

    Into a file that its owner alone can read, or to standard output. What the labels say is what
    the bot said of the text; `feedback` tells what the person said. Raises RequestError.
    """
    kept = tallies.feedback(samples=True) if tallies else []
    lines = (json.dumps(each, ensure_ascii=False) for each in _lines(kept))
    if file is None:
        sys.stdout.writelines(f"{line}\n" for line in lines)
        return
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            os.fchmod(descriptor, 0o600)
            count = sum(1 for line in lines if out.write(f"{line}\n"))
    except OSError as error:
        raise RequestError(f"{file} can't be written: {error.strerror}") from None
    said = f"{count} texts" if count != 1 else "1 text"
    print(f"{said} written to {file}: people's own words, to be kept no longer than needed")


def _lines(said: Iterable[Said]) -> Iterator[dict[str, Any]]:
    for each in said:
        yield {
            "id": f"use-{each.name}",
            **json.loads(each.sample),
            "feedback": {
                "verdict": each.verdict,
                "word": each.word,
                "level": each.level,
                "codes": list(each.codes),
                "version": each.version,
                "day": each.day.isoformat(),
            },
        }

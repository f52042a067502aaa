"""One JSON object a line in, one a line out, in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.doors.answers import as_json
from bot.requests import RequestError, decoded, submission_of
from rules import Lang, Rulebook, vet


def answer_lines(
    lines: Iterable[bytes], rulebook: Rulebook, lang: Lang | None
) -> Iterator[dict[str, Any]]:
    """An answer, or {'id', 'error'}, for each line that is not blank."""
    for line in lines:
        if line.strip():
            yield _answer(line, rulebook, lang)


def _answer(line: bytes, rulebook: Rulebook, lang: Lang | None) -> dict[str, Any]:
    id_: Any = None
    try:
        asked = _parsed(line)
        id_ = asked.get("id")
        submission = submission_of(
            asked.get("text"),
            rulebook,
            kind=asked.get("kind"),
            platform=asked.get("platform"),
            stage=asked.get("stage"),
        )
    except RequestError as error:
        return {"id": id_, "error": str(error)}
    return {"id": id_, **as_json(vet(submission, rulebook), rulebook, lang)}


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(decoded(line))
    except (json.JSONDecodeError, RecursionError):
        raise RequestError("this line is not JSON") from None
    if not isinstance(asked, dict):
        raise RequestError("this line is no JSON object")
    return asked

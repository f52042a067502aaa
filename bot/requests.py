"""What a command line or a line of JSON asks for, checked, as a Submission."""

from __future__ import annotations

import re
from typing import Any

from bot.settings import Settings
from rules import Kind, Rulebook, Stage, Submission

_SURROGATE = re.compile("[\ud800-\udfff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


class RequestError(Exception):
    """The request can't be judged. The message is for people."""


def submission_of(
    text: object,
    rulebook: Rulebook,
    *,
    kind: object = None,
    platform: object = None,
    stage: object = None,
) -> Submission:
    """A checked submission. Raises RequestError in words that say what would be right."""
    if not isinstance(text, str):
        raise RequestError("'text' is missing or no string")
    text = _SURROGATE.sub("\ufffd", text)
    if not text.strip():
        raise RequestError("the text is empty")
    return Submission(
        text=text,
        kind=_one_of(Kind, "kind", kind),
        platform=_platform(platform, rulebook),
        stage=_one_of(Stage, "stage", stage),
    )


def _one_of(choices: Any, name: str, value: object) -> Any:
    if value is None:
        return None
    try:
        return choices(value)
    except ValueError:
        known = ", ".join(choices)
        raise RequestError(f"unknown {name} {value!r}: one of {known}") from None


def _platform(value: object, rulebook: Rulebook) -> str | None:
    """A site that is not known counts as 'other'."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise RequestError("'platform' is no string")
    code = value.strip().lower()
    return code if code in rulebook.book.sites else "other"


def may_be_posting(text: str, settings: Settings, rulebook: Rulebook) -> bool:
    """Whether there may be a posting's address in a text: a quick look, to load nothing in vain."""
    if "://" not in text:
        return False
    return bool(settings.fetch_allow) or any(host in text.lower() for host in rulebook.hosts)


def decoded(data: bytes) -> str:
    """Bytes as text: UTF-8, or Shift_JIS as older Windows tools write it."""
    if b"\0" in data:
        raise RequestError("this is not text: it holds binary data")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _PRIVATE.search(text):  # where cp932 puts bytes that are no characters
            return text
    raise RequestError("this is not text in UTF-8 (nor Shift_JIS)")

"""How we know our own answer again, should we not remember that it was sent."""

from __future__ import annotations

from typing import Any

from bot.doors.slack import ids

_EVENT = "mikiwame_answer"


def signature(key: str) -> dict[str, Any]:
    """A message's metadata by which we know it again; it names the answer and says nothing."""
    return {"event_type": _EVENT, "event_payload": {"key": key}}


def is_signed(message: dict[str, Any], key: str) -> bool:
    """Whether this is our answer of this key. Its controls say so too: metadata may not come back."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") == _EVENT:
        return bool((metadata.get("event_payload") or {}).get("key") == key)
    return any(control.key == key for control in ids.controls_in(message.get("blocks")))

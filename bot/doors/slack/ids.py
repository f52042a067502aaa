"""The names by which Slack tells us what was used: commands, controls, forms and their fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.desk.showing import Control, Verb

COMMAND = "/vet"
#: Callback id of the message shortcut 'Vet this message'.
SHORTCUT = "vet_message"
#: Callback ids of the forms.
VET_FORM = "vet_form"
FEEDBACK_FORM = "feedback_form"
SETTINGS_FORM = "settings_form"
#: Action id of the button that opens the form (App Home, notices); its value is not used.
OPEN_FORM = "open_vet_form"
#: Action id of the button that opens the workspace's settings (App Home, for admins).
OPEN_SETTINGS = "open_settings"

#: Every control under an answer: `control:` and its verb, which `pressed` reads.
CONTROL = re.compile(r"^control:")
#: The menu behind three dots, which holds controls of several verbs.
MORE_ACTIONS = "control:menu"

#: Block ids of the fields in the forms; each has one element, whose action id is FIELD.
TEXT, SITE, STAGE, VERDICT, WORD = "text", "site", "stage", "verdict", "word"
KEEP = "keep"
FIELD = "field"


def action_id(verb: Verb, argument: str = "") -> str:
    """The action id of a control; the argument keeps two buttons of one verb apart."""
    return f"control:{verb}:{argument}" if argument else f"control:{verb}"


def encode(key: str, verb: Verb, argument: str = "") -> str:
    """A control's value. Raises ValueError for a key or argument that no value can carry."""
    return Control(key=key, verb=verb, argument=argument).encode()


def decode(value: str) -> Control | None:
    """The control that a value names; None for a value that is none of ours."""
    return Control.decode(value)


def pressed(action: dict[str, Any]) -> Control | None:
    """The control in one entry of a block_actions payload's `actions`; None if it is not ours."""
    option = action.get("selected_option") or {}
    value = action.get("value") or option.get("value")
    return decode(value) if isinstance(value, str) else None


def controls_in(blocks: Any) -> Iterator[Control]:
    """The controls in a message's blocks, as Slack gives them back."""
    if isinstance(blocks, list):
        for each in blocks:
            yield from controls_in(each)
    elif isinstance(blocks, dict):
        value = blocks.get("value")
        control = decode(value) if isinstance(value, str) else None
        if control is not None:
            yield control
        for each in blocks.values():
            yield from controls_in(each)

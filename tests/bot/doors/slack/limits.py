"""Slack's limits on what is sent to it, as its documentation gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import Block

#: Characters in plain text objects, by where they stand.
PLAIN = {"label": 2000, "hint": 2000, "placeholder": 150, "title": 24, "submit": 24, "close": 24}


def assert_within_limits(blocks: Sequence[dict[str, Any]], *, at_most: int = 50) -> None:
    """Fails where Slack would refuse the blocks, or cut them."""
    assert 0 < len(blocks) <= at_most
    for parsed in Block.parse_all(list(blocks)):
        parsed.validate_json()
    for block in blocks:
        BLOCKS[block["type"]](block)
    assert sum(len(text) for text in every_text(blocks)) <= 12_000


def every_text(part: Any) -> Iterator[str]:
    """Every string that is shown, wherever it stands."""
    for each in every_dict(part):
        if isinstance(each.get("text"), str):
            yield each["text"]


def every_dict(part: Any) -> Iterator[dict[str, Any]]:
    """Every object, wherever it stands."""
    if isinstance(part, dict):
        yield part
        for each in part.values():
            yield from every_dict(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from every_dict(each)


def _rich_text(block: dict[str, Any]) -> None:
    assert block["elements"]
    for part in block["elements"]:
        assert part["elements"]
        for text in every_text(part):
            assert 0 < len(text) <= 3000


def _context(block: dict[str, Any]) -> None:
    assert 0 < len(block["elements"]) <= 10
    assert all(0 < len(text) <= 3000 for text in every_text(block))


def _actions(block: dict[str, Any]) -> None:
    assert 0 < len(block["elements"]) <= 25
    names = [element["action_id"] for element in block["elements"]]
    assert len(set(names)) == len(names)
    for element in block["elements"]:
        _element(element)


def _context_actions(block: dict[str, Any]) -> None:
    assert 0 < len(block["elements"]) <= 5
    for element in block["elements"]:
        for side in ("positive_button", "negative_button"):
            assert 0 < len(element[side]["text"]["text"]) <= 75
            assert len(element[side]["value"]) <= 2000
            assert len(element[side]["accessibility_label"]) <= 75


def _element(element: dict[str, Any]) -> None:
    assert len(element["action_id"]) <= 255
    if element["type"] == "button":
        assert 0 < len(element["text"]["text"]) <= 75
        assert len(element["value"]) <= 2000
        return
    if element["type"] == "plain_text_input":
        assert len(element.get("initial_value", "")) <= element["max_length"] <= 3000
        return
    if element["type"] in {"multi_users_select", "conversations_select"}:
        assert 0 < len(element["placeholder"]["text"]) <= 150
        return
    most = {
        "static_select": 100,
        "overflow": 5,
        "radio_buttons": 10,
        "checkboxes": 10,
        "multi_static_select": 100,
    }[element["type"]]
    least = 2 if element["type"] == "overflow" else 1
    assert least <= len(element["options"]) <= most
    for option in element["options"]:
        assert 0 < len(option["text"]["text"]) <= 75
        assert 0 < len(option["value"]) <= 150
    assert element.get("initial_option", element["options"][0]) in element["options"]
    assert all(each in element["options"] for each in element.get("initial_options", ()))
    assert 0 < len(element.get("placeholder", {"text": "…"})["text"]) <= 150


def _header(block: dict[str, Any]) -> None:
    assert 0 < len(block["text"]["text"]) <= 150


def _section(block: dict[str, Any]) -> None:
    assert 0 < len(block["fields"]) <= 10
    assert all(0 < len(field["text"]) <= 2000 for field in block["fields"])


def _input(block: dict[str, Any]) -> None:
    assert len(block["block_id"]) <= 255
    for name in ("label", "hint"):
        assert 0 < len(block.get(name, {"text": "…"})["text"]) <= 2000
    _element(block["element"])


BLOCKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "rich_text": _rich_text,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "header": _header,
    "section": _section,
    "input": _input,
    "divider": lambda _: None,
}

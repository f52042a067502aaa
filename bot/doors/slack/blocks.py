"""Block Kit, as far as it is used here: small builders that keep Slack's limits.

Text from outside goes into rich text or plain text only, which Slack shows as it stands; `mrkdwn`
is for our own words and links, escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.doors.wording import clipped

Block = dict[str, Any]

BUTTON_LIMIT = 75
TEXT_LIMIT = 3000


def escaped(text: str) -> str:
    """The text with the three characters that Slack's markup gives a meaning."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# ---- rich text --------------------------------------------------------------------------------


def rich(*parts: Block) -> Block:
    """A block of rich text parts."""
    return {"type": "rich_text", "elements": list(parts)}


def run(text: str, *, bold: bool = False, italic: bool = False) -> Block:
    """A run of text inside a rich text part. Slack refuses an empty one."""
    style = {name: True for name, on in (("bold", bold), ("italic", italic)) if on}
    return {"type": "text", "text": text or " ", **({"style": style} if style else {})}


def emoji(name: str) -> Block:
    """An emoji inside a rich text part."""
    return {"type": "emoji", "name": name}


def paragraph(*runs: Block) -> Block:
    """A line or paragraph."""
    return {"type": "rich_text_section", "elements": list(runs)}


def quote(text: str) -> Block:
    """Somebody's words, with a bar beside them."""
    return {"type": "rich_text_quote", "elements": [run(text)]}


def copyable(text: str) -> Block:
    """Text in a frame of its own, that is copied whole and without markup."""
    return {"type": "rich_text_preformatted", "elements": [run(text)], "border": 0}


def bullets(items: Iterable[str]) -> Block:
    """A list."""
    return {
        "type": "rich_text_list",
        "style": "bullet",
        "indent": 0,
        "elements": [paragraph(run(item)) for item in items],
    }


def length(parts: Iterable[Block]) -> int:
    """Characters in rich text parts (lists aside)."""
    return sum(len(each.get("text", "")) for part in parts for each in part["elements"])


# ---- small print and controls -----------------------------------------------------------------


def plain(text: str, limit: int = BUTTON_LIMIT) -> Block:
    """Text as it stands, no emoji codes read; as long as a button's label unless said otherwise."""
    return {"type": "plain_text", "text": clipped(text, limit), "emoji": False}


def small(text: str) -> Block:
    """A line of small print from our own words and `link`s (mrkdwn)."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def fields(cells: Iterable[str]) -> Block:
    """A small table of at most ten cells, in two columns where there is room for them."""
    shown = [plain(cell, 200) for cell in cells][:10]
    return {"type": "section", "fields": shown}


def link(title: str, url: str | None) -> str:
    """A link for `small`; the title alone where there is no address."""
    if url is None:
        return escaped(title)
    address = escaped(url).replace("|", "%7C").replace(" ", "%20")
    return f"<{address}|{escaped(title).replace('|', '¦')}>"


def button(text: str, action_id: str, value: str, **more: Any) -> Block:
    """A button. `more` holds its style and the like."""
    return {
        "type": "button",
        "text": plain(text),
        "action_id": action_id,
        "value": value,
        **more,
    }


def option(text: str, value: str) -> Block:
    """One choice of a menu."""
    return {"text": plain(text), "value": value}


def menu(
    placeholder: str, action_id: str, options: Mapping[Any, Block], chosen: object = None
) -> Block:
    """A menu of options by name, 100 at most, with the chosen one shown."""
    shown = list(options.values())[:100]
    first = options.get(chosen)
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder, 150),
        "options": shown,
        **({"initial_option": first} if first in shown else {}),
    }


def overflow(action_id: str, options: list[Block]) -> Block:
    """A menu behind three dots, for what is seldom wanted; two to five options."""
    return {"type": "overflow", "action_id": action_id, "options": options[:5]}


def actions(elements: Iterable[Block]) -> list[Block]:
    """A row of controls; no block at all where there is none."""
    row = list(elements)
    return [{"type": "actions", "elements": row[:25]}] if row else []

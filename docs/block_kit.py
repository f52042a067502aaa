"""Block Kit as HTML, close enough to Slack's own look to judge an answer by.

Only what the Slack door uses is drawn; an unknown block or element raises KeyError, so that a
picture never leaves something out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

Block = dict[str, Any]

_OPTIONAL = "\0"
_STYLE = Path(__file__).with_name("block_kit.css")
_EMOJI = {
    "large_green_circle": "#2fae5f",
    "large_yellow_circle": "#f2c744",
    "red_circle": "#e0344a",
}
_SIGNS = {"paperclip": "📎"}
_UP = "M7 22V10l4-8c1.7 0 2.6 1.2 2.4 3L13 9h6.2c1.2 0 2 1 1.8 2.2l-1.3 8c-.2 1.6-1.2 2.8-2.8 2.8zM3 10h4v12H3z"
_TRASH = "M4 6h16M9 6V3h6v3M6 6l1 15h10l1-15M10 10v7M14 10v7"


def page(title: str, body: str, width: int) -> str:
    """A whole HTML page `width` pixels wide."""
    style = _STYLE.read_text(encoding="utf-8")
    return (
        f"<!doctype html><meta charset=utf-8><title>{escape(title)}</title>"
        f"<style>{style} body{{width:{width}px}}</style><body>{body}</body>"
    )


def message(name: str, blocks: Iterable[Block], note: str = "") -> str:
    """One message of an app. `note`: what Slack writes above it, such as 'Only visible to you'."""
    above = f'<div class="note">{escape(note)}</div>' if note else ""
    return (
        f'<article><div class="face">見</div><div class="body">{above}'
        f'<div class="who"><b>{escape(name)}</b><span class="app">APP</span>'
        f"<time>9:41</time></div>{drawn(blocks)}</div></article>"
    )


def said(name: str, text: str) -> str:
    """One message of a person."""
    words = escape(text).replace("\n", "<br>")
    return (
        f'<article><div class="face person">{escape(name[0])}</div><div class="body">'
        f'<div class="who"><b>{escape(name)}</b><time>9:40</time></div>{words}</div></article>'
    )


def modal(view: Block, optional: str) -> str:
    """A form as it lies over the workspace. `optional`: what Slack writes beside such a field."""
    buttons = "".join(
        f'<button class="{kind}">{_plain(view[part])}</button>'
        for part, kind in (("close", ""), ("submit", "primary"))
        if part in view
    )
    return (
        f'<div class="modal"><header>{_plain(view["title"])}</header>'
        f'<div class="inside">{drawn(view["blocks"]).replace(_OPTIONAL, escape(optional))}</div><footer>{buttons}</footer></div>'
    )


def drawn(blocks: Iterable[Block]) -> str:
    """The blocks, one after the other."""
    return "".join(
        f'<div class="block {block["type"]}">{_BLOCKS[block["type"]](block)}</div>'
        for block in blocks
    )


# ---- blocks -----------------------------------------------------------------------------------


def _rich_text(block: Block) -> str:
    return "".join(_RICH[part["type"]](part) for part in block["elements"])


def _section(block: Block) -> str:
    accessory = block.get("accessory")
    beside = f'<div class="accessory">{_element(accessory)}</div>' if accessory else ""
    cells = "".join(f"<div>{_text(each)}</div>" for each in block.get("fields") or ())
    table = f'<div class="fields">{cells}</div>' if cells else ""
    return (
        f'<div class="words">{_text(block["text"]) if "text" in block else ""}{table}</div>{beside}'
    )


def _context(block: Block) -> str:
    return "".join(f"<span>{_text(each)}</span>" for each in block["elements"])


def _row(block: Block) -> str:
    return "".join(_element(each) for each in block["elements"])


def _input(block: Block) -> str:
    optional = f' <span class="optional">{_OPTIONAL}</span>' if block.get("optional") else ""
    hint = f'<div class="hint">{_plain(block["hint"])}</div>' if "hint" in block else ""
    return f"<label>{_plain(block['label'])}{optional}</label>{_element(block['element'])}{hint}"


_BLOCKS: dict[str, Callable[[Block], str]] = {
    "rich_text": _rich_text,
    "section": _section,
    "context": _context,
    "actions": _row,
    "context_actions": _row,
    "header": lambda block: _plain(block["text"]),
    "divider": lambda _: "<hr>",
    "input": _input,
}


# ---- rich text --------------------------------------------------------------------------------


def _runs(part: Block) -> str:
    return "".join(_run(each) for each in part["elements"])


def _run(run: Block) -> str:
    if run.get("name") in _SIGNS:
        return _SIGNS[run["name"]]
    if run["type"] == "emoji":
        return f'<i class="dot" style="background:{_EMOJI[run["name"]]}"></i>'
    if run["type"] == "link":
        return f"<a>{escape(run.get('text') or run['url'])}</a>"
    words = escape(run["text"]).replace("\n", "<br>")
    for name in run.get("style", {}):
        words = f'<span class="{name}">{words}</span>'
    return words


def _list(part: Block) -> str:
    items = "".join(f"<li>{_runs(each)}</li>" for each in part["elements"])
    return f"<ul>{items}</ul>" if part["style"] == "bullet" else f"<ol>{items}</ol>"


_RICH: dict[str, Callable[[Block], str]] = {
    "rich_text_section": lambda part: f"<p>{_runs(part)}</p>",
    "rich_text_quote": lambda part: f"<blockquote>{_runs(part)}</blockquote>",
    "rich_text_preformatted": lambda part: f"<pre>{_runs(part).replace('<br>', chr(10))}</pre>",
    "rich_text_list": _list,
}


# ---- text objects and elements ----------------------------------------------------------------


def _plain(text: Block) -> str:
    return escape(text["text"]).replace("\n", "<br>")


def _text(text: Block) -> str:
    if text["type"] == "plain_text":
        return _plain(text)
    words = re.sub(r"<([^|>]+)\|([^>]+)>", r"<a>\2</a>", text["text"]).replace("\n", "<br>")
    words = re.sub(r"(?<!\w)\*([^*<>]+)\*(?!\w)", r"<b>\1</b>", words)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", words)


def _icon(path: str, turn: str = "", label: str = "") -> str:
    return (
        f'<button class="icon"><svg viewBox="0 0 24 24" {turn}><path d="{path}"/></svg>'
        f"{label}</button>"
    )


def _feedback(element: Block) -> str:
    up, down = (_plain(element[f"{each}_button"]["text"]) for each in ("positive", "negative"))
    return _icon(_UP, label=up) + _icon(_UP, 'style="transform:scaleY(-1)"', down)


def _select(element: Block) -> str:
    chosen = element.get("initial_option")
    words = _plain(chosen["text"]) if chosen else _plain(element["placeholder"])
    kind = "select chosen" if chosen else "select"
    return f'<button class="{kind}">{words}<i>⌄</i></button>'


def _field(element: Block) -> str:
    words = _plain(element["placeholder"]) if "placeholder" in element else ""
    if "initial_value" in element:
        words = f'<span class="written">{escape(element["initial_value"])}</span>'
    tall = " tall" if element.get("multiline") else ""
    return f'<div class="field{tall}">{words}</div>'


def _radios(element: Block) -> str:
    chosen = element.get("initial_option")
    return "".join(
        f'<div class="radio"><i class="{"on" if each == chosen else ""}"></i>'
        f"{_plain(each['text'])}</div>"
        for each in element["options"]
    )


def _boxes(element: Block) -> str:
    chosen = element.get("initial_options") or ()
    return "".join(
        f'<div class="radio"><i class="box {"on" if each in chosen else ""}"></i>'
        f"{_plain(each['text'])}</div>"
        for each in element["options"]
    )


def _several(element: Block) -> str:
    """A menu from which several things can be chosen; of people only ids are known."""
    there = element.get("initial_options")
    names = [_plain(each["text"]) for each in there] if there else element.get("initial_users", [])
    return _chips(names, element)


def _conversation(element: Block) -> str:
    there = element.get("initial_conversation")
    return _chips([f"# {there}"] if there else [], element)


def _chips(names: Iterable[str], element: Block) -> str:
    chips = "".join(f'<span class="chip">{name}</span>' for name in names)
    return f'<button class="select">{chips or _plain(element["placeholder"])}<i>⌄</i></button>'


_ELEMENTS: dict[str, Callable[[Block], str]] = {
    "button": lambda each: (
        f'<button class="{each.get("style", "")}">{_plain(each["text"])}</button>'
    ),
    "static_select": _select,
    "overflow": lambda _: '<button class="select">⋯</button>',
    "feedback_buttons": _feedback,
    "icon_button": lambda _: _icon(_TRASH),
    "plain_text_input": _field,
    "radio_buttons": _radios,
    "checkboxes": _boxes,
    "multi_static_select": _several,
    "multi_users_select": _several,
    "conversations_select": _conversation,
}


def _element(element: Block) -> str:
    return _ELEMENTS[element["type"]](element)

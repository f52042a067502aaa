"""Discord's components as HTML, close enough to its own look to judge an answer by.

Only what the Discord door uses is drawn; an unknown component raises KeyError, so that a picture
never leaves something out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

Part = dict[str, Any]

_CHECKBOX = 23
_STYLE = Path(__file__).with_name("discord_parts.css")


def page(title: str, body: str, width: int) -> str:
    """A whole HTML page `width` pixels wide."""
    style = _STYLE.read_text(encoding="utf-8")
    return (
        f"<!doctype html><meta charset=utf-8><title>{escape(title)}</title>"
        f"<style>{style} body{{width:{width}px}}</style><body>{body}</body>"
    )


def message(name: str, parts: Iterable[Part], note: str = "") -> str:
    """One message of a bot. `note`: what Discord writes under it, such as 'Only you can see this'."""
    under = f'<div class="note">{escape(note)}</div>' if note else ""
    return (
        f'<article><div class="face">見</div><div class="body"><div class="who"><b>{escape(name)}</b>'
        f'<span class="app">APP</span><time>9:41</time></div>{drawn(parts)}{under}</div></article>'
    )


def said(name: str, mention: str, text: str) -> str:
    """One message of a person."""
    asked = f'<span class="mention">@{escape(mention)}</span> '
    return (
        f'<article><div class="face person">{escape(name[0])}</div><div class="body">'
        f'<div class="who"><b>{escape(name)}</b><time>9:40</time></div>'
        f"{asked}{escape(text)}</div></article>"
    )


def modal(form: Part, send: str) -> str:
    """A form as it lies over Discord."""
    return (
        f'<div class="modal"><h3>{escape(form["title"])}</h3>{drawn(form["components"])}'
        f'<div class="row"><button class="primary">{escape(send)}</button></div></div>'
    )


def drawn(parts: Iterable[Part]) -> str:
    """The components, one after the other."""
    return "".join(_PARTS[part["type"]](part) for part in parts)


def _container(part: Part) -> str:
    colour = part.get("accent_color")
    style = "" if colour is None else f' style="border-left: 4px solid #{colour:06x}"'
    return f'<div class="container"{style}>{drawn(part["components"])}</div>'


def _button(part: Part) -> str:
    emoji = f"{part['emoji']['name']} " if part.get("emoji") else ""
    kind = "primary" if part["style"] == 1 else ""
    return f'<button class="{kind}">{emoji}{escape(part["label"])}</button>'


def _select(part: Part) -> str:
    chosen = [each["label"] for each in part.get("options") or () if each.get("default")]
    words = ", ".join(chosen) or part.get("placeholder") or ""
    return f'<div class="select">{escape(words)}<i>⌄</i></div>'


def _input(part: Part) -> str:
    tall = " tall" if part["style"] == 2 else ""
    words = escape(part.get("placeholder") or "")
    if part.get("value"):
        words = f'<span class="written">{escape(part["value"])}</span>'
    return f'<div class="field{tall}">{words}</div>'


def _label(part: Part) -> str:
    under = f"<small>{escape(part['description'])}</small>" if part.get("description") else ""
    inside = drawn([part["component"]])
    beside = " beside" if part["component"]["type"] == _CHECKBOX else ""
    return f'<div class="label{beside}"><b>{escape(part["label"])}</b>{under}{inside}</div>'


_PARTS: dict[int, Callable[[Part], str]] = {
    1: lambda part: f'<div class="row">{drawn(part["components"])}</div>',
    2: _button,
    3: _select,
    4: _input,
    7: _select,
    8: _select,
    10: lambda part: _markdown(part["content"]),
    14: lambda _: "<hr>",
    17: _container,
    18: _label,
    _CHECKBOX: lambda part: f'<i class="box {"on" if part.get("default") else ""}"></i>',
}


# ---- markup -----------------------------------------------------------------------------------


def _markdown(text: str) -> str:
    """Discord's markup, as far as the door uses it."""
    pieces = re.split(r"```\n(.*?)\n```", text, flags=re.DOTALL)
    shown = [
        f"<pre>{escape(piece)}</pre>" if fenced % 2 else "".join(map(_line, piece.splitlines()))
        for fenced, piece in enumerate(pieces)
    ]
    return f"<div>{''.join(shown)}</div>"


def _line(line: str) -> str:
    for mark, tag in (("### ", "h3"), ("> ", "blockquote"), ("- ", "ul><li")):
        if line.startswith(mark):
            return f"<{tag}>{_inline(line.removeprefix(mark))}</{tag.split('>', maxsplit=1)[0]}>"
    if line.startswith("-# "):
        return f"<p><small>{_inline(line.removeprefix('-# '))}</small></p>"
    return f"<p>{_inline(line)}</p>" if line else ""


def _inline(text: str) -> str:
    """Escaped signs are put aside first, for they stand for themselves."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\0{len(kept) - 1}\0"

    words = escape(re.sub(r"\\(.)", keep, text))
    words = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", words)
    words = re.sub(r"\[([^\]]+)\]\(&lt;.+?&gt;\)", r"<a>\1</a>", words)
    words = re.sub(r"&lt;@\d+&gt;", '<span class="mention">@Mikiwame</span>', words)
    return re.sub(r"\0(\d+)\0", lambda found: escape(kept[int(found[1])]), words)

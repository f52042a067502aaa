"""The plain text of a Slack message, as a person sees it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bot.doors.downloads import File
from bot.doors.wording import clipped
from rules.models import Frozen

Json = Mapping[str, Any]

#: The address of a message in Slack.
_PERMALINK = re.compile(r"https://[\w.-]+\.slack(?:-gov)?\.com/archives/[A-Z0-9]+/p\d{16}\S*")
#: Somebody or a place whose name the message does not carry: an id would look like a handle.
_UNNAMED = "…"
#: Files of one message that are noted; fewer are read.
_MANY_FILES = 20


class Read(Frozen):
    """What a message says: in its own words, and in messages that were forwarded or quoted in it."""

    own: str
    forwarded: tuple[str, ...]

    @property
    def links_to_messages(self) -> bool:
        """Whether the words link to messages in Slack, which then come as quotes a moment later."""
        return _PERMALINK.search(self.own) is not None

    @property
    def words(self) -> str:
        """The message's own words without such links: a link alone says nothing."""
        return _PERMALINK.sub("", self.own).strip()

    @property
    def text(self) -> str:
        """What somebody wants judged: what was forwarded, else the message's own words."""
        return "\n\n".join(self.forwarded) or self.own


def read(message: Json, bot_user: str | None = None) -> Read:
    """Reads a message or event; mentions of `bot_user` are left out.

    Link previews are no part of what was written and are passed over, as is a link that only
    stands there to quote another message.
    """
    quoted = [each for each in message.get("attachments") or () if _is_forwarded(each)]
    own = _own_words(message, bot_user)
    for each in quoted:
        own = own.replace(each.get("from_url") or "\0", "")
    forwarded = (_forwarded(each, bot_user) for each in quoted)
    return Read(own=own.strip(), forwarded=tuple(filter(None, forwarded)))


def files_in(message: Json) -> tuple[File, ...]:
    """The files that came with a message, or with what was forwarded in it."""
    found = [*(message.get("files") or ())]
    for each in message.get("attachments") or ():
        found += (each.get("files") or ()) if _is_forwarded(each) else ()
    return tuple(_file(each) for each in found[:_MANY_FILES])


def _file(said: Json) -> File:
    return File(
        id=said.get("id") or "",
        url=said.get("url_private_download") or said.get("url_private") or "",
        name=clipped(said.get("name") or said.get("title") or said.get("id") or "", 100),
        kind=said.get("mimetype") or "",
        size=said.get("size") or 0,
    )


def mentions(message: Json, user: str) -> bool:
    """Whether a message or event mentions this user, in its text or in its blocks alone."""
    said = f"{message.get('text')} {json.dumps(message.get('blocks'))}"
    return re.search(rf'<@{user}[|>]|"user_id": "{user}"', said) is not None


def plain(mrkdwn: str, bot_user: str | None = None) -> str:
    """Text in Slack's markup (a message's `text`, a slash command's) as it is seen."""
    shown = _TAG.sub(lambda tag: _tag(tag[1], bot_user), mrkdwn)
    for mark in _MARKS:
        shown = mark.sub(r"\1", shown)
    shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return _without_gaps(shown)


def _own_words(message: Json, bot_user: str | None) -> str:
    return _blocks(message.get("blocks"), bot_user) or plain(message.get("text") or "", bot_user)


def _is_forwarded(attachment: Json) -> bool:
    """Whether this is somebody's message or an app's post; a link's preview names its link."""
    if any(attachment.get(name) for name in ("is_share", "is_msg_unfurl", "message_blocks")):
        return True
    return not any(attachment.get(name) for name in ("from_url", "original_url", "app_unfurl_url"))


def _forwarded(attachment: Json, bot_user: str | None) -> str:
    for part in attachment.get("message_blocks") or ():
        if said := _blocks((part.get("message") or {}).get("blocks"), bot_user):
            return said
    if said := _blocks(attachment.get("blocks"), bot_user):
        return said
    words = filter(None, (attachment.get(name) for name in ("pretext", "title", "text")))
    return plain("\n".join(words) or attachment.get("fallback") or "", bot_user)


# ---- blocks -----------------------------------------------------------------------------------


def _blocks(blocks: Iterable[Json] | None, bot_user: str | None) -> str:
    readers: dict[str, Callable[[Json, str | None], Iterable[str]]] = {
        "rich_text": _rich_text,
        "section": _section,
        "header": lambda block, bot: [_text(block.get("text"), bot)],
        "context": lambda block, bot: filter(None, _texts(block, bot)),
        "markdown": lambda block, _: [block.get("text") or ""],
        "table": _table,
    }
    lines: list[str] = []
    for block in blocks or ():
        reader = readers.get(block.get("type", ""))
        lines += reader(block, bot_user) if reader else ()
    return _without_gaps("\n".join(lines))


def _section(block: Json, bot_user: str | None) -> Iterator[str]:
    if "text" in block:
        yield _text(block["text"], bot_user)
    yield from (_text(each, bot_user) for each in block.get("fields") or ())


def _text(text: Json | None, bot_user: str | None) -> str:
    """A text object; what is none, such as an image beside it, has no words."""
    said = (text or {}).get("text") or ""
    return plain(said, bot_user) if (text or {}).get("type") == "mrkdwn" else said


def _texts(block: Json, bot_user: str | None) -> Iterator[str]:
    yield from (_text(each, bot_user) for each in block.get("elements") or ())


def _table(block: Json, bot_user: str | None) -> Iterator[str]:
    for row in block.get("rows") or ():
        cells = (
            "\n".join(_rich_text(cell, bot_user)) if cell.get("elements") else cell.get("text", "")
            for cell in row
        )
        yield "\t".join(str(cell) for cell in cells)


def _rich_text(block: Json, bot_user: str | None) -> Iterator[str]:
    for part in block.get("elements") or ():
        if part.get("type") == "rich_text_list":
            yield from _list(part, bot_user)
        else:
            yield _runs(part, bot_user)


def _list(part: Json, bot_user: str | None) -> Iterator[str]:
    indent = "  " * int(part.get("indent") or 0)
    first = int(part.get("offset") or 0) + 1
    for number, item in enumerate(part.get("elements") or (), start=first):
        sign = f"{number}." if part.get("style") == "ordered" else "•"
        yield f"{indent}{sign} {_runs(item, bot_user)}"


def _runs(part: Json, bot_user: str | None) -> str:
    return "".join(_run(each, bot_user) for each in part.get("elements") or ())


def _run(run: Json, bot_user: str | None) -> str:
    kind = run.get("type", "")
    if kind == "user" and run.get("user_id") == bot_user:
        return ""
    reader = _RUNS.get(kind)
    return reader(run) if reader else run.get("text") or ""


def _emoji(run: Json) -> str:
    """The character itself; the name of one that only this workspace has."""
    try:
        return "".join(chr(int(code, 16)) for code in run["unicode"].split("-"))
    except (KeyError, ValueError, OverflowError):
        return f":{run.get('name', '')}:"


def _link(url: str, label: str) -> str:
    """A link as it is seen; where its words hide where it goes, the address too."""
    bare = re.sub(r"^(https?://|mailto:|tel:)", "", url)
    if not label or label.rstrip("/") in {url.rstrip("/"), bare.rstrip("/")}:
        return label or url
    return f"{label} ({url})"


_RUNS: dict[str, Callable[[Json], str]] = {
    "link": lambda run: _link(run.get("url") or "", run.get("text") or ""),
    "user": lambda _: f"@{_UNNAMED}",
    "usergroup": lambda _: f"@{_UNNAMED}",
    "team": lambda _: f"@{_UNNAMED}",
    "channel": lambda _: f"#{_UNNAMED}",
    "broadcast": lambda run: f"@{run.get('range') or _UNNAMED}",
    "emoji": _emoji,
    "date": lambda run: run.get("fallback") or "",
    "color": lambda run: run.get("value") or "",
}


# ---- mrkdwn -----------------------------------------------------------------------------------

_TAG = re.compile(r"<([^<>\n]+)>")
_MARKS = (
    re.compile(r"```\n?(.*?)\n?```", re.DOTALL),
    re.compile(r"(?<![\w`])`([^`\n]+)`(?![\w`])"),
    re.compile(r"^&gt;(?:&gt;&gt;)?[ ]?(.*)$", re.MULTILINE),
    *(
        re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^{mark}\n]+?)(?<=\S){mark}(?![\w{mark}])")
        for mark in (r"\*", "_", "~")
    ),
)


def _tag(inside: str, bot_user: str | None) -> str:
    """What stands for '<…>': a mention, a channel, a date or a link."""
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return "" if target[1:] == bot_user else f"@{label.lstrip('@') or _UNNAMED}"
    if target.startswith("#"):
        return f"#{label.lstrip('#') or _UNNAMED}"
    if not target.startswith("!"):
        return _link(target, label)
    name, _, rest = target[1:].partition("^")
    if name == "date":
        return label
    return f"@{label.lstrip('@') or (_UNNAMED if rest else name)}"


def _without_gaps(text: str) -> str:
    """The text without the holes that left-out mentions leave at its ends."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()

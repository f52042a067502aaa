"""The plain text of a Discord message, as a person sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import discord

from bot.doors.downloads import File
from bot.doors.wording import clipped

#: Somebody or a place whose name the message does not carry.
_UNNAMED = "…"
_TAGS = (
    (re.compile(r"<@[!&]?\d+>"), f"@{_UNNAMED}"),
    (re.compile(r"<#\d+>"), f"#{_UNNAMED}"),
    (re.compile(r"<(?:/[^:>]+):\d+>"), ""),
    (re.compile(r"<a?(:\w+:)\d+>"), r"\1"),
    (re.compile(r"<t:\d+(?::\w)?>"), ""),
    (re.compile(r"<(https?://[^>\s]+)>"), r"\1"),
)
_LINK = re.compile(r"\[([^\]\n]+)\]\(<?(https?://[^)\s>]+)>?(?: \"[^\"]*\")?\)")
_MARKS = (
    re.compile(r"```(?:[\w+-]*\n)?\n?(.*?)\n?```", re.DOTALL),
    re.compile(r"(?<![\w`])`{1,2}([^`\n]+)`{1,2}(?![\w`])"),
    re.compile(r"^(?:>>> |> |-# |#{1,3} )(.*)$", re.MULTILINE),
    *(
        re.compile(rf"{mark}(?=\S)(.+?)(?<=\S){mark}", re.DOTALL)
        for mark in (r"\*\*\*", r"\*\*", "__", "~~", r"\|\|")
    ),
    *(
        re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^{mark}\n]+?)(?<=\S){mark}(?![\w{mark}])")
        for mark in (r"\*", "_")
    ),
)
#: What is escaped is put aside where no text is, and fetched back at the end.
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ASIDE = 0xF0000
_BACK = {_ASIDE + code: code for code in range(128)}


def plain(markdown: str, bot_user: int | None = None) -> str:
    """Text in Discord's markup as it is seen; mentions of `bot_user` are left out."""
    shown = markdown if bot_user is None else mention_of(bot_user).sub("", markdown)
    shown = _ESCAPED.sub(lambda sign: chr(_ASIDE + ord(sign[1])), shown)
    for tag, seen in _TAGS:
        shown = tag.sub(seen, shown)
    shown = _LINK.sub(_link, shown)
    for mark in _MARKS:
        shown = mark.sub(r"\1", shown)
    shown = shown.translate(_BACK)
    return "\n".join(line.rstrip() for line in shown.splitlines()).strip()


def mention_of(user: int) -> re.Pattern[str]:
    """How a message mentions somebody on purpose; a reply's ping leaves nothing in the text."""
    return re.compile(rf"<@!?{user}>")


def forwarded(message: discord.Message) -> str:
    """What was forwarded with a message."""
    return joined(plain(each.content) for each in message.message_snapshots)


def files_in(message: discord.Message) -> tuple[File, ...]:
    """The files that came with a message, or with what it forwards."""
    attached = [*message.attachments]
    for snapshot in message.message_snapshots:
        attached += snapshot.attachments
    return tuple(_file(each) for each in attached)


def joined(texts: Iterable[str]) -> str:
    """Several texts as one."""
    return "\n\n".join(filter(None, texts))


def _file(said: discord.Attachment) -> File:
    return File(
        id=str(said.id),
        url=said.url,
        name=clipped(said.filename, 100),
        kind=said.content_type or "",
        size=said.size,
    )


def _link(match: re.Match[str]) -> str:
    """A link as it is seen; where its words hide where it goes, the address too."""
    label, url = match[1], match[2]
    return url if label in {url, url.removeprefix("https://")} else f"{label} ({url})"

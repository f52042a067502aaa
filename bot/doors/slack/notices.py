"""What is said beside an answer: how to ask, and what could not be done."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.jobs import Notice
from bot.doors.slack.answer import Post
from bot.doors.slack.blocks import escaped, paragraph, rich, run
from bot.doors.slack.texts import texts
from bot.doors.telling import sentences
from bot.reading.models import Trouble
from rules import Lang


def notice(
    name: Notice,
    lang: Lang | None,
    bot: str = "@Mikiwame",
    troubles: Sequence[Trouble] = (),
) -> Post:
    """A short message; in every language where the reader's is not known.

    `bot`: how the app is called in this workspace.
    """
    langs = list(Lang) if lang is None else [lang]
    said = [_said(name, each, bot, troubles) for each in langs]
    return Post(
        text=escaped("\n".join(said)), blocks=tuple(rich(paragraph(run(each))) for each in said)
    )


def _said(name: Notice, lang: Lang, bot: str, troubles: Sequence[Trouble]) -> str:
    if troubles:
        return "\n".join(sentences(troubles, lang))
    return texts(lang)[f"notice_{name}"].format(bot=bot)

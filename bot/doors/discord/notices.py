"""What is said beside an answer: how to ask, and what could not be done."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from bot.doors.discord.markup import escaped
from bot.doors.discord.texts import texts
from bot.doors.telling import sentences
from bot.doors.wording import within
from bot.reading.models import Trouble
from rules import Lang

#: Characters of what could not be had, in one language; a message holds 4,000.
_ROOM = 1900


def notice(
    name: str,
    lang: Lang | None,
    bot: str = "@Mikiwame",
    troubles: Sequence[Trouble] = (),
) -> ui.LayoutView:
    """A short message, a key of the texts; in every language where the reader's is not known.

    `bot`: how the bot is mentioned.
    """
    langs = list(Lang) if lang is None else [lang]
    view = ui.LayoutView(timeout=None)
    for each in langs:
        view.add_item(ui.TextDisplay(_said(name, each, bot, troubles)))
    return view


def _said(name: str, lang: Lang, bot: str, troubles: Sequence[Trouble]) -> str:
    if troubles:
        return "\n".join(within(_ROOM, map(escaped, sentences(troubles, lang))))
    return texts(lang)[f"notice_{name}"].format(bot=bot)

"""What is said beside an answer: how to ask, and what could not be done."""

from __future__ import annotations

from discord import ui

from bot.doors.discord.texts import texts
from rules import Lang


def notice(name: str, lang: Lang | None, bot: str = "@Mikiwame") -> ui.LayoutView:
    """A short message, a key of the texts; in every language where the reader's is not known.

    `bot`: how the bot is mentioned.
    """
    langs = list(Lang) if lang is None else [lang]
    view = ui.LayoutView(timeout=None)
    for each in langs:
        view.add_item(ui.TextDisplay(texts(each)[f"notice_{name}"].format(bot=bot)))
    return view

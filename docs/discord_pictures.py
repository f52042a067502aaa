"""Draws what people see in Discord from the real components: python -m docs.discord_pictures [FOLDER [NAME …]]."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.desk.showing import Showing
from bot.doors.discord.answer import answer
from bot.doors.discord.digest import digest
from bot.doors.discord.forms import feedback_form, vet_form
from bot.doors.discord.management import view as settings_view
from bot.doors.discord.notices import notice
from bot.doors.discord.texts import texts
from docs import discord_parts
from docs.drawing import CHOSEN, LONGEST, NAMES, PRIVATE, QUIET_WEEK, TEXTS, WEEK, take_all
from rules import Lang, Rulebook, Stage, Submission, load_rulebook, vet

#: Drawn only where they are asked for.
_TO_LOOK_AT = "notices"
_PHONE = 390
_PANE = 460
_SEND = {Lang.JA: "送信", Lang.EN: "Submit"}


def main() -> None:
    """Writes one PNG for each picture into docs/discord, or into the folder given."""
    pages = (
        (name, width, discord_parts.page(name, body, width))
        for name, width, body in _pictures(load_rulebook())
    )
    take_all(pages, Path(__file__).with_name("discord"), _TO_LOOK_AT)


def _pictures(rulebook: Rulebook) -> Iterator[tuple[str, int, str]]:
    """Name, width in pixels and HTML body of each picture."""
    for lang in Lang:
        for level, width in (("danger", _PHONE), ("caution", _PANE), ("clear", _PANE)):
            yield f"{level}-{lang}", width, _asked(rulebook, lang, level, Showing(key="example"))
        more = Showing(key="example", more=True, manner="decline")
        yield f"more-{lang}", _PANE, _asked(rulebook, lang, "danger", more)
        private = Showing(key="example", private=True)
        yield f"private-{lang}", _PANE, _asked(rulebook, lang, "caution", private)
        escrowed = _asked(rulebook, lang, "caution", Showing(key="example"), Stage.ESCROWED)
        yield f"escrowed-{lang}", _PANE, escrowed
        feedback = feedback_form(lang, "example", TEXTS[lang]["caution"])
        forms = vet_form(lang, rulebook).to_dict(), feedback.to_dict()
        drawn = (discord_parts.modal(dict(form), _SEND[lang]) for form in forms)
        yield f"forms-{lang}", _PANE, "".join(drawn)
        weeks = (digest(each, rulebook, lang, "example") for each in (WEEK, QUIET_WEEK))
        yield (
            f"digest-{lang}",
            _PANE,
            "".join(discord_parts.message(NAMES[lang][1], each.to_components()) for each in weeks),
        )
        settings = settings_view(lang, CHOSEN, rulebook, LONGEST).to_components()
        shown = discord_parts.message(NAMES[lang][1], settings, PRIVATE[lang])
        yield f"settings-{lang}", _PANE, shown
        names = [key.removeprefix("notice_") for key in texts(lang) if key.startswith("notice_")]
        told = (notice(name, lang, "<@1>").to_components() for name in names)
        yield (
            f"notices-{lang}",
            _PANE,
            "".join(discord_parts.message(NAMES[lang][1], each) for each in told),
        )


def _asked(
    rulebook: Rulebook, lang: Lang, level: str, showing: Showing, stage: Stage | None = None
) -> str:
    text = TEXTS[lang][level]
    platform = "crowdworks" if lang is Lang.JA else "upwork"
    assessment = vet(Submission(text=text, platform=platform, stage=stage), rulebook)
    view = answer(assessment, rulebook, showing)
    person, bot = NAMES[lang]
    note = PRIVATE[lang] if showing.private else ""
    asked = "" if showing.private else discord_parts.said(person, bot, text)
    return asked + discord_parts.message(bot, view.to_components(), note)


if __name__ == "__main__":
    main()

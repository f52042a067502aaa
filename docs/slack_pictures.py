"""Draws what people see in Slack from the real blocks: python -m docs.slack_pictures [FOLDER [NAME …]]."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import get_args

from bot.desk.jobs import Notice
from bot.desk.showing import Showing
from bot.doors.slack.answer import answer
from bot.doors.slack.digest import digest
from bot.doors.slack.forms import feedback_form, vet_form
from bot.doors.slack.home import view
from bot.doors.slack.notices import notice
from bot.doors.slack.pages import page
from bot.doors.slack.settings_form import form as settings_form
from docs import block_kit
from docs.drawing import CHOSEN, LONGEST, NAMES, PRIVATE, QUIET_WEEK, TEXTS, WEEK, take_all
from rules import Lang, Rulebook, Stage, Submission, load_rulebook, vet

#: Drawn only where they are asked for.
_TO_LOOK_AT = "notices"
_PANE = 420
_PHONE = 375
_HOME = 640
_PAGE = 600
_OPTIONAL = {Lang.JA: "(任意)", Lang.EN: "(optional)"}


def main() -> None:
    """Writes one PNG for each picture into docs/slack, or into the folder given."""
    blocks = (
        (name, width, block_kit.page(name, body, width))
        for name, width, body in _pictures(load_rulebook())
    )
    take_all(chain(blocks, _pages()), Path(__file__).with_name("slack"), _TO_LOOK_AT)


def _pages() -> Iterator[tuple[str, int, str]]:
    """What a browser shows to who adds the app; only where it is asked for what went wrong."""
    for lang in Lang:
        yield f"installed-{lang}", _PAGE, page("installed", lang, "https://example.slack.com/")
        for wrong in ("access_denied", "invalid_browser", "invalid_code", "slack_away"):
            yield f"{_TO_LOOK_AT}-{wrong}-{lang}", _PAGE, page(wrong, lang)


def _pictures(rulebook: Rulebook) -> Iterator[tuple[str, int, str]]:
    """Name, width in pixels and HTML body of each picture."""
    for lang in Lang:
        for level, width in (("danger", _PHONE), ("caution", _PANE), ("clear", _PANE)):
            yield f"{level}-{lang}", width, _thread(rulebook, lang, level, Showing(key="example"))
        more = Showing(key="example", more=True, manner="decline")
        yield f"more-{lang}", _PANE, _thread(rulebook, lang, "danger", more)
        private = Showing(key="example", private=True)
        yield f"private-{lang}", _PANE, _thread(rulebook, lang, "caution", private)
        yield (
            f"escrowed-{lang}",
            _PANE,
            _thread(rulebook, lang, "caution", Showing(key="example"), Stage.ESCROWED),
        )
        text = TEXTS[lang]["caution"]
        forms = vet_form(lang, rulebook), feedback_form(lang, "example", text)
        drawn = (block_kit.modal(form, _OPTIONAL[lang]) for form in forms)
        yield f"forms-{lang}", _PANE, "".join(drawn)
        weeks = (digest(each, rulebook, lang) for each in (WEEK, QUIET_WEEK))
        digests = (block_kit.message(NAMES[lang][1], each.blocks) for each in weeks)
        yield f"digest-{lang}", _PANE, "".join(digests)
        home = block_kit.drawn(view(lang, manages=True)["blocks"])
        yield f"home-{lang}", _HOME, f'<div class="home">{home}</div>'
        settings = settings_form(lang, CHOSEN, rulebook, LONGEST)
        yield f"settings-{lang}", _PANE, block_kit.modal(settings, _OPTIONAL[lang])
        said = (notice(each, lang) for each in get_args(Notice))
        notices = (block_kit.message(NAMES[lang][1], each.blocks) for each in said)
        yield f"notices-{lang}", _PANE, "".join(notices)


def _thread(
    rulebook: Rulebook, lang: Lang, level: str, showing: Showing, stage: Stage | None = None
) -> str:
    text = TEXTS[lang][level]
    platform = "crowdworks" if lang is Lang.JA else "upwork"
    assessment = vet(Submission(text=text, platform=platform, stage=stage), rulebook)
    post = answer(assessment, rulebook, showing)
    person, bot = NAMES[lang]
    note = PRIVATE[lang] if showing.private else ""
    asked = "" if showing.private else block_kit.said(person, text)
    return asked + block_kit.message(bot, post.blocks, note)


if __name__ == "__main__":
    main()

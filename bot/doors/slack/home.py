"""The App Home: how to ask, in the reader's language."""

from __future__ import annotations

from typing import Any

from bot.doors.slack.blocks import (
    actions,
    bullets,
    button,
    escaped,
    paragraph,
    plain,
    rich,
    run,
    small,
)
from bot.doors.slack.ids import OPEN_FORM
from bot.doors.slack.texts import texts
from rules import Lang

_WAYS = ("mention", "direct", "command", "shortcut")


def view(lang: Lang, bot: str = "@Mikiwame") -> dict[str, Any]:
    """The view for `views.publish`. `bot`: how the app is called in this workspace."""
    said = {key: text.replace("{bot}", bot) for key, text in texts(lang).items()}
    ways = (said[f"home_way_{way}"] for way in _WAYS)
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain(said["home_title"], 150)},
            rich(paragraph(run(said["home_lead"]))),
            *actions([button(said["home_button"], OPEN_FORM, "home", style="primary")]),
            {"type": "divider"},
            rich(paragraph(run(said["home_ways"], bold=True)), bullets(ways)),
            rich(
                paragraph(run(said["home_after"], bold=True)),
                paragraph(run(said["home_after_text"])),
            ),
            {"type": "divider"},
            small(escaped(said["home_privacy"])),
        ],
    }

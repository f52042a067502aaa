"""The App Home: how to ask, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.doors.slack.blocks import (
    Block,
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
from bot.doors.slack.ids import OPEN_FORM, OPEN_SETTINGS
from bot.doors.slack.texts import texts
from rules import Lang

_WAYS = ("mention", "direct", "command", "shortcut")


def view(lang: Lang, bot: str = "@Mikiwame", *, manages: bool = False) -> dict[str, Any]:
    """The view for `views.publish`. `bot`: how the app is called in this workspace.

    `manages`: for an admin, who is shown the way to the workspace's settings.
    """
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
            *(_settings(said) if manages else ()),
            {"type": "divider"},
            small(escaped(said["home_privacy"])),
        ],
    }


def _settings(said: dict[str, str]) -> Iterator[Block]:
    """The way to the settings, and who sees it."""
    yield {"type": "divider"}
    yield rich(
        paragraph(run(said["home_settings"], bold=True)), paragraph(run(said["home_settings_text"]))
    )
    yield from actions([button(said["home_settings_button"], OPEN_SETTINGS, "home")])

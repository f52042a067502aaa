"""A conversation on a terminal: what the bot does with no command and no token."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from bot.commands.rulebook import rulebook_of
from bot.doors import terminal
from bot.requests import may_be_posting
from bot.settings import Settings
from rules import Rulebook

if TYPE_CHECKING:
    from bot.reading.models import Read
    from bot.reading.reader import Reader


def converse(settings: Settings) -> int:
    """Talks until the person goes; returns the exit status."""
    rulebook = rulebook_of(settings)
    read = _page_reader(settings, rulebook)
    terminal.Conversation(rulebook, settings.lang, terminal.make_console(), read).run()
    return 0


def _page_reader(settings: Settings, rulebook: Rulebook) -> Callable[[str], Read | None]:
    """Reads the posting that a text points to; loads what it takes when one first does."""

    def read(text: str) -> Read | None:
        if not may_be_posting(text, settings, rulebook):
            return None
        import asyncio

        return asyncio.run(_reader(settings, rulebook).read(text))

    return read


@cache
def _reader(settings: Settings, rulebook: Rulebook) -> Reader:
    from bot.reading.reader import Reader

    return Reader.of(settings, rulebook)

"""The rules that the settings name."""

from __future__ import annotations

from yaml import YAMLError

from bot.settings import Settings, SettingsError
from rules import Rulebook, load_rulebook


def rulebook_of(settings: Settings) -> Rulebook:
    """The shipped rules, with the operator's own. Raises SettingsError."""
    try:
        return load_rulebook(settings.rules_dir, second_reader=settings.second_reader)
    except (ValueError, KeyError, YAMLError):
        folder = settings.rules_dir or ""
        raise SettingsError(
            f"the rules {folder} have mistakes: see python -m bot rules check {folder}"
        ) from None

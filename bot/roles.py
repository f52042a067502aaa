"""What a process serves: the doors that are named, or those that have tokens."""

from __future__ import annotations

from collections.abc import Sequence

from bot.settings import Settings, SettingsError

SLACK = "slack"
ROLES = (SLACK,)


def roles_of(named: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """The roles of this process, checked. Raises SettingsError in words that say what to set."""
    unknown = [each for each in named if each not in ROLES]
    if unknown:
        raise SettingsError(f"unknown door {unknown[0]!r}: one of {', '.join(ROLES)}")
    roles = tuple(dict.fromkeys(named)) or ((SLACK,) if settings.serves_slack else ())
    if not roles:
        raise SettingsError("there is no token to serve with: set SLACK_BOT_TOKEN")
    if SLACK in roles:
        _check_slack(settings)
    return roles


def _check_slack(settings: Settings) -> None:
    if not settings.serves_slack:
        raise SettingsError("SLACK_BOT_TOKEN is missing: without it Slack can't be served")
    if settings.slack_app_token is not None:
        return
    if settings.slack_signing_secret is None:
        raise SettingsError("set SLACK_APP_TOKEN (Socket Mode), or SLACK_SIGNING_SECRET and PORT (HTTP)")
    if settings.port is None:
        raise SettingsError("PORT is missing: with SLACK_SIGNING_SECRET Slack reaches the bot by HTTP")

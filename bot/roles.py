"""What a process serves: the doors that are named, or those that have tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.settings import Settings, SettingsError

SLACK = "slack"
DISCORD = "discord"
ROLES = (SLACK, DISCORD)


def roles_of(named: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """The roles of this process, checked. Raises SettingsError in words that say what to set."""
    unknown = [each for each in named if each not in ROLES]
    if unknown:
        raise SettingsError(f"unknown door {unknown[0]!r}: one of {', '.join(ROLES)}")
    if (settings.slack_client_id is None) is not (settings.slack_client_secret is None):
        raise SettingsError("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together: set both")
    roles = tuple(dict.fromkeys(named)) or tuple(_with_tokens(settings))
    if not roles:
        raise SettingsError(
            "there is no token to serve with: set SLACK_BOT_TOKEN (or SLACK_CLIENT_ID and "
            "SLACK_CLIENT_SECRET, for many workspaces) or DISCORD_TOKEN"
        )
    if SLACK in roles:
        _check_slack(settings)
    if DISCORD in roles:
        _check_discord(settings)
    return roles


def _with_tokens(settings: Settings) -> Iterator[str]:
    if settings.serves_slack:
        yield SLACK
    if settings.serves_discord:
        yield DISCORD


def _check_slack(settings: Settings) -> None:
    if not settings.serves_slack:
        raise SettingsError(
            "SLACK_BOT_TOKEN is missing: without it Slack can't be served, unless workspaces can "
            "add the app (SLACK_CLIENT_ID and SLACK_CLIENT_SECRET)"
        )
    if settings.installs_slack and settings.port is None:
        raise SettingsError(
            "PORT is missing: with SLACK_CLIENT_ID people add the app at /slack/install"
        )
    if settings.slack_app_token is not None:
        return
    if settings.slack_signing_secret is None:
        raise SettingsError(
            "set SLACK_APP_TOKEN (Socket Mode), or SLACK_SIGNING_SECRET and PORT (HTTP)"
        )
    if settings.port is None:
        raise SettingsError(
            "PORT is missing: with SLACK_SIGNING_SECRET Slack reaches the bot by HTTP"
        )


def _check_discord(settings: Settings) -> None:
    if not settings.serves_discord:
        raise SettingsError("DISCORD_TOKEN is missing: without it Discord can't be served")
    shards = settings.shards
    if shards and len(shards[0]) < shards[1] and settings.database_url is None:
        raise SettingsError(
            "DATABASE_URL is missing: with DISCORD_SHARDS several processes share one Postgres"
        )

"""What a process does: it serves the doors that are named, or those that have tokens; it performs jobs.

Where no role is named, it does all of it. A door by itself leaves performing to the workers, where
there are any (bot/desk/durable.py); on SQLite there is one process, which does everything. `web` stands
for all doors that have tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.settings import Settings, SettingsError

SLACK = "slack"
DISCORD = "discord"
WORKER = "worker"
WEB = "web"
ROLES = (SLACK, DISCORD, WORKER, WEB)


def roles_of(named: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """The roles of this process, checked. Raises SettingsError in words that say what to set."""
    roles = tuple(dict.fromkeys(_spelt_out(named or (WEB, WORKER), settings)))
    mistakes = list(_mistakes(roles, settings))
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    return roles


def doors_of(settings: Settings) -> tuple[str, ...]:
    """The doors that have tokens."""
    doors = {DISCORD: settings.serves_discord, SLACK: settings.serves_slack}
    return tuple(door for door, served in doors.items() if served)


def _spelt_out(named: Sequence[str], settings: Settings) -> Iterator[str]:
    for each in named:
        yield from doors_of(settings) if each == WEB else (each,)


def _mistakes(roles: Sequence[str], settings: Settings) -> Iterator[str]:
    """All that is wrong, a sentence each."""
    for each in roles:
        if each not in ROLES:
            yield f"unknown role {each!r}: one of {', '.join(ROLES)}"
    if (settings.slack_client_id is None) is not (settings.slack_client_secret is None):
        yield "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together: set both"
    if SLACK in roles:
        yield from _slack_mistakes(settings)
    if DISCORD in roles:
        yield from _discord_mistakes(settings)
    if not set(roles) & {SLACK, DISCORD}:
        yield from _worker_mistakes(settings)


def _slack_mistakes(settings: Settings) -> Iterator[str]:
    if not settings.serves_slack:
        yield (
            "SLACK_BOT_TOKEN is missing: without it Slack can't be served, unless workspaces can "
            "add the app (SLACK_CLIENT_ID and SLACK_CLIENT_SECRET)"
        )
    if settings.installs_slack and settings.port is None:
        yield "PORT is missing: with SLACK_CLIENT_ID people add the app at /slack/install"
    if settings.slack_app_token is not None:
        return
    if settings.slack_signing_secret is None:
        yield "set SLACK_APP_TOKEN (Socket Mode), or SLACK_SIGNING_SECRET and PORT (HTTP)"
    elif settings.port is None:
        yield "PORT is missing: with SLACK_SIGNING_SECRET Slack reaches the bot by HTTP"


def _discord_mistakes(settings: Settings) -> Iterator[str]:
    if not settings.serves_discord:
        yield "DISCORD_TOKEN is missing: without it Discord can't be served"
    shards = settings.shards
    if shards and len(shards[0]) < shards[1] and settings.database_url is None:
        yield "DATABASE_URL is missing: with DISCORD_SHARDS several processes share one Postgres"


def _worker_mistakes(settings: Settings) -> Iterator[str]:
    if not doors_of(settings):
        yield (
            "there is no token to serve with: set SLACK_BOT_TOKEN (or SLACK_CLIENT_ID and "
            "SLACK_CLIENT_SECRET, for many workspaces) or DISCORD_TOKEN"
        )
    elif settings.database_url is None:
        yield (
            "DATABASE_URL is missing: a worker alone shares a Postgres database with the processes "
            "that listen; on SQLite one process does everything (python -m bot serve)"
        )

"""What `doctor` looks at in Slack: the tokens, the scopes, the channels. Only looks, sends nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.check import Check, missing, noted, ok, wrong
from bot.doors.slack.scopes import NEEDED
from bot.settings import Settings

_TIMEOUT = 10
_WHERE = "https://api.slack.com/apps"
#: What Slack says of the app's id and secret, where it does not look at a code any further.
_WRONG_APP = {
    "invalid_client_id": "Slack knows no app of this SLACK_CLIENT_ID",
    "bad_client_secret": "SLACK_CLIENT_SECRET is not that of SLACK_CLIENT_ID",
}

#: What Slack's error codes mean, and what to do.
WORDS = {
    "invalid_auth": "Slack does not know this token; copy it again from the app's settings",
    "not_authed": "Slack does not know this token; copy it again from the app's settings",
    "account_inactive": "the app was removed from the workspace; install it again",
    "token_revoked": "the token was revoked; install the app again and copy the new token",
    "token_expired": "the token has expired; switch token rotation off and install the app again",
    "not_installed": "the workspace removed the app meanwhile, so what was stored of it is erased",
    "missing_scope": "a scope is missing; compare the app's scopes with docs/slack.md",
    "not_allowed_token_type": "this is another kind of token",
    "not_in_channel": "the app is not in that channel; type /invite and the app's name there",
    "channel_not_found": "there is no such channel, or it is private and the app is not in it; type "
    "/invite and the app's name there",
    "is_archived": "the channel is archived",
    "restricted_action": "the workspace does not let the app write there",
    "user_not_found": "that person is not in this workspace",
    "message_not_found": "somebody deleted the answer meanwhile",
    "response_url_404": "a control was used for longer than Slack lets the answer be changed",
    "ratelimited": "Slack asks to wait; try again in a minute",
}


def examine_slack(settings: Settings, channels: Sequence[str]) -> Iterator[Check]:
    """What is found about the Slack door; `channels` are ids (C…) that the bot should be in."""
    if not settings.serves_slack:
        yield missing(
            "Slack", "SLACK_BOT_TOKEN is not set (xoxb-…; docs/slack.md says how to get it)"
        )
        return
    yield from _way_in(settings)
    if settings.installs_slack:
        yield _way_to_add(settings)
    if settings.slack_bot_token is None:
        return
    client = _client(settings, settings.slack_bot_token)
    if found := _kind(settings.slack_bot_token, "xoxb-", "SLACK_BOT_TOKEN", "Bot User OAuth Token"):
        yield found
    try:
        introduced = client.auth_test()
    except (SlackApiError, OSError, ValueError) as error:
        yield wrong("Slack token", _meaning(error, settings))
        return
    yield ok("Slack token", f"{introduced.get('user')} in {introduced.get('team')}")
    granted = _granted(introduced.headers)
    yield from _scopes(granted)
    for channel in channels:
        yield _membership(client, channel, settings)


def _way_to_add(settings: Settings) -> Check:
    """How workspaces add the app. Slack says at once whether it knows the app's id and secret."""
    if settings.port is None:
        return missing("Slack, many workspaces", "PORT is not set: the app is added over HTTP")
    assert settings.slack_client_secret is not None  # noqa: S101 - looked at by the caller
    try:
        _client(settings, None).oauth_v2_access(
            client_id=settings.slack_client_id or "",
            client_secret=settings.slack_client_secret.get_secret_value(),
            code="doctor",
        )
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if code in _WRONG_APP:
            return wrong("Slack, many workspaces", f"{_WRONG_APP[code]} ({code}; {_WHERE})")
    except (OSError, ValueError) as error:
        return wrong("Slack, many workspaces", _meaning(error, settings))
    return ok("Slack, many workspaces", f"added at /slack/install, on port {settings.port}")


def _way_in(settings: Settings) -> Iterator[Check]:
    """How Slack reaches the bot: by a socket, else by HTTP."""
    if settings.slack_app_token is not None:
        yield _socket(settings, settings.slack_app_token)
        return
    if settings.slack_signing_secret is None:
        yield missing(
            "Slack events",
            "set SLACK_APP_TOKEN (xapp-…, for Socket Mode) or SLACK_SIGNING_SECRET (for HTTP)",
        )
    elif settings.port is None:
        yield missing("Slack events", "PORT is not set: with SLACK_SIGNING_SECRET Slack calls us")
    else:
        yield ok("Slack events", f"HTTP on port {settings.port}, at /slack/events")


def _socket(settings: Settings, token: SecretStr) -> Check:
    if found := _kind(token, "xapp-", "SLACK_APP_TOKEN", "App-Level Token"):
        return found
    try:
        _client(settings, token).apps_connections_open(app_token=token.get_secret_value())
    except SlackApiError as error:
        if error.response.get("error") == "missing_scope":
            return wrong("Socket Mode", "SLACK_APP_TOKEN lacks the scope connections:write")
        return wrong("Socket Mode", f"SLACK_APP_TOKEN: {_meaning(error, settings)}")
    except (OSError, ValueError) as error:
        return wrong("Socket Mode", _meaning(error, settings))
    return ok("Socket Mode", "a socket can be opened")


def _kind(token: SecretStr, prefix: str, variable: str, name: str) -> Check | None:
    if token.get_secret_value().startswith(prefix):
        return None
    return wrong(variable, f"this is no {name}: those begin with {prefix} ({_WHERE})")


def _scopes(granted: set[str] | None) -> Iterator[Check]:
    if granted is None:
        yield noted("Slack scopes", "not said by this server")
        return
    lacking = [scope for scope in NEEDED if scope not in granted]
    for scope in lacking:
        yield missing(f"scope {scope}", f"{NEEDED[scope]}; add it and install the app again")
    if not lacking:
        yield ok("Slack scopes", "all there")
    if more := sorted(granted - set(NEEDED)):
        yield noted("Slack scopes", f"more than needed, can be taken away: {', '.join(more)}")


def _granted(headers: Any) -> set[str] | None:
    """The token's scopes, which Slack writes into the header of every answer."""
    for name, value in dict(headers).items():
        if name.lower() == "x-oauth-scopes":
            said = value if isinstance(value, str) else ",".join(value)
            return {scope.strip() for scope in said.split(",") if scope.strip()}
    return None


def _membership(client: WebClient, channel: str, settings: Settings) -> Check:
    """Whether the bot is in a channel. Reading its newest message needs no further scope."""
    try:
        client.conversations_history(channel=channel, limit=1)
    except (SlackApiError, OSError, ValueError) as error:
        return wrong(f"channel {channel}", _meaning(error, settings))
    return ok(f"channel {channel}", "the app is in it")


def _client(settings: Settings, token: SecretStr | None) -> WebClient:
    client = WebClient(
        token=None if token is None else token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=_TIMEOUT,
        retry_handlers=[],
    )
    client.proxy = None  # urllib knows the proxies, and what goes without them
    return client


def _meaning(error: Exception, settings: Settings) -> str:
    """An error in words; never the error's own, which may hold what was sent."""
    if not isinstance(error, SlackApiError):
        return f"{urlsplit(settings.slack_api_url).hostname} can't be reached from here"
    response: Any = error.response
    code = str(response.get("error") or "") if hasattr(response, "get") else ""
    return f"{WORDS[code]} ({code})" if code in WORDS else f"Slack says {code or 'nothing'}"

"""Everything that can be configured, from the environment and a .env file."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import load_dotenv
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from bot.rates import Rate, Rates
from rules import Lang

Network = IPv4Network | IPv6Network

_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*", re.IGNORECASE)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
SLACK_API = "https://slack.com/api/"
DISCORD_API = "https://discord.com/api/v10"
_API_ENDS = {"slack_api_url": "/api/", "discord_api_url": "/api/v10"}
_SHARDS = re.compile(r"(\d+)(?:-(\d+))?/(\d+)")


class SettingsError(Exception):
    """The settings are wrong. The message names every mistake, a line each, for people."""


class Settings(BaseModel):
    """The settings, each named as its environment variable in lower case.

    Tokens and keys are `SecretStr`: printing the settings, or an error about them, shows none.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    rules_dir: Path | None = None
    """A folder of the operator's own rules, laid over the shipped ones."""
    lang: Lang | None = None
    """The reader's language; that of the text where not set."""

    second_reader: bool = True
    """Whether the learned reader weighs what the rules say (on, off)."""

    slack_bot_token: SecretStr | None = None
    """The bot's token (xoxb-…): with it the Slack door can be served."""
    slack_app_token: SecretStr | None = None
    """The app's token (xapp-…) for Socket Mode, which wins over HTTP."""
    slack_signing_secret: SecretStr | None = None
    """What Slack signs its requests with, for HTTP on `port`."""
    slack_client_id: str | None = None
    """The app's id for installing: with it and its secret, many workspaces can add the app."""
    slack_client_secret: SecretStr | None = None
    """The secret that goes with the id."""
    slack_api_url: str = SLACK_API
    """Where Slack's Web API is, ending in /api/: for a proxy or a test server."""

    discord_token: SecretStr | None = None
    """The bot's token: with it the Discord door can be served."""
    discord_api_url: str = DISCORD_API
    """Where Discord's API is, ending in /api/v10: for a proxy or a test server."""
    discord_shards: str | None = None
    """The shards of this process and how many there are of all, such as 0-3/8; None: all of them."""

    data_dir: Path = Path("data")
    """The folder of the store, its lock and, where none is given, its key."""
    database_url: SecretStr | None = None
    """A Postgres database instead of the SQLite file in `data_dir`."""
    secret_key: SecretStr | None = None
    """Seals what is kept; made in `data_dir` where missing."""
    text_ttl: timedelta = timedelta(hours=24)
    """How long a text is kept, sealed, for the controls under its answer."""
    timezone: str = "Asia/Tokyo"
    """Where the weeks of the weekly digest begin, and at whose hours it is sent."""

    limit_person: Rate | None = Rate(number=600, seconds=600)
    """What one person may ask for: 600/10m, or off."""
    limit_workspace: Rate | None = Rate(number=3000, seconds=600)
    """The same for all people of a workspace together."""

    fetch_allow: tuple[Network, ...] = ()
    """Networks that may be read on any port though they are not public."""
    fetch_contact: str | None = None
    """A web or mail address for the operators of the sites that are read; our user agent names it."""

    host: str = "0.0.0.0"  # noqa: S104 - who sets a port wants to be reached
    port: int | None = Field(default=None, ge=0, le=65535)
    """Where HTTP is served; nothing listens without a port."""
    log_format: Literal["plain", "json"] = "plain"
    """How logs are written: a line for people, or a JSON object a line."""

    @field_validator("rules_dir")
    @classmethod
    def _is_folder(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_dir():
            raise ValueError(f"there is no folder {folder}")
        return folder

    @field_validator("text_ttl", mode="before")
    @classmethod
    def _is_duration(cls, said: object) -> object:
        """Seconds, or a number with its unit: 90, 90s, 30m, 24h, 7d."""
        if not isinstance(said, str):
            return said
        match = _DURATION.fullmatch(said)
        if match is None or float(match[1]) == 0:
            raise ValueError("a time such as 90s, 30m, 24h or 7d is needed")
        return timedelta(seconds=float(match[1]) * _SECONDS[match[2].lower()])

    @field_validator("limit_person", "limit_workspace", mode="before")
    @classmethod
    def _is_rate(cls, said: object) -> object:
        return Rate.parse(said) if isinstance(said, str) else said

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        """A time zone by its name: Asia/Tokyo, Europe/Paris, UTC."""
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("the name of a time zone such as Asia/Tokyo is needed") from None
        return name

    @field_validator("fetch_allow", mode="before")
    @classmethod
    def _are_networks(cls, said: object) -> object:
        """Networks in CIDR form, separated by commas: 10.1.0.0/16, 127.0.0.1."""
        if not isinstance(said, str):
            return said
        try:
            return tuple(ip_network(each.strip()) for each in said.split(",") if each.strip())
        except ValueError:
            raise ValueError(
                "networks such as 10.1.0.0/16 are needed, separated by commas"
            ) from None

    @field_validator("fetch_contact")
    @classmethod
    def _is_contact(cls, contact: str | None) -> str | None:
        if contact is not None and not re.fullmatch(r"[!-'*-~]{3,200}", contact):
            raise ValueError("a web or mail address without spaces is needed")
        return contact

    @field_validator("slack_api_url", "discord_api_url")
    @classmethod
    def _is_api(cls, url: str, field: ValidationInfo) -> str:
        end = _API_ENDS[field.field_name or ""]
        if not re.fullmatch(rf"https?://[^/\s]+(?:/[^\s]*)?{end}", url):
            raise ValueError(f"an address that ends in {end} is needed")
        return url

    @field_validator("discord_shards")
    @classmethod
    def _are_shards(cls, said: str | None) -> str | None:
        if said is not None and _shards(said) is None:
            raise ValueError("a range such as 0-3/8 is needed: shards 0 to 3 of 8")
        return said

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not re.match(
            r"postgres(?:ql)?(?:\+\w+)?://", url.get_secret_value()
        ):
            raise ValueError("an address such as postgresql://user@host/name is needed")
        return url

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(key.get_secret_value()) < 16:
            raise ValueError("at least 16 characters are needed (try: openssl rand -base64 32)")
        return key

    @property
    def rates(self) -> Rates:
        """How much people may ask for."""
        return Rates(person=self.limit_person, workspace=self.limit_workspace)

    @property
    def serves_slack(self) -> bool:
        """Whether the Slack door has a token, or a way to be given tokens."""
        return self.slack_bot_token is not None or self.installs_slack

    @property
    def installs_slack(self) -> bool:
        """Whether workspaces can add the app ('Add to Slack')."""
        return self.slack_client_id is not None and self.slack_client_secret is not None

    @property
    def serves_discord(self) -> bool:
        """Whether the Discord door has its token."""
        return self.discord_token is not None

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the weekly digest."""
        return ZoneInfo(self.timezone)

    @property
    def shards(self) -> tuple[range, int] | None:
        """The shards of this process, and how many there are of all; None: whatever Discord says."""
        return _shards(self.discord_shards) if self.discord_shards else None


def _shards(said: str) -> tuple[range, int] | None:
    """What '0-3/8' says; None where that can't be."""
    match = _SHARDS.fullmatch(said.strip())
    if match is None:
        return None
    first, last, count = int(match[1]), int(match[2] or match[1]), int(match[3])
    return (range(first, last + 1), count) if first <= last < count else None


_VARIABLES = {
    name: "MIKIWAME_LANG" if name == "lang" else name.upper() for name in Settings.model_fields
}


def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError with all mistakes at once."""
    load_dotenv()
    given = {name: os.environ.get(variable) for name, variable in _VARIABLES.items()}
    try:
        return Settings.model_validate({name: value for name, value in given.items() if value})
    except ValidationError as error:
        lines = [
            f"{_VARIABLES[str(each['loc'][0])]}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors(include_input=False)
        ]
        raise SettingsError("\n".join(lines)) from None

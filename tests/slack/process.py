"""The bot as people start it, with Slack alone."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.process import Process
from tests.slack.delivery import Slack
from tests.slack.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET


class Bot(Process):
    """`async with Bot(slack, tmp_path)`: started and ready; stopped at the end."""

    def __init__(
        self,
        slack: Slack,
        data: Path,
        *,
        roles: tuple[str, ...] = (),
        module: str | None = None,
        told: dict[str, str] | None = None,
        **more: str,
    ) -> None:
        settings = {
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            **(told or {}),
            **more,
        }
        super().__init__(data, roles, module, **settings)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def over_http(port: int) -> dict[str, str]:
    """The settings by which Slack reaches the bot with requests."""
    return {
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }

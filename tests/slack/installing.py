"""An admin's browser, in which the app is added to a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp

from tests.slack.delivery import Slack
from tests.slack.process import free_port
from tests.slack.workspace import CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET


def many(port: int | None = None, *, socket: bool = False) -> dict[str, str]:
    """The settings with which workspaces can add the app."""
    way = {} if socket else {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SIGNING_SECRET}
    return {
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": CLIENT_ID,
        "SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "HOST": "127.0.0.1",
        "PORT": str(port or free_port()),
        **way,
    }


@dataclass(frozen=True)
class Page:
    """What a browser got."""

    status: int
    text: str
    headers: dict[str, str]


class Browser:
    """One browser with its cookies. `async with Browser(slack, port)`."""

    def __init__(self, slack: Slack, port: int, *, accepts: str = "en") -> None:
        self.slack = slack
        self.cookies: dict[str, str] = {}
        self._url = f"http://127.0.0.1:{port}"
        self._headers = {"Accept-Language": accepts}
        # Cookies for https alone are sent by hand, for here is none.
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def get(self, path: str) -> Page:
        """One page; what it redirects to is not followed."""
        said = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**self._headers, **({"Cookie": said} if said else {})}
        async with self._session.get(
            self._url + path, headers=headers, allow_redirects=False
        ) as response:
            for given in response.headers.getall("Set-Cookie", []):
                for name, cookie in SimpleCookie(given).items():
                    self.cookies[name] = cookie.value
            return Page(response.status, await response.text(), dict(response.headers))

    async def begin(self) -> dict[str, str]:
        """Presses 'Add to Slack'; what Slack is asked for."""
        page = await self.get("/slack/install")
        assert page.status == 302, page.text
        there = urlsplit(page.headers["Location"])
        assert (
            f"{there.scheme}://{there.netloc}{there.path}" == "https://slack.com/oauth/v2/authorize"
        )
        return {name: values[0] for name, values in parse_qs(there.query).items()}

    def consents(self, asked: dict[str, str], team: str) -> str:
        """Allows it on Slack's page; where Slack then sends the browser."""
        assert asked["client_id"] == CLIENT_ID
        code = self.slack.new_id("code")
        self.slack.codes[code] = team
        return "/slack/oauth_redirect?" + urlencode({"code": code, "state": asked["state"]})

    async def add_to(self, team: str) -> Page:
        """All of it."""
        return await self.get(self.consents(await self.begin(), team))

"""'Add to Slack': the two addresses at which a workspace's admin adds the app, by Bolt's OAuth flow.

Slack's `code` and our `state` stand in the second address: it is logged nowhere, and the page that
is shown there tells no other site where somebody came from.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation

from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.slack import pages
from bot.doors.slack.calls import Calls
from bot.doors.slack.scopes import NEEDED
from bot.settings import Settings
from bot.store.installations import Installations, States

_log = logging.getLogger(__name__)

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"

#: What keeps the page's address to itself, and the page without anything from elsewhere.
_HEADERS: dict[str, str | Sequence[str]] = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


class Install(AsyncOAuthFlow):
    """Bolt's flow, with our store, our pages, and our way to call Slack."""

    def __init__(
        self, settings: Settings, calls: Calls, installations: Installations, states: States
    ) -> None:
        assert settings.slack_client_id is not None  # noqa: S101 - checked before serving
        assert settings.slack_client_secret is not None  # noqa: S101
        self._calls = calls
        super().__init__(
            client=calls.client,
            settings=AsyncOAuthSettings(
                client_id=settings.slack_client_id,
                client_secret=settings.slack_client_secret.get_secret_value(),
                scopes=sorted(NEEDED),
                install_path=INSTALL,
                redirect_uri_path=REDIRECT,
                install_page_rendering_enabled=False,  # Slack's own page says what is asked for
                installation_store=installations,
                state_store=states,
                callback_options=AsyncCallbackOptions(success=_welcome, failure=_sorry),
            ),
        )

    def serve(self, http: web.Application) -> None:
        """Answers at the two addresses."""
        http.router.add_get(INSTALL, _handled(self.handle_installation))
        http.router.add_get(REDIRECT, _handled(self.handle_callback))

    async def run_installation(self, code: str) -> Installation | None:
        """Changes Slack's code for a token; None where Slack does not take it, or where it expires.

        Raises HinderedError where Slack is away.
        """
        client, settings = self._calls.client, self.settings
        try:
            said = await self._calls.api(
                client.oauth_v2_access,
                code=code,
                client_id=settings.client_id,
                client_secret=settings.client_secret,
            )
            if said.get("refresh_token"):
                _log.error("tokens would expire in hours: the app has to be without token rotation")
                return None
            token = said.get("access_token") or ""
            who = await self._calls.api(client.auth_test, token=token)
        except UnanswerableError as error:
            _log.warning("Slack does not let a workspace add the app (%s)", error.reason)
            return None
        team, org = said.get("team") or {}, said.get("enterprise") or {}
        whole = bool(said.get("is_enterprise_install"))
        return Installation(
            app_id=said.get("app_id"),
            enterprise_id=org.get("id"),
            enterprise_url=who.get("url") if whole else None,
            team_id=None if whole else team.get("id"),
            bot_token=token,
            bot_id=who.get("bot_id"),
            bot_user_id=said.get("bot_user_id") or who.get("user_id"),
            bot_scopes=said.get("scope") or "",
            user_id="",  # the store would not keep it
            is_enterprise_install=whole,
            token_type=said.get("token_type"),
            custom_values={"called": f"@{who.get('user') or 'Mikiwame'}"},
        )


def _handled(
    handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A handler of Bolt's for aiohttp; whatever goes wrong, people see a page."""

    async def handler(request: web.Request) -> web.StreamResponse:
        asked = await to_bolt_request(request)
        try:
            response = await handle(asked)
        except HinderedError:
            response = _page(asked, "slack_away", 503)
        except Exception:
            _log.exception("adding the app failed")
            response = _page(asked, "failed", 500)
        response.headers.setdefault("referrer-policy", ["no-referrer"])
        return await to_aiohttp_response(response)

    return handler


async def _welcome(done: AsyncSuccessArgs) -> BoltResponse:
    """It worked."""
    into = done.installation
    where = (
        into.enterprise_url
        or f"https://slack.com/app_redirect?app={into.app_id}&team={into.team_id}"
    )
    response = _page(done.request, "installed", 200, where)
    response.headers["set-cookie"] = [done.settings.state_utils.build_set_cookie_for_deletion()]
    return response


async def _sorry(failed: AsyncFailureArgs) -> BoltResponse:
    """It did not; what Bolt calls the reason becomes a sentence."""
    known = {"access_denied", "invalid_browser", "invalid_state", "invalid_code"}
    return _page(
        failed.request,
        failed.reason if failed.reason in known else "failed",
        failed.suggested_status_code,
    )


def _page(asked: AsyncBoltRequest, name: str, status: int, where: str = "") -> BoltResponse:
    said = asked.headers.get("accept-language") or [""]
    return BoltResponse(
        status=status, body=pages.page(name, pages.lang_of(said[0]), where), headers=_HEADERS
    )

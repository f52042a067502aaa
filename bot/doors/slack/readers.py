"""In which language somebody reads."""

from __future__ import annotations

from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.slack.calls import Calls
from rules import Lang

#: How many people's languages are remembered.
_MANY = 2000


class Readers:
    """The languages of people, as they set them in Slack; asked for once, kept in memory."""

    def __init__(self, calls: Calls, default: Lang | None) -> None:
        self._calls = calls
        self._default = default
        self._known: dict[str, Lang] = {}

    async def lang(self, user: str) -> Lang:
        """The operator's choice, else the person's own; Japanese where Slack does not say."""
        if self._default is not None:
            return self._default
        if user not in self._known:
            if len(self._known) >= _MANY:
                self._known.clear()
            lang = await self._asked(user)
            if lang is None:
                return Lang.JA
            self._known[user] = lang
        return self._known[user]

    async def _asked(self, user: str) -> Lang | None:
        """What Slack says, which may have nothing to say; None where it can't be asked now."""
        try:
            info = await self._calls.api(
                self._calls.client.users_info, user=user, include_locale=True
            )
        except HinderedError:
            return None
        except UnanswerableError:
            return Lang.JA
        locale = (info.get("user") or {}).get("locale") or "ja"
        return Lang.JA if locale.startswith("ja") else Lang.EN

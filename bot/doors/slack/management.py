"""The App Home with a workspace's settings, and what Slack tells of the app's removal.

Settings are for a workspace's admins alone: others see no button, and whatever they send all the
same is refused.
"""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.desk.desk import Desk
from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.slack import home, ids, settings_form
from bot.doors.slack.readers import Readers
from bot.doors.slack.spot import workspace_of
from bot.doors.slack.teams import Team, Teams

Body = dict[str, Any]


class Management:
    """Answers on the spot, for one Bolt app, in all workspaces."""

    def __init__(self, desk: Desk, teams: Teams, readers: Readers) -> None:
        self._desk = desk
        self._teams = teams
        self._readers = readers

    def listen(self, app: AsyncApp) -> None:
        """Registers its listeners, which come before those for everything else."""
        app.event("app_home_opened")(self.home)
        app.event("app_uninstalled")(self.removed)
        app.event("tokens_revoked")(self.revoked)
        app.action(ids.OPEN_SETTINGS)(self.open_settings)
        app.view(ids.SETTINGS_FORM)(self.settings)

    async def _team(self, context: AsyncBoltContext) -> Team:
        return await self._teams.of(workspace_of(context))

    # ---- App Home -----------------------------------------------------------------------------

    async def home(self, context: AsyncBoltContext, event: Body) -> None:
        """Shows how to ask. Best effort: it is shown anew whenever somebody opens it."""
        if event.get("tab") != "home":
            return
        try:
            await self._show_home(await self._team(context), event["user"])
        except (HinderedError, UnanswerableError):
            return

    async def _show_home(self, team: Team, user: str) -> None:
        reader = await self._readers.of(team, user)
        view = home.view(reader.lang, team.who.called, manages=reader.manages)
        await team.api(team.client.views_publish, user_id=user, view=view)

    # ---- settings -----------------------------------------------------------------------------

    async def open_settings(self, ack: AsyncAck, context: AsyncBoltContext, body: Body) -> None:
        """The button in the App Home, for admins."""
        team, user = await self._team(context), body["user"]["id"]
        reader = await self._readers.asked(team, user)
        if reader.manages:
            form = settings_form.form(
                reader.lang,
                await self._desk.tenants.settings_of(team.workspace),
                self._desk.rulebook,
                self._desk.tenants.longest,
                team.who.called,
            )
            await team.open(body["trigger_id"], form)
        else:
            await self._show_home(team, user)  # without the button that should not be there
        await ack()

    async def settings(
        self, ack: AsyncAck, context: AsyncBoltContext, body: Body, view: Body
    ) -> None:
        """What an admin chose; from anybody else it is refused."""
        team, user = await self._team(context), body["user"]["id"]
        reader = await self._readers.asked(team, user)
        if not reader.manages:
            errors = settings_form.admins_only(reader.lang)
        else:
            before = await self._desk.tenants.settings_of(team.workspace)
            chosen = settings_form.chosen(
                view, before, self._desk.rulebook, self._desk.tenants.longest
            )
            errors = settings_form.mistakes(chosen, reader.lang)
            if not errors:
                await self._desk.tenants.set_up(team.workspace, chosen)
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        await ack()

    # ---- the end ------------------------------------------------------------------------------

    async def removed(self, context: AsyncBoltContext, body: Body) -> None:
        """The app was removed from a workspace: all that is stored of it is erased."""
        workspace = workspace_of(context)
        await self._teams.removed(workspace, float(body.get("event_time") or 0))
        org = f"slack/{context.enterprise_id}"
        if org != workspace:  # Slack may name the organization without saying that it was all of it
            await self._teams.removed_perhaps(org)

    async def revoked(self, context: AsyncBoltContext, body: Body, event: Body) -> None:
        """The bot's token was revoked; of people's own tokens we never have any."""
        if (event.get("tokens") or {}).get("bot"):
            await self.removed(context, body)

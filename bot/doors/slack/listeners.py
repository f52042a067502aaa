"""What Slack tells us, translated into jobs for the desk. Nothing is judged or answered here.

What is addressed to the bot is on the disk before it is acknowledged; everything else is
acknowledged and dropped unwritten. Forms are shown on the spot: they answer nothing, and Slack's
permission to open one lasts three seconds.
"""

from __future__ import annotations

import json
import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.desk.desk import Desk
from bot.desk.jobs import Heard, Pressed
from bot.desk.showing import Control
from bot.doors.slack import forms, ids
from bot.doors.slack.message import files_in, mentions, plain, read
from bot.doors.slack.readers import Readers
from bot.doors.slack.spot import Spot, spot_of, workspace_of
from bot.doors.slack.teams import Team, Teams

Body = dict[str, Any]
_ANY = re.compile("")
#: Kinds of messages that a person writes; all others are news of messages, or a bot's.
_WRITTEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})


class Listeners:
    """Translates for one Bolt app, in all workspaces."""

    def __init__(self, desk: Desk, teams: Teams, readers: Readers) -> None:
        self._desk = desk
        self._teams = teams
        self._readers = readers

    async def _team(self, context: AsyncBoltContext) -> Team:
        return await self._teams.of(workspace_of(context))

    def listen(self, app: AsyncApp) -> None:
        """Registers every listener; the last of a kind acknowledges what is left."""
        app.event("app_mention")(self.message)
        app.event("message")(self.message)
        app.event(_ANY)(_nothing)
        app.command(ids.COMMAND)(self.command)
        app.shortcut(ids.SHORTCUT)(self.shortcut)
        app.action(ids.CONTROL)(self.control)
        app.action(ids.OPEN_FORM)(self.open_form)
        app.action(_ANY)(_nothing)
        app.view(ids.VET_FORM)(self.vet_form)
        app.view(ids.FEEDBACK_FORM)(self.feedback_form)

    # ---- messages -----------------------------------------------------------------------------

    async def message(self, context: AsyncBoltContext, body: Body, event: Body) -> None:
        """A mention, a direct message, or a word in one of our threads."""
        if not _is_written(event):
            return
        team = await self._team(context)
        bot_user = team.who.bot_user
        root = event.get("thread_ts")
        said = read(event, bot_user)
        spot = Spot(
            team=body.get("team_id") or event.get("team") or "",
            workspace=team.workspace,
            channel=event["channel"],
            user=event["user"],
            ts=event["ts"],
            thread=root or event["ts"],
            links=said.links_to_messages,
            files=files_in(event),
        )
        direct = event["channel"].startswith("D")
        about = spot.room_name if direct and root is None else spot.thread_name
        mentioned = event["type"] == "app_mention" or mentions(event, bot_user)
        if not direct and not mentioned:
            goes_on = root is not None and await self._desk.goes_on("slack", about, said.own)
            if not goes_on:
                return
        await self._desk.accept(
            Heard(
                **spot.source,
                once=spot.once,
                said=said.words,
                quoted="\n\n".join(said.forwarded),
                about=None if spot.links else about,
                refers=root is not None or spot.links,
                attached=bool(spot.files),
            )
        )

    async def shortcut(self, ack: AsyncAck, context: AsyncBoltContext, shortcut: Body) -> None:
        """'Vet this message': the answer goes under that message."""
        message, team = shortcut["message"], await self._team(context)
        spot = Spot(
            team=_team(shortcut),
            workspace=team.workspace,
            channel=shortcut["channel"]["id"],
            user=shortcut["user"]["id"],
            ts=message["ts"],
            thread=message.get("thread_ts") or message["ts"],
            response_url=shortcut.get("response_url"),
            files=files_in(message),
        )
        said = read(message, team.who.bot_user)
        await self._desk.accept(
            Heard(
                **spot.source,
                once=f"{spot.team}/shortcut/{shortcut['trigger_id']}",
                said=said.own,
                quoted="\n\n".join(said.forwarded),
                attached=bool(spot.files),
            )
        )
        await ack()

    # ---- /vet and its form --------------------------------------------------------------------

    async def command(self, ack: AsyncAck, context: AsyncBoltContext, command: Body) -> None:
        """`/vet TEXT` is answered for the caller alone; `/vet` opens the form."""
        team = await self._team(context)
        spot = Spot(
            team=command["team_id"],
            workspace=team.workspace,
            channel=command["channel_id"],
            user=command["user_id"],
            response_url=command["response_url"],
            private=True,
        )
        text = plain(command.get("text") or "", team.who.bot_user)
        if text:
            await self._desk.accept(
                Heard(
                    **spot.source,
                    once=f"{spot.team}/command/{command['trigger_id']}",
                    said=text,
                    private=True,
                )
            )
        else:
            await self._open_vet_form(command["trigger_id"], spot, team)
        await ack()

    async def open_form(
        self, ack: AsyncAck, context: AsyncBoltContext, body: Body, action: Body
    ) -> None:
        """The button in the App Home; the answer goes to the person's direct messages.

        It is looked for there from now on, should it come to that.
        """
        user, team = body["user"]["id"], await self._team(context)
        spot = Spot(
            team=_team(body),
            workspace=team.workspace,
            channel=user,
            user=user,
            ts=action.get("action_ts"),
        )
        await self._open_vet_form(body["trigger_id"], spot, team)
        await ack()

    async def vet_form(
        self, ack: AsyncAck, context: AsyncBoltContext, body: Body, view: Body
    ) -> None:
        """What was entered there: answered as the form's place says."""
        asked, team = forms.asked(view), await self._team(context)
        if not asked.text.strip():
            lang = await self._readers.lang(team, body["user"]["id"])
            await ack(response_action="errors", errors=forms.text_missing(lang))
            return
        spot = spot_of(json.loads(view["private_metadata"]))
        spot = spot.model_copy(update={"workspace": team.workspace})
        await self._desk.accept(
            Heard(
                **spot.source,
                once=f"{spot.team}/form/{view['id']}",
                said=asked.text,
                platform=asked.platform,
                stage=asked.stage,
                private=spot.private,
            )
        )
        await ack()

    async def _open_vet_form(self, trigger: str, spot: Spot, team: Team) -> None:
        lang = await self._readers.lang(team, spot.user)
        form = forms.vet_form(lang, self._desk.rulebook, json.dumps(spot.place), team.who.called)
        await team.open(trigger, form)

    # ---- controls -----------------------------------------------------------------------------

    async def control(
        self, ack: AsyncAck, context: AsyncBoltContext, body: Body, action: Body
    ) -> None:
        """A control under an answer; 'not quite' first asks what was wrong."""
        control, team = ids.pressed(action), await self._team(context)
        user = body["user"]["id"]
        lang = None
        if control is not None and (control.verb, control.argument) == ("feedback", "wrong"):
            lang = await self._desk.lang_of(control.key, team.workspace)
        if control is not None and lang is not None:
            text = await self._desk.text_to_keep(control.key, team.workspace, user)
            await team.open(body["trigger_id"], forms.feedback_form(lang, control.key, text))
        elif control is not None:  # where nothing is kept any more the desk says so
            spot = _standing(body, team.workspace)
            once = f"{spot.once}/{action.get('action_ts') or body['trigger_id']}/{user}"
            await self._desk.accept(
                Pressed(
                    **spot.source,
                    once=once,
                    control=control,
                )
            )
        await ack()

    async def feedback_form(
        self, ack: AsyncAck, context: AsyncBoltContext, body: Body, view: Body
    ) -> None:
        """What was wrong with an answer; where that is not kept any more, the form says so."""
        opinion, team = forms.opinion(view), await self._team(context)
        if await self._desk.kept(opinion.key, team.workspace) is None:
            lang = await self._readers.lang(team, body["user"]["id"])
            await ack(response_action="errors", errors=forms.text_gone(lang))
            return
        await self._desk.accept(
            Pressed(
                once=f"{_team(body)}/form/{view['id']}",
                door="slack",
                workspace=team.workspace,
                by=body["user"]["id"],
                place={},
                control=Control(key=opinion.key, verb="feedback", argument=opinion.verdict),
                word=opinion.word,
                text=opinion.text,
            )
        )
        await ack()


async def _nothing(ack: AsyncAck) -> None:
    """Acknowledges what is not for us."""
    await ack()


def _is_written(event: Body) -> bool:
    """Whether a person wrote this just now: no news of edits and deletions, no bot's message."""
    return (
        event.get("subtype") in _WRITTEN
        and not event.get("bot_id")
        and not event.get("edited")
        and bool(event.get("user"))
    )


def _team(body: Body) -> str:
    return (body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id") or ""


def _standing(body: Body, workspace: str) -> Spot:
    """Where the message stands whose control was used."""
    container = body.get("container") or {}
    return Spot(
        team=_team(body),
        workspace=workspace,
        channel=container.get("channel_id") or (body.get("channel") or {}).get("id") or "",
        user=body["user"]["id"],
        ts=container.get("message_ts"),
        thread=container.get("thread_ts"),
        response_url=body.get("response_url"),
        private=bool(container.get("is_ephemeral")),
    )

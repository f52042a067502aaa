"""Showing answers in Slack: posted once, changed where they stand, taken away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any

from bot.desk.digest import Summary
from bot.desk.jobs import Answer, Notice, Place, Referred, Sent, UnanswerableError
from bot.doors.slack.answer import Post, answer
from bot.doors.slack.calls import Calls, Method
from bot.doors.slack.digest import digest
from bot.doors.slack.files import fetched
from bot.doors.slack.notices import notice as notice_post
from bot.doors.slack.readers import Readers
from bot.doors.slack.referred import referred
from bot.doors.slack.sent_before import sent_before
from bot.doors.slack.signature import signature
from bot.doors.slack.spot import Spot, spot_of
from bot.doors.slack.teams import Team, Teams
from bot.reading.models import Trouble
from bot.reading.room import Brought
from rules import Lang, Rulebook

#: One way to say a few words.
Tell = Callable[[Spot, dict[str, Any]], Awaitable[None]]

#: Where the bot is not, as Slack says it.
_NOT_HERE = frozenset({"not_in_channel", "channel_not_found"})


class SlackDoor:
    """The Slack side of the desk's dealings (bot.desk.jobs.Door), for all workspaces."""

    name = "slack"

    def __init__(self, calls: Calls, teams: Teams, readers: Readers, rulebook: Rulebook) -> None:
        self._calls = calls
        self._client = calls.client
        self._teams = teams
        self._readers = readers
        self._rulebook = rulebook

    async def _api(self, spot: Spot, method: Method, **arguments: Any) -> dict[str, Any]:
        """One call with the token of the workspace in which the spot is."""
        return await (await self._team(spot)).api(method, **arguments)

    async def _team(self, spot: Spot) -> Team:
        return await self._teams.of(spot.workspace or f"slack/{spot.team}")

    # ---- reading ------------------------------------------------------------------------------

    async def read(self, place: Place) -> Referred:
        """A message that is linked to, else the one at the root of the thread."""
        spot = spot_of(place)
        return await referred(spot, await self._team(spot))

    async def fetch(self, place: Place) -> Brought:
        """The files that came with a message."""
        spot = spot_of(place)
        return await fetched(spot.files, await self._team(spot))

    # ---- answers ------------------------------------------------------------------------------

    async def send(self, place: Place, said: Answer, *, again: bool) -> Sent:
        """Posts the answer; where the bot is not, the person alone gets it, and how to invite."""
        spot = spot_of(place)
        if spot.private:
            return await self._whisper(spot, said)
        spot = await self._entered(spot)
        ts = await sent_before(await self._team(spot), spot, said.showing.key) if again else None
        try:
            ts = ts or await self._post(spot, self._rendered(said), said.showing.key)
        except UnanswerableError as error:
            if error.reason not in _NOT_HERE or spot.response_url is None:
                raise
            await self.tell(place, "not_here", said.showing.lang or said.assessment.lang)
            return await self._whisper(spot, said)
        spot = spot.model_copy(update={"ts": ts, "response_url": None, "files": ()})
        return Sent(place=spot.place, thread=spot.thread_name, room=spot.room_name)

    async def _entered(self, spot: Spot) -> Spot:
        """A person's id stands for the direct messages with them."""
        return await self._with_person(spot) if spot.channel == spot.user else spot

    async def _with_person(self, spot: Spot) -> Spot:
        opened = await self._api(spot, self._client.conversations_open, users=spot.user)
        return spot.model_copy(update={"channel": opened["channel"]["id"]})

    async def _post(self, spot: Spot, post: Post, key: str) -> str:
        """Posts it, signed to be known again; returns its time stamp."""
        posted = await self._say(spot, {**_shown(post), "metadata": signature(key)})
        return str(posted["ts"])

    async def _say(self, spot: Spot, post: dict[str, Any]) -> dict[str, Any]:
        return await self._api(
            spot,
            self._client.chat_postMessage,
            where=spot.channel,
            channel=spot.channel,
            thread_ts=spot.thread,
            unfurl_links=False,
            unfurl_media=False,
            **post,
        )

    async def _whisper(self, spot: Spot, said: Answer) -> Sent:
        """Shows the answer to one person; in the channel where the response URL serves no more."""
        post = _shown(self._rendered(_privately(said)))
        try:
            await self._calls.respond(spot.response_url or "", response_type="ephemeral", **post)
        except UnanswerableError:
            await self._in_channel(spot, post)
        spot = spot.model_copy(update={"private": True, "files": ()})
        return Sent(place=spot.place, thread=spot.thread_name, room=spot.thread_name, private=True)

    async def update(self, place: Place, said: Answer) -> None:
        """Shows the answer in the place of the one that stands there."""
        spot = spot_of(place)
        if spot.private:
            await self._calls.respond(
                spot.response_url or "",
                replace_original=True,
                response_type="ephemeral",
                **_shown(self._rendered(_privately(said))),
            )
            return
        await self._api(
            spot,
            self._client.chat_update,
            where=spot.channel,
            channel=spot.channel,
            ts=spot.ts,
            **_shown(self._rendered(said)),
            metadata=signature(said.showing.key),
        )

    async def remove(self, place: Place) -> None:
        """Takes the answer away; that it is gone already is as good."""
        spot = spot_of(place)
        if spot.private:
            await self._calls.respond(spot.response_url or "", delete_original=True)
            return
        try:
            await self._api(
                spot, self._client.chat_delete, where=spot.channel, channel=spot.channel, ts=spot.ts
            )
        except UnanswerableError as error:
            if error.reason != "message_not_found":
                raise

    async def may_use(self, workspace: str, by: str, groups: Sequence[str]) -> bool:  # noqa: ARG002
        """Whether somebody is an admin there; groups can't be named in Slack."""
        return await self._readers.manages(await self._teams.of(workspace), by)

    def is_same_room(self, place: Place, other: Place) -> bool:  # noqa: ARG002
        """The workspace alone decides: ids of channels are a workspace's own."""
        return False

    async def announce(
        self, place: Place, summary: Summary, lang: Lang | None, key: str, *, again: bool
    ) -> None:
        """Posts the digest in its channel."""
        spot = spot_of(place)
        since = datetime.combine(summary.week.sunday, time(), UTC).timestamp()
        since_then = spot.model_copy(update={"ts": f"{since:.6f}"})
        if again and await sent_before(await self._team(spot), since_then, key):
            return
        await self._post(spot, digest(summary, self._rulebook, lang), key)

    def room(self, workspace: str, channel: str) -> Place:
        """A channel of a workspace."""
        team = workspace.partition("/")[2]
        return Spot(team=team, workspace=workspace, channel=channel).place

    def shared(self, place: Place) -> Place:
        """The channel itself, for what was shown to one person in it."""
        spot = spot_of(place)
        return spot.model_copy(
            update={"private": False, "thread": None, "response_url": None}
        ).place

    # ---- a few words --------------------------------------------------------------------------

    async def tell(
        self,
        place: Place,
        notice: Notice,
        lang: Lang | None,
        troubles: Sequence[Trouble] = (),
    ) -> None:
        """Says a few words to the person alone: where they are, else in a direct message."""
        if not place:
            return  # a form that closed: there is nobody who waits
        spot = spot_of(place)
        team = await self._team(spot)
        lang = lang or await self._readers.lang(team, spot.user)
        post = _shown(notice_post(notice, lang, team.who.called, troubles))
        *ways, last = self._ways_to_tell(spot)
        for way in ways:
            try:
                await way(spot, post)
            except UnanswerableError:
                continue
            return
        await last(spot, post)

    def _ways_to_tell(self, spot: Spot) -> Iterator[Tell]:
        """From where it is seen best. Response URLs know no threads, and serve for half an hour."""
        direct = spot.channel.startswith("D")
        in_thread = not direct and spot.thread not in {None, spot.ts}
        if spot.response_url is not None and not in_thread:
            yield self._in_response
        if not direct:
            yield self._in_channel
        if spot.response_url is not None and in_thread:
            yield self._in_response
        yield self._in_person

    async def _in_response(self, spot: Spot, post: dict[str, Any]) -> None:
        await self._calls.respond(
            spot.response_url or "", response_type="ephemeral", replace_original=False, **post
        )

    async def _in_channel(self, spot: Spot, post: dict[str, Any]) -> None:
        await self._api(
            spot,
            self._client.chat_postEphemeral,
            where=spot.channel,
            channel=spot.channel,
            user=spot.user,
            thread_ts=spot.thread if spot.thread != spot.ts else None,
            **post,
        )

    async def _in_person(self, spot: Spot, post: dict[str, Any]) -> None:
        if not spot.channel.startswith("D"):
            spot = (await self._with_person(spot)).model_copy(update={"thread": None})
        await self._say(spot, post)

    def _rendered(self, said: Answer) -> Post:
        return answer(said.assessment, self._rulebook, said.showing, said.read)


def _shown(post: Post) -> dict[str, Any]:
    return {"text": post.text, "blocks": list(post.blocks)}


def _privately(said: Answer) -> Answer:
    showing = said.showing.model_copy(update={"private": True})
    return said.model_copy(update={"showing": showing})

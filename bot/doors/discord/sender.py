"""Showing answers in Discord: sent once, changed where they stand, taken away."""

from __future__ import annotations

from collections.abc import Sequence

from discord import ui

from bot.desk.digest import Summary
from bot.desk.jobs import Answer, Notice, Place, Referred, Sent, UnanswerableError
from bot.doors.discord.acks import Acks
from bot.doors.discord.answer import answer
from bot.doors.discord.calls import FORBIDDEN, TOO_LATE, Code, call
from bot.doors.discord.client import Client
from bot.doors.discord.delivery import Delivery
from bot.doors.discord.digest import digest
from bot.doors.discord.files import fetched
from bot.doors.discord.members import Members
from bot.doors.discord.message import files_in, forwarded, plain
from bot.doors.discord.notices import notice as notice_view
from bot.doors.discord.sent_before import sent_before
from bot.doors.discord.spot import Spot, spot_of
from bot.doors.discord.texts import texts
from bot.reading.models import Trouble
from bot.reading.room import Brought
from rules import Lang, Rulebook


class DiscordDoor:
    """The Discord side of the desk's dealings (bot.desk.jobs.Door), over a client that may change."""

    name = "discord"

    def __init__(self, client: Client, acks: Acks, rulebook: Rulebook) -> None:
        self.client = client
        self.acks = acks
        self._rulebook = rulebook
        self.members = Members(lambda: self.client)
        self._delivery = Delivery(lambda: self.client, acks)

    # ---- reading ------------------------------------------------------------------------------

    async def read(self, place: Place) -> Referred:
        """The message that this was a reply to.

        Without the message content intent Discord shows of the latter only what was addressed to
        the bot.
        """
        spot = spot_of(place)
        if spot.replied is None:
            return Referred()
        channel = self._delivery.channel(spot)
        try:
            message = await call(channel.fetch_message(spot.replied), spot.channel)
        except UnanswerableError:
            return Referred()
        if message.author == self.client.user:
            return Referred()
        files = files_in(message)
        there = spot.model_copy(update={"files": files}).place if files else None
        text = forwarded(message) or plain(message.content, self._me)
        return Referred(text=text, files=there)

    async def fetch(self, place: Place) -> Brought:
        """The files that came with a message."""
        return await fetched(spot_of(place).files, self.client.api)

    # ---- answers ------------------------------------------------------------------------------

    async def send(self, place: Place, said: Answer, *, again: bool) -> Sent:
        """Shows the answer where it belongs, or where it still can be, and then says why."""
        spot = spot_of(place)
        if spot.private:
            return await self._whisper(spot, said, again=again)
        there, remark = await self._entered(spot, said)
        try:
            sent = await self._post(there, said, again=again, remark=remark)
        except UnanswerableError as error:
            if error.reason not in FORBIDDEN:
                raise
            if spot.token is not None:
                return await self._follow_up(spot, said)
            return await self._directly(spot, said, again=again, remark="lacking_send")
        return _standing(there, sent)

    async def _entered(self, spot: Spot, said: Answer) -> tuple[Spot, str]:
        """The thread on a message of a channel, opened where there is none yet."""
        if spot.inside or spot.guild is None or spot.message is None:
            return spot, ""
        lang = said.showing.lang or said.assessment.lang
        try:
            await self._delivery.thread(spot, texts(lang)["thread"])
        except UnanswerableError as error:
            if error.reason != Code.HAS_THREAD:
                return spot, "lacking_thread" if error.reason in FORBIDDEN else ""
        # a thread has the id of the message that it was opened on
        return spot.model_copy(
            update={"channel": spot.message, "message": None, "inside": True}
        ), ""

    async def _post(self, spot: Spot, said: Answer, *, again: bool, remark: str = "") -> int:
        """Sends the answer; `again`: only if it is not there already. Returns its id."""
        key = said.showing.key
        if again and (found := await self._sent_before(spot, key)) is not None:
            return found
        return await self._delivery.say(spot, self._view(said, remark), nonce=key)

    async def _whisper(self, spot: Spot, said: Answer, *, again: bool) -> Sent:
        """To the person alone; when Discord's time for that is over, in a direct message."""
        showing = said.showing.model_copy(update={"private": True})
        try:
            await self._delivery.change(
                spot, self._view(said.model_copy(update={"showing": showing}))
            )
        except UnanswerableError as error:
            if error.reason not in TOO_LATE:
                raise
            return await self._directly(spot, said, again=again, remark="lacking_token")
        name = f"private/{said.showing.key}"
        return Sent(place=spot.place, thread=name, room=name, private=True)

    async def _directly(self, spot: Spot, said: Answer, *, again: bool, remark: str) -> Sent:
        """To the person, in a direct message."""
        showing = said.showing.model_copy(update={"private": False})
        said = said.model_copy(update={"showing": showing})
        direct = Spot(channel=await self._delivery.direct(spot.user), user=spot.user, inside=True)
        return _standing(direct, await self._post(direct, said, again=again, remark=remark))

    async def _follow_up(self, spot: Spot, said: Answer) -> Sent:
        """Where the bot is no member: as the answer to an interaction, for all to see."""
        return _standing(spot, await self._delivery.follow_up(spot, self._view(said)))

    async def update(self, place: Place, said: Answer) -> None:
        """Shows the answer in the place of the one that stands there."""
        await self._delivery.change(spot_of(place), self._view(said))

    async def remove(self, place: Place) -> None:
        """Takes the answer away; that it is gone already is as good."""
        await self._delivery.remove(spot_of(place))

    async def may_use(self, workspace: str, by: str, groups: Sequence[str]) -> bool:
        """Whether somebody manages a server, or has one of these roles in it."""
        guild = workspace.removeprefix("discord/")
        return not guild.isdigit() or await self.members.may(int(guild), int(by), groups)

    def is_same_room(self, place: Place, other: Place) -> bool:
        """An answer may stand in a direct message because it could not stand in its server."""
        return spot_of(place).channel == spot_of(other).channel

    async def announce(
        self, place: Place, summary: Summary, lang: Lang | None, key: str, *, again: bool
    ) -> None:
        """Sends the digest to its channel."""
        spot = spot_of(place)
        if not again or await self._sent_before(spot, key) is None:
            await self._delivery.say(spot, digest(summary, self._rulebook, lang, key), nonce=key)

    def room(self, workspace: str, channel: str) -> Place:
        """A channel of a server."""
        return Spot(channel=int(channel), guild=int(workspace.partition("/")[2])).place

    def shared(self, place: Place) -> Place:
        """The channel itself, for what was shown to one person in it."""
        return spot_of(place).model_copy(update={"private": False, "message": None}).place

    # ---- a few words --------------------------------------------------------------------------

    async def tell(
        self,
        place: Place,
        notice: Notice,
        lang: Lang | None,
        troubles: Sequence[Trouble] = (),
    ) -> None:
        """Says a few words: to the person alone where an interaction lets us, else in reply."""
        spot = spot_of(place)
        name = "hidden" if notice == "how" and spot.replied else notice
        view = notice_view(name, lang or spot.lang, f"<@{self._me}>", troubles)
        if spot.token is not None:
            try:
                await self._tell_privately(spot, view)
                return
            except UnanswerableError as error:
                if error.reason not in TOO_LATE:
                    raise
        nonce = f"n{spot.message or spot.user}"
        try:
            if not spot.private:
                await self._delivery.say(spot, view, nonce=nonce)
                return
        except UnanswerableError as error:
            if error.reason not in FORBIDDEN:
                raise
        direct = Spot(channel=await self._delivery.direct(spot.user), user=spot.user)
        await self._delivery.say(direct, view, nonce=nonce)

    async def _tell_privately(self, spot: Spot, view: ui.LayoutView) -> None:
        if spot.way == "reply":
            await self._delivery.complete(spot, view)
        else:
            await self._delivery.whisper(spot, view)

    # ---- what all of them need ----------------------------------------------------------------

    @property
    def _me(self) -> int:
        assert self.client.user is not None  # noqa: S101 - logged in first
        return self.client.user.id

    def _view(self, said: Answer, remark: str = "") -> ui.LayoutView:
        return answer(said.assessment, self._rulebook, said.showing, remark, said.read)

    async def _sent_before(self, spot: Spot, key: str) -> int | None:
        return await sent_before(self._delivery.channel(spot), spot, key, self.client.user)


def _standing(spot: Spot, message: int) -> Sent:
    """Where an answer stands: in its channel, and for replies to it by itself."""
    standing = Spot(
        channel=spot.channel, guild=spot.guild, user=spot.user, message=message, inside=spot.inside
    )
    return Sent(place=standing.place, thread=standing.once, room=str(spot.channel))

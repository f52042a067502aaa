"""Bringing messages of ours to their place in Discord: sent, changed, taken away."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

import discord
from discord import ui

from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.discord.acks import Acks
from bot.doors.discord.calls import TOO_LATE, Code, call
from bot.doors.discord.client import Client
from bot.doors.discord.spot import Spot

T = TypeVar("T")

#: Minutes after which Discord puts a quiet thread away; the shortest that it offers.
_ARCHIVED_AFTER: Final = 60
#: Seconds in which an interaction may not be acknowledged yet, and until it is tried again.
_BEING_ACKNOWLEDGED, _SOON = 4.0, 0.3


class Delivery:
    """By an interaction while it lasts, for that needs no permission; else as the bot itself.

    It goes over a client that may change. Everything raises HinderedError or UnanswerableError.
    """

    def __init__(self, client: Callable[[], Client], acks: Acks) -> None:
        self._client = client
        self._acks = acks

    # ---- in a channel -------------------------------------------------------------------------

    async def say(self, spot: Spot, view: ui.LayoutView, *, nonce: str) -> int:
        """Sends it, in reply to the message of a spot; returns its id.

        Of one nonce Discord shows one message, for some minutes.
        """
        channel, view = self.channel(spot), _stateless(view)
        if spot.message is None or spot.token is not None:
            sending = channel.send(view=view, nonce=nonce, suppress_embeds=True)
        else:
            reference = discord.MessageReference(
                message_id=spot.message,
                channel_id=spot.channel,
                guild_id=spot.guild,
                fail_if_not_exists=False,
            )
            sending = channel.send(
                view=view, nonce=nonce, suppress_embeds=True, reference=reference
            )
        return (await call(sending, spot.channel)).id

    async def change(self, spot: Spot, view: ui.LayoutView) -> None:
        """Shows this in the place of what stands there."""
        if spot.token is not None:
            try:
                await self.complete(spot, view)
                return
            except UnanswerableError as error:
                if spot.private or error.reason not in TOO_LATE:
                    raise
        editing = self._message(spot).edit(
            view=_stateless(view), allowed_mentions=discord.AllowedMentions.none()
        )
        await call(editing, spot.channel)

    async def remove(self, spot: Spot) -> None:
        """Takes it away; that it is gone already is as good."""
        try:
            if spot.token is not None:
                await self._answered(
                    spot, lambda interaction: interaction.delete_original_response()
                )
                return
        except UnanswerableError as error:
            if error.reason == Code.UNKNOWN_MESSAGE:
                return
            if spot.private or error.reason not in TOO_LATE:
                raise
        try:
            await call(self._message(spot).delete(), spot.channel)
        except UnanswerableError as error:
            if error.reason != Code.UNKNOWN_MESSAGE:
                raise

    async def thread(self, spot: Spot, name: str) -> None:
        """Opens one on the message of a spot: it has the id of that message."""
        assert spot.message is not None  # noqa: S101 - looked at by the caller
        # the library's own way wants to know the server, which only who listens does
        opening = self._client().http.start_thread_with_message(
            spot.channel, spot.message, name=name, auto_archive_duration=_ARCHIVED_AFTER
        )
        await call(opening, spot.channel)

    async def direct(self, user: int) -> int:
        """The channel of the direct messages with a person."""
        return (await call(self._client().create_dm(discord.Object(user)))).id

    def channel(self, spot: Spot) -> discord.PartialMessageable:
        """The channel of a spot, not looked up."""
        return self._client().get_partial_messageable(spot.channel, guild_id=spot.guild)

    def _message(self, spot: Spot) -> discord.PartialMessage:
        return self.channel(spot).get_partial_message(spot.message or 0)

    # ---- to an interaction --------------------------------------------------------------------

    async def complete(self, spot: Spot, view: ui.LayoutView) -> None:
        """Shows it as the interaction's own response."""
        await self._answered(
            spot, lambda interaction: interaction.edit_original_response(view=_stateless(view))
        )

    async def follow_up(self, spot: Spot, view: ui.LayoutView) -> int:
        """Shows it after that response, for all to see; returns its id."""
        sent = await self._answered(
            spot,
            lambda interaction: interaction.followup.send(
                view=_stateless(view), wait=True, suppress_embeds=True
            ),
        )
        return sent.id

    async def whisper(self, spot: Spot, view: ui.LayoutView) -> None:
        """Shows it after that response, to the person alone."""
        await self._answered(
            spot,
            lambda interaction: interaction.followup.send(
                view=_stateless(view), ephemeral=True, wait=True
            ),
        )

    async def _answered(
        self,
        spot: Spot,
        answering: Callable[[discord.Interaction[discord.Client]], Coroutine[Any, Any, T]],
    ) -> T:
        """Answers an interaction, once it is acknowledged: here, or by the process that heard it."""
        assert spot.token is not None  # noqa: S101 - looked at by the caller
        await self._acks.done(spot.token)
        try:
            return await call(answering(self._interaction(spot.token)), spot.channel)
        except UnanswerableError as error:
            if error.reason in TOO_LATE and time.time() - spot.asked < _BEING_ACKNOWLEDGED:
                raise HinderedError(unsure=False, after=_SOON) from None
            raise

    def _interaction(self, token: str) -> discord.Interaction[discord.Client]:
        """An interaction, maybe of an earlier process's time, as far as answering it goes.

        Its original response is the message that it brought about, or that it was used on.
        """
        client = self._client()
        data: Any = {
            "id": 0,
            "type": discord.InteractionType.component.value,
            "application_id": client.application_id,
            "token": token,
            "version": 1,
            "attachment_size_limit": 0,
        }
        return discord.Interaction(data=data, state=client._connection)


def _stateless(view: ui.LayoutView) -> ui.LayoutView:
    """A view that the library need not remember: its controls say all by themselves."""
    view.stop()
    return view

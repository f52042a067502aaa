"""What Discord tells us, translated into jobs for the desk. Nothing is judged or answered here.

Discord sends a message once and waits for no acknowledgement: what was missed is looked up later
(looking_back.py). An interaction is recorded before it is acknowledged. Forms are shown on the
spot: they answer nothing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

import discord

from bot.desk.desk import Desk
from bot.desk.jobs import Heard, Job, Pressed
from bot.desk.showing import Control
from bot.doors.discord import forms, management
from bot.doors.discord.acks import Acks
from bot.doors.discord.commands import Interaction, lang_of
from bot.doors.discord.controls import pressed
from bot.doors.discord.message import files_in, forwarded, mention_of, plain
from bot.doors.discord.notices import notice
from bot.doors.discord.spot import Spot
from bot.doors.downloads import File
from rules import Lang, Stage

_log = logging.getLogger(__name__)

_WRITTEN = frozenset({discord.MessageType.default, discord.MessageType.reply})
_LONGEST_PAUSE = 30.0


class Listeners:
    """Translates for one client. `direct` notes a direct conversation."""

    def __init__(
        self,
        desk: Desk,
        acks: Acks,
        client: discord.Client,
        direct: Callable[[int, int], Awaitable[None]],
    ) -> None:
        self._desk = desk
        self._acks = acks
        self._client = client
        self._direct = direct
        self._management = management.Management(desk)

    # ---- messages -----------------------------------------------------------------------------

    async def message(self, message: discord.Message) -> None:
        """A direct message, a mention, or a word in reply to an answer of ours."""
        user = self._client.user
        if user is None or not _is_written(message):
            return
        me = user.id
        direct = message.guild is None
        if direct:
            await self._direct(message.channel.id, message.author.id)
        mentioned = mention_of(me).search(message.content) is not None
        heard = self._heard(message, me)
        if not direct and not mentioned:
            pinged = any(each.id == me for each in message.mentions)
            if not pinged or not await self._desk.goes_on("discord", heard.about or "", heard.said):
                return
        await self._accept(heard)

    def _heard(self, message: discord.Message, me: int) -> Heard:
        direct = message.guild is None
        inside = direct or isinstance(message.channel, discord.Thread)
        replied = _replied(message)
        spot = Spot(
            channel=message.channel.id,
            guild=message.guild.id if message.guild else None,
            user=message.author.id,
            message=message.id,
            inside=inside,
            replied=replied,
            files=files_in(message),
        )
        replying = spot.model_copy(update={"message": replied or spot.message})
        return Heard(
            **spot.source,
            once=spot.once,
            said=plain(message.content, me),
            quoted=forwarded(message),
            about=str(spot.channel) if inside and replied is None else replying.once,
            refers=replied is not None or (inside and not direct),
            attached=bool(spot.files),
        )

    async def _accept(self, job: Job, *, tells: bool = True) -> bool:
        """Nobody brings it again: it is recorded as soon as the store lets us (see Desk.accept)."""
        pause = 0.5
        while True:
            try:
                return await self._desk.accept(job, tells=tells)
            except Exception:
                _log.exception("a job could not be recorded; trying again in %.0f s", pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    # ---- commands and forms -------------------------------------------------------------------

    async def vet(
        self, interaction: Interaction, text: str, site: str | None, stage: Stage | None
    ) -> None:
        """`/vet TEXT` is answered for the caller alone; `/vet` opens the form."""
        if text.strip():
            await self._whisper(interaction, said=text, platform=site, stage=stage)
            return
        form = forms.vet_form(await self._read_in(interaction) or Lang.EN, self._desk.rulebook)
        form.stop()
        await interaction.response.send_modal(form)

    async def vet_message(self, interaction: Interaction, message: discord.Message) -> None:
        """'Vet this message': Discord shows us its text, whoever wrote it."""
        text = forwarded(message) or plain(message.content)
        await self._whisper(interaction, said=text, files=files_in(message))

    async def settings(self, interaction: Interaction) -> None:
        """`/settings`."""
        await self._management.show(interaction)

    async def removed(self, guild: int) -> None:
        """A server removed the bot: all that is stored of it is erased."""
        await self._management.removed(guild)

    async def interaction(self, interaction: Interaction) -> None:
        """A control or a form; both say by themselves what they are."""
        data = cast("Mapping[str, Any]", interaction.data or {})
        if str(data.get("custom_id")).startswith(management.PREFIX):
            await self._management.choose(interaction, data)
        elif interaction.type is discord.InteractionType.component:
            await self._control(interaction, pressed(data))
        elif interaction.type is discord.InteractionType.modal_submit:
            await self._form(interaction, data)

    async def _form(self, interaction: Interaction, data: Mapping[str, Any]) -> None:
        if str(data.get("custom_id")).startswith(forms.FEEDBACK_FORM):
            opinion = forms.opinion(data)
            control = Control(key=opinion.key, verb="feedback", argument=opinion.verdict)
            await self._press(interaction, control, word=opinion.word, text=opinion.text)
        elif data.get("custom_id") == forms.VET_FORM:
            asked = forms.asked(data)
            await self._whisper(
                interaction, said=asked.text, platform=asked.platform, stage=asked.stage
            )

    async def _whisper(
        self, interaction: Interaction, *, files: tuple[File, ...] = (), **said: Any
    ) -> None:
        spot = self._spot(interaction).model_copy(
            update={"way": "reply", "private": True, "files": files, "message": None}
        )
        job = Heard(
            **spot.source,
            once=f"interaction/{interaction.id}",
            lang=self._lang(interaction),
            private=True,
            attached=bool(files),
            **said,
        )
        await self._take(
            interaction, job, lambda: interaction.response.defer(ephemeral=True, thinking=True)
        )

    async def _take(
        self, interaction: Interaction, job: Job, acknowledge: Callable[[], Awaitable[Any]]
    ) -> None:
        await self._acks.take(
            interaction.token,
            self._accept(job, tells=False),
            acknowledge,
            lambda: self._slow_down(interaction),
        )

    # ---- controls -----------------------------------------------------------------------------

    async def _control(self, interaction: Interaction, control: Control | None) -> None:
        """A control under an answer; 'not quite' first asks what was wrong."""
        if control is None:
            await interaction.response.defer()
        elif (control.verb, control.argument) == ("feedback", "wrong"):
            spot = self._spot(interaction)
            kept_in = await self._desk.lang_of(control.key, spot.workspace, spot.place)
            lang = kept_in or await self._read_in(interaction)
            text = await self._desk.text_to_keep(
                control.key, spot.workspace, str(spot.user), spot.place
            )
            form = forms.feedback_form(lang or Lang.EN, control.key, text)
            form.stop()
            await interaction.response.send_modal(form)
        else:
            await self._press(interaction, control)

    async def _press(
        self, interaction: Interaction, control: Control, *, word: str = "", text: str = ""
    ) -> None:
        spot = self._spot(interaction)
        job = Pressed(
            **spot.source,
            once=f"interaction/{interaction.id}",
            control=control,
            word=word,
            text=text,
        )
        await self._take(interaction, job, interaction.response.defer)

    async def _slow_down(self, interaction: Interaction) -> None:
        """Too much was asked for: who used a control or a command waits for a word."""
        view = notice("slow_down", await self._read_in(interaction))
        view.stop()
        await interaction.response.send_message(view=view, ephemeral=True)

    def _spot(self, interaction: Interaction) -> Spot:
        message = interaction.message
        return Spot(
            channel=interaction.channel_id or 0,
            guild=interaction.guild_id,
            personal=interaction.is_user_integration() and not interaction.is_guild_integration(),
            user=interaction.user.id,
            message=message.id if message else None,
            inside=isinstance(interaction.channel, discord.Thread | discord.DMChannel),
            token=interaction.token,
            asked=time.time(),
            way="change",
            private=bool(message and message.flags.ephemeral),
            lang=self._lang(interaction),
        )

    async def _read_in(self, interaction: Interaction) -> Lang | None:
        """The server's choice, else as `_lang`: for what is shown on the spot."""
        chosen = await self._desk.tenants.lang_for(self._spot(interaction).workspace)
        return chosen or lang_of(interaction.locale)

    def _lang(self, interaction: Interaction) -> Lang | None:
        """The operator's choice, else the person's own; None: that of the text."""
        return self._desk.lang or lang_of(interaction.locale)


def _is_written(message: discord.Message) -> bool:
    """Whether a person wrote this: no bot's, no webhook's, no news of the channel."""
    return message.type in _WRITTEN and not message.author.bot and message.webhook_id is None


def _replied(message: discord.Message) -> int | None:
    """The message that this is a reply to; a forward refers to a message too."""
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return reference.message_id

"""`/settings`: a server's own settings, for those who may manage the server.

Discord shows the command to them alone; whoever uses it or its menus all the same is refused here.
What is chosen in a menu counts at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, get_args

import discord
from discord import ui
from sqlalchemy.exc import SQLAlchemyError

from bot.desk.desk import Desk
from bot.doors.choosing import FIELDS, Choice, Field, changed, choice
from bot.doors.discord.commands import Interaction, lang_of
from bot.doors.discord.markup import bold, escaped, small
from bot.doors.discord.texts import texts
from bot.doors.texts import texts as common
from bot.store.workspaces import WorkspaceSettings
from rules import Lang, Rulebook

#: The ids of the menus: this and the field's name.
PREFIX = "settings|"
PEOPLE, CHANNEL = "people", "channel"
#: Options of a menu, characters of an option.
_OPTIONS, _LABEL = 25, 100
#: Seconds between tries to erase a server.
_PAUSES = (1, 5, 30, 60, 300, 600)

_log = logging.getLogger(__name__)

Row = ui.ActionRow[ui.LayoutView]


class Management:
    """Answers on the spot, in all servers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, interaction: Interaction) -> None:
        """`/settings`."""
        if not _manages(interaction):
            await self._refuse(interaction)
            return
        settings = await self._desk.tenants.settings_of(_workspace(interaction))
        await interaction.response.send_message(
            view=self._view(interaction, settings), ephemeral=True
        )

    async def choose(self, interaction: Interaction, data: Mapping[str, Any]) -> None:
        """Something was chosen in one of the menus."""
        if not _manages(interaction):
            await self._refuse(interaction)
            return
        workspace = _workspace(interaction)
        before = await self._desk.tenants.settings_of(workspace)
        settings = chosen(data, before, self._desk.rulebook, self._desk.tenants.longest)
        await self._desk.tenants.set_up(workspace, settings)
        await interaction.response.edit_message(view=self._view(interaction, settings))

    async def removed(self, guild: int) -> None:
        """Erases a server that removed the bot: Discord tells of it once, so it is tried again."""
        for pause in _PAUSES:
            try:
                await self._desk.tenants.forget(f"discord/{guild}")
                _log.info("a server removed the bot: what was stored of it is erased")
                return
            except SQLAlchemyError as error:
                _log.warning("erasing failed (%s) and will be tried again", type(error).__name__)
            await asyncio.sleep(pause)

    def _view(self, interaction: Interaction, settings: WorkspaceSettings) -> ui.LayoutView:
        lang = settings.lang or self._desk.lang or lang_of(interaction.locale) or Lang.EN
        shown = view(lang, settings, self._desk.rulebook, self._desk.tenants.longest)
        shown.stop()
        return shown

    async def _refuse(self, interaction: Interaction) -> None:
        lang = self._desk.lang or lang_of(interaction.locale) or Lang.EN
        words: ui.LayoutView = ui.LayoutView(timeout=None)
        words.add_item(ui.TextDisplay(texts(lang)["settings_managers_only"]))
        words.stop()
        await interaction.response.send_message(view=words, ephemeral=True)


def view(
    lang: Lang, settings: WorkspaceSettings, rulebook: Rulebook, most: timedelta
) -> ui.LayoutView:
    """The settings as they are, each with its menu. `most`: how long the operator keeps texts."""
    said = texts(lang)
    shown = ui.LayoutView(timeout=None)
    title = f"### {escaped(said['settings_title'])}\n{small(escaped(said['settings_text']))}"
    shown.add_item(ui.Container(ui.TextDisplay(title), *_items(lang, settings, rulebook, most)))
    return shown


def _items(
    lang: Lang, settings: WorkspaceSettings, rulebook: Rulebook, most: timedelta
) -> Iterator[ui.Item[ui.LayoutView]]:
    said = common(lang)
    for field in FIELDS:
        shown = choice(field, settings, rulebook, most, lang)
        yield ui.TextDisplay(bold(shown.label))
        yield Row(_menu(field, shown, said))
        if field == "who" and settings.who == "named":
            yield ui.TextDisplay(bold(said["people"]))
            yield Row(_people(settings, said))
    if settings.digest:
        yield ui.TextDisplay(bold(said["channel"]))
        yield Row(_channel(settings, said))


def _menu(field: Field, shown: Choice, said: Mapping[str, str]) -> ui.Select[ui.LayoutView]:
    options = [
        discord.SelectOption(label=label[:_LABEL], value=value, default=value in shown.chosen)
        for value, label in list(shown.options.items())[:_OPTIONS]
    ]
    several = field == "rules"
    return ui.Select(
        custom_id=PREFIX + field,
        placeholder=said["rules_none"] if several else shown.label,
        options=options,
        min_values=0 if several else 1,
        max_values=len(options) if several else 1,
    )


def _people(
    settings: WorkspaceSettings, said: Mapping[str, str]
) -> ui.MentionableSelect[ui.LayoutView]:
    kind = discord.SelectDefaultValueType
    there = [(each, kind.user) for each in settings.people]
    there += [(each, kind.role) for each in settings.groups]
    return ui.MentionableSelect(
        custom_id=PREFIX + PEOPLE,
        placeholder=said["people_none"],
        min_values=0,
        max_values=_OPTIONS,
        default_values=[
            discord.SelectDefaultValue(id=int(each), type=what) for each, what in there
        ],
    )


def _channel(
    settings: WorkspaceSettings, said: Mapping[str, str]
) -> ui.ChannelSelect[ui.LayoutView]:
    there = settings.digest_channel
    kind = discord.SelectDefaultValueType.channel
    return ui.ChannelSelect(
        custom_id=PREFIX + CHANNEL,
        placeholder=said["channel_none"],
        channel_types=[discord.ChannelType.text, discord.ChannelType.news],
        default_values=[discord.SelectDefaultValue(id=int(there), type=kind)] if there else [],
    )


def chosen(
    data: Mapping[str, Any], settings: WorkspaceSettings, rulebook: Rulebook, most: timedelta
) -> WorkspaceSettings:
    """The settings after a choice, from an interaction's data; as they were if it is none."""
    name = str(data.get("custom_id")).removeprefix(PREFIX)
    values = [str(each) for each in data.get("values") or ()]
    if name == PEOPLE:
        roles = (data.get("resolved") or {}).get("roles") or {}
        people = tuple(each for each in values if each not in roles)
        groups = tuple(each for each in values if each in roles)
        return settings.model_copy(update={"people": people, "groups": groups})
    if name == CHANNEL:
        return settings.model_copy(update={"digest_channel": values[0] if values else None})
    for field in get_args(Field):
        if name == field:
            return changed(settings, field, values, rulebook, most)
    return settings


def _manages(interaction: Interaction) -> bool:
    """Discord says with each interaction what its user may do there; nobody else can."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


def _workspace(interaction: Interaction) -> str:
    return f"discord/{interaction.guild_id}"

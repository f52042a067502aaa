"""The commands as Discord shows them: `/vet`, 'Vet this message' and `/settings`, in each language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import discord
from discord import app_commands
from discord.app_commands import (
    AppCommandContext,
    AppInstallationType,
    Choice,
    ContextMenu,
    TranslationContextTypes,
    locale_str,
)

from bot.doors.discord.forms import site_names
from bot.doors.discord.texts import texts
from rules import Lang, Rulebook, Stage

Interaction = discord.Interaction[discord.Client]
#: What an option of a command holds at most.
_TEXT_LIMIT = 6000
_INSTALLS = AppInstallationType(guild=True, user=True)
_CONTEXTS = AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_SERVERS = AppInstallationType(guild=True, user=False)
_IN_SERVERS = AppCommandContext(guild=True, dm_channel=False, private_channel=False)


class Vet(Protocol):
    """What happens on `/vet`."""

    def __call__(
        self, interaction: Interaction, text: str, site: str | None, stage: Stage | None
    ) -> Awaitable[None]:
        """Does it."""


class InOurLanguages(app_commands.Translator):
    """Japanese beside the English that is everybody's default."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: TranslationContextTypes,  # noqa: ARG002 - the library's signature
    ) -> str | None:
        """The text of this key in a language of Discord's; None: as by default."""
        translation = string.extras.get(lang_of(locale) or "")
        return translation if isinstance(translation, str) else None


def lang_of(locale: discord.Locale) -> Lang | None:
    """Our language for one of Discord's; None where we have none."""
    name = locale.value.split("-")[0]
    return Lang(name) if name in set(Lang) else None


def add_commands(
    tree: app_commands.CommandTree[discord.Client],
    rulebook: Rulebook,
    on_vet: Vet,
    on_message: Callable[[Interaction, discord.Message], Awaitable[None]],
    on_settings: Callable[[Interaction], Awaitable[None]],
) -> None:
    """Puts them into the tree."""

    @app_commands.rename(
        text=_said("option_text_name"),
        site=_said("option_site_name"),
        stage=_said("option_stage_name"),
    )
    @app_commands.describe(
        text=_said("option_text"), site=_said("option_site"), stage=_said("option_stage")
    )
    @app_commands.choices(site=_sites(rulebook), stage=_stages())
    async def vet(
        interaction: discord.Interaction,
        text: app_commands.Range[str, 1, _TEXT_LIMIT] | None = None,
        site: str | None = None,
        stage: str | None = None,
    ) -> None:
        await on_vet(interaction, text or "", site, Stage(stage) if stage else None)

    async def vet_message(interaction: discord.Interaction, message: discord.Message) -> None:
        await on_message(interaction, message)

    command: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=_said("command_name"),
        description=_said("command_description"),
        callback=vet,
        allowed_installs=_INSTALLS,
        allowed_contexts=_CONTEXTS,
    )
    menu = ContextMenu(
        name=_said("menu_name"),
        callback=vet_message,
        allowed_installs=_INSTALLS,
        allowed_contexts=_CONTEXTS,
    )
    tree.add_command(command)
    tree.add_command(menu)
    tree.add_command(_settings(on_settings))


def _settings(
    on_settings: Callable[[Interaction], Awaitable[None]],
) -> app_commands.Command[Any, ..., None]:
    """`/settings`, which Discord shows to those who may manage the server."""

    async def settings(interaction: discord.Interaction) -> None:
        await on_settings(interaction)

    command: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=_said("settings_name"),
        description=_said("settings_description"),
        callback=settings,
        allowed_installs=_SERVERS,
        allowed_contexts=_IN_SERVERS,
    )
    command.default_permissions = discord.Permissions(manage_guild=True)
    return command


def _said(key: str) -> locale_str:
    """A text of the door, with its translations beside it."""
    return locale_str(texts(Lang.EN)[key], **{lang: texts(lang)[key] for lang in Lang})


def _sites(rulebook: Rulebook) -> list[Choice[str]]:
    names = {lang: site_names(lang, rulebook) for lang in Lang}
    return [
        Choice(name=_by_lang({lang: names[lang][code] for lang in Lang}), value=code)
        for code in names[Lang.EN]
    ]


def _stages() -> list[Choice[str]]:
    return [Choice(name=_said(f"stage_{each}"), value=each.value) for each in Stage]


def _by_lang(names: dict[Lang, str]) -> locale_str:
    return locale_str(names[Lang.EN], **{lang.value: name for lang, name in names.items()})

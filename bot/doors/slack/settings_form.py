"""The form in which admins choose their workspace's settings, and what they chose there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bot.doors.choosing import FIELDS, Choice, Field, changed, choice
from bot.doors.slack.blocks import Block, menu, option, plain
from bot.doors.slack.forms import View, field_in, input_block, modal
from bot.doors.slack.ids import FIELD, SETTINGS_FORM
from bot.doors.slack.texts import texts
from bot.doors.texts import texts as common
from bot.store.workspaces import WorkspaceSettings
from rules import Lang, Rulebook

#: Block ids of what only Slack can list.
PEOPLE, CHANNEL = "people", "channel"
_FEW_ENOUGH_TO_SEE = ("who", "digest")
_MANY_PEOPLE = 100


def form(
    lang: Lang,
    settings: WorkspaceSettings,
    rulebook: Rulebook,
    most: timedelta,
    bot: str = "@Mikiwame",
) -> View:
    """The form as the settings are now. `most`: how long the operator lets texts be kept."""
    said = texts(lang)
    return modal(
        SETTINGS_FORM,
        {
            "title": said["settings_title"],
            "submit": said["settings_send"],
            "close": said["form_close"],
        },
        "",
        list(_blocks(lang, settings, rulebook, most, bot)),
    )


def _blocks(
    lang: Lang, settings: WorkspaceSettings, rulebook: Rulebook, most: timedelta, bot: str
) -> Iterator[Block]:
    said, own = common(lang), texts(lang)
    for field in FIELDS:
        shown = choice(field, settings, rulebook, most, lang)
        element = _element(field, shown, said)
        yield input_block(field, shown.label, element, optional=field == "rules")
        if field == "who":
            people: Block = {
                "type": "multi_users_select",
                "action_id": FIELD,
                "placeholder": plain(said["people_none"], 150),
                "max_selected_items": _MANY_PEOPLE,
                **({"initial_users": list(settings.people)} if settings.people else {}),
            }
            hint = own["settings_people_hint"]
            yield input_block(PEOPLE, said["people"], people, optional=True, hint=hint)
    channel: Block = {
        "type": "conversations_select",
        "action_id": FIELD,
        "placeholder": plain(said["channel_none"], 150),
        "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
        **({"initial_conversation": settings.digest_channel} if settings.digest_channel else {}),
    }
    hint = own["settings_channel_hint"].format(bot=bot)
    yield input_block(CHANNEL, said["channel"], channel, optional=True, hint=hint)


def _element(field: Field, shown: Choice, said: dict[str, str]) -> Block:
    options = {value: option(label, value) for value, label in shown.options.items()}
    chosen = [options[each] for each in shown.chosen]
    if field == "rules":
        return {
            "type": "multi_static_select",
            "action_id": FIELD,
            "placeholder": plain(said["rules_none"], 150),
            "options": list(options.values())[:100],
            **({"initial_options": chosen} if chosen else {}),
        }
    if field in _FEW_ENOUGH_TO_SEE:
        return {
            "type": "radio_buttons",
            "action_id": FIELD,
            "options": list(options.values()),
            "initial_option": chosen[0],
        }
    return menu(shown.label, FIELD, options, shown.chosen[0])


def chosen(
    view: View, settings: WorkspaceSettings, rulebook: Rulebook, most: timedelta
) -> WorkspaceSettings:
    """What was chosen in the form, from a view_submission payload's `view`."""
    for field in FIELDS:
        settings = changed(settings, field, list(_values(view, field)), rulebook, most)
    people = field_in(view, PEOPLE).get("selected_users") or ()
    channel = field_in(view, CHANNEL).get("selected_conversation")
    return settings.model_copy(
        update={"people": tuple(people)[:_MANY_PEOPLE], "digest_channel": channel}
    )


def _values(view: View, block_id: str) -> Iterator[str]:
    entered: dict[str, Any] = field_in(view, block_id)
    one = entered.get("selected_option")
    for each in entered.get("selected_options") or ([one] if one else []):
        yield each["value"]


def mistakes(settings: WorkspaceSettings, lang: Lang) -> dict[str, str]:
    """The `errors` of a response to what can't be as it was chosen; empty where all can."""
    if settings.digest and settings.digest_channel is None:
        return {CHANNEL: texts(lang)["settings_channel_missing"]}
    return {}


def admins_only(lang: Lang) -> dict[str, str]:
    """The `errors` of a response to somebody who may not choose."""
    return {FIELDS[0]: texts(lang)["settings_admins_only"]}

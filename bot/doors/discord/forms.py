"""The forms: what Discord shows, and what people entered there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import discord
from discord import ui

from bot.doors.discord.texts import texts
from bot.doors.entered import Asked, Opinion
from rules import Lang, Rulebook, Stage

#: What an input of Discord's holds at most.
TEXT_LIMIT = 4000
WORD_LIMIT = 300
#: Ids of the forms; that of the feedback form is followed by the answer's name.
VET_FORM = "vet_form"
FEEDBACK_FORM = "feedback_form|"
TEXT, SITE, STAGE, VERDICT, WORD = "text", "site", "stage", "verdict", "word"


def vet_form(lang: Lang, rulebook: Rulebook) -> ui.Modal:
    """The form that `/vet` alone opens."""
    said = texts(lang)
    form = ui.Modal(title=said["form_title"], custom_id=VET_FORM)
    text: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=TEXT,
        style=discord.TextStyle.paragraph,
        placeholder=said["form_text_empty"],
        max_length=TEXT_LIMIT,
    )
    label = ui.Label[ui.Modal]
    form.add_item(label(text=said["form_text"], description=said["form_text_hint"], component=text))
    sites = site_names(lang, rulebook)
    stages = {each.value: said[f"stage_{each}"] for each in Stage}
    for name, options in ((SITE, sites), (STAGE, stages)):
        menu = _menu(name, options, said[f"form_{name}_empty"], required=False)
        form.add_item(label(text=said[f"form_{name}"], component=menu))
    return form


def site_names(lang: Lang, rulebook: Rulebook) -> dict[str, str]:
    """The sites by their codes, as many as a menu of Discord's holds."""
    names = {code: site.name[lang] for code, site in rulebook.book.sites.items()}
    names["other"] = texts(lang)["site_other"]
    return dict(list(names.items())[:25])


def asked(data: Mapping[str, Any]) -> Asked:
    """What was entered in the form of `/vet`, from an interaction's data."""
    fields = dict(_entered(data))
    return Asked.model_validate(
        {
            "text": fields.get(TEXT) or "",
            "platform": fields.get(SITE) or None,
            "stage": fields.get(STAGE) or None,
        }
    )


def feedback_form(lang: Lang, key: str) -> ui.Modal:
    """The form behind 'not quite': a wrong alarm or something missed, with an optional word."""
    said = texts(lang)
    form = ui.Modal(title=said["feedback_title"], custom_id=FEEDBACK_FORM + key)
    verdicts = {each: said[f"feedback_{each}"] for each in ("wrong_alarm", "missed")}
    word: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=WORD, required=False, max_length=WORD_LIMIT
    )
    label = ui.Label[ui.Modal]
    form.add_item(
        label(
            text=said["feedback_verdict"], component=_menu(VERDICT, verdicts, None, required=True)
        )
    )
    form.add_item(
        label(text=said["feedback_word"], description=said["feedback_word_hint"], component=word)
    )
    return form


def opinion(data: Mapping[str, Any]) -> Opinion:
    """What was entered in the feedback form, from an interaction's data."""
    fields = dict(_entered(data))
    return Opinion.model_validate(
        {
            "key": str(data["custom_id"]).removeprefix(FEEDBACK_FORM),
            "verdict": fields.get(VERDICT),
            "word": (fields.get(WORD) or "")[:WORD_LIMIT],
        }
    )


def _menu(
    name: str, options: Mapping[str, str], empty: str | None, *, required: bool
) -> ui.Select[ui.Modal]:
    choices = [discord.SelectOption(label=label, value=code) for code, label in options.items()]
    return ui.Select(custom_id=name, placeholder=empty, options=choices, required=required)


def _entered(data: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Every field by its name, with what was entered or chosen."""
    for each in data.get("components") or ():
        field = each.get("component") or each
        if "custom_id" in field:
            values = field.get("values") or [None]
            yield field["custom_id"], field.get("value", values[0])
        yield from _entered(each)

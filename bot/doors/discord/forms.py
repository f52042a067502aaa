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
KEEP = "keep"


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


def feedback_form(lang: Lang, key: str, text: str = "") -> ui.Modal:
    """The form behind 'not quite': a wrong alarm or something missed, with an optional word.

    `text`: what was judged, where this person may let us keep it; shown as it would be kept.
    """
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
    for each in _may_be_kept(said, text) if text else ():
        form.add_item(each)
    return form


def _may_be_kept(said: dict[str, str], text: str) -> Iterator[ui.Label[ui.Modal]]:
    """The text as it would be kept, to be changed at will, and the box for 'yes', not ticked."""
    shown: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=TEXT,
        style=discord.TextStyle.paragraph,
        required=False,
        default=text[:TEXT_LIMIT],
        max_length=TEXT_LIMIT,
    )
    hint = "feedback_text_hint" if len(text) <= TEXT_LIMIT else "feedback_text_cut"
    yield ui.Label(text=said["feedback_text"], description=said[hint], component=shown)
    box: ui.Checkbox[ui.Modal] = ui.Checkbox(custom_id=KEEP)
    yield ui.Label(
        text=said["feedback_keep"], description=said["feedback_keep_hint"], component=box
    )


def opinion(data: Mapping[str, Any]) -> Opinion:
    """What was entered in the feedback form, from an interaction's data."""
    fields = dict(_entered(data))
    agreed = fields.get(KEEP) is True
    return Opinion.model_validate(
        {
            "key": str(data["custom_id"]).removeprefix(FEEDBACK_FORM),
            "verdict": fields.get(VERDICT),
            "word": (fields.get(WORD) or "")[:WORD_LIMIT],
            "text": (fields.get(TEXT) or "")[:TEXT_LIMIT] if agreed else "",
        }
    )


def _menu(
    name: str, options: Mapping[str, str], empty: str | None, *, required: bool
) -> ui.Select[ui.Modal]:
    choices = [discord.SelectOption(label=label, value=code) for code, label in options.items()]
    return ui.Select(custom_id=name, placeholder=empty, options=choices, required=required)


def _entered(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every field by its name, with what was entered, chosen or ticked."""
    for each in data.get("components") or ():
        field = each.get("component") or each
        if "custom_id" in field:
            values = field.get("values") or [None]
            yield field["custom_id"], field.get("value", values[0])
        yield from _entered(each)

"""The forms: what Slack shows, and what people entered there."""

from __future__ import annotations

from typing import Any

from bot.doors.entered import Asked, Opinion
from bot.doors.slack.blocks import Block, menu, option, plain
from bot.doors.slack.ids import (
    FEEDBACK_FORM,
    FIELD,
    KEEP,
    SITE,
    STAGE,
    TEXT,
    VERDICT,
    VET_FORM,
    WORD,
)
from bot.doors.slack.texts import texts
from rules import Lang, Rulebook, Stage

View = dict[str, Any]

#: What an input of Slack's holds at most.
TEXT_LIMIT = 3000
WORD_LIMIT = 300


def vet_form(lang: Lang, rulebook: Rulebook, context: str = "", bot: str = "@Mikiwame") -> View:
    """The form that `/vet` alone opens. `context` comes back with it (at most 3,000 characters)."""
    said = texts(lang)
    sites = {
        code: option(said["site_other"] if code == "other" else site.name[lang], code)
        for code, site in rulebook.book.sites.items()
    }
    stages = {stage: option(said[f"stage_{stage}"], stage) for stage in Stage}
    text = input_block(
        TEXT,
        said["form_text"],
        _writing(said["form_text_empty"], TEXT_LIMIT, multiline=True),
        hint=said["form_text_hint"].format(bot=bot),
    )
    return modal(
        VET_FORM,
        {"title": said["form_title"], "submit": said["form_send"], "close": said["form_close"]},
        context,
        [
            text,
            input_block(
                SITE, said["form_site"], menu(said["form_site_empty"], FIELD, sites), optional=True
            ),
            input_block(
                STAGE,
                said["form_stage"],
                menu(said["form_stage_empty"], FIELD, stages),
                optional=True,
            ),
        ],
    )


def asked(view: View) -> Asked:
    """What was entered in the form of `/vet`, from a view_submission payload's `view`."""
    return Asked(
        text=_written(view, TEXT), platform=_chosen(view, SITE), stage=_chosen(view, STAGE)
    )


def text_missing(lang: Lang) -> dict[str, str]:
    """The `errors` of a response to a form without a text."""
    return {TEXT: texts(lang)["form_text_missing"]}


def text_gone(lang: Lang) -> dict[str, str]:
    """The `errors` of a response to a feedback on an answer that is not kept any more."""
    return {VERDICT: texts(lang)["notice_gone"]}


def feedback_form(lang: Lang, key: str, text: str = "") -> View:
    """The form behind 'not quite': a wrong alarm or something missed, with an optional word.

    `text`: what was judged, where this person may let us keep it; shown as it would be kept.
    """
    said = texts(lang)
    options = [option(said[f"feedback_{each}"], each) for each in ("wrong_alarm", "missed")]
    verdict = {"type": "radio_buttons", "action_id": FIELD, "options": options}
    word = _writing(None, WORD_LIMIT, multiline=False)
    return modal(
        FEEDBACK_FORM,
        {
            "title": said["feedback_title"],
            "submit": said["feedback_send"],
            "close": said["form_close"],
        },
        key,
        [
            input_block(VERDICT, said["feedback_verdict"], verdict),
            input_block(
                WORD, said["feedback_word"], word, optional=True, hint=said["feedback_word_hint"]
            ),
            *(_may_be_kept(said, text) if text else ()),
        ],
    )


def _may_be_kept(said: dict[str, str], text: str) -> list[Block]:
    """The text as it would be kept, to be changed at will, and the box for 'yes', not ticked."""
    shown = _writing(None, TEXT_LIMIT, multiline=True) | {"initial_value": text[:TEXT_LIMIT]}
    hints = [said["feedback_text_hint"]]
    if len(text) > TEXT_LIMIT:
        hints.append(said["feedback_text_cut"].format(limit=f"{TEXT_LIMIT:,}"))
    box = {
        "type": "checkboxes",
        "action_id": FIELD,
        "options": [option(said["feedback_keep_yes"], "yes")],
    }
    return [
        input_block(TEXT, said["feedback_text"], shown, optional=True, hint=" ".join(hints)),
        input_block(
            KEEP, said["feedback_keep"], box, optional=True, hint=said["feedback_keep_hint"]
        ),
    ]


def opinion(view: View) -> Opinion:
    """What was entered in the feedback form, from a view_submission payload's `view`."""
    agreed = bool(field_in(view, KEEP).get("selected_options"))
    return Opinion.model_validate(
        {
            "key": view["private_metadata"],
            "verdict": _chosen(view, VERDICT),
            "word": _written(view, WORD)[:WORD_LIMIT],
            "text": _written(view, TEXT)[:TEXT_LIMIT] if agreed else "",
        }
    )


# ---- parts ------------------------------------------------------------------------------------


def modal(callback: str, frame: dict[str, str], context: str, blocks: list[Block]) -> View:
    """A form. `frame`: its title and the words of its buttons; `context` comes back with it."""
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": context,
        **{part: plain(text, 24) for part, text in frame.items()},
        "blocks": blocks,
    }


def input_block(
    block_id: str, label: str, element: Block, *, optional: bool = False, hint: str = ""
) -> Block:
    """One field of a form."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
        **({"hint": plain(hint, 2000)} if hint else {}),
    }


def _writing(placeholder: str | None, limit: int, *, multiline: bool) -> Block:
    return {
        "type": "plain_text_input",
        "action_id": FIELD,
        "multiline": multiline,
        "max_length": limit,
        **({"placeholder": plain(placeholder, 150)} if placeholder else {}),
    }


def field_in(view: View, block_id: str) -> dict[str, Any]:
    """What came back from one field; empty where nothing did."""
    values: dict[str, Any] = view["state"]["values"].get(block_id, {})
    return values.get(FIELD) or {}


def _written(view: View, block_id: str) -> str:
    return field_in(view, block_id).get("value") or ""


def _chosen(view: View, block_id: str) -> Any:
    return (field_in(view, block_id).get("selected_option") or {}).get("value")

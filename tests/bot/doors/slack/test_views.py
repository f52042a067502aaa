"""Forms, App Home, notices: within Slack's limits, in both languages, and read back as entered."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any, get_args

import pytest

from bot.desk.jobs import Notice
from bot.doors.entered import Asked, Opinion
from bot.doors.slack import forms, home
from bot.doors.slack.ids import FEEDBACK_FORM, FIELD, OPEN_FORM, VET_FORM
from bot.doors.slack.notices import notice
from bot.doors.slack.texts import texts
from rules import Lang, Stage, load_rulebook
from tests.bot.doors.slack.limits import PLAIN, assert_within_limits, every_dict, every_text

RULEBOOK = load_rulebook()


def entered(view: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The view as Slack sends it back: every input, with what was entered in it."""
    values = {
        block["block_id"]: {
            FIELD: fields.get(block["block_id"], {"value": None, "selected_option": None})
        }
        for block in view["blocks"]
    }
    return view | {"state": {"values": values}}


def chosen(value: str) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"value": value}}


@pytest.mark.parametrize("lang", list(Lang))
def test_the_forms_keep_slacks_limits(lang: Lang) -> None:
    for view in (
        forms.vet_form(lang, RULEBOOK, "x" * 3000),
        forms.feedback_form(lang, "k1"),
        forms.feedback_form(lang, "k1", "長い文" * 2000),
    ):
        assert_within_limits(view["blocks"], at_most=100)
        assert all(
            0 < len(view[name]["text"]) <= PLAIN[name] for name in ("title", "submit", "close")
        )
        assert len(view["private_metadata"]) <= 3000
    assert forms.vet_form(lang, RULEBOOK)["callback_id"] == VET_FORM
    assert forms.feedback_form(lang, "k1")["callback_id"] == FEEDBACK_FORM


def test_what_was_entered_in_the_form_comes_back() -> None:
    view = forms.vet_form(Lang.JA, RULEBOOK, "C0EXAMPLE")
    filled = entered(
        view, text={"value": "続きはLINEで"}, site=chosen("lancers"), stage=chosen("contracted")
    )
    assert forms.asked(filled) == Asked(
        text="続きはLINEで", platform="lancers", stage=Stage.CONTRACTED
    )
    assert forms.asked(entered(view, text={"value": "続きはLINEで"})).stage is None
    assert forms.asked(entered(view)).text == ""
    assert set(forms.text_missing(Lang.JA)) <= {block["block_id"] for block in view["blocks"]}


def test_every_site_and_stage_of_the_form_is_one_that_is_known() -> None:
    view = forms.vet_form(Lang.EN, RULEBOOK)
    options = [option["value"] for each in every_dict(view) for option in each.get("options", [])]
    assert set(options) == set(RULEBOOK.book.sites) | set(Stage)


def test_an_opinion_comes_back_with_the_answer_it_is_on() -> None:
    view = forms.feedback_form(Lang.EN, "k1")
    filled = entered(view, verdict=chosen("missed"), word={"value": "w" * 900})
    assert forms.opinion(filled) == Opinion(key="k1", verdict="missed", word="w" * forms.WORD_LIMIT)
    assert forms.opinion(entered(view, verdict=chosen("wrong_alarm"))).word == ""


@pytest.mark.parametrize("agreed", [True, False])
def test_a_text_may_be_kept_as_it_was_left_and_only_where_somebody_ticked_it(
    agreed: bool,
) -> None:
    text = "お名前 様、続きはLINEで"
    view = forms.feedback_form(Lang.JA, "k1", text)
    shown, box = (block["element"] for block in view["blocks"][-2:])
    assert shown["initial_value"] == text
    assert "initial_options" not in box
    ticked = {"type": "checkboxes", "selected_options": box["options"] if agreed else []}
    left = {"value": "続きはLINEで"}
    filled = entered(view, verdict=chosen("missed"), text=left, keep=ticked)
    assert forms.opinion(filled).text == ("続きはLINEで" if agreed else "")


def test_who_may_not_let_a_text_be_kept_does_not_see_it() -> None:
    assert len(forms.feedback_form(Lang.JA, "k1")["blocks"]) == 2


@pytest.mark.parametrize("lang", list(Lang))
def test_the_home_tells_the_ways_and_has_the_form(lang: Lang) -> None:
    view = home.view(lang, "@our-vet")
    assert_within_limits(view["blocks"], at_most=100)
    said = "\n".join(every_text(view))
    assert all(word in said for word in ("@our-vet", "/vet", "Vet this message"))
    assert any(each.get("action_id") == OPEN_FORM for each in every_dict(view))


@pytest.mark.parametrize("name", get_args(Notice))
def test_every_notice_is_said_in_the_readers_language_or_in_both(name: Notice) -> None:
    for lang in Lang:
        post = notice(name, lang, "@our-vet")
        assert_within_limits(post.blocks)
        assert post.text.isascii() is (lang is Lang.EN) or name == "not_a_message"
    both = notice(name, None)
    assert len(both.blocks) == len(Lang)


def test_both_languages_say_the_same_things() -> None:
    ja, en = texts(Lang.JA), texts(Lang.EN)
    assert list(ja) == list(en)
    for key, said in ja.items():
        assert _gaps(said) == _gaps(en[key]), key


def test_only_the_japanese_texts_are_japanese() -> None:
    others = {"in_ja", "notice_not_a_message"}  # a language is called by its own name
    assert not [
        key
        for key, said in texts(Lang.EN).items()
        if key not in others and re.search("[\u3040-\u30ff\u4e00-\u9fff]", said)
    ]


def _gaps(said: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(said) if name}

"""The feedback form: within Discord's limits, in both languages, and read back as entered."""

from __future__ import annotations

from typing import Any

import pytest

from bot.doors.discord import forms
from bot.doors.entered import Opinion
from rules import Lang

_TICKED, _WRITTEN, _CHOSEN = 23, 4, 3


def entered(form: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The form as Discord sends it back."""
    components = []
    for label in form["components"]:
        field = label["component"]
        said = values.get(field["custom_id"])
        more = {"values": [said] if said else []} if field["type"] == _CHOSEN else {"value": said}
        filled = {"type": field["type"], "custom_id": field["custom_id"], **more}
        components.append({"type": 18, "component": filled})
    return {"custom_id": form["custom_id"], "components": components}


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("text", ["", "続きはLINEで", "長い文" * 3000])
def test_it_keeps_discords_limits(lang: Lang, text: str) -> None:
    form: Any = forms.feedback_form(lang, "k1", text).to_dict()
    assert len(form["title"]) <= 45
    assert len(form["components"]) <= 5
    for each in form["components"]:
        assert len(each["label"]) <= 45
        assert len(each.get("description", "")) <= 100
        assert len(each["component"].get("value") or "") <= 4000


@pytest.mark.parametrize("agreed", [True, False])
def test_a_text_may_be_kept_as_it_was_left_and_only_where_somebody_ticked_it(
    agreed: bool,
) -> None:
    text = "お名前 様、続きはLINEで"
    form: Any = forms.feedback_form(Lang.JA, "k1", text).to_dict()
    shown, box = (label["component"] for label in form["components"][-2:])
    assert (shown["type"], shown["value"]) == (_WRITTEN, text)
    assert (box["type"], box["default"]) == (_TICKED, False)
    said = entered(form, verdict="missed", word="LINE", text="続きはLINEで", keep=agreed)
    kept = "続きはLINEで" if agreed else ""
    assert forms.opinion(said) == Opinion(key="k1", verdict="missed", word="LINE", text=kept)


def test_who_may_not_let_a_text_be_kept_does_not_see_it() -> None:
    form: Any = forms.feedback_form(Lang.JA, "k1").to_dict()
    assert len(form["components"]) == 2
    assert forms.opinion(entered(form, verdict="missed")).text == ""

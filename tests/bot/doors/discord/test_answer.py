"""Answers in Discord's components: within its limits whatever the text, short first, all controls."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, get_args

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.jobs import Notice
from bot.desk.showing import MANNERS, Control, Showing
from bot.doors.discord.answer import answer
from bot.doors.discord.controls import keys_in, pressed
from bot.doors.discord.forms import asked, feedback_form, opinion, vet_form
from bot.doors.discord.notices import notice
from bot.doors.discord.texts import texts
from rules import Assessment, Lang, Rulebook, Stage, Submission, load_rulebook, vet
from tests.discord.community import check, ids_in, seen
from tests.loopback import Json

CORPORA = Path(__file__).parents[3] / "corpora"
DANGER = "LINEの友だち追加をお願いします。報酬は銀行振込で直接お支払いします。教材費5,000円をお支払いください。"
CLEAR = "記事の執筆をお願いします。1本3,000文字で、報酬は1本4,500円です。"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


def shown(assessment: Assessment, rulebook: Rulebook, remark: str = "", **showing: object) -> Json:
    view = answer(
        assessment, rulebook, Showing.model_validate({"key": "k" * 20, **showing}), remark
    )
    body = {"flags": 1 << 15, "components": drawn(view), "allowed_mentions": {"parse": []}}
    check(body)
    return body


def drawn(view: ui.LayoutView) -> Any:
    """The components as they are sent."""
    return view.to_components()  # type: ignore[no-untyped-call]


def judged(text: str, rulebook: Rulebook, **more: object) -> Assessment:
    return vet(Submission.model_validate({"text": text, **more}), rulebook)


def test_the_level_is_said_in_colour_and_words(rulebook: Rulebook) -> None:
    for text, sign in ((DANGER, "🔴"), (CLEAR, "🟢")):
        assessment = judged(text, rulebook)
        body = shown(assessment, rulebook)
        assert sign in seen(body)
        assert rulebook.book.texts[Lang.JA][f"headline_{assessment.level}"] in seen(body)


def test_a_harmless_message_gets_few_words(rulebook: Rulebook) -> None:
    assert len(seen(shown(judged(CLEAR, rulebook), rulebook)).splitlines()) == 2


def test_short_first_and_the_rest_behind_more(rulebook: Rulebook) -> None:
    assessment = judged(DANGER, rulebook)
    short, long = shown(assessment, rulebook), shown(assessment, rulebook, more=True)
    assert len(seen(short)) < len(seen(long))
    assert rulebook.book.texts[Lang.JA]["section_checks"] in seen(long)
    assert "```" in seen(short)


def test_every_control_is_there(rulebook: Rulebook) -> None:
    found = "\n".join(ids_in(shown(judged(DANGER, rulebook), rulebook, private=True)["components"]))
    for each in (
        *("|stage|escrowed", "|stage|contracted", "|site|lancers", "|lang|en", "|more|yes"),
        *("|feedback|right", "|feedback|wrong", "|remove|", "|share|", "|manner|ask"),
    ):
        assert each in found


def test_a_control_is_read_as_it_was_written() -> None:
    control = Control(key="k", verb="site", argument="upwork")
    assert pressed({"custom_id": control.encode()}) == control
    assert pressed({"custom_id": "k|stage|", "values": [control.encode()]}) == control
    assert pressed({"custom_id": "somebody else's"}) is None


def test_an_answer_knows_its_name(rulebook: Rulebook) -> None:
    view = answer(judged(DANGER, rulebook), rulebook, Showing(key="name"))
    assert set(keys_in(view.children)) == {"name"}


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("more", [False, True])
def test_texts_of_all_kinds_keep_the_limits(rulebook: Rulebook, lang: Lang, more: bool) -> None:
    lines = [
        line for path in CORPORA.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()
    ]
    for line in random.Random(4).sample(lines, 40):
        assessment = judged(json.loads(line)["text"], rulebook)
        for manner in (None, *MANNERS):
            shown(assessment, rulebook, "lacking_thread", lang=lang, more=more, manner=manner)


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("*_`|~>#<@!/\\[]()\n 銀行振込LINEで直接先払い仮払い\u3000\u200b"),
        min_size=1,
        max_size=900,
    )
)
def test_hostile_texts_keep_the_limits(text: str) -> None:
    rulebook = load_rulebook()
    body = shown(
        judged(f"LINE「{text}」直接お支払い、銀行振込で{text}", rulebook), rulebook, more=True
    )
    assert "<@" not in seen(body)


@pytest.mark.parametrize("lang", list(Lang))
def test_forms_keep_discords_limits_and_are_read_again(lang: Lang, rulebook: Rulebook) -> None:
    for form in (vet_form(lang, rulebook).to_dict(), feedback_form(lang, "k" * 20).to_dict()):
        assert 0 < len(form["title"]) <= 45
        assert 0 < len(form["components"]) <= 5
        for label in form["components"]:
            assert 0 < len(label["label"]) <= 45
            assert len(label.get("description") or "") <= 100
    field = {"type": 18, "component": {"type": 4, "custom_id": "text", "value": "x"}}
    chosen = {"type": 18, "component": {"type": 3, "custom_id": "stage", "values": ["escrowed"]}}
    empty = {"type": 18, "component": {"type": 3, "custom_id": "site", "values": []}}
    said = asked({"components": [field, chosen, empty]})
    assert (said.text, said.stage, said.platform) == ("x", Stage.ESCROWED, None)
    verdict = {"type": 18, "component": {"type": 3, "custom_id": "verdict", "values": ["missed"]}}
    assert opinion({"custom_id": "feedback_form|k", "components": [verdict]}).verdict == "missed"


def test_both_languages_say_the_same_things() -> None:
    assert set(texts(Lang.JA)) == set(texts(Lang.EN))
    for lang in Lang:
        assert 0 < len(texts(lang)["command_name"]) <= 32
        for key in ("command_description", "option_text", "option_site", "option_stage"):
            assert 0 < len(texts(lang)[key]) <= 100


@pytest.mark.parametrize("name", [*get_args(Notice), "hidden"])
def test_every_notice_has_words(name: str) -> None:
    body = {"flags": 1 << 15, "components": drawn(notice(name, None))}
    check({**body, "allowed_mentions": {"parse": []}})

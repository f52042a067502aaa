"""A workspace's settings as things to choose: in both doors, within their limits, read back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.doors.choosing import FIELDS, OWN, changed, choice, spoken
from bot.doors.discord import management
from bot.doors.slack import settings_form
from bot.doors.slack.pages import lang_of, page
from bot.doors.slack.texts import texts as slack_texts
from bot.doors.texts import texts
from bot.store.workspaces import WorkspaceSettings
from rules import Lang, load_rulebook
from tests.bot.doors.slack.limits import PLAIN, assert_within_limits
from tests.discord.community import check

RULEBOOK = load_rulebook()
DAY = timedelta(hours=24)
ALL = WorkspaceSettings(
    lang=Lang.JA,
    platform="upwork",
    who="named",
    people=("100",),
    groups=("200",),
    rules_off=tuple(RULEBOOK.risks),
    texts_for=timedelta(hours=6),
    digest=True,
    digest_channel="300",
)


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("settings", [WorkspaceSettings(), ALL], ids=["nothing", "all"])
def test_the_form_and_the_command_keep_the_platforms_limits(
    lang: Lang, settings: WorkspaceSettings
) -> None:
    form = settings_form.form(lang, settings, RULEBOOK, DAY)
    assert_within_limits(form["blocks"], at_most=100)
    assert all(0 < len(form[name]["text"]) <= PLAIN[name] for name in ("title", "submit", "close"))
    for most in (DAY, timedelta(days=60), timedelta(seconds=90)):
        view = management.view(lang, settings, RULEBOOK, most)
        parts = view.to_components()  # type: ignore[no-untyped-call]
        check({"components": parts, "allowed_mentions": {"parse": []}})


def test_what_is_chosen_is_chosen_and_what_is_not_offered_is_not() -> None:
    settings = WorkspaceSettings()
    for field, value in (("lang", "ja"), ("site", "upwork"), ("who", "named"), ("keep", "21600")):
        settings = changed(settings, field, [value], RULEBOOK, DAY)  # type: ignore[arg-type]
    settings = changed(settings, "rules", [*RULEBOOK.risks, "odd"], RULEBOOK, DAY)
    settings = changed(settings, "digest", ["on"], RULEBOOK, DAY)
    own = {"people": (), "groups": (), "digest_channel": None}
    assert settings == ALL.model_copy(update=own)
    for field in FIELDS:
        assert changed(settings, field, ["odd"], RULEBOOK, DAY) == (
            settings.model_copy(update={"rules_off": ()}) if field == "rules" else settings
        )
    for field in ("lang", "site", "keep"):
        settings = changed(settings, field, [OWN], RULEBOOK, DAY)  # type: ignore[arg-type]
    assert (settings.lang, settings.platform, settings.texts_for) == (None, None, None)


def test_texts_are_kept_at_most_as_long_as_the_operator_lets_them_be() -> None:
    week = timedelta(days=7)
    long = changed(WorkspaceSettings(), "keep", [str(week // timedelta(seconds=1))], RULEBOOK, DAY)
    assert long.texts_for is None
    before = WorkspaceSettings(texts_for=week)  # from when the operator kept them longer
    shown = choice("keep", before, RULEBOOK, DAY, Lang.EN)
    assert shown.chosen == (OWN,)
    assert max(float(each) for each in shown.options if each != OWN) < DAY.total_seconds()


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (timedelta(days=7), "7 days"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=1), "60 minutes"),
        (timedelta(seconds=90), "90 seconds"),
    ],
)
def test_times_are_said_in_a_unit_that_fits(time: timedelta, said: str) -> None:
    assert spoken(time, Lang.EN) == said


def test_both_languages_say_the_same_things() -> None:
    assert list(texts(Lang.JA)) == list(texts(Lang.EN))


def test_a_page_is_in_the_language_that_the_browser_asks_for_first() -> None:
    assert lang_of("ja") is Lang.JA
    assert lang_of("fr-FR, ja-JP;q=0.4, en;q=0.8") is Lang.EN
    assert lang_of("en;q=odd, ja;q=0.1") is Lang.JA
    assert lang_of("") is lang_of("fr, *;q=0.5") is Lang.EN


@pytest.mark.parametrize("lang", list(Lang))
def test_every_page_has_its_words_and_nothing_from_elsewhere(lang: Lang) -> None:
    names = [key for key in slack_texts(lang) if key.startswith("page_") and key.endswith("_text")]
    assert len(names) == 7
    for key in names:
        shown = page(key.removeprefix("page_").removesuffix("_text"), lang, 'https://x/?a=<&b="')
        assert "<script" not in shown
        assert "src=" not in shown
        assert "$" not in shown
        assert f'lang="{lang}"' in shown
        assert "<&" not in shown

"""What the weekly digest tells, and what it keeps to itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.digest import FEW, SELDOM, Summary, summary
from bot.desk.weeks import Week
from bot.doors.discord.digest import digest as discord_digest
from bot.doors.slack.digest import digest as slack_digest
from bot.doors.weekly import in_words
from rules import Lang, Level, load_rulebook
from tests.bot.doors.slack.limits import assert_within_limits
from tests.discord.community import V2, check, seen
from tests.slack.wire import texts_in

WEEK = Week(monday=date(2026, 11, 16))
RULEBOOK = load_rulebook()
COUNTS = st.dictionaries(
    st.sampled_from(
        [*(f"level:{each}" for each in Level), *(f"code:{each}" for each in RULEBOOK.risks), "new"]
    ),
    st.integers(1, 10_000),
)


def test_of_a_week_without_a_text_nothing_is_told() -> None:
    assert summary(WEEK, {}) is None
    assert summary(WEEK, {"code:pressure": 3}) is None


def test_of_a_few_texts_nothing_but_that_is_told() -> None:
    told = summary(WEEK, {"level:danger": FEW - 1, "code:pressure": FEW - 1})
    assert told is not None
    assert told.few
    assert not told.levels
    assert not told.risks


def test_risks_come_by_how_often_they_were_found_and_rare_ones_without_a_name() -> None:
    counts = {"level:danger": 3, "level:clear": 9, "code:pressure": 3, "code:vague_pay": 5}
    told = summary(WEEK, counts | {"code:illegal_or_abusive_work": 1})
    assert told is not None
    assert told.vetted == 12
    assert told.levels == {Level.CLEAR: 9, Level.CAUTION: 0, Level.DANGER: 3}
    assert told.risks == (("vague_pay", 5), ("pressure", 3))
    assert told.seldom == 1


@given(COUNTS)
def test_what_was_seldom_found_is_never_named(counts: dict[str, int]) -> None:
    told = summary(WEEK, counts)
    if told is None:
        assert not any(counts.get(f"level:{each}") for each in Level)
        return
    assert all(number >= SELDOM for _, number in told.risks)
    assert told.few == (told.vetted < FEW)


@given(COUNTS, st.sampled_from([*Lang, None]))
def test_both_doors_tell_the_same_within_their_limits(
    counts: dict[str, int], lang: Lang | None
) -> None:
    told = summary(WEEK, counts)
    if told is None:
        return
    post = slack_digest(told, RULEBOOK, lang)
    assert_within_limits(post.blocks)
    view: Any = discord_digest(told, RULEBOOK, lang, "key")
    components = view.to_components()
    check({"components": components, "flags": V2, "allowed_mentions": {"parse": []}})
    for each in list(Lang) if lang is None else [lang]:
        words = in_words(told, RULEBOOK, each)
        slack = "\n".join(texts_in(list(post.blocks)))
        discord = seen({"components": components}).replace("\\", "")
        for line in (words.title, words.lead, *words.levels, *words.risks, words.private):
            assert line in slack
            assert line in discord


@pytest.mark.parametrize(
    ("lang", "words"), [(Lang.JA, "11月16日〜11月22日"), (Lang.EN, "Nov 16 to Nov 22")]
)
def test_it_says_which_week_it_is_about(lang: Lang, words: str) -> None:
    told = Summary(week=WEEK, vetted=2, few=True)
    assert words in in_words(told, RULEBOOK, lang).title

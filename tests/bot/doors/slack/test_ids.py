"""What a control says comes back as it was sent, and what is none of ours says nothing."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.showing import Control, Verb
from bot.doors.slack.ids import decode, encode, pressed

KEYS = st.from_regex(r"\A[A-Za-z0-9_-]{1,32}\Z")
VERBS = st.sampled_from(get_args(Verb))


@given(key=KEYS, verb=VERBS, argument=st.from_regex(r"\A[a-z0-9_]{0,40}\Z"))
def test_a_value_comes_back_as_it_was_sent(key: str, verb: Verb, argument: str) -> None:
    value = encode(key, verb, argument)
    assert len(value) <= 90
    assert decode(value) == Control(key=key, verb=verb, argument=argument)


@given(st.text(max_size=40))
def test_no_value_breaks_the_reader(value: str) -> None:
    control = decode(value)
    assert control is None or control.encode() == value


@pytest.mark.parametrize(
    "value", ["", "k|stage", "k|fly|x", "k|stage|x|y", "k k|stage|x", "|more|"]
)
def test_a_strange_value_is_none_of_ours(value: str) -> None:
    assert decode(value) is None


@pytest.mark.parametrize(
    "action",
    [
        {"type": "button", "value": "k1|stage|escrowed"},
        {"type": "static_select", "selected_option": {"value": "k1|stage|escrowed"}},
        {"type": "overflow", "selected_option": {"value": "k1|stage|escrowed"}},
        {"type": "feedback_buttons", "value": "k1|stage|escrowed"},
    ],
)
def test_every_kind_of_control_is_read(action: dict[str, object]) -> None:
    assert pressed(action) == Control(key="k1", verb="stage", argument="escrowed")


@pytest.mark.parametrize("action", [{}, {"value": 3}, {"selected_option": None}, {"value": "x"}])
def test_an_action_that_is_none_of_ours_is_left_alone(action: dict[str, object]) -> None:
    assert pressed(action) is None

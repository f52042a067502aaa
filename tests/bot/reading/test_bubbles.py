"""Who says what, worked out from places alone: a screen 400 wide, lines 20 high."""

from __future__ import annotations

import time

import pytest

from bot.reading.bubbles import speeches
from bot.reading.models import Speaker
from bot.reading.seen import Line, Seen

WIDTH, HEIGHT = 400, 800
PAGE = (0, 0, WIDTH, HEIGHT)


def line(text: str, left: int, top: int, area: tuple[int, int, int, int] = PAGE) -> Line:
    """A line whose letters are 16 wide; areas are told apart by their boxes."""
    box = (left, top, left + 16 * len(text), top + 20)
    return Line(text=text, box=box, surface=hash(area), area=area)


def left(text: str, top: int) -> Line:
    return line(text, 60, top, (50, top - 5, 280, top + 25))


def right(text: str, top: int) -> Line:
    return line(text, 200, top, (190, top - 5, 390, top + 25))


def said(*lines: Line) -> list[tuple[Speaker | None, str]]:
    seen = Seen(width=WIDTH, height=HEIGHT, lines=lines, codes=(), whole=True)
    return [(speech.speaker, speech.text) for speech in speeches(seen)]


CLIENT, WORKER = Speaker.CLIENT, Speaker.WORKER


def test_left_is_the_client_and_right_the_worker() -> None:
    assert said(right("承知しました", 200), left("お願いします", 100)) == [
        (CLIENT, "お願いします"),
        (WORKER, "承知しました"),
    ]


@pytest.mark.parametrize("bubble", [left, right])
def test_whoever_took_it_a_bubble_is_never_lost(bubble: object) -> None:
    assert callable(bubble)
    ((speaker, text),) = said(bubble("続きはLINEで", 100))
    assert text == "続きはLINEで"
    assert speaker is not WORKER  # one side alone may be the other's picture


def test_lines_of_one_bubble_belong_together() -> None:
    area = (50, 95, 230, 145)
    ((_, text),) = said(
        line("詳しくはチャットワー", 60, 100, area), line("クでお話しします。", 60, 122, area)
    )
    assert text == "詳しくはチャットワークでお話しします。"


@pytest.mark.parametrize(
    "around",
    [
        "10:21",
        "午後3:05",
        "既読",
        "既読 2",
        "Read",
        "Delivered",
        "80%",
        "11月20日(金)",
        "2026/11/20",
        "今日",
    ],
)
def test_what_the_app_writes_around_is_left_out(around: str) -> None:
    assert said(line(around, 60, 50), left("お願いします", 100), line(around, 290, 110)) == [
        (CLIENT, "お願いします")
    ]


def test_titles_and_hints_are_no_messages() -> None:
    title, hint = line("株式会社みどり", 140, 20), line("メッセージを入力", 20, 760)
    assert said(title, left("お願いします", 100), hint) == [(CLIENT, "お願いします")]


def test_words_whose_bubble_was_not_made_out_are_judged() -> None:
    unclear = line("報酬は手渡しでお支払いします", 60, 140)
    assert (None, unclear.text) in said(left("お願いします", 100), unclear, left("では", 200))


def test_the_worker_s_words_are_known_by_their_place_where_the_bubble_is_not() -> None:
    unclear = line("ありがとうございます", 210, 140)
    assert (WORKER, unclear.text) in said(left("お願いします", 100), unclear, left("では", 200))


def test_a_long_text_above_the_first_bubble_is_kept() -> None:
    above = line("この募集の報酬は手渡しでお支払いします。", 40, 20)
    assert said(above, left("お願いします", 100))[0] == (None, above.text)


def test_panels_that_touch_the_edge_are_no_bubbles() -> None:
    side, main = (0, 0, 100, HEIGHT), (100, 0, WIDTH, HEIGHT)
    found = said(line("案件相談", 10, 100, side), line("銀行振込でお支払いします", 120, 100, main))
    assert {speaker for speaker, _ in found} == {None}
    assert {text for _, text in found} == {"案件相談", "銀行振込でお支払いします"}


def test_cards_as_wide_as_the_page_are_no_bubbles() -> None:
    card = (10, 90, 390, 140)
    assert said(line("お願いします", 30, 100, card)) == [(None, "お願いします")]


def test_nothing_seen_nothing_said() -> None:
    assert said() == []


def test_thousands_of_lines_take_no_time() -> None:
    many = [line("あれこれ", 60 + 90 * (n % 3), 20 + 30 * (n // 3)) for n in range(6_000)]
    began = time.perf_counter()
    assert len(said(left("お願いします", 100), *many)) > 1
    assert time.perf_counter() - began < 3

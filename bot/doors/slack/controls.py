"""The controls under an answer. Each says in its value what it does, and to which answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.desk.showing import MANNERS, Manner, Showing, Verb
from bot.doors.slack.blocks import Block, actions, button, menu, option, overflow, plain
from bot.doors.slack.ids import MORE_ACTIONS, action_id, encode
from bot.doors.slack.texts import texts
from rules import Advice, Assessment, Lang, Level, Rulebook, Stage


def beside_the_reply(advice: Advice, showing: Showing, shown: Manner | None) -> list[Block]:
    """Under the reply: the other ways to answer, the rest, and what is seldom wanted."""
    return actions(_beside_the_reply(advice, showing, shown))


def _beside_the_reply(advice: Advice, showing: Showing, shown: Manner | None) -> Iterator[Block]:
    said = texts(advice.lang)
    for manner in MANNERS:
        if manner != shown and getattr(advice.replies, manner):
            yield _button(showing, said[f"another_{manner}"], "manner", manner)
    if advice.level is not Level.CLEAR:
        yield _button(showing, said["less" if showing.more else "more"], *_turn(showing))
        yield overflow(MORE_ACTIONS, list(_seldom(advice, showing)))


def setting(
    assessment: Assessment, advice: Advice, rulebook: Rulebook, showing: Showing
) -> list[Block]:
    """What the verdict stands on, to be put right."""
    return actions(_setting(assessment, advice, rulebook, showing))


def _setting(
    assessment: Assessment, advice: Advice, rulebook: Rulebook, showing: Showing
) -> Iterator[Block]:
    if advice.points and assessment.stage is not Stage.ESCROWED:
        # The one remark that most often changes a verdict needs a single click.
        said = texts(advice.lang)["say_escrowed"]
        yield _button(showing, said, "stage", Stage.ESCROWED)
    yield _stage_menu(showing.key, advice.lang, assessment.stage)
    yield _site_menu(showing.key, advice.lang, rulebook, assessment.platform)
    if advice.level is Level.CLEAR:  # there is no reply that it could stand under
        yield overflow(MORE_ACTIONS, list(_seldom(advice, showing)))


def _stage_menu(key: str, lang: Lang, chosen: Stage | None) -> Block:
    """The menu of the stages."""
    said = texts(lang)
    stages = {each: option(said[f"stage_{each}"], encode(key, "stage", each)) for each in Stage}
    return menu(said["stage"], action_id("stage"), stages, chosen)


def _site_menu(key: str, lang: Lang, rulebook: Rulebook, chosen: str | None) -> Block:
    """The menu of the sites that are known, and of 'another'."""
    said = texts(lang)
    names = {code: site.name[lang] for code, site in rulebook.book.sites.items()}
    sites = {
        code: option(name, encode(key, "site", code))
        for code, name in (names | {"other": said["site_other"]}).items()
    }
    return menu(said["site_unknown"], action_id("site"), sites, chosen)


def _seldom(advice: Advice, showing: Showing) -> Iterator[Block]:
    said = texts(advice.lang)
    if advice.level is Level.CLEAR:
        yield option(said["less" if showing.more else "more"], encode(showing.key, *_turn(showing)))
    for lang in Lang:
        if lang != advice.lang:
            yield option(said[f"in_{lang}"], encode(showing.key, "lang", lang))
    yield option(said["remove"], encode(showing.key, "remove"))


def _turn(showing: Showing) -> tuple[Verb, str]:
    return "more", "no" if showing.more else "yes"


def afterwards(advice: Advice, showing: Showing) -> list[Block]:
    """What can be done with the answer: say whether it was right, share it."""
    said = texts(advice.lang)
    if showing.private:
        return actions(_privately(said, showing))
    feedback = {
        "type": "feedback_buttons",
        "action_id": action_id("feedback"),
        "positive_button": {
            "text": plain(said["right"]),
            "accessibility_label": said["right_aloud"],
            "value": encode(showing.key, "feedback", "right"),
        },
        "negative_button": {
            "text": plain(said["wrong"]),
            "accessibility_label": said["wrong_aloud"],
            "value": encode(showing.key, "feedback", "wrong"),
        },
    }
    return [{"type": "context_actions", "elements": [feedback]}]


def _privately(said: dict[str, str], showing: Showing) -> Iterator[Block]:
    """Plain buttons: nothing says that ephemeral messages take context actions."""
    yield _button(showing, said["share"], "share")
    yield _button(showing, said["right"], "feedback", "right")
    yield _button(showing, said["wrong"], "feedback", "wrong")


def _button(showing: Showing, text: str, verb: Verb, argument: str = "", **more: Any) -> Block:
    return button(text, action_id(verb, argument), encode(showing.key, verb, argument), **more)

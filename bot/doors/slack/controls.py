"""The controls under an answer. Each says in its value what it does, and to which answer."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doors.slack.blocks import Block, actions, button, confirm, menu, option, plain
from bot.doors.slack.ids import action_id, encode
from bot.doors.slack.texts import texts
from bot.showing import MANNERS, Manner, Showing, Verb
from rules import Advice, Assessment, Lang, Rulebook, Stage


def replies(advice: Advice, showing: Showing, shown: Manner | None) -> list[Block]:
    """Under the reply: the other ways to answer."""
    said = texts(advice.lang)
    return actions(
        _button(showing, said[f"another_{manner}"], "manner", manner)
        for manner in MANNERS
        if manner != shown and getattr(advice.replies, manner)
    )


def setting(
    assessment: Assessment, advice: Advice, rulebook: Rulebook, showing: Showing
) -> list[Block]:
    """What the verdict stands on, to be put right: stage and site; more, and the language."""
    return actions(_setting(assessment, advice, rulebook, showing))


def _setting(
    assessment: Assessment, advice: Advice, rulebook: Rulebook, showing: Showing
) -> Iterator[Block]:
    said = texts(advice.lang)
    if advice.points and not assessment.stage_said and assessment.stage is not Stage.ESCROWED:
        yield _button(showing, said["say_escrowed"], "stage", Stage.ESCROWED)
    stages = {
        each: option(said[f"stage_{each}"], encode(showing.key, "stage", each)) for each in Stage
    }
    yield menu(
        said["stage_choose"], action_id("stage"), list(stages.values()), stages[assessment.stage]
    )
    sites = {
        code: option(
            said["site_other"] if code == "other" else site.name[advice.lang],
            encode(showing.key, "site", code),
        )
        for code, site in rulebook.book.sites.items()
    }
    yield menu(
        said["site_unknown" if assessment.platform is None else "site_choose"],
        action_id("site"),
        list(sites.values()),
        sites.get(assessment.platform or ""),
    )
    if showing.more:
        yield _button(showing, said["less"], "more", "no")
    else:
        yield _button(showing, said["more"], "more", "yes")
    for lang in Lang:
        if lang != advice.lang:
            yield _button(showing, said[f"in_{lang}"], "lang", lang)


def afterwards(advice: Advice, showing: Showing) -> list[Block]:
    """What can be done with the answer: say whether it was right, remove it, share it."""
    said = texts(advice.lang)
    if showing.private:
        return actions(_privately(advice, showing))
    return [
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": action_id("feedback"),
                    "positive_button": {
                        "text": plain(said["right"], 75),
                        "accessibility_label": said["feedback_right_label"],
                        "value": encode(showing.key, "feedback", "right"),
                    },
                    "negative_button": {
                        "text": plain(said["wrong"], 75),
                        "accessibility_label": said["feedback_wrong_label"],
                        "value": encode(showing.key, "feedback", "wrong"),
                    },
                },
                {
                    "type": "icon_button",
                    "icon": "trash",
                    "text": plain(said["remove"], 75),
                    "action_id": action_id("remove"),
                    "value": encode(showing.key, "remove"),
                    "confirm": _sure(said),
                },
            ],
        }
    ]


def _privately(advice: Advice, showing: Showing) -> Iterator[Block]:
    """Plain buttons: nothing tells that Slack takes context actions in ephemeral messages."""
    said = texts(advice.lang)
    yield _button(showing, said["share"], "share", style="primary")
    yield _button(showing, said["right"], "feedback", "right")
    yield _button(showing, said["wrong"], "feedback", "wrong")
    yield _button(showing, said["remove"], "remove", confirm=_sure(said))


def _sure(said: dict[str, str]) -> Block:
    return confirm(said["remove_title"], said["remove_text"], said["remove"], said["cancel"])


def _button(showing: Showing, text: str, verb: Verb, argument: str = "", **more: object) -> Block:
    return button(text, action_id(verb, argument), encode(showing.key, verb, argument), **more)

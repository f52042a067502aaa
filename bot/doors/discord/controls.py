"""The controls under an answer. Each says in its id what it does, and to which answer.

They need nothing that a process remembers, so they work after a restart; by the answer's name in
them the bot knows its own answer again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import discord
from discord import ui

from bot.doors.discord.texts import texts
from bot.showing import MANNERS, Control, Manner, Showing, Verb
from rules import Advice, Assessment, Lang, Level, Rulebook, Stage

Row = ui.ActionRow[ui.LayoutView]
Button = ui.Button[ui.LayoutView]
#: Options of a menu, characters of a label.
_OPTIONS, _LABEL = 25, 80


def beside_the_reply(
    advice: Advice, assessment: Assessment, showing: Showing, shown: Manner | None
) -> Iterator[Row]:
    """Under the reply: the other ways to answer, the remark that changes most, the rest."""
    if advice.level is Level.CLEAR:
        return
    said = texts(advice.lang)
    others = (each for each in MANNERS if each != shown and getattr(advice.replies, each))
    buttons = [_button(showing, said[f"another_{each}"], "manner", each) for each in others]
    if assessment.stage is not Stage.ESCROWED:
        buttons.append(_button(showing, said["say_escrowed"], "stage", Stage.ESCROWED))
    yield Row(*buttons, _more(advice, showing))


def setting(
    assessment: Assessment, advice: Advice, rulebook: Rulebook, showing: Showing
) -> Iterator[Row]:
    """What the verdict stands on, to be put right. A harmless message is not burdened with it."""
    if advice.level is Level.CLEAR and not (showing.more or assessment.stage_said):
        return
    said = texts(advice.lang)
    stages = {each: said[f"stage_{each}"] for each in Stage}
    yield Row(_menu(showing, "stage", said["stage"], stages, assessment.stage))
    sites = {code: site.name[advice.lang] for code, site in rulebook.book.sites.items()}
    sites["other"] = said["site_other"]
    yield Row(_menu(showing, "site", said["site_unknown"], sites, assessment.platform))


def afterwards(advice: Advice, showing: Showing) -> Iterator[Row]:
    """What can be done with the answer: say whether it was right, share it, take it away."""
    said = texts(advice.lang)
    buttons: list[Button] = []
    if showing.private:
        buttons.append(_button(showing, said["share"], "share"))
    if advice.level is Level.CLEAR:
        buttons.append(_more(advice, showing))
    buttons += [
        _button(showing, said["right"], "feedback", "right", emoji="👍"),
        _button(showing, said["wrong"], "feedback", "wrong", emoji="👎"),
    ]
    yield Row(*buttons)
    if advice.level is not Level.CLEAR or showing.more:
        yield Row(*_seldom(advice, showing))


def _seldom(advice: Advice, showing: Showing) -> Iterator[Button]:
    said = texts(advice.lang)
    for lang in Lang:
        if lang != advice.lang:
            yield _button(showing, said[f"in_{lang}"], "lang", lang)
    yield _button(showing, said["remove"], "remove")


def _more(advice: Advice, showing: Showing) -> Button:
    name, argument = ("less", "no") if showing.more else ("more", "yes")
    return _button(showing, texts(advice.lang)[name], "more", argument)


def _button(
    showing: Showing, label: str, verb: Verb, argument: str = "", *, emoji: str | None = None
) -> Button:
    control = Control(key=showing.key, verb=verb, argument=argument)
    return Button(label=label[:_LABEL], custom_id=control.encode(), emoji=emoji)


def _menu(
    showing: Showing, verb: Verb, empty: str, choices: Mapping[Any, str], chosen: object
) -> ui.Select[ui.LayoutView]:
    """A menu; the chosen one is among its options however many there are."""
    kept = dict(sorted(choices.items(), key=lambda each: each[0] != chosen)[:_OPTIONS])
    options = [
        discord.SelectOption(
            label=name[:_LABEL],
            value=Control(key=showing.key, verb=verb, argument=code).encode(),
            default=code == chosen,
        )
        for code, name in choices.items()
        if code in kept
    ]
    custom_id = Control(key=showing.key, verb=verb).encode()
    return ui.Select(custom_id=custom_id, placeholder=empty[:150], options=options)


# ---- reading them again -----------------------------------------------------------------------


def pressed(data: Mapping[str, Any]) -> Control | None:
    """The control in the data of a component's interaction; None if it is not ours."""
    values = data.get("values") or [data.get("custom_id")]
    return Control.decode(str(values[0]))


def keys_in(components: Iterable[Any]) -> Iterator[str]:
    """The names of the answers whose controls these components are."""
    for each in components:
        control = Control.decode(str(getattr(each, "custom_id", None)))
        if control is not None:
            yield control.key
        yield from keys_in(getattr(each, "children", ()))

"""The controls under an answer. Each says in its id what it does, and to which answer.

They need nothing that a process remembers, so they work after a restart; by the answer's name in
them the bot knows its own answer again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import discord
from discord import ui

from bot.desk.showing import MANNERS, Control, Manner, Showing, Verb
from bot.doors.discord.texts import texts
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
    """What the verdict stands on, to be put right, and what is seldom wanted: one menu for all.

    Each menu takes a whole row, and a phone's screen has few.
    """
    said = texts(advice.lang)
    stages = [
        _option(showing, said[f"stage_{each}"], "stage", each, said["stage"])
        for each in Stage
        if each is not assessment.stage or not assessment.stage_said
    ]
    names = {code: site.name[advice.lang] for code, site in rulebook.book.sites.items()}
    names["other"] = said["site_other"]
    sites = [
        _option(showing, name, "site", code, said["site"])
        for code, name in names.items()
        if code != assessment.platform
    ]
    seldom = [
        _option(showing, said[f"in_{each}"], "lang", each, said["lang"])
        for each in Lang
        if each is not advice.lang
    ]
    seldom.append(_option(showing, said["remove"], "remove", "", said["remove_more"]))
    options = [*stages, *sites[: _OPTIONS - len(stages) - len(seldom)], *seldom]
    custom_id = Control(key=showing.key, verb="stage").encode()
    yield Row(ui.Select(custom_id=custom_id, placeholder=advice.setting[:150], options=options))


def afterwards(advice: Advice, showing: Showing) -> Iterator[Row]:
    """What can be done with the answer: say whether it was right, share it."""
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


def _more(advice: Advice, showing: Showing) -> Button:
    name, argument = ("less", "no") if showing.more else ("more", "yes")
    return _button(showing, texts(advice.lang)[name], "more", argument)


def _button(
    showing: Showing, label: str, verb: Verb, argument: str = "", *, emoji: str | None = None
) -> Button:
    control = Control(key=showing.key, verb=verb, argument=argument)
    return Button(label=label[:_LABEL], custom_id=control.encode(), emoji=emoji)


def _option(
    showing: Showing, label: str, verb: Verb, argument: str, about: str
) -> discord.SelectOption:
    value = Control(key=showing.key, verb=verb, argument=argument).encode()
    return discord.SelectOption(label=label[:_LABEL], value=value, description=about[:_LABEL])


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

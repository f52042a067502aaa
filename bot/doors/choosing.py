"""A workspace's own settings as things to choose, for every door: what is offered, what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

from bot.doors.texts import texts
from bot.store.workspaces import WorkspaceSettings
from rules import Lang, Rulebook
from rules.models import Frozen

#: What is chosen from a list; people, groups and channels are the platforms' own lists.
Field = Literal["lang", "site", "who", "rules", "keep", "digest"]
FIELDS: tuple[Field, ...] = ("lang", "site", "who", "rules", "keep", "digest")

#: What stands for 'not chosen here'.
OWN = "own"
_TIMES = (
    *(timedelta(hours=hours) for hours in (2, 6, 12, 24)),
    *(timedelta(days=days) for days in (3, 7, 14, 30)),
)
_UNITS = (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))


class Choice(Frozen):
    """One setting: its label, all options by value, and the values that are chosen now."""

    label: str
    options: dict[str, str]
    chosen: tuple[str, ...]


def choice(
    field: Field, settings: WorkspaceSettings, rulebook: Rulebook, most: timedelta, lang: Lang
) -> Choice:
    """What can be chosen in a field. `most`: how long the operator lets texts be kept."""
    said = texts(lang)
    chosen: tuple[str, ...]
    match field:
        case "lang":
            options = {each: said[f"lang_{each}"] for each in (OWN, *Lang)}
            chosen = (settings.lang or OWN,)
        case "site":
            names = {code: site.name[lang] for code, site in rulebook.book.sites.items()}
            options = {OWN: said["site_own"], **names, "other": said["site_other"]}
            site = settings.platform or OWN
            chosen = (site if site in options else OWN,)
        case "who":
            options = {each: said[f"who_{each}"] for each in ("everybody", "named")}
            chosen = (settings.who,)
        case "rules":
            options = {code: risk.say[lang].title for code, risk in rulebook.risks.items()}
            chosen = tuple(code for code in settings.rules_off if code in options)
        case "keep":
            times = sorted({each for each in (*_TIMES, settings.texts_for) if each and each < most})
            options = {OWN: said["keep_own"].format(time=spoken(most, lang))}
            options |= {_seconds(each): spoken(each, lang) for each in times}
            kept = settings.texts_for
            chosen = (_seconds(kept) if kept is not None and kept < most else OWN,)
        case "digest":
            options = {each: said[f"digest_{each}"] for each in ("off", "on")}
            chosen = ("on" if settings.digest else "off",)
    return Choice(label=said[field], options=options, chosen=chosen)


def changed(
    settings: WorkspaceSettings,
    field: Field,
    values: Sequence[str],
    rulebook: Rulebook,
    most: timedelta,
) -> WorkspaceSettings:
    """The settings with these values chosen; what was not offered is left out."""
    offered = choice(field, settings, rulebook, most, Lang.EN).options
    values = [each for each in values if each in offered]
    one = values[0] if values else None
    if one is None and field != "rules":
        return settings
    change: dict[str, Any]
    match field:
        case "lang":
            change = {"lang": None if one == OWN else one}
        case "site":
            change = {"platform": None if one == OWN else one}
        case "who":
            change = {"who": one}
        case "rules":
            change = {"rules_off": tuple(values)}
        case "keep":
            change = {"texts_for": None if one == OWN else timedelta(seconds=float(one or 0))}
        case "digest":
            change = {"digest": one == "on"}
    return WorkspaceSettings.model_validate(settings.model_dump() | change)


def spoken(time: timedelta, lang: Lang) -> str:
    """A time in the largest unit that gives a whole number of at least two."""
    seconds = round(time.total_seconds())
    for unit, size in _UNITS:
        if seconds >= 2 * size and seconds % size == 0:
            return texts(lang)[unit].format(count=seconds // size)
    return texts(lang)["seconds"].format(count=seconds)


def _seconds(time: timedelta) -> str:
    return str(round(time.total_seconds()))

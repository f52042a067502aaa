"""What people say after an answer ('仮払い済みです', 'it's on Lancers', 'in English').

Every door uses this, so that a conversation goes on the same way everywhere. Whether a line is
such a remark or a new text to judge is decided here too. The words are data
(`book/dialogue.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rules.models import Frozen, Lang, Stage
from rules.rulebook import Rulebook, Site
from rules.text import normalise

#: A remark on the text before is short; a client's message seldom is.
_REMARK_LIMIT = 60


class Remark(Frozen):
    """What a person added about the text before. None: not spoken of."""

    platform: str | None = None
    stage: Stage | None = None
    lang: Lang | None = None


def understand(said: str, rulebook: Rulebook) -> Remark | None:
    """The remark in a short line; None where the line is a text to be judged by itself."""
    plain = normalise(said).plain.strip().rstrip("。.!")
    if not plain or len(plain) > _REMARK_LIMIT or "\n" in plain:
        return None
    words = rulebook.dialogue
    remark = Remark(
        platform=_platform(plain, rulebook),
        stage=_first(plain, words.stages.items()),
        lang=_first(plain, words.langs.items()),
    )
    if remark == Remark() or any(each.search(plain) for each in words.questions):
        return None
    return remark if _says_nothing_else(plain, rulebook) else None


def _first(plain: str, choices: Iterable[tuple[Any, list[Any]]]) -> Any:
    return next((name for name, signs in choices if any(s.search(plain) for s in signs)), None)


def _platform(plain: str, rulebook: Rulebook) -> str | None:
    for site in rulebook.book.sites.values():
        if any(name in plain for name in _names(site)):
            return site.code
    return "other" if any(each.search(plain) for each in rulebook.dialogue.other_site) else None


def _names(site: Site) -> Iterator[str]:
    """How people call a site, longest first; the fallback has no name."""
    if site.code != "other":
        names = (normalise(name).plain for name in (site.code, *site.mentions, *site.hosts))
        yield from sorted(names, key=len, reverse=True)


def _says_nothing_else(plain: str, rulebook: Rulebook) -> bool:
    rest = plain
    for site in rulebook.book.sites.values():
        for name in _names(site):
            rest = rest.replace(name, "")
    words = rulebook.dialogue
    for signs in (*words.stages.values(), *words.langs.values(), words.other_site, words.filler):
        for sign in signs:
            rest = sign.sub("", rest)
    return len(rest) <= max(6, len(plain) // 4)

"""What people say after an answer ('仮払い済みです', 'it's on Lancers', 'in English').

Every door uses this, so that a conversation goes on the same way everywhere. Whether a line is
such a remark or a new text to judge is decided here too. The words are data
(`book/dialogue.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rules.format import Site
from rules.models import Frozen, Lang, Stage
from rules.rulebook import Rulebook
from rules.text import normalise

#: A remark on the text before is short; a client's message seldom is.
_REMARK_LIMIT = 60
_WISH_LIMIT = 20
#: A shorter line in which the rules see nothing is talk with the bot, not a client's message.
_CHAT_LIMIT = 40


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


def wish(said: str, rulebook: Rulebook) -> str | None:
    """The reply that a short line asks for ('お断りする', 'ask'); None where it asks for none."""
    plain = normalise(said).plain.strip().rstrip("。.!")
    if len(plain) > _WISH_LIMIT:
        return None
    found: str | None = _first(plain, rulebook.dialogue.manners.items())
    return found


def may_be_a_text(said: str) -> bool:
    """Whether a line is long enough to be a client's message by itself."""
    return "\n" in said.strip() or len(said.strip()) > _CHAT_LIMIT


def _platform(plain: str, rulebook: Rulebook) -> str | None:
    for sign in rulebook.dialogue.not_this_site:
        plain = sign.sub("", plain)
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
    for signs in (
        *words.stages.values(),
        *words.langs.values(),
        words.other_site,
        words.not_this_site,
        words.filler,
    ):
        for sign in signs:
            rest = sign.sub("", rest)
    return len(rest) <= max(6, len(plain) // 4)

"""The pages that people see in their browser while they add the app."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from bot.doors.slack.texts import texts
from rules import Lang

_PAGE = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def page(name: str, lang: Lang, where: str = "") -> str:
    """The page of this name (`page_…` in the texts). `where`: the way into the workspace."""
    said = texts(lang)
    done = name == "installed"
    link, label = (where, said["page_open"]) if done else ("/slack/install", said["page_again"])
    steps = [said[f"page_step_{each}"] for each in ("invite", "try", "settings")] if done else []
    return _PAGE.substitute(
        lang=lang,
        title=escape(said[f"page_{name}"]),
        text=escape(said[f"page_{name}_text"]),
        steps="".join(f"<li>{escape(each)}</li>" for each in steps),
        sign="✓" if done else "!",
        kind="done" if done else "sorry",
        link=escape(link),
        label=escape(label),
    )


def lang_of(accepted: str) -> Lang:
    """The first of our languages in an Accept-Language header, by its weights; else English."""
    wishes = []
    for each in accepted.lower().split(","):
        tag, _, weight = each.strip().partition(";q=")
        lang = tag.split("-")[0]
        if lang in set(Lang):
            wishes.append((_weight(weight), Lang(lang)))
    return max(wishes, key=lambda wish: wish[0])[1] if wishes else Lang.EN


def _weight(said: str) -> float:
    try:
        return float(said or 1)
    except ValueError:
        return 0.0

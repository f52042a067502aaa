"""What is said of pages and files, as data: one file for each language, the same keys in all."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.reading.models import Trouble
from rules import Lang
from rules.loading import read_yaml


@cache
def texts(lang: Lang) -> dict[str, str]:
    """The texts in one language, by key."""
    said: dict[str, str] = read_yaml(Path(__file__).with_name(f"{lang}.yaml"))
    return said


def sentence(trouble: Trouble, lang: Lang) -> str:
    """A trouble in one friendly sentence or two, the next step last."""
    known = texts(lang)
    step = "file" if trouble.code in _OF_FILES else "page"
    said = known[f"trouble_{trouble.code}"]
    return said.format(next=known[f"next_{step}"], **trouble.values)


def is_remark(trouble: Trouble) -> bool:
    """Whether nothing failed: it is only said how something was judged."""
    return trouble.code in _REMARKS


_OF_FILES = frozenset(
    {
        "file_kind",
        "file_empty",
        "file_large",
        "file_damaged",
        "file_locked",
        "file_away",
        "file_scope",
        "not_read",
        "pdf_pictures",
        "picture_damaged",
        "picture_empty",
        "picture_failed",
        "picture_kind",
        "picture_large",
        "picture_slow",
        "screenshots_extra",
    }
)
_REMARKS = frozenset(
    {
        "link_messenger",
        "link_form",
        "link_file",
        "link_short",
        "not_posting",
        "one_page",
        "many_files",
        "picture_long",
    }
)

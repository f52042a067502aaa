"""The weekly digest as Slack shows it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.desk.digest import Summary
from bot.doors.slack.answer import Post
from bot.doors.slack.blocks import Block, bullets, escaped, paragraph, rich, run, small
from bot.doors.weekly import InWords, in_words
from rules import Lang, Rulebook


def digest(summary: Summary, rulebook: Rulebook, lang: Lang | None) -> Post:
    """The digest; in every language where the workspace's is not known."""
    langs = list(Lang) if lang is None else [lang]
    said = [in_words(summary, rulebook, each) for each in langs]
    return Post(
        text=escaped("\n".join(f"{each.title}\n{each.lead}" for each in said)),
        blocks=tuple(block for each in said for block in _blocks(each)),
    )


def _blocks(said: InWords) -> Iterator[Block]:
    parts = [paragraph(run(said.title, bold=True)), paragraph(run(said.lead))]
    if said.levels:
        parts.append(bullets(said.levels))
    if said.risks:
        parts += [paragraph(run(said.risks_title, bold=True)), bullets(said.risks)]
    yield rich(*parts)
    yield small(escaped(said.private))

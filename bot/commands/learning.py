"""Commands for what was learnt from use: `stats`, `feedback`, `feedback export`."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.commands import Subparsers
from bot.commands.rulebook import rulebook_of
from bot.settings import Settings


def add_commands(commands: Subparsers) -> None:
    """Adds them to the command line."""
    stats = commands.add_parser("stats", help="how much was vetted in chat, and what was found")
    stats.add_argument(
        "--days", type=int, choices=range(1, 366), default=28, metavar="N", help="default: 28"
    )
    stats.add_argument("--json", action="store_true", help="the same for programs")
    stats.set_defaults(run=_stats)
    feedback = commands.add_parser("feedback", help="what people thought of the answers")
    feedback.add_argument("--json", action="store_true", help="the counts for programs")
    feedback.set_defaults(run=_feedback)
    what = feedback.add_subparsers(title="commands", metavar="")
    export = what.add_parser(
        "export", help="write the texts that people let us keep, as JSON lines (tests/corpora)"
    )
    export.add_argument("file", nargs="?", type=Path, help="default: standard output")
    export.set_defaults(run=_export)


def _stats(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.opened import tallies_of
    from bot.commands.stats import show_stats

    with tallies_of(settings) as tallies:
        show_stats(tallies, options.days, as_json=options.json)
    return 0


def _feedback(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.feedback import show_feedback
    from bot.commands.opened import tallies_of

    with tallies_of(settings) as tallies:
        show_feedback(tallies, rulebook_of(settings).version, as_json=options.json)
    return 0


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.feedback import export
    from bot.commands.opened import tallies_of

    with tallies_of(settings) as tallies:
        export(tallies, options.file)
    return 0

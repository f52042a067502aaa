"""The command `vet`: one text, or JSON lines."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bot.commands import Subparsers
from bot.commands.rulebook import rulebook_of
from bot.requests import decoded, may_be_posting, submission_of
from bot.settings import Settings
from rules import Kind, Lang, Rulebook, Stage, vet


def add_commands(commands: Subparsers) -> None:
    """Adds it to the command line."""
    parser = commands.add_parser("vet", help="judge one text (or JSON lines)")
    parser.add_argument("text", nargs="?", help="the text; '-' or none: standard input")
    parser.add_argument("--url", help="a posting's address")
    parser.add_argument(
        "--page",
        type=Path,
        action="append",
        metavar="FILE",
        help="a page that was saved by hand (of --url, where both are given), .txt, .eml or .pdf",
    )
    parser.add_argument(
        "--image", type=Path, action="append", metavar="FILE", help="a screenshot; may be repeated"
    )
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a line, in and out")
    parser.add_argument("--json", action="store_true", help="the answer for programs")
    parser.add_argument(
        "--explain", action="store_true", help="also show why each rule spoke or not"
    )
    parser.add_argument("--stage", choices=list(Stage), help="what you know of the contract")
    parser.add_argument(
        "--platform", metavar="SITE", help="crowdworks, lancers, coconala, upwork …"
    )
    parser.add_argument("--kind", choices=list(Kind), help="a message to you, or a posting")
    parser.add_argument("--lang", type=Lang, choices=list(Lang), help="language of the explanation")
    parser.set_defaults(run=_vet)


def _vet(options: argparse.Namespace, settings: Settings) -> int:
    rulebook = rulebook_of(settings)
    lang = options.lang or settings.lang
    if options.jsonl:
        return _vet_lines(rulebook, lang)
    text = _given_text(options)
    asked = options.url or options.page or options.image
    said = {"kind": options.kind, "platform": options.platform, "stage": options.stage}
    found, failed = None, False
    if asked or may_be_posting(text, settings, rulebook):
        from bot.commands import given

        found = given.read(text, options, settings, rulebook)
        failed = given.tell_troubles(found, lang)
        if not found.text.strip():
            return 1
        submission = found.submission(rulebook, **said)
    else:
        submission = submission_of(text, rulebook, **said)
    assessment = vet(submission, rulebook)
    if options.json:
        from bot.doors.answers import as_json

        answer = as_json(assessment, rulebook, lang, posting=found.posting if found else None)
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        from bot.doors import terminal

        view = terminal.View(lang, explain=options.explain, read=found)
        terminal.show(assessment, rulebook, terminal.make_console(), view)
    return int(bool(asked and failed))


def _given_text(options: argparse.Namespace) -> str:
    """The text that was given; standard input where nothing at all was."""
    text: str | None = options.text
    if text == "-" or (text is None and not (options.url or options.page or options.image)):
        return decoded(sys.stdin.buffer.read())
    return text or ""


def _vet_lines(rulebook: Rulebook, lang: Lang | None) -> int:
    from bot.doors.jsonl import answer_lines

    failed = False
    for answer in answer_lines(sys.stdin.buffer, rulebook, lang):
        failed = failed or "error" in answer
        print(json.dumps(answer), flush=True)
    return int(failed)

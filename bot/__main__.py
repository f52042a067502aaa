"""The command line: `python -m bot`, with a command or without."""

from __future__ import annotations

import argparse
import gc
import json
import signal
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yaml import YAMLError

from bot.commands.keeping import add_commands as add_keeping
from bot.requests import RequestError, decoded, may_be_posting, submission_of
from bot.settings import Settings, SettingsError, load_settings
from rules import Kind, Lang, Rulebook, Stage, load_rulebook, vet

if TYPE_CHECKING:
    from bot.reading.models import Read
    from bot.reading.reader import Reader


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings()
        status: int = options.run(options, settings)
    except (RequestError, SettingsError) as error:
        print(f"mikiwame: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away: nothing to say to anyone
        return 0
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Tells what is risky in a client's message, why, and what to answer.",
        epilog="With no command: with a token, `serve`; without, a conversation on a terminal, or "
        "with piped input, that is vetted.",
    )
    parser.set_defaults(run=_run_default)
    commands = parser.add_subparsers(title="commands", metavar="")
    _add_vet(commands.add_parser("vet", help="judge one text (or JSON lines)"))
    _add_rules(commands.add_parser("rules", help="check, explain or list the rules"))
    _add_serve(commands.add_parser("serve", help="answer in chat, until SIGTERM"))
    _add_doctor(commands.add_parser("doctor", help="say what is missing or wrong"))
    _add_stats(commands.add_parser("stats", help="how much was vetted in chat, and what was found"))
    _add_feedback(commands.add_parser("feedback", help="what people thought of the answers"))
    add_keeping(commands)
    return parser


def _add_vet(parser: argparse.ArgumentParser) -> None:
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
    parser.set_defaults(run=_run_vet)


def _add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "roles",
        nargs="*",
        metavar="ROLE",
        help="slack, discord, web (the doors that have tokens), worker (answers what others heard, on "
        "Postgres); none: everything",
    )
    parser.set_defaults(run=_run_serve)


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--channel",
        action="append",
        default=[],
        metavar="ID",
        help="a channel (C… in Slack, a number in Discord) that it should be in; may be repeated",
    )
    parser.set_defaults(run=_run_doctor)


def _add_stats(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--days", type=int, choices=range(1, 366), default=28, metavar="N", help="default: 28"
    )
    parser.add_argument("--json", action="store_true", help="the same for programs")
    parser.set_defaults(run=_run_stats)


def _add_feedback(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="the counts for programs")
    parser.set_defaults(run=_run_feedback)
    commands = parser.add_subparsers(title="commands", metavar="")
    export = commands.add_parser(
        "export", help="write the texts that people let us keep, as JSON lines (tests/corpora)"
    )
    export.add_argument("file", nargs="?", type=Path, help="default: standard output")
    export.set_defaults(run=_run_export)


def _add_rules(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(title="commands", metavar="", required=True)
    check = commands.add_parser("check", help="find mistakes in a folder of rules")
    check.add_argument("folder", nargs="?", type=Path, help="default: the shipped rules")
    check.set_defaults(run=_run_check)
    explain = commands.add_parser("explain", help="show a rule as a person reads it")
    explain.add_argument("code")
    explain.add_argument("--lang", type=Lang, choices=list(Lang), default=Lang.EN)
    explain.set_defaults(run=_run_explain)
    listing = commands.add_parser("list", help="list the rules")
    listing.set_defaults(run=_run_list)
    schema = commands.add_parser("schema", help="print the JSON Schemas of the rule files")
    schema.set_defaults(run=_run_schema)


def _rulebook(settings: Settings) -> Rulebook:
    try:
        return load_rulebook(settings.rules_dir, second_reader=settings.second_reader)
    except (ValueError, KeyError, YAMLError):
        folder = settings.rules_dir or ""
        raise SettingsError(
            f"the rules {folder} have mistakes: see python -m bot rules check {folder}"
        ) from None


def _run_default(options: argparse.Namespace, settings: Settings) -> int:
    if settings.serves_slack or settings.serves_discord:
        options.roles = []
        return _run_serve(options, settings)
    from bot.doors import terminal

    rulebook = _rulebook(settings)
    console = terminal.make_console()
    if terminal.is_interactive():
        read = _page_reader(settings, rulebook)
        terminal.Conversation(rulebook, settings.lang, console, read).run()
        return 0
    vars(options).update(_PIPED)
    return _run_vet(options, settings)


#: Piped input with no command: as `vet -`.
_PIPED: dict[str, Any] = dict.fromkeys(
    ("url", "page", "image", "jsonl", "json", "explain", "stage", "platform", "kind", "lang")
) | {"text": "-"}


def _page_reader(settings: Settings, rulebook: Rulebook) -> Callable[[str], Read | None]:
    """Reads the posting that a text points to; loads what it takes when one first does."""

    def read(text: str) -> Read | None:
        if not may_be_posting(text, settings, rulebook):
            return None
        import asyncio

        return asyncio.run(_reader(settings, rulebook).read(text))

    return read


@cache
def _reader(settings: Settings, rulebook: Rulebook) -> Reader:
    from bot.reading.reader import Reader

    return Reader.of(settings, rulebook)


def _run_vet(options: argparse.Namespace, settings: Settings) -> int:
    rulebook = _rulebook(settings)
    lang = options.lang or settings.lang
    if options.jsonl:
        return _run_jsonl(rulebook, lang)
    text = _given_text(options)
    asked = options.url or options.page or options.image
    said = {"kind": options.kind, "platform": options.platform, "stage": options.stage}
    found, failed = None, False
    if asked or may_be_posting(text, settings, rulebook):
        from bot.commands import vetting

        found = vetting.read(text, options, settings, rulebook)
        failed = vetting.tell_troubles(found, lang)
        if not found.text.strip():
            return 1
        submission = found.submission(rulebook, **said)
    else:
        submission = submission_of(text, rulebook, **said)
    assessment = vet(submission, rulebook)
    if options.json:
        from bot.commands.answers import as_json

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


def _run_jsonl(rulebook: Rulebook, lang: Lang | None) -> int:
    from bot.doors.jsonl import answer_lines

    failed = False
    for answer in answer_lines(sys.stdin.buffer, rulebook, lang):
        failed = failed or "error" in answer
        print(json.dumps(answer), flush=True)
    return int(failed)


def _run_serve(options: argparse.Namespace, settings: Settings) -> int:
    from bot.roles import roles_of

    roles = roles_of(options.roles, settings)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until `serve` listens to it
    gc.disable()  # until all is loaded: looking for garbage there costs a quarter of the start
    from bot.serving import serve

    return serve(settings, roles, lambda: _rulebook(settings))


def _run_doctor(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.doctor import doctor

    return doctor(settings, _rulebook(settings), options.channel)


def _run_stats(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.opened import tallies_of
    from bot.commands.stats import show_stats

    with tallies_of(settings) as tallies:
        show_stats(tallies, options.days, as_json=options.json)
    return 0


def _run_feedback(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.feedback import show_feedback
    from bot.commands.opened import tallies_of

    with tallies_of(settings) as tallies:
        show_feedback(tallies, _rulebook(settings).version, as_json=options.json)
    return 0


def _run_export(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.feedback import export
    from bot.commands.opened import tallies_of

    with tallies_of(settings) as tallies:
        export(tallies, options.file)
    return 0


def _run_check(options: argparse.Namespace, _settings: Settings) -> int:
    from rules.checking import check

    problems = check(options.folder)
    for problem in problems:
        print(problem)
    if not problems:
        print("no mistakes found")
    return int(bool(problems))


def _run_explain(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.rule_sheet import show_rule

    rulebook = _rulebook(settings)
    if options.code not in rulebook.risks:
        raise RequestError(
            f"no rule is called {options.code!r}: one of {', '.join(rulebook.risks)}"
        )
    show_rule(rulebook.risks[options.code], rulebook, options.lang)
    return 0


def _run_list(_options: argparse.Namespace, settings: Settings) -> int:
    for risk in _rulebook(settings).risks.values():
        print(f"{risk.code:26} {risk.weight:8} {risk.say[Lang.EN].title}")
    return 0


def _run_schema(_options: argparse.Namespace, _settings: Settings) -> int:
    from rules.checking import schemas

    print(json.dumps(schemas(), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())

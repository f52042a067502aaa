"""Commands for the rules: `rules check`, `explain`, `list`, `schema`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bot.commands import Subparsers
from bot.commands.rulebook import rulebook_of
from bot.requests import RequestError
from bot.settings import Settings
from rules import Lang


def add_commands(commands: Subparsers) -> None:
    """Adds them to the command line."""
    parser = commands.add_parser("rules", help="check, explain or list the rules")
    what = parser.add_subparsers(title="commands", metavar="", required=True)
    check = what.add_parser("check", help="find mistakes in a folder of rules")
    check.add_argument("folder", nargs="?", type=Path, help="default: the shipped rules")
    check.set_defaults(run=_check)
    explain = what.add_parser("explain", help="show a rule as a person reads it")
    explain.add_argument("code")
    explain.add_argument("--lang", type=Lang, choices=list(Lang), default=Lang.EN)
    explain.set_defaults(run=_explain)
    listing = what.add_parser("list", help="list the rules")
    listing.set_defaults(run=_list)
    schema = what.add_parser("schema", help="print the JSON Schemas of the rule files")
    schema.set_defaults(run=_schema)


def _check(options: argparse.Namespace, _settings: Settings) -> int:
    from rules.checking import check

    problems = check(options.folder)
    for problem in problems:
        print(problem)
    if not problems:
        print("no mistakes found")
    return int(bool(problems))


def _explain(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.rule_sheet import show_rule

    rulebook = rulebook_of(settings)
    if options.code not in rulebook.risks:
        raise RequestError(
            f"no rule is called {options.code!r}: one of {', '.join(rulebook.risks)}"
        )
    show_rule(rulebook.risks[options.code], rulebook, options.lang)
    return 0


def _list(_options: argparse.Namespace, settings: Settings) -> int:
    for risk in rulebook_of(settings).risks.values():
        print(f"{risk.code:26} {risk.weight:8} {risk.say[Lang.EN].title}")
    return 0


def _schema(_options: argparse.Namespace, _settings: Settings) -> int:
    from rules.checking import schemas

    print(json.dumps(schemas(), indent=2))
    return 0

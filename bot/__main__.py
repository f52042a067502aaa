"""The command line: `python -m bot`, with a command or without."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from bot.commands import keeping, learning, rules, running, vetting
from bot.requests import RequestError
from bot.settings import Settings, SettingsError, load_settings


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
    parser.set_defaults(run=partial(_run_default, parser))
    commands = parser.add_subparsers(title="commands", metavar="")
    for each in (vetting, rules, running, learning, keeping):
        each.add_commands(commands)
    return parser


def _run_default(
    parser: argparse.ArgumentParser, _options: argparse.Namespace, settings: Settings
) -> int:
    if settings.serves_slack or settings.serves_discord:
        return _run(parser, settings, "serve")
    from bot.doors.terminal import is_interactive

    if not is_interactive():
        return _run(parser, settings, "vet", "-")
    from bot.commands.conversing import converse

    return converse(settings)


def _run(parser: argparse.ArgumentParser, settings: Settings, *command: str) -> int:
    options = parser.parse_args(command)
    status: int = options.run(options, settings)
    return status


if __name__ == "__main__":
    sys.exit(main())

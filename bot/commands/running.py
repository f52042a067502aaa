"""Commands for the bot in chat: `serve`, `doctor`."""

from __future__ import annotations

import argparse
import gc
import signal
import sys

from bot.commands import Subparsers
from bot.commands.rulebook import rulebook_of
from bot.settings import Settings


def add_commands(commands: Subparsers) -> None:
    """Adds them to the command line."""
    serve = commands.add_parser("serve", help="answer in chat, until SIGTERM")
    serve.add_argument(
        "roles",
        nargs="*",
        metavar="ROLE",
        help="slack, discord, web (the doors that have tokens), worker (answers what others heard, on "
        "Postgres); none: everything",
    )
    serve.set_defaults(run=_serve)
    doctor = commands.add_parser("doctor", help="say what is missing or wrong")
    doctor.add_argument(
        "--channel",
        action="append",
        default=[],
        metavar="ID",
        help="a channel (C… in Slack, a number in Discord) that it should be in; may be repeated",
    )
    doctor.set_defaults(run=_doctor)


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    from bot.roles import roles_of

    roles = roles_of(options.roles, settings)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until `serve` listens to it
    gc.disable()  # until all is loaded: looking for garbage there costs a quarter of the start
    from bot.serving import serve

    return serve(settings, roles, lambda: rulebook_of(settings))


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    from bot.commands.doctor import doctor

    return doctor(settings, rulebook_of(settings), options.channel)

"""Commands for what is kept: `forget`, `move`, `backup`, `restore`."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands import Subparsers
from bot.requests import RequestError
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from bot.store.forgetting import Forgetting

_STOP = "end it first, and start it again afterwards"
_PERSON = {"slack": r"[UW][A-Z0-9]+", "discord": r"\d+"}
_WORKSPACE = {"slack": r"[TE][A-Z0-9]+", "discord": r"@?\d+"}


def add_commands(commands: Subparsers) -> None:
    """Adds them to the command line."""
    forget = commands.add_parser("forget", help="erase all that is kept of somebody")
    whom = forget.add_subparsers(title="whom", metavar="", required=True)
    user = whom.add_parser("user", help="a person")
    user.add_argument("id", help="their id: U… in Slack, a number in Discord")
    user.add_argument("--workspace", metavar="ID", help="only there: slack/T…, discord/NUMBER")
    user.set_defaults(run=_forget_user)
    workspace = whom.add_parser("workspace", help="a Slack workspace or a Discord server")
    workspace.add_argument("id", help="slack/T… or discord/NUMBER")
    workspace.set_defaults(run=_forget_workspace)
    move = commands.add_parser("move", help="move everything from SQLite to Postgres")
    move.add_argument("--to", required=True, metavar="ADDRESS", help="postgresql://user@host/name")
    move.set_defaults(run=_move)
    backup = commands.add_parser("backup", help="copy what is kept, while the bot runs (SQLite)")
    backup.add_argument("file", type=Path, help="a new file")
    backup.set_defaults(run=_back_up)
    restore = commands.add_parser("restore", help="put a backup in the place of what is kept")
    restore.add_argument("file", type=Path)
    restore.set_defaults(run=_restore)


# ---- forget -----------------------------------------------------------------------------------


def _forget_user(options: argparse.Namespace, settings: Settings) -> int:
    door, by = _parsed(
        options.id.replace("@", ""), _PERSON, "U0123ABCD (Slack) or 123456789012345678 (Discord)"
    )
    there = options.workspace and "/".join(_workspace(options.workspace))
    if there and not there.startswith(door):
        raise RequestError(f"{options.id} is a person's id in {door}, {there} is somewhere else")
    where = f" in {there}" if there else ""
    return _forget(settings, f"{door}/{by}{where}", lambda it: it.person(door, by, there or None))


def _forget_workspace(options: argparse.Namespace, settings: Settings) -> int:
    workspace = "/".join(_workspace(options.id))
    return _forget(settings, workspace, lambda it: it.workspace(workspace))


def _forget(settings: Settings, who: str, erase: Callable[[Forgetting], Counter[str]]) -> int:
    from bot.store.forgetting import Forgetting
    from bot.store.opening import opened

    with opened(settings) as store:
        forgetting = Forgetting(store.engine, store.keys)
        erased = erase(forgetting)
        if erased:
            print(f"erased all that was kept of {who}:")
            for what, number in sorted(erased.items()):
                print(f"{number:8}  {what}")
        else:
            print(f"nothing is kept of {who}: there was nothing to erase")
        if "keys" in erased:
            print("its key is destroyed: what it sealed can't be read any more")
        if not forgetting.overwrite():
            raise SettingsError(
                "the rows are erased, but the files still hold bytes of them: something else uses "
                "the database now. Run this again later"
            )
    if erased:
        print("copies: a backup holds it until it is thrown away (docs/keeping.md)")
    return 0


def _workspace(said: str) -> tuple[str, str]:
    return _parsed(said, _WORKSPACE, "slack/T0123ABCD or discord/123456789012345678")


def _parsed(said: str, kinds: dict[str, str], example: str) -> tuple[str, str]:
    """The chat platform of an id, and the id alone."""
    plain = said.strip().strip("<>")
    for door, kind in kinds.items():
        match = re.fullmatch(rf"(?:{door}/)?({kind})", plain)
        if match:
            return door, match[1]
    raise RequestError(f"{said!r} is no such id: one like {example} is needed")


# ---- move, backup, restore --------------------------------------------------------------------


def _move(options: argparse.Namespace, settings: Settings) -> int:
    from sqlalchemy.exc import ArgumentError

    from bot.store.alone import alone
    from bot.store.database import engine_of, postgres_engine, sqlite_file
    from bot.store.moving import move
    from bot.store.sealing import load_seal
    from bot.store.troubles import in_words

    if settings.database_url is not None:
        settings = settings.model_copy(update={"database_url": None})
    file = sqlite_file(settings)
    if not file.exists():
        aside = file.with_name(f"{file.name}.moved")
        before = f"; {aside} was moved before" if aside.exists() else ""
        raise RequestError(f"there is nothing to move in {settings.data_dir}{before}")
    try:
        source, target = engine_of(settings), postgres_engine(options.to)
    except (ArgumentError, ValueError):
        raise RequestError("--to needs an address such as postgresql://user@host/name") from None
    try:
        with alone(settings, _STOP), in_words(source, target):
            moved = move(source, target, load_seal(settings))
    finally:
        source.dispose()
        target.dispose()
    print(
        f"moved {moved.total()} rows; the file is {file.name}.moved now: erase it when all is well"
    )
    print("next: set DATABASE_URL to the address, on every machine")
    if settings.secret_key is None:
        print(f"and SECRET_KEY to what stands in {settings.data_dir / 'secret.key'}")
    return 0


def _back_up(options: argparse.Namespace, settings: Settings) -> int:
    from bot.store.backup import back_up
    from bot.store.database import sqlite_file

    _refuse_postgres(settings, "pg_dump --format=custom --file=FILE ADDRESS")
    file = sqlite_file(settings)
    if not file.exists():
        raise SettingsError(f"nothing is kept in {settings.data_dir}: there is no store yet")
    size = back_up(file, options.file)
    print(f"{options.file}: {size / 1e6:.1f} MB")
    print(f"it opens with {_key(settings)} alone: keep a copy of that too, in another place")
    return 0


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    from bot.store.alone import alone
    from bot.store.backup import restore
    from bot.store.database import sqlite_file
    from bot.store.sealing import has_key, load_seal

    _refuse_postgres(settings, "pg_restore --clean --if-exists --dbname=ADDRESS FILE")
    if not has_key(settings):
        raise SettingsError(
            f"the key that belongs to the backup is missing: put secret.key into "
            f"{settings.data_dir}, or set SECRET_KEY, before you restore"
        )
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(settings, _STOP):
        before = restore(options.file, sqlite_file(settings), load_seal(settings))
    if before is not None:
        print(f"the store of before is {before} now: erase it when all is well")
    print("restored. Whom you forgot since the backup was taken is to be forgotten again")
    return 0


def _refuse_postgres(settings: Settings, instead: str) -> None:
    if settings.database_url is not None:
        raise SettingsError(f"of a Postgres database that is Postgres's own affair: {instead}")


def _key(settings: Settings) -> str:
    return "SECRET_KEY" if settings.secret_key else str(settings.data_dir / "secret.key")

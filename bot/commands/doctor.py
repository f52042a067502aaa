"""`python -m bot doctor`: what is missing or wrong, in words.

It looks and sends nothing, and it shows no secret.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa

from bot.check import Check, noted, ok, wrong
from bot.doors.discord.checks import WORDS as DISCORD_WORDS
from bot.doors.discord.checks import examine_discord
from bot.doors.slack.checks import WORDS as SLACK_WORDS
from bot.doors.slack.checks import examine_slack
from bot.reading.screenshot import is_installed
from bot.settings import Settings, SettingsError
from bot.store.database import engine_of
from bot.store.sealing import Seal, has_key, load_seal
from bot.store.store import Failure, Store
from bot.store.troubles import check_file, in_words
from bot.store.upgrading import check_key, version_of
from rules import Rulebook

_SIGNS = {"ok": "✓", "noted": "!", "missing": "✗", "wrong": "✗"}
_FAILURES = 50
#: What reasons mean; the last ones are our own.
_REASONS = {
    **SLACK_WORDS,
    **DISCORD_WORDS,
    "expired": "not answered within TEXT_TTL, so the text was deleted",
}


def doctor(settings: Settings, rulebook: Rulebook, channels: Sequence[str]) -> int:
    """Prints what it finds; 1 where something is missing or wrong. `channels`: ids.

    Slack's begin with a letter, Discord's are numbers.
    """
    status = 0
    for check in _examine(settings, rulebook, channels):
        print(f"{_SIGNS[check.state]} {check.what}: {check.said}", flush=True)
        status = status or int(check.state in {"missing", "wrong"})
    return status


def _examine(settings: Settings, rulebook: Rulebook, channels: Sequence[str]) -> Iterator[Check]:
    sites = len(rulebook.book.sites) - 1  # 'other' is none
    yield ok("rules", f"{len(rulebook.risks)} risks, {sites} sites")
    yield _pictures()
    yield from _store(settings)
    if settings.serves_slack or not settings.serves_discord:
        yield from examine_slack(settings, [each for each in channels if not each.isdigit()])
    if settings.serves_discord or not settings.serves_slack:
        yield from examine_discord(settings, [each for each in channels if each.isdigit()])


def _pictures() -> Check:
    if is_installed():
        return ok("screenshots", "can be read")
    return noted("screenshots", "can't be read: `make screenshots` installs what it takes")


def _store(settings: Settings) -> Iterator[Check]:
    if settings.database_url is None:
        name, trouble = f"SQLite in {settings.data_dir}", _folder(settings.data_dir)
        if trouble:
            yield trouble
            return
    else:
        url = sa.make_url(settings.database_url.get_secret_value())
        name = f"Postgres, {url.database} at {url.host}"
        if settings.secret_key is None:
            yield noted("SECRET_KEY", "not set: processes that share a database have to share it")
    try:
        failures = _failures(settings)
    except SettingsError as error:
        yield wrong("store", str(error))
        return
    yield ok("store", name)
    yield from _unanswered(failures)


def _folder(folder: Path) -> Check | None:
    """What can be said of the store without opening it."""
    if not folder.exists():
        return ok("store", f"{folder} is made at the first start")
    if not os.access(folder, os.W_OK | os.X_OK):
        return wrong("store", f"{folder} can't be written to by this user")
    if not (folder / "mikiwame.sqlite").exists():
        return ok("store", f"nothing is kept in {folder} yet")
    return None


def _failures(settings: Settings) -> list[Failure]:
    """What is looked at is not changed, not even upgraded. Raises SettingsError."""
    engine = engine_of(settings)
    try:
        with in_words(engine):
            if settings.database_url is None:
                check_file(engine)
            with engine.connect() as connection:
                if not version_of(connection):
                    return []
                if settings.database_url is None or has_key(settings):
                    check_key(connection, load_seal(settings))
            seal = Seal(b"failures are not sealed")
            return Store(engine, seal, settings.text_ttl).failures(_FAILURES)
    finally:
        engine.dispose()


def _unanswered(failures: Sequence[Failure]) -> Iterator[Check]:
    """What could not be answered, the same reasons together, with the last time."""
    last: dict[tuple[str, str, str], Failure] = {}
    times: Counter[tuple[str, str, str]] = Counter()
    for failure in failures:  # the newest first
        kind = (failure.door, failure.reason, failure.where)
        last.setdefault(kind, failure)
        times[kind] += 1
    for (door, reason, where), failure in last.items():
        words = _REASONS.get(reason)
        place = " in ".join(filter(None, (door, where)))
        said = f"{words} ({reason})" if words else reason
        when = f"{failure.at:%Y-%m-%d %H:%M} UTC"
        count = times[door, reason, where]
        yield noted("not answered", f"{count} × {place or 'in the store'}, last at {when}: {said}")
    if not last:
        yield ok("answers", "none failed in the last 30 days")

"""`doctor`, as people run it: what is missing or wrong is said in words, no secret is shown."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.doors.slack.scopes import NEEDED
from bot.settings import Settings
from bot.store.database import engine_of
from bot.store.sealing import Seal
from bot.store.store import Outcome, Store
from tests.loopback import Fault
from tests.slack.workspace import (
    APP_TOKEN,
    BOT_TOKEN,
    CHANNEL,
    CLIENT_ID,
    CLIENT_SECRET,
    ELSEWHERE,
    Workspace,
)

ROOT = Path(__file__).parents[2]
ALL_SCOPES = ",".join(NEEDED)


@dataclass(frozen=True)
class Said:
    """What it printed, and its exit status."""

    status: int
    text: str

    def line(self, start: str) -> str:
        """The line that begins so, after its sign. Fails where there is none."""
        return next(line for line in self.text.splitlines() if line[2:].startswith(start))


def examined(
    data: Path,
    *options: str,
    settings: Mapping[str, str] | None = None,
    scopes: str = ALL_SCOPES,
    revoked: bool = False,
) -> Said:
    """Runs doctor against a workspace of its own."""

    async def run() -> Said:
        async with Workspace() as slack:
            slack.revoked = revoked
            if not revoked:
                body = {"ok": True, "user": "mikiwame", "team": "Example"}
                given_scopes = {"x-oauth-scopes": scopes}
                slack.faults.append(Fault("auth.test", status=200, body=body, headers=given_scopes))
            given = {
                "SLACK_API_URL": slack.api_url,
                "SLACK_BOT_TOKEN": BOT_TOKEN,
                "SLACK_APP_TOKEN": APP_TOKEN,
                "DATA_DIR": str(data),
            }
            return await _run(*options, settings=given | dict(settings or {}))

    return asyncio.run(run())


async def _run(*options: str, settings: dict[str, str]) -> Said:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor", *options),
        env={k: v for k, v in os.environ.items() if not k.startswith("SLACK_")} | settings,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    text, _ = await asyncio.wait_for(process.communicate(), 60)
    said = Said(process.returncode or 0, text.decode())
    secrets = [value for name, value in settings.items() if "TOKEN" in name or "SECRET" in name]
    assert not any(secret in said.text for secret in secrets if len(secret) > 6)
    return said


def test_all_is_well(tmp_path: Path) -> None:
    said = examined(tmp_path / "data", "--channel", CHANNEL)
    assert said.status == 0, said.text
    assert "✗" not in said.text
    assert "mikiwame in Example" in said.line("Slack token")
    assert "the app is in it" in said.line(f"channel {CHANNEL}")
    assert not (tmp_path / "data").exists()  # it only looks


def test_a_missing_scope_is_named_with_what_it_is_for(tmp_path: Path) -> None:
    scopes = ",".join(scope for scope in NEEDED if scope != "im:history") + ",channels:join"
    said = examined(tmp_path, scopes=scopes)
    assert said.status == 1
    assert "to be written to directly" in said.line("scope im:history")
    assert "channels:join" in said.line("Slack scopes: more than needed")


def test_a_channel_without_the_app_is_said_with_what_to_do(tmp_path: Path) -> None:
    said = examined(tmp_path, "--channel", ELSEWHERE, "--channel", CHANNEL)
    assert said.status == 1
    assert "/invite" in said.line(f"channel {ELSEWHERE}")
    assert said.text.count("✗") == 1


def test_a_revoked_token_is_said(tmp_path: Path) -> None:
    said = examined(tmp_path, revoked=True)
    assert said.status == 1
    assert "revoked" in said.line("Slack token")


def test_exchanged_tokens_are_said(tmp_path: Path) -> None:
    said = examined(tmp_path, settings={"SLACK_BOT_TOKEN": APP_TOKEN, "SLACK_APP_TOKEN": BOT_TOKEN})
    assert said.status == 1
    assert "xoxb-" in said.line("SLACK_BOT_TOKEN")
    assert "xapp-" in said.line("SLACK_APP_TOKEN")


def test_a_wrong_app_token_is_said(tmp_path: Path) -> None:
    said = examined(tmp_path, settings={"SLACK_APP_TOKEN": "xapp-of-another-app"})
    assert said.status == 1
    assert "SLACK_APP_TOKEN" in said.line("Socket Mode")


@pytest.mark.parametrize(
    ("settings", "status", "words"),
    [
        ({"SLACK_APP_TOKEN": ""}, 1, "SLACK_SIGNING_SECRET"),
        ({"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "s" * 32}, 1, "PORT"),
        ({"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "s" * 32, "PORT": "8080"}, 0, "8080"),
    ],
)
def test_the_way_in_is_looked_at(
    tmp_path: Path, settings: dict[str, str], status: int, words: str
) -> None:
    said = examined(tmp_path, settings=settings)
    assert said.status == status
    assert words in said.line("Slack events")


MANY = {"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET}


@pytest.mark.parametrize(
    ("settings", "status", "words"),
    [
        ({"PORT": "8080"}, 0, "/slack/install"),
        ({}, 1, "PORT"),
        ({"PORT": "8080", "SLACK_CLIENT_SECRET": "of-another-app"}, 1, "SLACK_CLIENT_SECRET"),
    ],
)
def test_how_workspaces_add_the_app_is_looked_at(
    tmp_path: Path, settings: dict[str, str], status: int, words: str
) -> None:
    said = examined(tmp_path, settings=MANY | settings)
    assert said.status == status, said.text
    assert words in said.line("Slack, many workspaces")


def test_without_a_token_it_says_which(tmp_path: Path) -> None:
    said = examined(tmp_path, settings={"SLACK_BOT_TOKEN": ""})
    assert said.status == 1
    assert "SLACK_BOT_TOKEN" in said.line("Slack")


def test_a_slack_out_of_reach_is_said(tmp_path: Path) -> None:
    said = examined(tmp_path, settings={"SLACK_API_URL": "http://127.0.0.1:9/api/"})
    assert said.status == 1
    assert "can't be reached" in said.line("Slack token")


def test_what_could_not_be_answered_is_shown_with_its_reason(tmp_path: Path) -> None:
    store = Store(
        engine_of(Settings(data_dir=tmp_path)), Seal(b"a key for tests only"), timedelta(hours=1)
    )
    store.create()
    failures = [("slack", "is_archived", place) for place in (CHANNEL, CHANNEL, ELSEWHERE)]
    for number, failure in enumerate([*failures, ("slack", "something_new", "")]):
        store.put_job(str(number), "words", store.keys.owner("slack/T1", "U1"))
        store.finish(str(number), Outcome(failure=failure))
    store.engine.dispose()
    said = examined(tmp_path, settings={"SECRET_KEY": "a key for tests only"})
    assert said.status == 0
    assert "the channel is archived" in said.line(f"not answered: 2 × slack in {CHANNEL}")
    assert said.line(f"not answered: 1 × slack in {ELSEWHERE}")
    assert "something_new" in said.text
    assert not (tmp_path / "secret.key").exists()


def test_a_broken_store_is_said(tmp_path: Path) -> None:
    (tmp_path / "mikiwame.sqlite").write_bytes(b"this is no database at all" * 100)
    said = examined(tmp_path)
    assert said.status == 1
    assert "damaged: restore a backup" in said.line("store")


def test_a_store_without_its_key_is_said(tmp_path: Path) -> None:
    key = Seal(b"a key for tests only")
    store = Store(engine_of(Settings(data_dir=tmp_path)), key, timedelta(hours=1))
    store.create()
    store.engine.dispose()
    assert "the key of the store is missing" in examined(tmp_path).line("store")
    said = examined(tmp_path, settings={"SECRET_KEY": "another key for tests"})
    assert "sealed with another key" in said.line("store")
    assert not (tmp_path / "secret.key").exists()


def test_a_database_out_of_reach_is_said_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://somebody:open-sesame@127.0.0.1:9/vet"
    said = examined(tmp_path, settings={"DATABASE_URL": url})
    assert said.status == 1
    assert "127.0.0.1" in said.line("store")
    assert "open-sesame" not in said.text
    assert said.line("SECRET_KEY")

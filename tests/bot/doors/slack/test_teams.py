"""Which token a workspace is answered with, also while the database is away."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store import Installation

from bot.desk.jobs import HinderedError, UnanswerableError
from bot.desk.tenants import Tenants
from bot.doors.slack import teams as teams_module
from bot.doors.slack.calls import Calls
from bot.doors.slack.readers import _manages
from bot.doors.slack.teams import Teams
from bot.settings import Settings
from bot.store.database import engine_of
from bot.store.installations import Installations
from bot.store.sealing import Seal
from bot.store.store import Store
from bot.store.tables import INSTALLATIONS, SETTINGS
from rules import Lang

HOME, ONE = "xoxb-home", "xoxb-one"


def test_each_workspace_has_its_token_and_keeps_it_while_the_database_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        settings = Settings(data_dir=tmp_path, lang=Lang.EN)
        store = Store(engine_of(settings), Seal(b"a key for tests"), timedelta(hours=1))
        store.create()
        tenants = Tenants(store, settings)
        installations = Installations(tenants.rows, tenants.forget)
        calls = Calls()
        teams = Teams(calls, tenants.forget)
        teams.settle({"user_id": "U0HOME", "team_id": "T0HOME", "user": "vet"}, HOME)
        assert (await teams.of("slack/T0ONE")).token == HOME  # the only one that there is
        teams.look_up(installations)
        with pytest.raises(UnanswerableError):
            await teams.of("slack/T0TWO")
        added = Installation(team_id="T0ONE", bot_token=ONE, user_id="U0ANN")
        await installations.async_save(added)
        monkeypatch.setattr(teams_module, "_FRESH", 0.0)
        assert (await teams.of("slack/T0ONE")).token == ONE
        home = await teams.of("slack/T0HOME")
        assert (home.token, home.who.called) == (HOME, "@vet")
        with store.engine.begin() as connection:
            for table in (INSTALLATIONS, SETTINGS):
                table.drop(connection)
        assert (await teams.of("slack/T0ONE")).token == ONE
        with pytest.raises(HinderedError):
            await teams.of("slack/T0TWO")
        assert await tenants.lang_for("slack/T0TWO") is Lang.EN
        await calls.close()
        store.engine.dispose()

    asyncio.run(scene())


@pytest.mark.parametrize(("whole", "name"), [(False, "slack/T0ONE"), (True, "slack/E0ALL")])
def test_a_workspace_of_an_organization_is_not_the_organization(whole: bool, name: str) -> None:
    async def scene() -> None:
        calls = Calls()
        teams = Teams(calls, lambda _: asyncio.sleep(0))
        said = {"user_id": "U0", "team_id": "T0ONE", "enterprise_id": "E0ALL"}
        teams.settle({**said, "is_enterprise_install": whole}, HOME)
        assert (await teams.of("slack/T0ELSEWHERE")).workspace == name
        await calls.close()

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("user", "home", "manages"),
    [
        ({"is_admin": True}, "T0ONE", True),
        ({"is_owner": True, "team_id": "T0ONE"}, "T0ONE", True),
        ({"team_id": "T0ONE"}, "T0ONE", False),
        ({}, "T0ONE", False),
        # an admin of another workspace that shares a channel
        ({"is_admin": True, "team_id": "T0TWO"}, "T0ONE", False),
        ({"is_admin": True, "is_stranger": True}, "T0ONE", False),
        ({"is_admin": True, "deleted": True}, "T0ONE", False),
        # in an organization
        (
            {"is_admin": True, "team_id": "E0ALL", "enterprise_user": {"teams": ["T0ONE"]}},
            "T0ONE",
            True,
        ),
        ({"is_admin": True, "enterprise_user": {"enterprise_id": "E0ALL"}}, "E0ALL", False),
        ({"enterprise_user": {"enterprise_id": "E0ALL", "is_owner": True}}, "E0ALL", True),
        ({"enterprise_user": {"enterprise_id": "E0OTHER", "is_owner": True}}, "E0ALL", False),
    ],
)
def test_who_manages_a_workspace(user: dict[str, object], home: str, manages: bool) -> None:
    assert bool(_manages(user, home)) is manages

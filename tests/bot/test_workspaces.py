"""What is kept of a workspace as a whole: its settings, its installation, the states to add it.

On SQLite and on Postgres alike.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store import Installation

from bot.desk.tenants import Tenants
from bot.settings import Settings
from bot.store.database import engine_of
from bot.store.forgetting import Forgetting
from bot.store.installations import STATE_LASTS, Installations, States
from bot.store.sealing import Seal
from bot.store.store import Store
from bot.store.workspaces import WorkspaceSettings
from rules import Lang
from tests.postgres import postgres


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres() as server:
        yield server.get_uri()


@pytest.fixture(params=["sqlite", "postgres"])
def tenants(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tenants]:
    told = {"data_dir": tmp_path}
    if request.param == "postgres":
        told["database_url"] = request.getfixturevalue("database")
    settings = Settings.model_validate(told)
    store = Store(engine_of(settings), Seal(b"a key for tests"), settings.text_ttl)
    store.create()
    yield Tenants(store, settings)
    for workspace in ("slack/T0ONE", "slack/T0TWO", "slack/E0WHOLE"):
        Forgetting(store.engine, store.keys).workspace(workspace)
    store.engine.dispose()


def installation(team: str = "T0ONE", token: str = "xoxb-one", **more: object) -> Installation:  # noqa: S107
    said = {"team_id": team, "bot_token": token, "user_id": "U0ANN", "bot_user_id": "U0BOT"} | more
    return Installation(**said)  # type: ignore[arg-type]


def test_each_workspace_has_settings_of_its_own(tenants: Tenants) -> None:
    async def scene() -> None:
        chosen = WorkspaceSettings(
            lang=Lang.EN,
            platform="lancers",
            who="named",
            people=("U0ANN",),
            rules_off=("pressure",),
            texts_for=timedelta(hours=2),
            digest=True,
            digest_channel="C0GENERAL",
        )
        await tenants.set_up("slack/T0ONE", chosen)
        assert await tenants.settings_of("slack/T0TWO") == WorkspaceSettings()
        other = Tenants(tenants._store, Settings(lang=Lang.JA))  # another process
        assert await other.settings_of("slack/T0ONE") == chosen
        assert await other.lang_for("slack/T0ONE") is Lang.EN
        assert await other.lang_for("slack/T0TWO") is Lang.JA
        await tenants.forget("slack/T0ONE")
        assert await tenants.settings_of("slack/T0ONE") == WorkspaceSettings()

    asyncio.run(scene())


def test_an_installation_comes_back_whole_and_goes_with_its_workspace(tenants: Tenants) -> None:
    async def scene() -> None:
        store = Installations(tenants.rows, tenants.forget)
        await store.async_save(installation(custom_values={"called": "@vet"}))
        await store.async_save(installation("T0TWO", "xoxb-two"))
        await store.async_save(installation(token="xoxb-new"))  # noqa: S106 - added again
        found = await store.of("slack/T0ONE")
        assert found is not None
        assert (found.bot_token, found.bot_user_id, found.user_id) == ("xoxb-new", "U0BOT", "")
        assert found.installed_at > time.time() - 60
        bot = await store.async_find_bot(enterprise_id=None, team_id="T0TWO")
        assert bot is not None
        assert bot.bot_token == "xoxb-two"  # noqa: S105
        await store.async_delete_installation(enterprise_id=None, team_id="T0ONE", user_id="U0ANN")
        assert await store.of("slack/T0ONE") is not None  # a person's own token: we have none
        await store.async_delete_all(enterprise_id=None, team_id="T0ONE")
        assert await store.of("slack/T0ONE") is None
        assert await store.of("slack/T0TWO") is not None

    asyncio.run(scene())


def test_an_organizations_installation_is_found_by_the_organization(tenants: Tenants) -> None:
    async def scene() -> None:
        store = Installations(tenants.rows, tenants.forget)
        whole = installation(enterprise_id="E0WHOLE", is_enterprise_install=True)
        await store.async_save(whole)
        found = await store.async_find_installation(
            enterprise_id="E0WHOLE", team_id="T0ONE", is_enterprise_install=True
        )
        assert found is not None
        assert await store.of("slack/E0WHOLE") is not None
        assert await store.of("slack/T0ONE") is None

    asyncio.run(scene())


def test_a_state_serves_once_in_time_and_where_it_was_made(
    tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        name = tenants._store.keys.workspace
        states = States(tenants.rows, lambda *parts: name("/".join(parts)))
        strange = States(tenants.rows, lambda *parts: name("other/" + "/".join(parts)))
        state, late = await states.async_issue(), await states.async_issue()
        assert state != late
        assert await states.async_consume(state)
        assert not await states.async_consume(state)
        assert not await strange.async_consume(late)
        for odd in ("", ".", "..", "é.é.é", "9" * 5000, late + "x", "x" + late):
            assert not await states.async_consume(odd)
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + STATE_LASTS + 2)
        assert not await states.async_consume(late)

    asyncio.run(scene())

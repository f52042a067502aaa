"""The manifests ask for what the code uses, no more, and can be pasted into Slack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.doors.slack.app import PATH
from bot.doors.slack.ids import COMMAND, SHORTCUT
from bot.doors.slack.install import REDIRECT
from bot.doors.slack.scopes import MANIFEST, MANIFEST_HTTP, NEEDED

DOCS = Path(__file__).parents[4] / "docs" / "slack.md"


def parsed(path: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return manifest


@pytest.mark.parametrize("path", [MANIFEST, MANIFEST_HTTP], ids=["socket", "http"])
def test_a_manifest_asks_for_the_scopes_that_are_explained(path: Path) -> None:
    manifest = parsed(path)
    assert manifest["oauth_config"]["scopes"] == {"bot": sorted(NEEDED)}
    assert all(f"`{scope}`" in DOCS.read_text(encoding="utf-8") for scope in NEEDED)


@pytest.mark.parametrize("path", [MANIFEST, MANIFEST_HTTP], ids=["socket", "http"])
def test_a_manifest_names_what_the_code_listens_to(path: Path) -> None:
    features = parsed(path)["features"]
    assert [each["callback_id"] for each in features["shortcuts"]] == [SHORTCUT]
    assert [each["command"] for each in features["slash_commands"]] == [COMMAND]
    assert features["app_home"]["messages_tab_read_only_enabled"] is False
    events = parsed(path)["settings"]["event_subscriptions"]["bot_events"]
    assert events == sorted(events)
    assert {"app_home_opened", "app_uninstalled", "tokens_revoked"} <= set(events)


@pytest.mark.parametrize("path", [MANIFEST, MANIFEST_HTTP], ids=["socket", "http"])
def test_a_manifest_keeps_slacks_limits(path: Path) -> None:
    manifest = parsed(path)
    shown = manifest["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 < len(shown["long_description"]) <= 4000
    assert all(len(each["name"]) <= 24 for each in manifest["features"]["shortcuts"])
    assert all(len(each["description"]) <= 150 for each in manifest["features"]["shortcuts"])


def test_the_two_manifests_differ_only_in_the_way_in() -> None:
    socket, http = parsed(MANIFEST), parsed(MANIFEST_HTTP)
    urls = [
        http["features"]["slash_commands"][0].pop("url"),
        http["settings"]["event_subscriptions"].pop("request_url"),
        http["settings"]["interactivity"].pop("request_url"),
    ]
    assert {url.partition("example.com")[2] for url in urls} == {PATH}
    (back,) = http["oauth_config"].pop("redirect_urls")
    assert back.partition("example.com")[2] == REDIRECT
    assert socket["settings"].pop("socket_mode_enabled") is True
    assert http["settings"].pop("socket_mode_enabled") is False
    assert socket == http

"""Settings are checked all at once, in words, and never shown."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.roles import roles_of
from bot.settings import Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """Nothing of this machine's own environment."""
    monkeypatch.chdir(str(tmp_path))
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("said", "seconds"), [("90", 90), ("90s", 90), ("1.5m", 90), ("24 h", 86400), ("7D", 604800)]
)
def test_times_are_read_with_their_unit(
    monkeypatch: pytest.MonkeyPatch, said: str, seconds: int
) -> None:
    monkeypatch.setenv("TEXT_TTL", said)
    assert load_settings().text_ttl == timedelta(seconds=seconds)


def test_all_mistakes_are_told_at_once_and_no_value_with_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = {
        "TEXT_TTL": "soonish",
        "SECRET_KEY": "tooshort",
        "SLACK_API_URL": "slack.example.com",
        "DATABASE_URL": "mysql://secret@host/name",
        "PORT": "99999999",
        "TIMEZONE": "../Tokio",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as told:
        load_settings()
    lines = str(told.value).splitlines()
    assert {line.split(":")[0] for line in lines} == set(wrong)
    assert not any(value in str(told.value) for value in wrong.values())


def test_tokens_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-secret")
    assert "xoxb" not in repr(load_settings())


class TestRoles:
    def test_the_doors_that_have_tokens_are_served(self) -> None:
        settings = Settings.model_validate({"slack_bot_token": "x", "slack_app_token": "y"})
        assert roles_of([], settings) == ("slack", "worker")
        assert roles_of(["slack", "slack"], settings) == ("slack",)
        assert roles_of(["web"], settings) == ("slack",)

    @pytest.mark.parametrize(
        ("named", "given", "words"),
        [
            (["teams"], {}, "teams"),
            ([], {}, "SLACK_BOT_TOKEN"),
            (["slack"], {"slack_bot_token": "x"}, "SLACK_APP_TOKEN"),
            ([], {"slack_client_id": "1.2"}, "SLACK_CLIENT_SECRET"),
            ([], {"slack_client_secret": "x"}, "SLACK_CLIENT_ID"),
            ([], {"slack_client_id": "1.2", "slack_client_secret": "x"}, "PORT"),
            (
                [],
                {"slack_client_id": "1.2", "slack_client_secret": "x", "port": 1},
                "SLACK_APP_TOKEN",
            ),
            (["slack"], {"slack_bot_token": "x", "slack_signing_secret": "y"}, "PORT"),
            (["worker"], {}, "no token"),
            (["web"], {}, "no token"),
            (["worker"], {"discord_token": "x"}, "DATABASE_URL"),
        ],
    )
    def test_what_is_missing_is_named(
        self, named: list[str], given: dict[str, str], words: str
    ) -> None:
        with pytest.raises(SettingsError, match=words):
            roles_of(named, Settings.model_validate(given))

    def test_all_that_is_missing_is_named_at_once(self) -> None:
        with pytest.raises(SettingsError) as told:
            roles_of(["slack", "discord", "teams"], Settings())
        for word in ("teams", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DISCORD_TOKEN"):
            assert word in str(told.value)

    def test_a_worker_alone_shares_a_postgres(self) -> None:
        given = {"slack_bot_token": "x", "database_url": "postgresql://localhost/mikiwame"}
        assert roles_of(["worker"], Settings.model_validate(given)) == ("worker",)


def test_the_example_names_every_setting_and_no_other() -> None:
    example = (Path(__file__).parents[2] / "config.example.env").read_text(encoding="utf-8")
    named = re.findall(r"^#([A-Z][A-Z_]+)=", example, re.MULTILINE)
    settings = {name.upper() for name in Settings.model_fields} - {"LANG"} | {"MIKIWAME_LANG"}
    assert set(named) == settings
    assert len(named) == len(set(named))


def test_the_readme_names_every_setting() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    part = readme.partition("\n## Settings\n")[2].partition("\n## ")[0]
    settings = {name.upper() for name in Settings.model_fields} - {"LANG"} | {"MIKIWAME_LANG"}
    assert set(re.findall(r"`([A-Z][A-Z_]+)`", part)) == settings

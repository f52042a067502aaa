"""Everything that can be configured, from the environment and a .env file."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import load_dotenv
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from rules import Lang


class SettingsError(Exception):
    """The settings are wrong. The message names every mistake, a line each, for people."""


class Settings(BaseModel):
    """The settings, each named as its environment variable in lower case."""

    model_config = ConfigDict(frozen=True)

    rules_dir: Path | None = None
    """A folder of the operator's own rules, laid over the shipped ones."""
    lang: Lang | None = None
    """The reader's language; that of the text where not set."""

    second_reader: bool = True
    """Whether the learned reader weighs what the rules say (on, off)."""

    @field_validator("rules_dir")
    @classmethod
    def _is_folder(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_dir():
            raise ValueError(f"there is no folder {folder}")
        return folder


_VARIABLES = {"rules_dir": "RULES_DIR", "lang": "MIKIWAME_LANG", "second_reader": "SECOND_READER"}


def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError with all mistakes at once."""
    load_dotenv()
    given = {name: os.environ.get(variable) for name, variable in _VARIABLES.items()}
    try:
        return Settings.model_validate({name: value for name, value in given.items() if value})
    except ValidationError as error:
        lines = [
            f"{_VARIABLES[str(each['loc'][0])]}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from None

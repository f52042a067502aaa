"""What is given to `vet`: text, links, saved pages and files, read."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import Namespace
from pathlib import Path

from bot.reading.models import Attachment, Read
from bot.reading.reader import Reader
from bot.reading.texts import is_remark, sentence
from bot.requests import RequestError
from bot.settings import Settings
from rules import Lang, Rulebook


def read(text: str, options: Namespace, settings: Settings, rulebook: Rulebook) -> Read:
    """What came of a text and of the options --url, --page and --image. Raises RequestError."""
    attachments = [_file(path, "text/html") for path in options.page or ()]
    attachments += [_file(path, "image/*") for path in options.image or ()]
    reader = Reader.of(settings, rulebook)
    return asyncio.run(reader.read(text, attachments, url=options.url, platform=options.platform))


def _file(path: Path, kind: str) -> Attachment:
    try:
        return Attachment(name=path.name, kind=kind, data=path.read_bytes())
    except OSError as error:
        raise RequestError(f"{path}: {error.strerror}") from None


def tell_troubles(found: Read, lang: Lang | None) -> bool:
    """Says on standard error what could not be had; true where that is more than a remark."""
    failed = False
    for trouble in found.troubles:
        print(f"mikiwame: {sentence(trouble, lang or _spoken())}", file=sys.stderr)
        failed = failed or not is_remark(trouble)
    return failed


def _spoken() -> Lang:
    """The language of this terminal."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return Lang.JA if said.startswith("ja") else Lang.EN

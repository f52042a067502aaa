"""What people enter in the forms of all doors."""

from __future__ import annotations

from bot.desk.showing import Key, Verdict
from rules import Stage
from rules.models import Frozen


class Asked(Frozen):
    """What somebody entered in the form of `/vet`. The text may be blank."""

    text: str
    platform: str | None = None
    stage: Stage | None = None


class Opinion(Frozen):
    """What somebody entered in the feedback form, on the answer `key`.

    `text` is the text that may be kept, as it stood in the form; "" where nobody said yes.
    """

    key: Key
    verdict: Verdict
    word: str = ""
    text: str = ""

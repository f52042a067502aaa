"""Mikiwame's rule core: text and facts in, an Assessment out.

No network, no clock, no chat platform. `vet(submission, load_rulebook())` is the whole of it.
"""

import rules.one_thread  # noqa: F401 - before anything loads numpy
from rules.advice import Advice, advise
from rules.engine import level_of, vet
from rules.loading import load_rulebook
from rules.models import (
    TEXT_LIMIT,
    Assessment,
    Excused,
    Facts,
    Finding,
    Kind,
    Lang,
    Level,
    Note,
    Stage,
    Submission,
    Weight,
)
from rules.rulebook import Rulebook

__all__ = [
    "TEXT_LIMIT",
    "Advice",
    "Assessment",
    "Excused",
    "Facts",
    "Finding",
    "Kind",
    "Lang",
    "Level",
    "Note",
    "Rulebook",
    "Stage",
    "Submission",
    "Weight",
    "advise",
    "level_of",
    "load_rulebook",
    "vet",
]

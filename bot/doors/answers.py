"""An answer for programs: the JSON that `vet --json` and `vet --jsonl` write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rules import Assessment, Lang, Rulebook
from rules.advice import advise

if TYPE_CHECKING:
    from bot.reading.models import Posting

_CLIENT = ("name", "identity_verified", "rules_checked", "rating", "orders", "completion_rate")


def as_json(
    assessment: Assessment,
    rulebook: Rulebook,
    lang: Lang | None,
    posting: Posting | None = None,
) -> dict[str, Any]:
    """One answer as plain data, with the posting that was read; see README, 'For programs'."""
    advice = advise(assessment, rulebook, lang)
    answer: dict[str, Any] = {
        "level": assessment.level.value,
        "risks": [
            {
                "code": finding.code,
                "quote": finding.quote,
                "start": finding.start,
                "end": finding.end,
                "pattern": finding.pattern,
                "confidence": finding.confidence,
            }
            for finding in assessment.findings
        ],
        "notes": [{"code": note.code, "text": note.text} for note in advice.notes],
        "replies": advice.replies.model_dump(exclude_none=True),
        "truncated": assessment.truncated,
    }
    if posting is not None:
        answer["posting"] = _posting(posting)
    return answer


def _posting(posting: Posting) -> dict[str, Any]:
    """A posting as plain data; null where the page does not say it."""
    return {
        "platform": posting.platform,
        "title": posting.title,
        "text": posting.text,
        "pay": posting.pay,
        "client": {name: getattr(posting.client, name) for name in _CLIENT},
    }

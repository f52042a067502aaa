"""An answer for programs: the JSON that `vet --json` and `vet --jsonl` write."""

from __future__ import annotations

from typing import Any

from rules import Assessment, Lang, Rulebook
from rules.advice import advise


def as_json(assessment: Assessment, rulebook: Rulebook, lang: Lang | None) -> dict[str, Any]:
    """One answer as plain data; see README, 'For programs'."""
    advice = advise(assessment, rulebook, lang)
    return {
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

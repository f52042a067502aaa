"""What is learnt from an answer: what to count of it, and what a person's vote on it is about."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.desk.jobs import Pressed
from bot.store.tallies import Feedback, Spoke
from rules import Assessment, Rulebook, Submission, vet


def counted(assessment: Assessment) -> tuple[str, ...]:
    """What is counted of an answer: its level, and each risk once."""
    return (f"level:{assessment.level}", *(f"code:{code}" for code in assessment.codes))


def feedback(name: str, job: Pressed, assessment: Assessment, version: str, given: str) -> Feedback:
    """A person's vote on an answer, under this name; `given`: the sample that may be kept."""
    return Feedback(
        name=name,
        level=assessment.level,
        codes=assessment.codes,
        verdict=job.control.argument,
        word=job.word,
        spoke=voted_on(assessment, job.control.argument),
        version=version,
        sample=given,
    )


def voted_on(assessment: Assessment, verdict: str) -> tuple[Spoke, ...]:
    """The patterns that a vote speaks for or against.

    A wrong alarm is the doing of those that spoke, what was missed of those that came near and
    were excused; who finds an answer right agrees with both.
    """
    spoke = [Spoke(code=each.code, pattern=each.pattern) for each in assessment.findings]
    near = [
        Spoke(code=each.code, pattern=each.pattern, frame=each.frame) for each in assessment.excused
    ]
    blamed = {"wrong_alarm": spoke, "missed": near}.get(verdict, [*spoke, *near])
    return tuple(dict.fromkeys(blamed))


def sample(submission: Submission, text: str, rulebook: Rulebook) -> str:
    """A text that may be kept, with what the bot says of it: JSON in the format of the corpora.

    It is judged anew, for whoever let us keep it may have changed it, and of the client it says
    only what stands in it.
    """
    alone = submission.model_copy(update={"text": text, "client": None})
    assessment = vet(alone, rulebook)
    return json.dumps(
        {
            "lang": assessment.lang,
            "kind": assessment.kind,
            "platform": submission.platform,
            "stage": submission.stage,
            "text": text,
            "level": assessment.level,
            "risks": list(_risks(assessment)),
        },
        ensure_ascii=False,
    )


def _risks(assessment: Assessment) -> Iterator[dict[str, str]]:
    """Each risk once, with its surest words."""
    surest = sorted(assessment.findings, key=lambda each: -each.confidence)
    for code in assessment.codes:
        yield {"code": code, "quote": next(each.quote for each in surest if each.code == code)}

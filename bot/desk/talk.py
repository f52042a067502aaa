"""What people say after an answer, for every door: a remark, a wish for another reply, or an aside."""

from __future__ import annotations

from bot.desk.showing import Manner, Showing
from bot.requests import RequestError, submission_of
from rules import Lang, Rulebook, Stage, Submission, vet
from rules.dialogue import may_be_a_text, understand, wish
from rules.models import Frozen
from rules.pointing import SECOND_READER


class Change(Frozen):
    """What somebody's words change about an answer. None: not spoken of."""

    platform: str | None = None
    stage: Stage | None = None
    lang: Lang | None = None
    manner: Manner | None = None

    def to(self, submission: Submission, showing: Showing) -> tuple[Submission, Showing]:
        """What is judged, and how it is shown, after these words."""
        judged = {"platform": self.platform, "stage": self.stage}
        shown = {"lang": self.lang, "manner": self.manner}
        return (
            submission.model_copy(update={k: v for k, v in judged.items() if v is not None}),
            showing.model_copy(update={k: v for k, v in shown.items() if v is not None}),
        )


def change_in(said: str, rulebook: Rulebook) -> Change | None:
    """The change that a short line asks for; None where it is a text of its own, or an aside."""
    remark = understand(said, rulebook)
    if remark is not None:
        return Change(platform=remark.platform, stage=remark.stage, lang=remark.lang)
    manner = wish(said, rulebook)
    return None if manner is None else Change.model_validate({"manner": manner})


def is_aside(said: str, rulebook: Rulebook) -> bool:
    """Whether this is a word to the bot rather than a client's: short, and the rules see nothing.

    The second reader's guesses do not count here, for of such lines it knows nothing.
    """
    if may_be_a_text(said):
        return False
    try:
        found = vet(submission_of(said, rulebook), rulebook).findings
    except RequestError:
        return True
    return all(finding.pattern == SECOND_READER for finding in found)

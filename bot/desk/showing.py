"""How an answer is shown, and what the controls under it change. Shared by every door with controls."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, ValidationError

from rules import Lang, Rulebook, Stage, Submission
from rules.models import Frozen

Manner = Literal["insist", "ask", "decline"]
Verb = Literal["stage", "site", "lang", "manner", "more", "feedback", "remove", "share"]
#: What 'was this right?' can say. The last two are the arguments of a feedback form.
Verdict = Literal["right", "wrong_alarm", "missed"]

Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]

MANNERS: tuple[Manner, ...] = get_args(Manner)


class Showing(Frozen):
    """How an answer is shown now; all of it can be changed by a control."""

    key: Key
    """Names the kept submission: short, opaque, unguessable."""
    lang: Lang | None = None
    """The reader's language; the text's where None."""
    manner: Manner | None = None
    """Which reply is shown; the best fitting one where None."""
    more: bool = False
    """Whether the rest is shown."""
    private: bool = False
    """Visible to one person only: can be shared in the channel."""


class Control(Frozen):
    """What a person pressed under an answer: `verb` with its `argument`, on the answer `key`.

    Arguments: a stage, a site's code, a language, a manner, 'yes' or 'no' for more, 'right' or
    'wrong' for feedback; none for remove and share.
    """

    key: Key
    verb: Verb
    argument: str = Field(default="", pattern=r"^[a-z0-9_]{0,40}$")

    def encode(self) -> str:
        """One short line that Slack and Discord carry for us (at most 90 characters)."""
        return f"{self.key}|{self.verb}|{self.argument}"

    @staticmethod
    def decode(value: str) -> Control | None:
        """The control that a value names; None for a value that is none of ours."""
        parts = value.split("|")
        if len(parts) != 3:
            return None
        key, verb, argument = parts
        try:
            return Control.model_validate({"key": key, "verb": verb, "argument": argument})
        except ValidationError:
            return None


def changed(
    submission: Submission, showing: Showing, control: Control, rulebook: Rulebook
) -> tuple[Submission, Showing]:
    """What is judged and how it is shown, after a control; as before where it changes neither."""
    said = control.argument
    match control.verb:
        case "stage" if said in set(Stage):
            return submission.model_copy(update={"stage": Stage(said)}), showing
        case "site" if said in rulebook.book.sites:
            return submission.model_copy(update={"platform": said}), showing
        case "lang" if said in set(Lang):
            return submission, showing.model_copy(update={"lang": Lang(said)})
        case "manner" if said in MANNERS:
            return submission, showing.model_copy(update={"manner": said})
        case "more":
            return submission, showing.model_copy(update={"more": said == "yes"})
        case _:
            return submission, showing

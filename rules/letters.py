"""Letters to the client: whole, in the client's language, ready to be sent as they stand."""

from __future__ import annotations

from collections.abc import Sequence

from rules.models import Assessment, Frozen, Kind, Level, Weight
from rules.rulebook import Rulebook
from rules.sayings import Said, Speaker

#: A letter takes up this many risks at most: more would read like a charge sheet.
_POINTS = 3
#: One 'no' needs no more reasons than this.
_REASONS = 2


class Replies(Frozen):
    """Letters to the client; None where one does not fit."""

    insist: str | None = None
    decline: str | None = None
    ask: str | None = None


def replies(assessment: Assessment, rulebook: Rulebook) -> Replies:
    """Two or three letters; none where nothing was found."""
    if assessment.level is Level.CLEAR:
        return Replies()
    speaker = Speaker(assessment, rulebook, assessment.lang)
    risks = sorted(
        (rulebook.risks[code] for code in assessment.codes),
        key=lambda risk: (risk.weight is not Weight.DANGER, not risk.lasting),
    )
    said = [speaker.of(risk, in_letter=True) for risk in risks]
    # Some work no wording can put right: nothing else is then worth asking for.
    hopeless = [each for each in said if each.insist is None]
    letters = _Letters(speaker, hopeless or said, hopeless=bool(hopeless))
    return Replies(insist=letters.insist(), decline=letters.decline(), ask=letters.ask())


class _Letters:
    """The letters that can be made of what the risks say."""

    def __init__(self, speaker: Speaker, said: Sequence[Said], *, hopeless: bool) -> None:
        self._speaker = speaker
        self._said = said
        self._hopeless = hopeless
        self._kept = [each for each in said if each.keep][:_POINTS]
        """What is to stay on the platform: two and more are said in one sentence."""

    def insist(self) -> str | None:
        return self._asking("insist", [each.insist for each in self._apart()])

    def ask(self) -> str | None:
        return self._asking("ask", [each.ask for each in self._apart()])

    def decline(self) -> str:
        """A 'no' to the offer or, where work is under way, to what was asked beside it."""
        speaker = self._speaker
        going_on = speaker.under_way and not self._hopeless
        refused = list(dict.fromkeys(each.refuse for each in self._said if each.refuse))[:_REASONS]
        own = [each.decline for each in self._said if each.decline]
        if own and (going_on or not refused):
            body = own[0]
        elif len(self._kept) > 1:
            body = self._refusing(
                speaker.line("letter_outside", things=self._things()), going_on=going_on
            )
        elif refused:
            body = self._refusing(speaker.texts["join_refused"].join(refused), going_on=going_on)
        else:
            body = speaker.line("letter_decline")
        frame = "going_on" if going_on else "hopeless" if self._hopeless else "decline"
        return speaker.line(f"letter_{frame}_frame", greeting=self._greeting("decline"), body=body)

    def _refusing(self, what: str, *, going_on: bool) -> str:
        kind = "going_on" if going_on else "hopeless" if self._hopeless else "offer"
        return _capital(self._speaker.line(f"letter_refuse_{kind}", what=what))

    def _apart(self) -> list[Said]:
        """The risks that have a sentence of their own in a letter that asks for something."""
        if len(self._kept) < 2:
            return list(self._said)
        return [each for each in self._said if not each.keep]

    def _asking(self, manner: str, own: list[str | None]) -> str | None:
        sentences = [each for each in own if each]
        if len(self._kept) > 1:
            known = "_known" if self._speaker.under_way and manner == "insist" else ""
            folded = self._speaker.line(f"letter_keep_{manner}{known}", things=self._things())
            sentences.insert(0, folded)
        if not sentences:
            return None
        return self._speaker.line(
            f"letter_{manner}_frame",
            greeting=self._greeting(manner),
            body=self._joined(sentences[:_POINTS]),
        )

    def _things(self) -> str:
        """'the contract, the payment and our messages'."""
        return self._speaker.listed([each.keep or "" for each in self._kept], "join_last")

    def _joined(self, sentences: Sequence[str]) -> str:
        """The points so that they read on; a courtesy is said once in a letter."""
        body, texts = sentences[0], self._speaker.texts
        for number, sentence in enumerate(sentences[1:], start=2):
            bare = _without_opener(sentence, texts["letter_once"].split("|"))
            body += texts[f"letter_join_{number}"] + _capital(bare)
        return body

    def _greeting(self, manner: str) -> str:
        assessment = self._speaker.assessment
        if is_public(assessment):
            manner = "posting"
        elif self._speaker.under_way:
            manner = "known"
        elif "works_seen" in assessment.concepts:
            manner = "works_seen"
        else:
            manner = "message"
        return self._speaker.texts[f"letter_greeting_{manner}"]


def _without_opener(sentence: str, openers: Sequence[str]) -> str:
    return next((sentence.removeprefix(o) for o in openers if sentence.startswith(o)), sentence)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def is_public(assessment: Assessment) -> bool:
    """Whether a text is written to nobody in particular: a page's posting, an advertisement."""
    if assessment.kind is Kind.POSTING:
        return True
    return "advert" in assessment.concepts and "to_one" not in assessment.concepts

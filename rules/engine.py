"""The verdict: a text and facts in, an Assessment out. Pure, and the same every time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rules.clauses import Reading, read
from rules.facts import Fact, as_facts, client_facts, merged
from rules.models import (
    TEXT_LIMIT,
    Assessment,
    Excused,
    Finding,
    Kind,
    Level,
    Note,
    Stage,
    Submission,
    Weight,
)
from rules.rulebook import Condition, Frame, Pattern, Risk, Rulebook
from rules.vocabulary import Mention

_HOST = re.compile(r"(?:https?://|\b)((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)
# Frames that promise something for later: where a site forbids it at any stage, or the promised
# moment is now, they excuse nothing.
_PROMISES: dict[Frame, frozenset[Stage]] = {
    "after_contract": frozenset({Stage.BEFORE_CONTRACT}),
    "after_escrow": frozenset({Stage.BEFORE_CONTRACT, Stage.CONTRACTED}),
}


def vet(submission: Submission, rulebook: Rulebook) -> Assessment:
    """Judges one submission. Never raises on any text."""
    text = submission.text[:TEXT_LIMIT]
    reading = read(text, rulebook)
    case = _Case(submission, reading, rulebook)
    findings, excused = case.judge()
    return Assessment(
        level=level_of(findings),
        findings=tuple(findings),
        notes=tuple(case.notes(findings, excused)),
        excused=tuple(excused),
        platform=case.platform,
        stage=case.stage,
        stage_said=submission.stage is not None,
        kind=case.kind,
        lang=reading.lang,
        facts=as_facts(case.facts),
        truncated=len(submission.text) > TEXT_LIMIT,
    )


def level_of(findings: Iterable[Finding]) -> Level:
    """The level that follows from the risks (LABELS: by this rule alone)."""
    weights = {finding.code: finding.weight for finding in findings}
    if not weights:
        return Level.CLEAR
    lure = "too_good_to_be_true" in weights and bool(
        {"off_platform_contact", "vague_work"} & weights.keys()
    )
    if Weight.DANGER in weights.values() or lure or len(weights) >= 3:
        return Level.DANGER
    return Level.CAUTION


class _Case:
    """One submission on the table: what is known of it, and its judgement."""

    def __init__(self, submission: Submission, reading: Reading, rulebook: Rulebook) -> None:
        self._reading = reading
        self._rulebook = rulebook
        self.platform = submission.platform or _platform_of(reading, rulebook)
        self.site = rulebook.site(self.platform)
        self.stage = submission.stage or _stage_of(reading)
        self.facts = merged(client_facts(reading.plain), submission.client)
        self.kind = submission.kind or _kind_of(reading, self.facts)

    def judge(self) -> tuple[list[Finding], list[Excused]]:
        """All findings by place, and the near misses."""
        findings: dict[tuple[str, str], Finding] = {}
        excused: list[Excused] = []
        for risk, pattern, number, match in self._hits():
            if (risk.code, pattern.id) in findings:
                continue
            frame = self._excuse(risk, pattern, number, match)
            if frame is None:
                findings[risk.code, pattern.id] = self._finding(risk, pattern, match)
            else:
                excused.append(self._near_miss(risk, pattern, match, frame))
        self._weigh_facts(findings)
        ordered = sorted(findings.values(), key=lambda each: (each.start or 0, each.code))
        return ordered, excused

    def _hits(self) -> Iterator[tuple[Risk, Pattern, int, Mention]]:
        for number, sentence in enumerate(self._reading.sentences):
            tried: set[tuple[str, str]] = set()
            for concept in sentence.by:
                for risk, pattern, shape in self._rulebook.patterns.get(concept, ()):
                    if (risk.code, pattern.id) in tried or not self._applies(risk, pattern):
                        continue
                    tried.add((risk.code, pattern.id))
                    for match in self._reading.matches_in(number, shape):
                        yield risk, pattern, number, match

    def _applies(self, risk: Risk, pattern: Pattern) -> bool:
        if pattern.langs and self._reading.lang not in pattern.langs:
            return False
        if pattern.kinds and self.kind not in pattern.kinds:
            return False
        stages = pattern.stages or risk.stages
        return self.stage in stages or self._stage_excuses_nothing(risk)

    def _stage_excuses_nothing(self, risk: Risk) -> bool:
        return (
            risk.any_stage_where == "outside_contact_forbidden"
            and self.site.contact_after_escrow.value == "forbidden"
        )

    def _excuse(self, risk: Risk, pattern: Pattern, number: int, match: Mention) -> Frame | None:
        allowed = risk.unless if pattern.unless is None else pattern.unless
        return self._reading.frame(
            number, match, [each for each in allowed if self._holds(risk, each)]
        )

    def _holds(self, risk: Risk, frame: Frame) -> bool:
        """A promise for later excuses only where 'later' is still to come and is allowed."""
        if frame not in _PROMISES:
            return True
        return self.stage in _PROMISES[frame] and not self._stage_excuses_nothing(risk)

    def _finding(self, risk: Risk, pattern: Pattern | Condition, match: Mention | None) -> Finding:
        start = end = None
        quote = ""
        if match is not None:
            start, end = self._reading.normalised.span(match.start, match.end)
            quote = self._reading.normalised.original[start:end]
        return Finding(
            code=risk.code,
            weight=risk.weight,
            quote=quote,
            start=start,
            end=end,
            pattern=pattern.id,
            confidence=pattern.confidence,
        )

    def _near_miss(self, risk: Risk, pattern: Pattern, match: Mention, frame: Frame) -> Excused:
        start, end = self._reading.normalised.span(match.start, match.end)
        quote = self._reading.normalised.original[start:end]
        return Excused(
            code=risk.code, pattern=pattern.id, quote=quote, start=start, end=end, frame=frame
        )

    def _weigh_facts(self, findings: dict[tuple[str, str], Finding]) -> None:
        """Conditions on figures; they may look at what the words have already shown."""
        found = {code for code, _ in findings}
        for risk in self._rulebook.risks.values():
            for condition in risk.conditions:
                fact = self.facts.get(condition.fact)
                if fact is None or not _meets(fact, condition):
                    continue
                if condition.unless_all and all(
                    self._fact_holds(name, found) for name in condition.unless_all
                ):
                    continue
                match = Mention(*fact.span, condition.fact) if fact.span else None
                findings[risk.code, condition.id] = self._finding(risk, condition, match)

    def _fact_holds(self, name: str, found: set[str]) -> bool:
        """Facts by name, and the few that are made of others."""
        match name:
            case "client_verified":
                return any(
                    self._value(each) is True for each in ("identity_verified", "payment_verified")
                )
            case "rules_not_open":
                return self._value("rules_checked") is not False
            case "rating_not_bad":
                rating = self._value("rating")
                return rating is None or rating > 4.0
            case "terms_clear":
                return not found & {"vague_work", "vague_pay"}
            case _:
                return self._value(name) is True

    def _value(self, name: str) -> float | bool | None:
        fact = self.facts.get(name)
        return None if fact is None else fact.value

    def notes(self, findings: list[Finding], excused: list[Excused]) -> Iterator[Note]:
        """What is worth saying beside the risks: what looks right, and what to keep in mind."""
        codes = {finding.code for finding in findings}
        outside = [each for each in excused if each.code == "off_platform_contact"]
        if any(each.frame in _PROMISES for each in outside):
            yield Note(code="escrow_first")
        if (
            self.stage is Stage.ESCROWED
            and "off_platform_contact" not in codes
            and self._talks_outside()
        ):
            yield Note(code=f"contact_{self.site.contact_after_escrow.value}")
        if any(each.frame == "denied" for each in outside):
            yield Note(code="stays_on_platform")
        if "escrow" in self._reading.concepts and not codes:
            yield Note(code="escrow_named")
        yield from self._notes_on_client(codes)

    def _notes_on_client(self, codes: set[str]) -> Iterator[Note]:
        if self._value("identity_verified") is True:
            yield Note(code="identity_verified")
        if self._value("payment_verified") is True:
            yield Note(code="payment_verified")
        if self._value("rules_checked") is True:
            yield Note(code="rules_checked")
        orders = self._value("orders")
        if orders is not None and orders <= 3 and "weak_client_record" not in codes:
            yield Note(code="new_but_described")
        rating = self._value("rating")
        if rating is not None and rating > 4.0 and orders is not None and orders > 3:
            yield Note(
                code="good_record", values={"rating": f"{rating:g}", "orders": f"{orders:g}"}
            )

    def _talks_outside(self) -> bool:
        return "outside_channel" in self._reading.concepts


def _meets(fact: Fact, condition: Condition) -> bool:
    value = fact.value
    if condition.equals is not None:
        return value is condition.equals
    return (
        (condition.at_most is None or value <= condition.at_most)
        and (condition.below is None or value < condition.below)
        and (condition.at_least is None or value >= condition.at_least)
    )


def _platform_of(reading: Reading, rulebook: Rulebook) -> str | None:
    """The site that a URL, or else the words, point to."""
    for match in _HOST.finditer(reading.plain):
        host = match.group(1)
        for known, code in rulebook.hosts.items():
            if host == known or host.endswith("." + known):
                return code
    named = [concept for concept in reading.concepts if concept.startswith("site:")]
    return named[0].removeprefix("site:") if len(named) == 1 else None


def _stage_of(reading: Reading) -> Stage:
    """Escrowed where the text says that it is done; else the careful reading."""
    for number, sentence in enumerate(reading.sentences):
        for done in sentence.by.get("escrow_done", ()):
            if reading.frame(number, done, ("denied", "quoted", "worker_voice")) is None:
                return Stage.ESCROWED
    return Stage.BEFORE_CONTRACT


def _kind_of(reading: Reading, facts: dict[str, Fact]) -> Kind:
    if len(facts) >= 2 or "posting_head" in reading.concepts:
        return Kind.POSTING
    return Kind.MESSAGE

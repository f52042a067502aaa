"""One submission on the table: what is known of it, and what the rules see in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rules.clauses import Reading, read
from rules.facts import Fact, client_facts, merged
from rules.format import Condition, Frame, Pattern, Risk
from rules.frames import frame_round
from rules.models import TEXT_LIMIT, Kind, Stage, Submission
from rules.pay import pay_facts
from rules.rulebook import CompiledShape, Entry, Rulebook
from rules.second_reader import Situation
from rules.vocabulary import Mention

_HOST = re.compile(r"(?:https?://|\b)((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)
# Frames that promise something for later: where a site forbids it at any stage, or the promised
# moment is now, they excuse nothing.
PROMISES: dict[Frame, frozenset[Stage]] = {
    "after_contract": frozenset({Stage.BEFORE_CONTRACT}),
    "after_escrow": frozenset({Stage.BEFORE_CONTRACT, Stage.CONTRACTED}),
}
# Characters between two figures of one row.
_ROW = 30


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern or condition that was met; `frame`: what excuses it, None where it speaks."""

    risk: Risk
    by: Pattern | Condition
    sentence: int | None
    words: Mention | None
    frame: Frame | None = None


@dataclass
class Case:
    """What is known of a submission. `hear_rules` fills `hits` and `misses`."""

    submission: Submission
    rulebook: Rulebook
    hits: list[Hit] = field(default_factory=list[Hit])
    misses: list[Hit] = field(default_factory=list[Hit])

    def __post_init__(self) -> None:
        self.reading = read(self.submission.text[:TEXT_LIMIT], self.rulebook)
        self.platform = self.submission.platform or _platform_of(self.reading, self.rulebook)
        self.site = self.rulebook.site(self.platform)
        self.stage = self.submission.stage or _stage_of(self.reading)
        self.facts = merged(client_facts(self.reading.plain), self.submission.client)
        self.kind = self.submission.kind or _kind_of(self.reading, self.facts)
        self.facts |= pay_facts(self.reading.plain)

    def hear_rules(self) -> None:
        """Lets every rule speak: first on words, then on figures."""
        spoken: set[tuple[str, str]] = set()
        for hit in self._on_words():
            if hit.frame is not None:
                self.misses.append(hit)
            elif (hit.risk.code, hit.by.id) not in spoken:
                spoken.add((hit.risk.code, hit.by.id))
                self.hits.append(hit)
        self.hits.extend(self._on_figures({hit.risk.code for hit in self.hits}))

    def _on_words(self) -> Iterator[Hit]:
        patterns = self._patterns_for_this()
        for number, sentence in enumerate(self.reading.sentences):
            tried: set[CompiledShape] = set()
            for concept in [each for each in sentence.by if each in patterns]:
                for risk, pattern, shape in patterns[concept]:
                    if shape in tried:
                        continue
                    tried.add(shape)
                    for match in self.reading.matches_in(number, shape):
                        frame = self._excuse(risk, pattern, number, match)
                        yield Hit(risk, pattern, number, match, frame)

    def _patterns_for_this(self) -> dict[str, list[Entry]]:
        """The patterns that apply and whose parts are all mentioned, by the first of these."""
        concepts, patterns = self.reading.concepts, self.rulebook.patterns
        found: dict[str, list[Entry]] = {}
        heard: dict[CompiledShape, bool] = {}
        for concept in self.rulebook.first_concepts & concepts:
            here = [each for each in patterns[concept] if self._is_heard(each, heard)]
            if here:
                found[concept] = here
        return found

    def _is_heard(self, entry: Entry, heard: dict[CompiledShape, bool]) -> bool:
        """Whether a pattern applies and may stand in the text; one is asked about many times."""
        risk, pattern, shape = entry
        if shape not in heard:
            concepts = self.reading.concepts
            heard[shape] = shape.may_stand(concepts) and self._applies(risk, pattern)
        return heard[shape]

    def _applies(self, risk: Risk, pattern: Pattern) -> bool:
        if pattern.langs and self.reading.lang not in pattern.langs:
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
        held = [each for each in allowed if self._holds(risk, each)]
        return frame_round(self.reading, number, match, held)

    def _holds(self, risk: Risk, frame: Frame) -> bool:
        """A promise for later excuses only where 'later' is still to come and is allowed."""
        if frame not in PROMISES:
            return True
        return self.stage in PROMISES[frame] and not self._stage_excuses_nothing(risk)

    def _on_figures(self, found: set[str]) -> Iterator[Hit]:
        """Conditions on figures; they may look at what the words have already shown."""
        for risk in self.rulebook.risks.values():
            for condition in risk.conditions:
                fact = self.facts.get(condition.fact)
                if fact is None or not meets(fact, condition) or not self._fits(condition):
                    continue
                if condition.unless_all and all(
                    self._fact_holds(name, found) for name in condition.unless_all
                ):
                    continue
                words = Mention(*fact.span) if fact.span else None
                yield Hit(risk, condition, None, words)

    def _fits(self, condition: Condition) -> bool:
        """The words that a condition wants in the text, and those that it wants not."""
        seen = self.reading.concepts
        return all(not seen.isdisjoint(part.split("|")) for part in condition.text_has) and all(
            seen.isdisjoint(part.split("|")) for part in condition.text_lacks
        )

    def _fact_holds(self, name: str, found: set[str]) -> bool:
        """Facts by name, and the few that are made of others."""
        match name:
            case "client_verified":
                return True in {
                    self.value(each) for each in ("identity_verified", "payment_verified")
                }
            case "rules_not_open":
                return self.value("rules_checked") is not False
            case "rating_not_bad":
                rating = self.value("rating")
                return rating is None or rating > 4.0
            case "terms_clear":
                return not found & {"vague_work", "vague_pay"}
            case "client_described":
                return "client_described" in self.reading.concepts
            case _:
                return self.value(name) is True

    def value(self, name: str) -> float | bool | None:
        """A fact's value by name; None where it is not known."""
        fact = self.facts.get(name)
        return None if fact is None else fact.value

    # ---- for the second reader ----

    def excused_by_stage(self) -> frozenset[str]:
        """The risks that are none at this stage, whatever the words."""
        return frozenset(
            risk.code
            for risk in self.rulebook.risks.values()
            if self.stage not in risk.stages and not self._stage_excuses_nothing(risk)
        )

    def situation(self) -> Situation:
        """What the second reader is told beside the words."""
        return Situation(
            stage=self.stage if self.submission.stage or self.stage is Stage.ESCROWED else None,
            strict_site=self.site.contact_after_escrow.value == "forbidden",
            named_site=self.site.code != "other",
            posting=self.kind is Kind.POSTING,
            english=self.reading.lang == "en",
        )

    def settled(self) -> set[str]:
        """Codes that the client's figures and checks, or the site's leave, tell of by themselves."""
        known = self.facts.keys() | self.reading.concepts
        return {
            risk.code
            for risk in self.rulebook.risks.values()
            if not known.isdisjoint(risk.settled_by)
        }

    def stands(self, hit: Hit) -> bool:
        """Whether a figure is beyond doubt: worked out, or in a row of the client's, as pages show them."""
        if isinstance(hit.by, Pattern) or hit.words is None:
            return False
        if hit.by.stands:
            return True
        facts = (self.facts.get(name) for name in hit.by.stands_beside)
        spans = (fact.span for fact in facts if fact and fact.span)
        return any(max(a - hit.words.end, hit.words.start - b) <= _ROW for a, b in spans)

    def readable_sentences(self) -> tuple[list[int], list[int]]:
        """The numbers of the sentences with words in them, and the first word of each."""
        numbers: list[int] = []
        firsts: list[int] = []
        starts = self.reading.words.starts
        for number, sentence in enumerate(self.reading.sentences):
            first = bisect_left(starts, sentence.start)
            if first < len(starts) and starts[first] < sentence.end:
                numbers.append(number)
                firsts.append(first)
        if firsts:
            firsts[0] = 0
        return numbers, firsts

    def seen_by_rules(self, numbers: Sequence[int]) -> list[list[str]]:
        """For each of these sentences what the rules met there, as the reader's features.

        The concepts that were seen, the patterns that hit, and what excused them.
        """
        seen = {number: dict.fromkeys(self.reading.sentences[number].by) for number in numbers}
        for hit in (*self.hits, *self.misses):
            number = self._place_of(hit)
            if number in seen:
                code, name = hit.risk.code, f"{hit.risk.code}/{hit.by.id}"
                seen[number] |= dict.fromkeys((name, f"{name}:{hit.frame}", f"{code}:{hit.frame}"))
        return [list(seen[number]) for number in numbers]

    def _place_of(self, hit: Hit) -> int | None:
        if hit.sentence is not None or hit.words is None:
            return hit.sentence
        return self.reading.sentence_at(hit.words.start)


def meets(fact: Fact, condition: Condition) -> bool:
    """Whether a fact is what a condition speaks of, its excuses left aside."""
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
    for match in _HOST.finditer(reading.plain) if "." in reading.plain else ():
        host = match.group(1)
        for known, code in rulebook.hosts.items():
            if host == known or host.endswith("." + known):
                return code
    named = reading.concepts & rulebook.site_concepts.keys()
    return rulebook.site_concepts[named.pop()] if len(named) == 1 else None


def _stage_of(reading: Reading) -> Stage:
    """Escrowed where the text says that it is done; else the careful reading."""
    if "escrow_done" not in reading.concepts:
        return Stage.BEFORE_CONTRACT
    for number, sentence in enumerate(reading.sentences):
        for done in sentence.by.get("escrow_done", ()):
            if frame_round(reading, number, done, ("denied", "quoted", "worker_voice")) is None:
                return Stage.ESCROWED
    return Stage.BEFORE_CONTRACT


def _kind_of(reading: Reading, facts: dict[str, Fact]) -> Kind:
    if len(facts) >= 2 or "posting_head" in reading.concepts:
        return Kind.POSTING
    return Kind.MESSAGE

"""From an Assessment to what a person reads: the explanation, the letters, what to check next.

The explanation is in the reader's language, the letters in the client's. All sentences are data
(`book/risks/*.yaml`, `book/sites/*.yaml`, `book/texts/`); here they are chosen, in `sayings.py`
fitted to the text, in `letters.py` made into letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from rules.letters import Replies, is_public, replies
from rules.models import Assessment, Finding, Frozen, Lang, Level, Note, Stage, Weight
from rules.rulebook import Rulebook
from rules.sayings import Said, Speaker

#: Below this a finding is said to be a guess.
_SURE, _LIKELY = 0.9, 0.75


class Certainty(StrEnum):
    """How sure a finding is, as it is said in words."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"


class Cited(Frozen):
    """A source as it is shown."""

    title: str
    url: str | None = None


class Point(Frozen):
    """One risk as it is explained: all its quotes together."""

    code: str
    weight: Weight
    title: str
    brief: str
    why: str
    quotes: tuple[str, ...]
    certainty: Certainty
    certainty_text: str
    sources: tuple[Cited, ...]


class Reassurance(Frozen):
    """A note, in words."""

    code: str
    text: str


class Advice(Frozen):
    """Everything that is shown for one assessment.

    `summary` names the risks and ends in `lead`, the sentence on what they mean together.
    """

    level: Level
    lang: Lang
    headline: str
    lead: str
    summary: str
    points: tuple[Point, ...]
    notes: tuple[Reassurance, ...]
    replies: Replies
    checks: tuple[str, ...]
    setting: str


def advise(assessment: Assessment, rulebook: Rulebook, lang: Lang | None = None) -> Advice:
    """The answer to an assessment, for a reader of `lang` (the text's language where not given)."""
    lang = lang or assessment.lang
    speaker = Speaker(assessment, rulebook, lang)
    said = {code: speaker.of(rulebook.risks[code]) for code in assessment.codes}
    points = tuple(_points(assessment, said, rulebook, lang))
    lead = _lead(points, said, speaker) if points else _not_found(speaker, rulebook)
    return Advice(
        level=assessment.level,
        lang=lang,
        headline=speaker.texts[f"headline_{assessment.level}"],
        lead=lead,
        summary=_summary(points, lead, speaker),
        points=points,
        notes=tuple(_notes(assessment, speaker)),
        replies=replies(assessment, rulebook),
        checks=tuple(_checks(assessment, speaker)),
        setting=_setting(assessment, speaker),
    )


def _summary(points: tuple[Point, ...], lead: str, speaker: Speaker) -> str:
    if not points:
        return lead
    titles = speaker.texts["list_join"].join(point.title for point in points)
    return speaker.text("summary_found", titles=titles, lead=lead)


def _lead(points: tuple[Point, ...], said: dict[str, Said], speaker: Speaker) -> str:
    """The sentence on what the risks mean together.

    What no wording can put right goes first, what can be kept on the site last; a guess does not
    speak as if it were certain.
    """
    level = speaker.assessment.level
    if level is Level.CAUTION:
        own = said[points[0].code].lead if len(points) == 1 else None
        return own or speaker.text("lead_caution")
    grave = [point for point in points if point.weight is Weight.DANGER]
    certain = [point for point in grave if point.certainty is not Certainty.UNSURE]
    if grave and not certain:
        return speaker.text("lead_unsure")
    certain.sort(key=lambda point: (bool(said[point.code].insist), bool(said[point.code].keep)))
    leads = (said[point.code].lead for point in certain)
    known = "_known" if speaker.under_way else ""
    return next(filter(None, leads), None) or speaker.text(f"lead_danger{known}")


def _not_found(speaker: Speaker, rulebook: Rulebook) -> str:
    """That nothing was found does not tell of what was not looked for."""
    lead, codes = speaker.text("lead_clear"), speaker.assessment.not_sought
    titles = [rulebook.risks[code].say[speaker.lang].title for code in codes]
    if not titles:
        return lead
    return speaker.text("not_sought", lead=lead, titles=speaker.texts["list_join"].join(titles))


def _points(
    assessment: Assessment, said: dict[str, Said], rulebook: Rulebook, lang: Lang
) -> Iterable[Point]:
    """One point for each risk, the heaviest first."""
    by_code: dict[str, list[Finding]] = {}
    for finding in assessment.findings:
        by_code.setdefault(finding.code, []).append(finding)
    for code in sorted(by_code, key=lambda each: by_code[each][0].weight is not Weight.DANGER):
        yield _point(said[code], by_code[code], rulebook, lang)


def _point(say: Said, findings: list[Finding], rulebook: Rulebook, lang: Lang) -> Point:
    risk = rulebook.risks[findings[0].code]
    certainty = _certainty(max(finding.confidence for finding in findings))
    return Point(
        code=risk.code,
        weight=risk.weight,
        title=say.title,
        brief=say.brief or say.why,
        why=say.why,
        quotes=tuple(_distinct(findings)),
        certainty=certainty,
        certainty_text=rulebook.book.texts[lang][f"certainty_{certainty}"],
        sources=tuple(_cited(risk.sources, rulebook, lang)),
    )


def _distinct(findings: list[Finding]) -> Iterable[str]:
    """The quotes of a risk by place; of those that overlap, the longest."""
    quoted = [each for each in findings if each.start is not None and each.end is not None]
    kept: list[tuple[int, int, str]] = []
    for each in sorted(quoted, key=lambda found: -len(found.quote)):
        start, end = each.start or 0, each.end or 0
        if all(end <= a or b <= start for a, b, _ in kept):
            kept.append((start, end, each.quote))
    return [quote for _, _, quote in sorted(kept)]


def _certainty(confidence: float) -> Certainty:
    if confidence >= _SURE:
        return Certainty.SURE
    return Certainty.LIKELY if confidence >= _LIKELY else Certainty.UNSURE


def _cited(sources: Iterable[str], rulebook: Rulebook, lang: Lang) -> Iterable[Cited]:
    for name in sources:
        source = rulebook.book.sources[name]
        yield Cited(title=source.title[lang], url=source.url)


def _notes(assessment: Assessment, speaker: Speaker) -> Iterator[Reassurance]:
    for note in assessment.notes:
        yield Reassurance(code=note.code, text=_note(note, speaker))


def _note(note: Note, speaker: Speaker) -> str:
    how = speaker.site.after_escrow.get(speaker.lang, "")
    return speaker.text(f"note_{note.code}", how=how, **note.values).strip()


# ---- what to check next -----------------------------------------------------------------------


def _checks(assessment: Assessment, speaker: Speaker) -> Iterator[str]:
    """What to look at next, by how far things have come; then the site's rules, and the report."""
    clear = assessment.level is Level.CLEAR
    if speaker.under_way:
        yield speaker.text(f"check_{assessment.stage}")
    elif clear:
        yield speaker.text(f"check_still{'_known' if _is_told_of(assessment) else ''}")
    else:
        yield from _on_the_site(assessment, speaker)
    if clear:
        return
    if "asked_for_another" in assessment.concepts:
        yield speaker.text("check_told")
    if "off_platform_contact" in assessment.codes:
        for rule in speaker.site.notes.get(speaker.lang, ())[:1]:
            known = speaker.site.code != "other"
            yield speaker.text("check_rule", rule=rule) if known else rule
    if _stage_matters(assessment, speaker):
        yield speaker.text("check_stage")
    if is_public(assessment):
        yield speaker.text("check_public")
    if assessment.level is Level.DANGER:
        yield speaker.text("check_report")


def _on_the_site(assessment: Assessment, speaker: Speaker) -> Iterator[str]:
    """Where to look, without what the text itself has told."""
    places = speaker.site.check[speaker.lang]
    known = assessment.facts
    if known.rating is not None or known.completion_rate is not None:
        yield speaker.text("check_comments")
    elif known.orders is None or not is_public(assessment):
        yield places.record
    if known.identity_verified is None and known.payment_verified is None:
        yield places.identity
    yield places.work
    if places.forum:
        yield places.forum


def _is_told_of(assessment: Assessment) -> bool:
    """Whether the text itself has what the client's box would say."""
    known = assessment.facts
    checks = {known.identity_verified, known.payment_verified}
    return known.rating is not None and True in checks


def _stage_matters(assessment: Assessment, speaker: Speaker) -> bool:
    """Whether it would change the answer to know that escrow is paid."""
    if assessment.stage_said or assessment.stage is Stage.ESCROWED:
        return False
    if "work_before_escrow" in assessment.codes:
        return True
    always = speaker.site.contact_after_escrow.value == "forbidden"
    return "off_platform_contact" in assessment.codes and not always


def _setting(assessment: Assessment, speaker: Speaker) -> str:
    """The site and stage that the verdict stands on, so that a person can correct it."""
    stage = speaker.text(f"stage_{assessment.stage}")
    if not assessment.stage_said and assessment.stage is Stage.BEFORE_CONTRACT:
        stage = speaker.text("stage_assumed", stage=stage)
    unknown = speaker.texts["site_unknown"]
    name = unknown if assessment.platform is None else speaker.site.name[speaker.lang]
    return speaker.text("setting", stage=stage).replace("{site_name}", name)

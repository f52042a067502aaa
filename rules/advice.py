"""From an Assessment to what a person reads: the explanation, the letters, what to check next.

The explanation is in the reader's language, the letters in the client's. All sentences are data
(`book/risks/*.yaml`, `book/sites/*.yaml`, `book/texts/`); this module only chooses and joins them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from rules.format import Risk, Site
from rules.models import Assessment, Finding, Frozen, Lang, Level, Note, Stage, Weight
from rules.rulebook import Rulebook

#: A letter takes up this many risks at most: more would read like a charge sheet.
_LETTER_POINTS = 3
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


class Replies(Frozen):
    """Letters to the client, each whole and ready to be sent; None where it does not fit."""

    insist: str | None = None
    decline: str | None = None
    ask: str | None = None


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
    site = rulebook.site(assessment.platform)
    texts = rulebook.book.texts[lang]
    points = tuple(_points(assessment.findings, rulebook, lang))
    return Advice(
        level=assessment.level,
        lang=lang,
        headline=texts[f"headline_{assessment.level}"],
        lead=texts[_lead(assessment, points)],
        summary=_summary(assessment, points, texts),
        points=points,
        notes=tuple(_notes(assessment, site, texts, lang)),
        replies=_replies(assessment, rulebook),
        checks=tuple(_checks(assessment, site, texts, lang)),
        setting=_setting(assessment, site, texts, lang),
    )


def _summary(assessment: Assessment, points: tuple[Point, ...], texts: dict[str, str]) -> str:
    if not points:
        return texts["summary_clear"]
    titles = texts["list_join"].join(point.title for point in points)
    lead = _lead(assessment, points)
    if lead == "lead_one":
        return texts["summary_one"].format(titles=titles)
    return texts[f"summary_{assessment.level}"].format(titles=titles, lead=texts[lead])


def _lead(assessment: Assessment, points: tuple[Point, ...]) -> str:
    """Which sentence says what the risks mean; of an unclear job nobody's intent is spoken."""
    if [point.code for point in points] == ["vague_work"]:
        return "lead_one"
    return f"lead_{assessment.level}"


def _points(findings: Iterable[Finding], rulebook: Rulebook, lang: Lang) -> Iterable[Point]:
    """One point for each risk, the heaviest first."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    for code in sorted(by_code, key=lambda each: by_code[each][0].weight is not Weight.DANGER):
        yield _point(rulebook.risks[code], by_code[code], rulebook, lang)


def _point(risk: Risk, findings: list[Finding], rulebook: Rulebook, lang: Lang) -> Point:
    certainty = _certainty(max(finding.confidence for finding in findings))
    say = risk.say[lang]
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


def _notes(
    assessment: Assessment, site: Site, texts: dict[str, str], lang: Lang
) -> Iterable[Reassurance]:
    for note in assessment.notes:
        yield Reassurance(code=note.code, text=_note(note, site, texts, lang))


def _note(note: Note, site: Site, texts: dict[str, str], lang: Lang) -> str:
    template = texts[f"note_{note.code}"]
    return template.format(site=site.name[lang], escrow=site.escrow_word[lang], **note.values)


def _checks(assessment: Assessment, site: Site, texts: dict[str, str], lang: Lang) -> Iterable[str]:
    """What to look at next: on the site first, then where to report."""
    if assessment.level is Level.CLEAR:
        yield texts["check_still"].format(site=site.name[lang])
        return
    yield from site.check.get(lang, ())
    if "off_platform_contact" in assessment.codes or "off_platform_contract" in assessment.codes:
        always = site.contact_after_escrow.value == "forbidden"
        terms = "always" if always else site.contact_before_escrow.value
        yield texts[f"check_terms_{terms}"].format(
            site=site.name[lang], escrow=site.escrow_word[lang]
        )
    if not assessment.stage_said and assessment.stage is not Stage.ESCROWED:
        yield texts["check_stage"].format(escrow=site.escrow_word[lang])
    if assessment.level is Level.DANGER:
        yield texts["check_report"].format(site=site.name[lang], report=site.report[lang])


def _setting(assessment: Assessment, site: Site, texts: dict[str, str], lang: Lang) -> str:
    """The site and stage that the verdict stands on, so that a person can correct it."""
    stage = texts[f"stage_{assessment.stage}"].format(escrow=site.escrow_word[lang])
    if not assessment.stage_said and assessment.stage is Stage.BEFORE_CONTRACT:
        stage = texts["stage_assumed"].format(stage=stage)
    name = texts["site_unknown"] if assessment.platform is None else site.name[lang]
    return texts["setting"].format(site=name, stage=stage)


# ---- letters ----------------------------------------------------------------------------------


def _replies(assessment: Assessment, rulebook: Rulebook) -> Replies:
    """Two or three letters in the client's language; none where nothing was found."""
    if assessment.level is Level.CLEAR:
        return Replies()
    lang = assessment.lang
    texts = rulebook.book.texts[lang]
    codes = sorted(
        assessment.codes, key=lambda code: rulebook.risks[code].weight is not Weight.DANGER
    )
    sayings = [rulebook.risks[code].say[lang] for code in codes]
    greeting = texts[f"letter_greeting_{assessment.kind}"]
    # Some work no wording can put right: a risk without such a sentence takes the letter away.
    insisting = [each.insist for each in sayings] if all(s.insist for s in sayings) else []
    declining = [each.decline for each in sayings if each.decline] or [texts["letter_decline"]]
    return Replies(
        insist=_letter("insist", insisting, texts, greeting),
        decline=_letter("decline", declining[:1], texts, greeting),
        ask=_letter("ask", [each.ask for each in sayings], texts, greeting),
    )


def _letter(
    manner: str,
    sentences: Sequence[str | None],
    texts: dict[str, str],
    greeting: str,
) -> str | None:
    """One letter: greeting, the points joined so that they read on, closing."""
    said = [each for each in sentences if each][:_LETTER_POINTS]
    if not said:
        return None
    body = said[0]
    for number, sentence in enumerate(said[1:], start=2):
        body += texts[f"letter_join_{number}"] + _without_opener(sentence, texts)
    return texts[f"letter_{manner}_frame"].format(greeting=greeting, body=body)


def _without_opener(sentence: str, texts: dict[str, str]) -> str:
    """What is said once in a letter ('恐れ入りますが、') is not said again."""
    for opener in texts["letter_once"].split("|"):
        if sentence.startswith(opener):
            return sentence.removeprefix(opener)
    return sentence

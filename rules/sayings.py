"""What a risk says of one text: the variant that fits, with the site's own words filled in."""

from __future__ import annotations

from dataclasses import dataclass

from rules.format import Risk
from rules.models import Assessment, Finding, Lang, Stage
from rules.rulebook import Rulebook
from rules.saying_format import Saying, When

#: More than this many things are not named in one breath.
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Said:
    """A risk's words for one text, filled in; see `saying_format.Words` for what each is."""

    title: str
    why: str
    brief: str | None
    lead: str | None
    keep: str | None
    insist: str | None
    ask: str | None
    refuse: str | None
    decline: str | None


class Voice:
    """The texts in one language, with the words of one site filled in."""

    def __init__(self, rulebook: Rulebook, lang: Lang, platform: str | None = None) -> None:
        self.site = rulebook.site(platform)
        self.texts = rulebook.book.texts[lang]
        self.lang = lang

    def text(self, name: str, **more: str) -> str:
        """One of the texts, to the worker."""
        return _with(self.filled(self.texts[name]), more)

    def line(self, name: str, **more: str) -> str:
        """One of the texts, as it stands in a letter."""
        return _with(self.filled(self.texts[name], in_letter=True), more)

    def filled(self, text: str, *, in_letter: bool = False) -> str:
        """A text with the site's own words. Never raises: other braces stay as they are."""
        site, lang = self.site, self.lang
        whose, nameless = (
            ("letter_whose", "letter_site") if in_letter else ("whose", "site_nameless")
        )
        return _with(
            text,
            {
                "site": self.texts[nameless] if site.code == "other" else site.name[lang],
                "whose": self.texts[whose],
                "escrow": site.escrow_word[lang],
                "contract": site.contract_word[lang],
                "messages": site.messages_word[lang],
                "report": site.report[lang],
            },
        )

    def listed(self, words: list[str], last: str) -> str:
        """'a, b and c': the text called `last` stands before the last of several."""
        if len(words) < 2:
            return "".join(words)
        return self.texts["join_list"].join(words[:-1]) + self.texts[last] + words[-1]

    def why(self, saying: Saying) -> str:
        """The reason that a risk gives of no text in particular."""
        return self.filled(_with(saying.why, {"named": saying.names.get("other", "")}))


class Speaker(Voice):
    """Words in one language about one assessment."""

    def __init__(self, assessment: Assessment, rulebook: Rulebook, lang: Lang) -> None:
        super().__init__(rulebook, lang, assessment.platform)
        self.assessment = assessment

    @property
    def under_way(self) -> bool:
        """Whether the worker is already working with this client."""
        return self.assessment.stage is not Stage.BEFORE_CONTRACT

    def of(self, risk: Risk, *, in_letter: bool = False) -> Said:
        """What a risk that was found says, to the worker or in a letter to the client."""
        saying = risk.say[self.lang]
        findings = [each for each in self.assessment.findings if each.code == risk.code]
        named = {"named": self._named(saying, findings)}
        parts = {
            name: text and self.filled(_with(text, named), in_letter=in_letter)
            for name, text in self._chosen(saying, findings).items()
        }
        return Said(**parts)  # type: ignore[arg-type]

    def _chosen(self, saying: Saying, findings: list[Finding]) -> dict[str, str | None]:
        chosen: dict[str, str | None] = {}
        for variant in saying.variants:
            if self._holds(variant.when, findings):
                for name in variant.model_fields_set - {"when"}:
                    chosen.setdefault(name, getattr(variant, name))
        for name in Said.__slots__:
            chosen.setdefault(name, getattr(saying, name))
        return chosen

    def _holds(self, when: When, findings: list[Finding]) -> bool:
        if when.stages and self.assessment.stage not in when.stages:
            return False
        if when.forbids and getattr(self.site, when.forbids).value != "forbidden":
            return False
        if not set(self.assessment.codes).isdisjoint(when.without):
            return False
        if any(_shows(each, when.unseen) for each in findings):
            return False
        needed = (names for names in (when.seen, when.beside) if names)
        return all(any(_shows(each, names) for each in findings) for names in needed)

    def _named(self, saying: Saying, findings: list[Finding]) -> str:
        """What was asked for, in words."""
        names = saying.names
        seen = [
            word
            for name, word in names.items()
            if name != "other" and any(_shows(each, (name,)) for each in findings)
        ]
        named = list(dict.fromkeys(seen))[:_MOST_NAMED] or [names.get("other", "")]
        return self.listed(named, "join_or")


def _shows(finding: Finding, names: tuple[str, ...]) -> bool:
    """Whether one of these patterns found it, or one of these concepts is in its words."""
    return finding.pattern in names or not finding.concepts.isdisjoint(names)


def _with(text: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text

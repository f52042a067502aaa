"""The terminal: an answer as coloured text, and a conversation about one message after another."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import HTML
from rich.console import Console, Group, RenderableType
from rich.text import Text

from bot.doors.wording import harmless
from bot.doors.wrapping import Wrapped
from bot.requests import RequestError, submission_of
from rules import Assessment, Lang, Level, Rulebook, Submission, vet
from rules.advice import Point, advise
from rules.dialogue import Remark, may_be_a_text, understand, wish
from rules.letters import Replies
from rules.pointing import SECOND_READER

if TYPE_CHECKING:
    from bot.reading.models import Read

_COLOURS = {Level.CLEAR: "green", Level.CAUTION: "yellow", Level.DANGER: "red"}
_SIGNS = {Level.CLEAR: "○", Level.CAUTION: "△", Level.DANGER: "●"}
_MANNERS = ("insist", "ask", "decline")
_WIDTH = 88


def make_console(*, error: bool = False) -> Console:
    """A console as wide as the terminal, but no wider than reads well; plain when piped."""
    console = Console(stderr=error, highlight=False, soft_wrap=False)
    if not console.is_terminal or console.width > _WIDTH:
        console.width = _WIDTH
    return console


@dataclass(frozen=True)
class View:
    """How an answer is shown: the reader's language, the replies written out, the reasons."""

    lang: Lang | None = None
    manners: tuple[str, ...] = _MANNERS
    explain: bool = False
    read: Read | None = None
    """What was read beside the text: a posting's page, files."""


def show(assessment: Assessment, rulebook: Rulebook, console: Console, view: View) -> None:
    """Prints the whole answer."""
    advice = advise(assessment, rulebook, view.lang)
    texts = rulebook.book.texts[advice.lang]
    colour = _COLOURS[advice.level]
    console.print(Wrapped(f"{_SIGNS[advice.level]} {advice.headline}", f"bold {colour}"))
    console.print(Wrapped(advice.summary, indent=2))
    console.print(Wrapped(advice.setting, "dim", indent=2))
    if assessment.truncated:
        console.print(Wrapped(texts["truncated"], "yellow", indent=2))
    if view.read is not None:
        from bot.doors.page_view import sections  # noqa: PLC0415 - only where something was read

        for title, parts in sections(view.read, rulebook, advice.lang):
            _section(console, title, parts)
    _section(console, texts["section_points"], [_point(each, colour) for each in advice.points])
    _section(console, texts["section_notes"], [_item("✓", each.text) for each in advice.notes])
    _section(console, texts["section_replies"], _letters(advice.replies, texts, view.manners))
    _section(console, texts["section_checks"], [_item("□", each) for each in advice.checks])
    if view.explain:
        _section(console, texts["section_reasons"], list(_reasons(assessment)))


def _section(console: Console, title: str, parts: list[RenderableType]) -> None:
    if not parts:
        return
    console.print()
    console.print(Text(harmless(title), style="bold"))
    for part in parts:
        console.print(part)


def _item(sign: str, text: str) -> RenderableType:
    return Wrapped(text, indent=4, sign=sign)


def _point(point: Point, colour: str) -> RenderableType:
    head = Text.assemble(
        (f"  {point.title}", f"bold {colour}"), (f"  ({point.certainty_text})", "dim")
    )
    lines: list[RenderableType] = [head]
    lines += [Wrapped(f"“{_short(quote)}”", "italic", indent=4) for quote in point.quotes]
    lines.append(Wrapped(point.why, indent=4))
    if point.sources:
        lines.append(Wrapped(point.sources[0].title, "dim", indent=4))
    return Group(*lines)


def _short(quote: str, limit: int = 120) -> str:
    one_line = " ".join(quote.split())
    return one_line if len(one_line) <= limit else one_line[: limit - 1] + "…"


def _letters(
    replies: Replies, texts: dict[str, str], manners: tuple[str, ...]
) -> list[RenderableType]:
    """Each letter under its manner, without a frame: what is copied is the letter alone."""
    return [
        Group(Text(f"  — {texts[f'manner_{manner}']} —", style="dim"), Wrapped(letter, indent=4))
        for manner in manners
        if (letter := getattr(replies, manner))
    ]


def _reasons(assessment: Assessment) -> Iterable[RenderableType]:
    for finding in assessment.findings:
        where = "client facts" if finding.start is None else f"{finding.start}–{finding.end}"
        yield Wrapped(
            f"{finding.code}/{finding.pattern}  confidence {finding.confidence:.2f}  at {where}: "
            f"“{_short(finding.quote)}”",
            indent=2,
        )
    for miss in assessment.excused:
        yield Wrapped(
            f"{miss.code}/{miss.pattern}  excused: {miss.frame}  at {miss.start}–{miss.end}: "
            f"“{_short(miss.quote)}”",
            "dim",
            indent=2,
        )


# ---- the conversation -------------------------------------------------------------------------


class Conversation:
    """One person at a terminal: paste a message, read the answer, add what the bot should know."""

    def __init__(
        self,
        rulebook: Rulebook,
        lang: Lang | None,
        console: Console,
        read: Callable[[str], Read | None] = lambda _: None,
    ) -> None:
        """`read`: reads the posting that a text points to; None where it points to none."""
        self._rulebook = rulebook
        self._lang = lang
        self._console = console
        self._read = read
        self._found: Read | None = None
        self._last: Submission | None = None
        self._heard = Lang.JA

    def run(self) -> None:
        """Talks until the person leaves (q, Ctrl-D or Ctrl-C)."""
        texts = self._texts()
        session: PromptSession[str] = PromptSession()
        self._console.print(Wrapped(texts["welcome"], "bold"))
        self._console.print(Wrapped(texts["welcome_how"], "dim"))
        while True:
            try:
                said = session.prompt(HTML("\n<b>›</b> "), prompt_continuation="  ")
            except (EOFError, KeyboardInterrupt):
                break
            if said.strip().lower() in {"q", "quit", "exit", ":q", "終了"}:
                break
            self.hear(said)
        self._console.print(Text(self._texts()["goodbye"], style="dim"))

    def hear(self, said: str) -> None:
        """Answers one input: a remark on the last text, a wish for a reply, or a new text."""
        if not said.strip():
            return
        if said.strip().lower() in {"?", "help", "ヘルプ"}:
            self._console.print(Wrapped(self._texts()["help"]))
            return
        found = self._read(said)
        if found is not None and (found.posting or found.troubles):
            self._judge_read(found)
            return
        remark = understand(said, self._rulebook)
        if remark is not None:
            self._take(remark)
        elif self._show_reply(said):
            return
        else:
            self._judge_new(said)

    def _texts(self) -> dict[str, str]:
        return self._rulebook.book.texts[self._lang or self._heard]

    def _take(self, remark: Remark) -> None:
        self._lang = remark.lang or self._lang
        if self._last is None:
            self._console.print(Text(self._texts()["remark_too_early"]))
            return
        said = {"platform": remark.platform, "stage": remark.stage}
        self._last = self._last.model_copy(update={k: v for k, v in said.items() if v is not None})
        self._answer(self._last)

    def _show_reply(self, said: str) -> bool:
        manner = wish(said, self._rulebook)
        if manner is None or self._last is None:
            return False
        replies = advise(vet(self._last, self._rulebook), self._rulebook, self._lang).replies
        letter = getattr(replies, manner) or self._texts()["no_such_reply"]
        self._console.print(Wrapped(letter, indent=4))
        return True

    def _judge_new(self, said: str) -> None:
        try:
            submission = submission_of(said, self._rulebook)
        except RequestError as error:
            self._console.print(Text(harmless(str(error)), style="red"))
            return
        if self._last is not None and not may_be_a_text(said) and self._says_nothing(submission):
            self._console.print(Wrapped(self._texts()["not_a_message"], "dim"))
            return
        self._last, self._found = submission, None
        self._answer(submission)

    def _judge_read(self, found: Read) -> None:
        """A text with a posting's page; what could not be had is said first."""
        from bot.reading.texts import sentence  # noqa: PLC0415 - only where there is a page

        for trouble in found.troubles:
            said = sentence(trouble, self._lang or self._heard)
            self._console.print(Wrapped(said, "yellow"))
        if found.text.strip():
            self._last, self._found = found.submission(self._rulebook), found
            self._answer(self._last)

    def _says_nothing(self, submission: Submission) -> bool:
        """Whether the rules see nothing in a short line (the second reader guesses at such)."""
        found = vet(submission, self._rulebook).findings
        return all(finding.pattern == SECOND_READER for finding in found)

    def _answer(self, submission: Submission) -> None:
        self._console.print()
        assessment = vet(submission, self._rulebook)
        self._heard = assessment.lang
        view = View(self._lang, ("insist",), read=self._found)
        show(assessment, self._rulebook, self._console, view)
        if assessment.level is not Level.CLEAR:
            self._console.print(Wrapped(self._texts()["more_replies"], "dim"))


def is_interactive() -> bool:
    """True where a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()

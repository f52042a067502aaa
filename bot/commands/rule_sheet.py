"""A rule as a person reads it: `python -m bot rules explain CODE`."""

from __future__ import annotations

from rich.text import Text

from bot.doors.terminal import make_console
from rules import Lang, Rulebook
from rules.format import Condition, Example, Pattern, Risk
from rules.sayings import Voice


def show_rule(risk: Risk, rulebook: Rulebook, lang: Lang) -> None:
    """Prints one rule: what it says, when it speaks, what excuses it, what proves it."""
    console = make_console()
    say = risk.say[lang]
    console.print(Text(f"{risk.code} ({risk.weight})", style="bold"))
    console.print(Text(f"{say.title}: {Voice(rulebook, lang).why(say)}"))
    for name in risk.sources:
        source = rulebook.book.sources[name]
        console.print(Text(f"  source {name}: {source.title[lang]}", style="dim"))
    console.print(Text(f"\nStages: {', '.join(risk.stages)}"))
    console.print(Text(f"Excused where: {', '.join(risk.unless) or 'never'}"))
    console.print(Text("\nSpeaks where", style="bold"))
    for pattern in risk.patterns:
        console.print(Text(f"  {pattern.id}: {_pattern(pattern)}"))
    for condition in risk.conditions:
        console.print(Text(f"  {condition.id}: {_condition(condition)}"))
    for title, examples in (
        ("\nFlagged, for example", risk.examples.flagged),
        ("\nNot flagged, for example", risk.examples.not_flagged),
    ):
        console.print(Text(title, style="bold"))
        for example in examples:
            console.print(Text(f"  {_example(example)}"))


def _pattern(pattern: Pattern) -> str:
    parts = (" then " if pattern.ordered else " with ").join(
        part.replace("|", " or ") for part in pattern.all
    )
    place = "in neighbouring sentences" if pattern.span == "neighbours" else "in one sentence"
    limits = [f"within {pattern.within} characters {place}"]
    if pattern.none:
        limits.append(f"without {', '.join(pattern.none)}")
    if pattern.stages:
        limits.append(f"at {', '.join(pattern.stages)}")
    if pattern.unless is not None:
        limits.append(f"excused where {', '.join(pattern.unless) or 'never'}")
    return f"{parts}; {'; '.join(limits)}; confidence {pattern.confidence:.2f}"


def _condition(condition: Condition) -> str:
    bounds = [
        f"at most {condition.at_most:g}" if condition.at_most is not None else "",
        f"below {condition.below:g}" if condition.below is not None else "",
        f"at least {condition.at_least:g}" if condition.at_least is not None else "",
        f"is {'yes' if condition.equals else 'no'}" if condition.equals is not None else "",
    ]
    excused = (
        f"; excused where {' and '.join(condition.unless_all)}" if condition.unless_all else ""
    )
    return f"{condition.fact} {' '.join(filter(None, bounds))}{excused}"


def _example(example: Example | str) -> str:
    if isinstance(example, str):
        return example
    said = ", ".join(str(each) for each in (example.platform, example.stage) if each)
    return f"{example.text} ({said})" if said else example.text

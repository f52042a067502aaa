"""Draws the pictures of the README from real answers: python -m docs.picture."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console

from bot.doors.terminal import View, show
from rules import Lang, Submission, load_rulebook, vet

PICTURES = {
    "answer-ja": (
        Lang.JA,
        Submission(
            text="ご応募ありがとうございます。詳しい業務内容はLINEにてご案内しておりますので、"
            "お手数ですが友だち追加をお願いいたします。報酬は銀行振込で直接お支払いします。",
            platform="crowdworks",
        ),
    ),
    "answer-en": (
        Lang.EN,
        Submission(
            text="Please add me on Telegram, we do the interview there. "
            "There is a $30 registration fee, which we refund with your first salary.",
            platform="upwork",
        ),
    ),
}


def main() -> None:
    """Writes one SVG for each picture."""
    rulebook = load_rulebook()
    for name, (lang, submission) in PICTURES.items():
        console = Console(record=True, width=84, file=io.StringIO(), highlight=False)
        show(vet(submission, rulebook), rulebook, console, View(lang, ("insist",)))
        svg = console.export_svg(title="mikiwame")
        # Without the fonts that rich would have the reader's browser fetch from elsewhere.
        svg = re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL)
        # Its lengths count letters, not columns: Japanese would be squeezed to half its width.
        svg = re.sub(r' textLength="[^"]*"', "", svg)
        Path(__file__).with_name(f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()

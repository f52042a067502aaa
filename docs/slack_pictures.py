"""Draws what people see in Slack from the real blocks: python -m docs.slack_pictures [FOLDER [NAME …]].

Needs chromium and Japanese fonts (Debian: apt-get install chromium fonts-noto-cjk).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from bot.doors.slack.answer import answer
from bot.doors.slack.forms import feedback_form, vet_form
from bot.doors.slack.home import view
from bot.doors.slack.notices import notice
from bot.jobs import Notice
from bot.showing import Showing
from docs import block_kit
from rules import Lang, Rulebook, Stage, Submission, load_rulebook, vet

#: Drawn only where they are asked for.
_TO_LOOK_AT = "notices"
_PANE = 420
_PHONE = 375
_HOME = 640
_TEXTS = {
    Lang.JA: {
        "danger": "ご応募ありがとうございます。詳しい業務内容はLINEにてご案内しておりますので、"
        "お手数ですが友だち追加をお願いいたします。報酬は銀行振込で直接お支払いします。"
        "なお、初回のみ教材費として5,000円のご負担をお願いしております。"
        "本人確認のため、免許証の写真もあわせてお送りください。",
        "caution": "はじめまして。詳細をお話ししたいので、続きはチャットワークでお願いできますか。"
        "IDをお知らせください。",
        "clear": "記事の執筆を3本お願いします。1本3,000文字で、報酬は1本4,500円、納期は来週の金曜日です。",
    },
    Lang.EN: {
        "danger": "Please add me on Telegram, we do the interview there. There is a $30 registration fee, "
        "which we refund with your first salary. Send a photo of your driver's license "
        "so that HR can set up direct deposit outside Upwork.",
        "caution": "Hi! Could we hop over to WhatsApp to talk through the details? What's your number?",
        "clear": "Please write three articles of 1,200 words on gardening, $90 each, due next Friday.",
    },
}
_NAMES = {Lang.JA: ("あかり", "見極め"), Lang.EN: ("Alex", "Mikiwame")}
_OPTIONAL = {Lang.JA: "(任意)", Lang.EN: "(optional)"}
_PRIVATE = {Lang.JA: "あなただけに表示されています", Lang.EN: "Only visible to you"}


def main() -> None:
    """Writes one PNG for each picture into docs/slack, or into the folder given."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("slack")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2:]
    for name, width, body in _pictures(load_rulebook()):
        if name in wanted or (not wanted and not name.startswith(_TO_LOOK_AT)):
            _take(block_kit.page(name, body, width), width, folder / f"{name}.png")


def _pictures(rulebook: Rulebook) -> Iterator[tuple[str, int, str]]:
    """Name, width in pixels and HTML body of each picture."""
    for lang in Lang:
        for level, width in (("danger", _PHONE), ("caution", _PANE), ("clear", _PANE)):
            yield f"{level}-{lang}", width, _thread(rulebook, lang, level, Showing(key="example"))
        more = Showing(key="example", more=True, manner="decline")
        yield f"more-{lang}", _PANE, _thread(rulebook, lang, "danger", more)
        private = Showing(key="example", private=True)
        yield f"private-{lang}", _PANE, _thread(rulebook, lang, "caution", private)
        yield (
            f"escrowed-{lang}",
            _PANE,
            _thread(rulebook, lang, "caution", Showing(key="example"), Stage.ESCROWED),
        )
        forms = vet_form(lang, rulebook), feedback_form(lang, "example")
        drawn = (block_kit.modal(form, _OPTIONAL[lang]) for form in forms)
        yield f"forms-{lang}", _PANE, "".join(drawn)
        home = block_kit.drawn(view(lang)["blocks"])
        yield f"home-{lang}", _HOME, f'<div class="home">{home}</div>'
        said = (notice(each, lang) for each in get_args(Notice))
        notices = (block_kit.message(_NAMES[lang][1], each.blocks) for each in said)
        yield f"notices-{lang}", _PANE, "".join(notices)


def _thread(
    rulebook: Rulebook, lang: Lang, level: str, showing: Showing, stage: Stage | None = None
) -> str:
    text = _TEXTS[lang][level]
    platform = "crowdworks" if lang is Lang.JA else "upwork"
    assessment = vet(Submission(text=text, platform=platform, stage=stage), rulebook)
    post = answer(assessment, rulebook, showing)
    person, bot = _NAMES[lang]
    note = _PRIVATE[lang] if showing.private else ""
    asked = "" if showing.private else block_kit.said(person, text)
    return asked + block_kit.message(bot, post.blocks, note)


def _take(page: str, width: int, path: Path) -> None:
    """A picture of the page, as high as the page is; sharper than a plain screen."""
    measuring = "<script>document.title = document.body.scrollHeight</script></body>"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "page.html")
        source.write_text(page.replace("</body>", measuring), encoding="utf-8")
        seen = _browse(source, f"--window-size={width},400", "--dump-dom")
        height = int(re.findall(r"<title>(\d+)</title>", seen)[0])
        picture = f"--screenshot={path.resolve()}"
        size = f"--window-size={width},{height}"
        _browse(source, size, "--force-device-scale-factor=1.5", picture)
        print(f"{path.name}: {width} x {height}")


def _browse(source: Path, *options: str) -> str:
    browser = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    quiet.append("--disable-lcd-text")  # grey letters make smaller files
    command = [browser, *quiet, *options, source.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603


if __name__ == "__main__":
    main()

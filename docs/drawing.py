"""What the pictures of all doors have in common: the messages in them, and how they are taken.

Needs chromium and Japanese fonts (Debian: apt-get install chromium fonts-noto-cjk).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from bot.desk.digest import Summary
from bot.desk.weeks import Week
from bot.store.workspaces import WorkspaceSettings
from rules import Lang, Level

TEXTS = {
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
#: A workspace's own settings, and how long its operator keeps texts.
CHOSEN = WorkspaceSettings(
    who="named",
    platform="crowdworks",
    rules_off=("weak_client_record",),
    digest=True,
)
LONGEST = timedelta(hours=24)
NAMES = {Lang.JA: ("あかり", "見極め"), Lang.EN: ("Alex", "Mikiwame")}
WEEK = Summary(
    week=Week.named("2026-W47"),
    vetted=42,
    levels={Level.DANGER: 6, Level.CAUTION: 14, Level.CLEAR: 22},
    risks=(("off_platform_contact", 11), ("personal_info", 5), ("off_platform_payment", 3)),
    seldom=2,
)
QUIET_WEEK = Summary(week=Week.named("2026-W47"), vetted=3, few=True)
PRIVATE = {Lang.JA: "あなただけに表示されています", Lang.EN: "Only visible to you"}


def take_all(pictures: Iterable[tuple[str, int, str]], default: Path, seldom: str) -> None:
    """Takes each picture (name, width in pixels, page) into `default` or the folder given.

    Names on the command line choose among them; those that begin with `seldom` must be.
    """
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folder.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2:]
    for name, width, page in pictures:
        if name in wanted or (not wanted and not name.startswith(seldom)):
            height = take(page, width, folder / f"{name}.png")
            print(f"{name}.png: {width} x {height}")


def take(page: str, width: int, path: Path, scale: float = 1.5) -> int:
    """Takes a picture of a page, `scale` times as sharp as a plain screen; how high the page is."""
    measuring = "<script>document.title = document.body.scrollHeight</script></body>"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "page.html")
        source.write_text(page.replace("</body>", measuring), encoding="utf-8")
        seen = _browse(source, f"--window-size={width},400", "--dump-dom")
        height = int(re.findall(r"<title>(\d+)</title>", seen)[0])
        picture = f"--screenshot={path.resolve()}"
        size = f"--window-size={width},{height}"
        _browse(source, size, f"--force-device-scale-factor={scale:g}", picture)
    return height


def _browse(source: Path, *options: str) -> str:
    browser = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    quiet.append("--disable-lcd-text")  # grey letters make smaller files
    command = [browser, *quiet, *options, source.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603

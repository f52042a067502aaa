"""Draws the screenshots in this folder from chats.yaml: python -m tests.pictures.draw [NAME …].

Needs chromium, Japanese fonts and emoji (Debian: apt-get install chromium fonts-noto-cjk
fonts-noto-color-emoji), and the extra `screenshots`. The pictures are kept in the repository, so
the tests need none of these; each looks like no product in particular.
"""

from __future__ import annotations

import base64
import html
import io
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml
import zxingcpp
from PIL import Image, ImageEnhance, ImageFilter

from docs.drawing import take

HERE = Path(__file__).parent
_WIDTH = 390

_CSS = """
* { box-sizing: border-box; margin: 0 }
body { width: 390px; font: 16px/1.4 Roboto, "Noto Sans CJK JP", "Noto Color Emoji"; }
header { padding: 14px 16px 10px; font-weight: 600; text-align: center; font-size: 17px }
.clock { display: flex; justify-content: space-between; font-size: 13px; padding: 8px 22px 0 }
.we .face { display: none } .faces .we .face { display: block }
.day { text-align: center; font-size: 11px; padding: 6px; opacity: .7 }
.row { display: flex; padding: 4px 10px; align-items: flex-end; gap: 6px }
.row.we { flex-direction: row-reverse }
.face { width: 34px; height: 34px; border-radius: 50%; background: #c8a27a; align-self: flex-start }
.bubble { max-width: 250px; padding: 8px 12px; border-radius: 18px; white-space: pre-wrap; overflow-wrap: anywhere }
.time { font-size: 10px; opacity: .75; white-space: pre }
footer { margin-top: 12px; padding: 12px 16px; font-size: 15px; opacity: .6 }
img { width: 150px; display: block; margin-top: 6px; border: 8px solid #fff }
.green { background: #8fb0d4; color: #111 } .green .they .bubble { background: #fff } .green .we .bubble { background: #8de055 }
.green header, .green footer { background: #8fb0d4 }
.green.dark { background: #101a24; color: #eee } .green.dark .they .bubble { background: #26313b } .green.dark .we .bubble { background: #1f5c3a }
.green.dark header, .green.dark footer { background: #101a24 }
.blue { background: #fff; color: #000; font-size: 17px } .blue .they .bubble { background: #e9e9eb } .blue .we .bubble { background: #1a7efb; color: #fff }
.blue .face { display: none } .blue .bubble { max-width: 285px }
.site { background: #f4f5f7; color: #222; font-size: 14px } .site .they .bubble { background: #fff; border: 1px solid #dde; border-radius: 6px }
.site .we .bubble { background: #dcecff; border-radius: 6px } .site .bubble { max-width: 270px }
.site.dark { background: #17181b; color: #ddd } .site.dark .they .bubble { background: #26282d; border-color: #26282d } .site.dark .we .bubble { background: #1b3a5c }
.pattern { background: repeating-linear-gradient(45deg, #e6d9c8 0 9px, #dccdb8 9px 18px); color: #111 }
.pattern .they .bubble { background: #fff } .pattern .we .bubble { background: #d9fdd3 }
.gradient { background: #fff; color: #000 } .gradient .they .bubble { background: #f0f0f0 }
.gradient .we .bubble { background: linear-gradient(#a033ff, #0a7cff); color: #fff }
.faces { background: #ededed; color: #111 } .faces .bubble { max-width: 262px; border-radius: 4px } .faces .time { display: none }
.faces .they .bubble { background: #fff } .faces .we .bubble { background: #95ec69 }
.thread { background: #fff; color: #1d1c1d; font-size: 15px } .thread .row { align-items: flex-start; padding: 8px 14px }
.thread .bubble { max-width: none; padding: 0; border-radius: 0 } .thread .time { display: none } .thread .face { border-radius: 6px }
"""


def chats() -> list[dict[str, Any]]:
    """All chats, in order."""
    read: list[dict[str, Any]] = yaml.safe_load((HERE / "chats.yaml").read_text(encoding="utf-8"))
    return read


def main() -> None:
    """Draws those that are named, or all."""
    wanted = sys.argv[1:]
    for chat in chats():
        if not wanted or chat["name"] in wanted:
            picture = _worn(_taken(_page(chat), chat.get("scale", 2)), chat.get("wear"))
            path = _kept(picture, HERE / chat["name"], chat)
            print(f"{path.name}: {picture.width} x {picture.height}, {path.stat().st_size:,} bytes")


def _page(chat: dict[str, Any]) -> str:
    japanese = chat["name"].startswith("ja")
    rows = "".join(_row(said, number, japanese) for number, said in enumerate(chat["chat"]))
    look = f"{chat['look']} dark" if chat.get("dark") else chat["look"]
    day, write = ("11月20日(金)", "メッセージを入力") if japanese else ("Fri, Nov 20", "Message")
    return (
        f"<!doctype html><meta charset=utf-8><style>{_CSS}</style>"
        f'<body class="{look}"><div class=clock><span>9:41</span><span>80%</span></div>'
        f"<header>{html.escape(chat['title'])}</header><div class=day>{day}</div>"
        f"{rows}<footer>{write}</footer></body>"
    )


def _row(said: dict[str, str], number: int, japanese: bool) -> str:
    side = "they" if "they" in said else "we"
    face = "<div class=face></div>"
    code = f'<img src="{_qr(said["qr"])}">' if "qr" in said else ""
    seen = ("既読\n" if japanese else "Read\n") if side == "we" else ""
    return (
        f'<div class="row {side}">{face}<div class=bubble>{html.escape(said[side])}{code}</div>'
        f"<div class=time>{seen}10:{20 + number}</div></div>"
    )


def _qr(link: str) -> str:
    code = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode)
    stored = io.BytesIO()
    Image.fromarray(code.to_image(scale=6)).save(stored, "PNG")
    return "data:image/png;base64," + base64.b64encode(stored.getvalue()).decode()


def _taken(page: str, scale: int) -> Image.Image:
    """A screenshot of the page, as high as the page is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.png")
        take(page, _WIDTH, path, scale)
        with Image.open(path) as picture:
            return picture.convert("RGB")


def _worn(picture: Image.Image, wear: str | None) -> Image.Image:
    """What a picture goes through on its way: sent on as JPEG, or photographed from a screen."""
    match wear:
        case "skew":
            return picture.rotate(2.5, Image.Resampling.BICUBIC, expand=True, fillcolor="#333")
        case "jpeg":  # made smaller and stored again and again, as messengers do
            small = picture.resize((round(picture.width * 0.8), round(picture.height * 0.8)))
            return _stored_again(_stored_again(small, 45), 35)
        case "photo":
            turned = picture.rotate(-1.2, Image.Resampling.BICUBIC, expand=True, fillcolor="#222")
            w, h = turned.size
            corners = (-20, -30, -40, h + 10, w + 30, h + 40, w + 10, -10)
            seen = turned.transform(
                (w, h), Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor="#222"
            )
            dull = ImageEnhance.Contrast(seen.filter(ImageFilter.GaussianBlur(0.9))).enhance(0.75)
            return _stored_again(dull, 60)
    return picture


def _stored_again(picture: Image.Image, quality: int) -> Image.Image:
    stored = io.BytesIO()
    picture.save(stored, "JPEG", quality=quality)
    return Image.open(stored).convert("RGB")


def _kept(picture: Image.Image, path: Path, chat: dict[str, Any]) -> Path:
    if chat.get("wear"):
        path = path.with_suffix(".jpg")
        picture.save(path, quality=70 if chat["wear"] == "skew" else 50, optimize=True)
    elif chat.get("scale") == 1:
        path = path.with_suffix(".png")
        picture.save(path, optimize=True)
    else:
        path = path.with_suffix(".webp")
        picture.save(path, lossless=True, method=6)
    return path


if __name__ == "__main__":
    main()

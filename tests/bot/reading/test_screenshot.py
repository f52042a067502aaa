"""Real pictures, read by the real recogniser in the real child process."""

from __future__ import annotations

import asyncio
import io
import os
import struct
import sys
import time
import zlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psutil
import pytest
from PIL import Image
from pillow_heif import from_pillow

from bot.reading import screenshot
from bot.reading.models import Attachment, PictureText, Speaker, TroubleError
from bot.reading.screenshot import PictureReader
from bot.reading.texts import sentence
from rules import Lang, Rulebook, Submission, load_rulebook, vet
from tests.bot.reading.asking import read_offline
from tests.pictures import errors, plain, screenshots
from tests.pictures.child import children, most_held

T = TypeVar("T")
PICTURES = screenshots()
_MEGABYTES = 800
#: Wrong letters of a hundred, in one picture and in all of them.
_WRONG_IN_ONE, _WRONG_IN_ALL = 6, 2


def _run(work: Callable[[PictureReader], Awaitable[T]], **limits: float) -> T:
    """Does some work with a reader, from its start to its end."""

    async def life() -> T:
        reader = PictureReader(**limits)
        try:
            return await work(reader)
        finally:
            await reader.close()

    return asyncio.run(life())


@pytest.fixture(scope="module")
def read() -> dict[str, PictureText]:
    """All pictures, one after the other."""

    async def all_of_them(reader: PictureReader) -> dict[str, PictureText]:
        return {name: await reader.read(each.data) for name, each in PICTURES.items()}

    return _run(all_of_them)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


# ---- what is read -----------------------------------------------------------------------------


class TestWhatIsRead:
    @pytest.mark.parametrize("name", PICTURES)
    def test_each_picture(self, name: str, read: dict[str, PictureText]) -> None:
        wrong, letters = _compared(name, read)
        assert wrong <= letters * _WRONG_IN_ONE / 100, read[name].shown

    def test_all_pictures(self, read: dict[str, PictureText]) -> None:
        compared = [_compared(name, read) for name in PICTURES]
        wrong, letters = (sum(each) for each in zip(*compared, strict=True))
        print(f"\ncharacter error rate: {wrong} of {letters} letters, {wrong / letters:.2%}")
        assert wrong <= letters * _WRONG_IN_ALL / 100

    @pytest.mark.parametrize("name", PICTURES)
    def test_who_says_what(self, name: str, read: dict[str, PictureText]) -> None:
        seen = [speech.speaker for speech in read[name].speeches]
        if None in seen:
            assert set(seen) == {None}
            assert PICTURES[name].said[0][0] is None
        else:
            assert seen == [speaker for speaker, _ in PICTURES[name].said]

    @pytest.mark.parametrize("name", PICTURES)
    def test_only_the_client_is_judged(self, name: str, read: dict[str, PictureText]) -> None:
        for speech in read[name].speeches:
            judged = speech.text in read[name].text
            assert judged is (speech.speaker is not Speaker.WORKER)
            assert speech.text in read[name].shown

    def test_where_a_code_leads_is_judged(
        self, read: dict[str, PictureText], rulebook: Rulebook
    ) -> None:
        picture = read["ja-qr"]
        assert picture.links == PICTURES["ja-qr"].links
        found = vet(Submission(text=picture.text), rulebook).findings
        quoted = [each.quote for each in found if each.code == "off_platform_contact"]
        assert any("lin.ee" in quote for quote in quoted)

    def test_what_a_picture_risks_is_found(
        self, read: dict[str, PictureText], rulebook: Rulebook
    ) -> None:
        found = vet(Submission(text=read["ja-light"].text), rulebook).codes
        assert {"off_platform_contact", "off_platform_payment"} <= set(found)

    def test_several_pictures_in_order(self) -> None:
        names = ["ja-faces", "en-small"]
        files = [
            Attachment(name=name, kind="image/png", data=PICTURES[name].data) for name in names
        ]
        found = read_offline(text="Is this fine?", files=files)
        places = [
            found.text.find(words) for words in ("Is this fine?", "商品説明文", "1,200 words")
        ]
        assert sorted(places) == places
        assert -1 not in places
        assert not children()  # ended with the event loop


def _compared(name: str, read: dict[str, PictureText]) -> tuple[int, int]:
    """Wrong letters and all letters of a picture, bubble by bubble as they were said."""
    truth = plain("\n".join(words for _, words in PICTURES[name].said))
    speeches = read[name].speeches
    if speeches and speeches[0].speaker is None:  # no bubbles: what the app writes is read too
        around = ("募集", "11月", "メッセージ", "Video", "Fri,", "Message")
        speeches = tuple(each for each in speeches if not each.text.startswith(around))
    return errors(truth, plain("\n".join(speech.text for speech in speeches))), len(truth)


# ---- the kinds of files -----------------------------------------------------------------------


def _stored(kind: str, **options: object) -> bytes:
    with Image.open(PICTURES["ja-faces"].path) as picture:
        stored = io.BytesIO()
        from_pillow(picture.convert("RGB")).save(stored) if kind == "HEIF" else picture.convert(
            "RGB"
        ).save(stored, kind, **options)
    return stored.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIF"])
def test_kinds_that_are_read(kind: str) -> None:
    found = _run(lambda reader: reader.read(_stored(kind)))
    assert "商品説明文を50件" in found.text


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png(width: int, height: int, *chunks: bytes, data: bytes = b"") -> bytes:
    """A PNG of one bit a pixel that says it is this large, whatever it holds."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    body = _chunk(b"IDAT", zlib.compress(data))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + body + _chunk(b"IEND", b"")


def _blank(width: int, height: int) -> bytes:
    stored = io.BytesIO()
    Image.new("L", (width, height), 255).save(stored, "PNG")
    return stored.getvalue()


_NOTHING = bytes(100_000_000)
_BAD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("picture_kind", lambda: b""),
    "text": ("picture_kind", "LINEで話しましょう".encode),
    "vector": ("picture_kind", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
    "GIF": ("picture_kind", lambda: _stored("GIF")),
    "TIFF": ("picture_kind", lambda: _stored("TIFF")),
    "too many bytes": ("picture_large", lambda: _stored("PNG") + bytes(20_000_001)),
    "bomb": ("picture_large", lambda: _png(60_000, 60_000, data=_NOTHING)),
    "bomb within Pillow's limit": ("picture_large", lambda: _png(9_000, 9_000, data=_NOTHING)),
    "bomb that claims the largest size": ("picture_large", lambda: _png(2**31 - 1, 2**31 - 1)),
    "bomb in a comment": (
        "picture_damaged",
        lambda: _png(99, 99, _chunk(b"zTXt", b"a\0\0" + zlib.compress(_NOTHING))),
    ),
    "bomb in a colour profile": (
        "picture_damaged",
        lambda: _png(99, 99, _chunk(b"iCCP", b"a\0\0" + zlib.compress(_NOTHING))),
    ),
    "JPEG that claims to be huge": (
        "picture_large",
        lambda: _stored("JPEG").replace(
            b"\x08" + struct.pack(">HH", 820, 780), b"\x08" + struct.pack(">HH", 65_500, 65_500), 1
        ),
    ),
    "half a PNG": ("picture_damaged", lambda: _stored("PNG")[:9_000]),
    "half a JPEG": ("picture_damaged", lambda: _stored("JPEG")[:9_000]),
    "half a WebP": ("picture_damaged", lambda: _stored("WEBP")[:9_000]),
    "half a HEIC": ("picture_damaged", lambda: _stored("HEIF")[:9_000]),
    "PNG of noise": ("picture_damaged", lambda: b"\x89PNG\r\n\x1a\n" + os.urandom(50_000)),
    "JPEG of noise": ("picture_damaged", lambda: b"\xff\xd8\xff\xe0" + os.urandom(50_000)),
    "HEIC of noise": ("picture_damaged", lambda: b"\0\0\0\x18ftypheic" + os.urandom(50_000)),
    "no letters": ("picture_empty", lambda: _blank(600, 900)),
    "one pixel": ("picture_empty", lambda: _blank(1, 1)),
    "thread": ("picture_empty", lambda: _blank(30_000, 9)),
}


@pytest.fixture(scope="module")
def bad() -> dict[str, tuple[str, float, float]]:
    """What comes of each bad picture: the trouble, the seconds, and the megabytes held at most."""

    async def all_of_them(reader: PictureReader) -> dict[str, tuple[str, float, float]]:
        await reader.read(PICTURES["en-small"].data)
        (child,) = children()
        seen = {}
        for name, (_, made) in _BAD.items():
            data = made()
            began = time.monotonic()
            with pytest.raises(TroubleError) as raised:
                await reader.read(data)
            took = time.monotonic() - began
            seen[name] = (raised.value.trouble.code, took, most_held(child))
        assert children() == [child]  # none of them broke it
        return seen

    return _run(all_of_them)


@pytest.mark.parametrize("name", _BAD)
def test_bad_pictures(name: str, bad: dict[str, tuple[str, float, float]]) -> None:
    code, took, megabytes = bad[name]
    assert code == _BAD[name][0]
    assert took < 10
    assert megabytes < _MEGABYTES


def test_large_pictures_are_read_within_the_memory() -> None:
    """A phone's largest photo of a screen, and one long screenshot put together of several."""
    with Image.open(PICTURES["ja-faces"].path) as picture:
        photo, long = io.BytesIO(), io.BytesIO()
        shown = picture.convert("RGB")
        shown.resize((6_900, 6_900 * shown.height // shown.width)).save(photo, "JPEG", quality=60)
        chain = Image.new("RGB", (shown.width, shown.height * 4))
        for number in range(4):
            chain.paste(shown, (0, number * shown.height))
        chain.save(long, "PNG")

    async def both(reader: PictureReader) -> tuple[PictureText, PictureText, float]:
        read = await reader.read(photo.getvalue()), await reader.read(long.getvalue())
        return *read, most_held(children()[0])

    of_photo, of_long, megabytes = _run(both)
    assert of_photo.text.count("商品説明文を50件") == 1
    assert of_long.text.count("商品説明文を50件") == 4
    assert megabytes < _MEGABYTES


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit")
def test_more_memory_than_allowed_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screenshot, "MEMORY_LIMIT", 180_000_000)

    async def read(reader: PictureReader) -> None:
        with pytest.raises(TroubleError, match=r"picture_(large|failed)"):
            await reader.read(PICTURES["ja-photo"].data)

    _run(read)


# ---- the child --------------------------------------------------------------------------------


def test_the_child_is_modest_and_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")

    async def look(reader: PictureReader) -> tuple[int, dict[str, str]]:
        await reader.read(PICTURES["en-small"].data)
        (child,) = children()
        return child.nice(), child.environ()

    nice, environment = _run(look)
    assert nice > psutil.Process().nice()
    assert "SLACK_BOT_TOKEN" not in environment


def test_one_picture_at_a_time_in_one_child() -> None:
    async def at_once(reader: PictureReader) -> list[PictureText]:
        reading = asyncio.gather(
            *(reader.read(PICTURES[name].data) for name in ("en-small", "ja-faces", "en-thread"))
        )
        most = 0
        while not reading.done():
            most = max(most, len(children()))
            await asyncio.sleep(0.05)
        assert most == 1
        return await reading

    read = _run(at_once)
    assert ["gardening" in read[0].text, "50件" in read[1].text, "Fiverr" in read[2].text] == [
        True
    ] * 3


def test_an_idle_child_is_ended_and_its_memory_given_back() -> None:
    async def wait(reader: PictureReader) -> None:
        await reader.read(PICTURES["en-small"].data)
        assert len(children()) == 1
        for _ in range(100):
            if not children():
                break
            await asyncio.sleep(0.05)
        assert not children()
        assert "gardening" in (await reader.read(PICTURES["en-small"].data)).text

    _run(wait, idle_limit=0.2)


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    async def too_long(reader: PictureReader) -> None:
        with pytest.raises(TroubleError, match="picture_slow"):
            await reader.read(PICTURES["ja-long"].data)
        assert not children()

    _run(too_long, time_limit=0.5)


def test_a_child_that_dies_is_replaced() -> None:
    async def killed(reader: PictureReader) -> str:
        reading = asyncio.create_task(reader.read(PICTURES["ja-long"].data))
        while not children():
            await asyncio.sleep(0.02)
        children()[0].kill()
        with pytest.raises(TroubleError, match="picture_failed"):
            await reading
        return (await reader.read(PICTURES["en-small"].data)).text

    assert "gardening" in _run(killed)


def test_who_gives_up_leaves_nothing_behind() -> None:
    async def cancelled(reader: PictureReader) -> str:
        reading = asyncio.create_task(reader.read(PICTURES["ja-long"].data))
        while not children():
            await asyncio.sleep(0.02)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert not children()
        return (await reader.read(PICTURES["en-small"].data)).text

    assert "gardening" in _run(cancelled)


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screenshot, "_NEEDED", ("a_module_that_is_not_there",))


@pytest.mark.usefixtures("without_extra")
def test_a_missing_extra_says_how_to_get_it() -> None:
    with pytest.raises(TroubleError) as raised:
        _run(lambda reader: reader.read(PICTURES["en-small"].data))
    for lang in Lang:
        assert "make screenshots" in sentence(raised.value.trouble, lang)


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize(
    "code",
    sorted(
        {code for code, _ in _BAD.values()} | {"picture_slow", "picture_failed", "picture_long"}
    ),
)
def test_every_trouble_has_its_sentence(code: str, lang: Lang) -> None:
    trouble = TroubleError(code, name="a.png").trouble
    assert "a.png" in sentence(trouble, lang)

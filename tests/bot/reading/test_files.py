"""Attached texts, mails, pages and PDFs, whole and damaged."""

from __future__ import annotations

import io
import zlib
from email.message import EmailMessage

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from bot.reading.files import sort_of
from bot.reading.models import FILE_LIMIT, Attachment
from bot.reading.texts import sentence
from rules import Lang, load_rulebook, vet
from tests.bot.reading.asking import html, read_offline

INVITATION = "詳細はLINEで説明しますので、友だち追加をお願いします。"
ENGLISH = "Please pay the training fee of 50 dollars by gift card before we start."


def pdf(*texts: str, locked_with: str = "") -> bytes:
    """A PDF with a page for each text."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for text in texts:
        page = writer.add_blank_page(400, 400)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 300 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    if locked_with:
        writer.encrypt(locked_with)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def mail(*, plain: str | None, markup: str | None = None, charset: str = "utf-8") -> bytes:
    message = EmailMessage()
    message["Subject"] = "お仕事のご相談"
    message["From"] = "client@example.com"
    if plain is not None:
        message.set_content(plain, charset=charset)
    if markup is not None:
        (message.add_alternative if plain is not None else message.set_content)(
            markup, subtype="html", charset=charset
        )
    return message.as_bytes()


def attached(name: str, data: bytes, kind: str = "") -> Attachment:
    return Attachment(name=name, kind=kind, data=data)


class TestTexts:
    @pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "shift_jis", "euc-jp"])
    def test_text_in_any_charset(self, charset: str) -> None:
        found = read_offline(files=[attached("manual.txt", INVITATION.encode(charset))])
        assert found.text == found.shown == INVITATION
        assert not found.troubles

    def test_a_mail_with_its_subject(self) -> None:
        found = read_offline(files=[attached("a.eml", mail(plain=INVITATION, markup="<p>x</p>"))])
        assert found.text == f"お仕事のご相談\n\n{INVITATION}"

    @pytest.mark.parametrize("charset", ["iso-2022-jp", "shift_jis", "utf-8"])
    def test_a_mail_in_html_alone(self, charset: str) -> None:
        markup = f"<style>p{{}}</style><p>{INVITATION}</p>"
        found = read_offline(
            files=[attached("a.eml", mail(plain=None, markup=markup, charset=charset))]
        )
        assert found.text.endswith(INVITATION)
        assert "style" not in found.text

    def test_a_page_that_is_no_posting_is_a_text(self) -> None:
        found = read_offline(f"<nav>home</nav><h1>Manual</h1><p>{INVITATION}</p>")
        assert found.posting is None
        assert found.text == INVITATION

    def test_a_pdf_page_by_page(self) -> None:
        found = read_offline(files=[attached("contract", pdf("First page.", ENGLISH))])
        assert "First page." in found.text
        assert ENGLISH in found.text
        codes = vet(found.submission(load_rulebook()), load_rulebook()).codes
        assert "purchase_required" in codes

    def test_the_message_first_then_the_files_in_order(self) -> None:
        files = [attached("1.txt", b"one"), attached("2.txt", b"two")]
        assert read_offline(text="hello", files=files).text == "hello\n\none\n\ntwo"


class TestTroubles:
    @pytest.mark.parametrize(
        ("file", "code"),
        [
            (attached("a.docx", b"PK\3\4"), "file_kind"),
            (attached("a.zip", b"PK\3\4", "application/zip"), "file_kind"),
            (attached("noname", b"abc"), "file_kind"),
            (attached("a.txt", b"\0\1\2\3"), "file_kind"),
            (attached("a.txt", b""), "file_empty"),
            (attached("a.txt", b" \n "), "file_empty"),
            (attached("a.eml", b"Subject: \n\n"), "file_empty"),
            (attached("a.txt", b"x" * (FILE_LIMIT + 1)), "file_large"),
            (attached("a.pdf", b"%PDF-1.7 broken"), "file_damaged"),
            (attached("a.pdf", b"no pdf"), "file_damaged"),
            (attached("a.pdf", pdf("secret", locked_with="open sesame")), "file_locked"),
            (attached("a.pdf", pdf("")), "pdf_pictures"),
        ],
        ids=lambda value: value if isinstance(value, str) else value.name,
    )
    def test_a_file_that_can_t_be_read_is_named(self, file: Attachment, code: str) -> None:
        found = read_offline(text=INVITATION, files=[file])
        assert [each.code for each in found.troubles] == [code]
        assert found.text == INVITATION  # what can be judged without it is
        for lang in Lang:
            assert file.name in sentence(found.troubles[0], lang)

    def test_a_pdf_that_is_made_to_take_all_memory(self) -> None:
        """A stream that unpacks to 1.5 gigabytes ends in its own process."""
        packer = zlib.compressobj(1)
        packed = b"".join(
            [*(packer.compress(bytes(10_000_000)) for _ in range(150)), packer.flush()]
        )
        found = read_offline(files=[attached("a.pdf", _with_stream(packed))])
        assert found.troubles[0].code in {"file_damaged", "pdf_pictures"}

    def test_too_many_files(self) -> None:
        files = [attached(f"{n}.txt", b"x") for n in range(12)]
        found = read_offline(files=files)
        assert found.text.count("x") == 10
        assert found.troubles[0].code == "many_files"


def _with_stream(packed: bytes) -> bytes:
    """A one-page PDF whose page is this deflated stream."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    out += b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % table
    return bytes(out)


@pytest.mark.parametrize(
    ("name", "kind", "data", "sort"),
    [
        ("a.TXT", "", b"x", "text"),
        ("contract", "", b"%PDF-1.7", "pdf"),
        ("contract.txt", "text/plain", b"%PDF-1.7", "pdf"),
        ("a", "text/plain; charset=utf-8", b"x", "text"),
        ("a.bin", "image/png", b"\x89PNG", "picture"),
        ("a.jpeg", "", b"x", "picture"),
        ("a.htm", "text/plain", b"x", "page"),
        ("a.eml", "", b"x", "mail"),
        ("a.exe", "application/octet-stream", b"MZ", "other"),
    ],
)
def test_the_sort_of_a_file(name: str, kind: str, data: bytes, sort: str) -> None:
    assert sort_of(attached(name, data, kind)) == sort


def test_several_pages_at_once() -> None:
    found = read_offline(
        files=[html("<h1>A</h1><p>one text</p>"), html("<h1>B</h1><p>two text</p>")]
    )
    assert found.text == "one text\n\ntwo text"

"""The text of attached files: .txt, .eml, .html, .pdf. Other kinds get a kind sentence."""

from __future__ import annotations

import asyncio
import email
import email.policy
import sys
from email.message import MIMEPart
from pathlib import Path, PurePath

from bot.reading.charset import decoded
from bot.reading.markup import text_of
from bot.reading.models import FILE_LIMIT, Attachment, TroubleError
from rules import TEXT_LIMIT

_PDF = Path(__file__).with_name("pdf.py")
_PDF_TIME = 15.0
_BY_SUFFIX = {
    ".txt": "text", ".text": "text", ".md": "text", ".log": "text", ".csv": "text",
    ".eml": "mail", ".html": "page", ".htm": "page", ".xhtml": "page", ".pdf": "pdf",
    ".png": "picture", ".jpg": "picture", ".jpeg": "picture", ".webp": "picture",
    ".heic": "picture", ".heif": "picture", ".gif": "picture", ".bmp": "picture",
}  # fmt: skip
_BY_KIND = {
    "text/plain": "text", "text/markdown": "text", "text/csv": "text",
    "message/rfc822": "mail", "text/html": "page", "application/xhtml+xml": "page",
    "application/pdf": "pdf",
}  # fmt: skip


def sort_of(file: Attachment) -> str:
    """'text', 'mail', 'page', 'pdf', 'picture', or 'other': by the data, the name, the kind said."""
    if file.data.startswith(b"%PDF-"):
        return "pdf"
    by_name = _BY_SUFFIX.get(PurePath(file.name.lower()).suffix)
    if by_name is not None:
        return by_name
    kind = file.kind.split(";")[0].strip().lower()
    return "picture" if kind.startswith("image/") else _BY_KIND.get(kind, "other")


async def text_in(file: Attachment, sort: str) -> str:
    """The text of a file of this sort. Raises TroubleError where there is none."""
    match sort:
        case "text":
            text = _plain_text(file)
        case "mail":
            text = await asyncio.to_thread(_mail, file)
        case "pdf":
            text = await _pdf(file)
        case _:
            raise TroubleError("file_kind", name=file.name)
    if not text.strip():
        raise TroubleError("file_empty", name=file.name)
    return text


def check_size(file: Attachment) -> None:
    """Raises TroubleError for a file that is too large, or empty."""
    if len(file.data) > FILE_LIMIT:
        raise TroubleError("file_large", name=file.name)
    if not file.data.strip():
        raise TroubleError("file_empty", name=file.name)


def _plain_text(file: Attachment) -> str:
    if b"\0" in file.data and not file.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TroubleError("file_kind", name=file.name)
    return decoded(file.data)


# ---- mails ------------------------------------------------------------------------------------


def _mail(file: Attachment) -> str:
    """Subject and text; the text as HTML where there is no plain one. Attachments are left alone."""
    message = email.message_from_bytes(file.data, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    parts = [str(message.get("Subject", "")).strip()]
    if body is not None:
        parts.append(_part(body))
    return "\n\n".join(part for part in parts if part)


def _part(part: MIMEPart) -> str:
    data = part.get_payload(decode=True)
    text = decoded(data, part.get_content_charset()) if isinstance(data, bytes) else ""
    return text_of(text) if part.get_content_type() == "text/html" else text.strip()


# ---- PDF --------------------------------------------------------------------------------------


async def _pdf(file: Attachment) -> str:
    """Read in a process of its own with little memory and time: a PDF can be made to take both."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_PDF),
        str(TEXT_LIMIT),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_PDF_TIME):
            said, _ = await process.communicate(file.data)
    except TimeoutError:
        raise TroubleError("file_damaged", name=file.name) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 2:
        raise TroubleError("file_locked", name=file.name)
    if process.returncode != 0:
        raise TroubleError("file_damaged", name=file.name)
    text = said.decode(errors="replace")
    if not text.strip():
        raise TroubleError("pdf_pictures", name=file.name)
    return text

"""Files that came with a message: kept as references, fetched when they are read, within limits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from bot.desk.jobs import HinderedError
from bot.reading.models import FILE_LIMIT, FILES, Attachment, Trouble, TroubleError
from bot.reading.room import Brought
from rules.models import Frozen

#: Bytes of all files of one message.
_TOGETHER = 30_000_000
_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=10)
_CHUNK = 65_536


class File(Frozen):
    """Where a file is, and what is said of it. `size` in bytes, 0 where it is not said."""

    url: str = ""
    name: str = ""
    kind: str = ""
    size: int = 0
    id: str = ""

    def holding(self, data: bytes) -> Attachment:
        """The file as it came."""
        return Attachment(name=self.name, kind=self.kind, data=data)


async def brought(
    files: Sequence[File], download: Callable[[File], Awaitable[Attachment]]
) -> Brought:
    """The files, as many as are read of one message. Raises what `download` raises.

    A TroubleError of `download` is that file's alone.
    """
    fetched: list[Attachment] = []
    troubles: list[Trouble] = []
    left = _TOGETHER
    for file in files[:FILES]:
        try:
            _check(file, left)
            attachment = await download(file)
        except TroubleError as error:
            troubles.append(_named(error.trouble, file))
            continue
        left -= len(attachment.data)
        fetched.append(attachment)
    if len(files) > FILES:
        troubles.append(Trouble(code="many_files", values={"count": str(FILES)}))
    return Brought(files=tuple(fetched), troubles=tuple(troubles))


def _check(file: File, left: int) -> None:
    if file.size > FILE_LIMIT:
        raise TroubleError("file_large")
    if file.size > left or left <= 0:
        raise TroubleError("files_large")


def _named(trouble: Trouble, file: File) -> Trouble:
    return trouble.model_copy(update={"values": {"name": file.name} | trouble.values})


async def data_at(
    session: aiohttp.ClientSession,
    file: File,
    origins: Collection[str],
    headers: Mapping[str, str] | None = None,
) -> tuple[bytes, str]:
    """The bytes of a file, from one of these origins only, and the type that is said with them.

    Raises TroubleError for a file that is not to be had, HinderedError where it may be later.
    """
    if origin_of(file.url) not in origins:
        raise TroubleError("file_away")
    try:
        async with session.get(
            URL(file.url, encoded=True), headers=headers, allow_redirects=False, timeout=_TIMEOUT
        ) as response:
            if response.status == 429 or response.status >= 500:
                raise HinderedError(unsure=False)
            if response.status != 200:
                raise TroubleError("file_away")
            return await _within_limit(response), response.content_type
    except (aiohttp.ClientError, OSError, TimeoutError):
        raise HinderedError(unsure=False) from None


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


async def _within_limit(response: aiohttp.ClientResponse) -> bytes:
    data = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        data += chunk
        if len(data) > FILE_LIMIT:
            raise TroubleError("file_large")
    return bytes(data)

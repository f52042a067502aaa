"""Files that came with a message, from where Discord keeps them. Nobody is shown the token for them."""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp

from bot.doors.downloads import File, brought, data_at, origin_of
from bot.reading.models import Attachment
from bot.reading.room import Brought

_HOSTS = ("https://cdn.discordapp.com", "https://media.discordapp.net")


async def fetched(files: Sequence[File], api: str) -> Brought:
    """The files, within limits; a server that stands in for Discord keeps them beside its `api`."""
    origins = {*_HOSTS, origin_of(api)}
    async with aiohttp.ClientSession(trust_env=True) as session:

        async def download(file: File) -> Attachment:
            data, _ = await data_at(session, file, origins)
            return file.holding(data)

        return await brought(files, download)

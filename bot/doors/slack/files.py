"""Files that came with a message, from where Slack keeps them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.jobs import UnanswerableError
from bot.doors.downloads import File, brought
from bot.doors.slack.message import files_in
from bot.doors.slack.teams import Team
from bot.reading.models import Attachment, TroubleError
from bot.reading.room import Brought


async def fetched(files: Sequence[File], team: Team) -> Brought:
    """The files, within limits, with the token of the workspace that they came from."""

    async def download(file: File) -> Attachment:
        there = file if file.url or not file.id else await _looked_up(file, team)
        return there.holding(await team.file(there))

    return await brought(files, download)


async def _looked_up(file: File, team: Team) -> File:
    """Of some files, such as those of other workspaces, Slack first says only the id."""
    try:
        found = await team.api(team.client.files_info, file=file.id)
    except UnanswerableError as error:
        scope = error.reason == "missing_scope"
        raise TroubleError("file_scope" if scope else "file_away") from None
    return files_in({"files": [found.get("file") or {}]})[0]

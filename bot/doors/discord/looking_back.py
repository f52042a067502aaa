"""What was said while nobody listened: Discord does not bring it again, so it is looked up.

After each start, and where a connection could not be taken up again, the bot reads what it can:
direct messages with people whom it knows, and channels and threads in which something was written
since. Whatever was recorded before is recorded once all the same.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime

import discord

from bot.desk.jobs import HinderedError, UnanswerableError
from bot.doors.discord.calls import call
from bot.store.marks import Marks

_log = logging.getLogger(__name__)

#: Seconds: how far back at most; how far before the last sign of life, for a connection may be
#: dead for a while before that is noticed; between two signs of life.
LONGEST = 12 * 3600
_MARGIN = 180
_SIGN = 15
_DAY = 86400
#: Messages that are read of one place, places of which nothing is said, places read at once.
_MOST = 1000
_UNSAID = 100
_AT_ONCE = 4
_PAUSES = (1, 2, 5, 10, 20, 30)
_HEARD, _DIRECT = "discord_heard", "discord_direct"

Hear = Callable[[discord.Message], Awaitable[None]]
Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class LookingBack:
    """Knows since when each shard may have missed something, and looks it up.

    `hear` is given before it is asked to look.
    """

    hear: Hear

    def __init__(self, client: discord.AutoShardedClient, marks: Marks) -> None:
        self._client = client
        self._marks = marks
        self._listening: set[int] = set()
        self._missed_since: dict[int, float] = {}
        self._known: dict[int, float] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._signs: asyncio.Task[None] | None = None

    def open(self) -> None:
        """From now on signs of life are written."""
        self._signs = asyncio.create_task(self._write_signs())

    async def close(self) -> None:
        """Writes a last one."""
        if self._signs is not None:
            self._signs.cancel()
        await self._sign(*self._listening)
        self._listening.clear()

    # ---- what the shards tell -----------------------------------------------------------------

    async def connected(self, shard: int) -> None:
        """The first connection of all: what comes from now on is not to be lost."""
        if await asyncio.to_thread(self._last_sign, shard) is None:
            await self._sign(shard)

    async def ready(self, shard: int) -> None:
        """A new connection: what was said before it is looked up."""
        since = self._missed_since.get(shard) or await asyncio.to_thread(self._last_sign, shard)
        if since is not None:
            self._missed_since.setdefault(shard, since)
            await self._look(shard, since)
        self._missed_since.pop(shard, None)
        self._listening.add(shard)

    async def gone(self, shard: int) -> None:
        """A connection broke; Discord may or may not let us take it up again."""
        if shard in self._listening:
            self._listening.discard(shard)
            self._missed_since.setdefault(shard, time.time())

    async def resumed(self, shard: int) -> None:
        """A connection was taken up again, and all that was missed has come by itself."""
        self._missed_since.pop(shard, None)
        self._listening.add(shard)

    async def direct(self, channel: int, person: int) -> None:
        """Somebody writes directly: Discord does not list such conversations, so it is noted."""
        now = time.time()
        if self._known.get(channel, 0) < now - _DAY:
            self._known[channel] = now
            owner = self._marks.keys.owner(f"discord/@{person}", str(person))
            await asyncio.to_thread(self._marks.put, _DIRECT, {str(channel): str(channel)}, owner)

    # ---- signs of life ------------------------------------------------------------------------

    async def _write_signs(self) -> None:
        while True:
            await asyncio.sleep(_SIGN)
            try:
                await self._sign(*self._listening)
            except Exception:
                _log.exception("a sign of life could not be written and will be again")

    async def _sign(self, *shards: int) -> None:
        now = str(time.time())
        signs = {self._name(shard): now for shard in shards}
        await asyncio.to_thread(self._marks.put, _HEARD, signs)

    def _last_sign(self, shard: int) -> float | None:
        """This shard's; where Discord's shards are others than before, the last of any."""
        said = self._marks.said(_HEARD, self._name(shard))
        latest = said or next(iter(self._marks.of(_HEARD, 1)), None)
        return None if latest is None else float(latest)

    def _name(self, shard: int) -> str:
        return f"{shard}/{self._client.shard_count}"

    # ---- looking ------------------------------------------------------------------------------

    async def _look(self, shard: int, since: float) -> None:
        since = max(since - _MARGIN, time.time() - LONGEST)
        after = discord.utils.time_snowflake(datetime.fromtimestamp(since, UTC))
        places: list[discord.abc.Messageable] = [*self._written_in(shard, after)]
        if shard == 0:  # direct messages come over the first
            known = await asyncio.to_thread(self._marks.of, _DIRECT)
            places += [self._client.get_partial_messageable(int(each)) for each in known]
        await asyncio.gather(*(self._read(each, after) for each in places))
        _log.info("shard %d: looked for missed messages in %d places", shard, len(places))

    def _written_in(self, shard: int, after: int) -> Iterator[Readable]:
        """The channels and threads of a shard in which something was written since, and may be read.

        Of some Discord does not say when that was: a few of them are looked at too.
        """
        unsaid = 0
        for each in self._readable(shard):
            unsaid += each.last_message_id is None
            if each.last_message_id is None and unsaid > _UNSAID:
                continue
            if each.last_message_id is None or each.last_message_id > after:
                yield each

    def _readable(self, shard: int) -> Iterator[Readable]:
        for guild in self._client.guilds:
            me = guild.get_member(self._client.user.id if self._client.user else 0)
            if guild.shard_id != shard or me is None:
                continue
            places: list[Readable] = [*guild.text_channels, *guild.threads]
            for each in (*places, *guild.voice_channels, *guild.stage_channels):
                may = each.permissions_for(me)
                if may.view_channel and may.read_message_history:
                    yield each

    async def _read(self, place: discord.abc.Messageable, after: int) -> None:
        async def read() -> None:
            messages = place.history(limit=_MOST, after=discord.Object(after), oldest_first=True)
            async for message in messages:
                await self.hear(message)

        async with self._slots:
            for pause in _PAUSES:
                try:
                    await call(read())
                    return
                except UnanswerableError:
                    return  # closed to us meanwhile
                except HinderedError:
                    await asyncio.sleep(pause)
            _log.warning("a place could not be looked through")

"""What of a server is kept in memory: its channels and threads, and what the bot may do there.

Discord tells everything about a server when the bot connects, and the library keeps it all:
emojis, stickers, topics, every role. None of that is of use here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]

_UNUSED = (
    *("emojis", "stickers", "soundboard_sounds", "presences", "voice_states"),
    *("stage_instances", "guild_scheduled_events"),
)
_UNUSED_OF_CHANNEL: Json = {"topic": None, "available_tags": [], "default_reaction_emoji": None}


def thinned(guild: Json, me: int) -> dict[str, Any]:
    """A server as Discord describes it, less what is not needed; `me` is the bot's user id."""
    members = [each for each in guild.get("members", ()) if each["user"]["id"] == str(me)]
    mine = {str(guild["id"]), str(me), *(role for each in members for role in each["roles"])}
    return {
        **guild,
        **{name: [] for name in _UNUSED if name in guild},
        "members": members,
        "roles": [each for each in guild.get("roles", ()) if each["id"] in mine],
        "channels": [_channel(each, mine) for each in guild.get("channels", ())],
    }


def _channel(channel: Json, mine: set[str]) -> dict[str, Any]:
    unused = {name: none for name, none in _UNUSED_OF_CHANNEL.items() if name in channel}
    overwrites = channel.get("permission_overwrites", ())
    kept = [each for each in overwrites if str(each["id"]) in mine]
    return {**channel, **unused, "permission_overwrites": kept}

"""What the bot may do in a server: the least that it needs, each explained, and the invitation."""

from __future__ import annotations

import discord

#: Each permission that the invitation asks for, and what does not work without it.
NEEDED = {
    "view_channel": "to see the channels in which it is asked",
    "send_messages": "to answer in a channel; without it answers come as direct messages",
    "create_public_threads": "to answer in a thread; without it answers stand in the channel",
    "send_messages_in_threads": "to answer in threads",
    "read_message_history": "to look up what was asked while it was not running, and its own answers",
}
#: The commands, for servers and for a person's own account.
_SCOPES = ("bot", "applications.commands")


def permissions() -> discord.Permissions:
    """All that is needed."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def invitation(application: int) -> str:
    """The address at which a server's manager adds the bot."""
    return discord.utils.oauth_url(application, permissions=permissions(), scopes=_SCOPES)


def for_oneself(application: int) -> str:
    """The address at which somebody adds the commands to their own account."""
    address = discord.utils.oauth_url(application, scopes=_SCOPES[1:])
    return f"{address}&integration_type=1"

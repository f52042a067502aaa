"""Of a server only what is needed is kept."""

from __future__ import annotations

from bot.doors.discord.thin import thinned

ME = 1000


def test_only_what_decides_what_the_bot_may_do_is_kept() -> None:
    guild = {
        "id": "1",
        "emojis": [{"id": "9"}],
        "roles": [{"id": "1"}, {"id": "2"}, {"id": "3"}],
        "members": [
            {"user": {"id": "1000"}, "roles": ["2"]},
            {"user": {"id": "5"}, "roles": ["3"]},
        ],
        "channels": [
            {
                "id": "7",
                "topic": "about",
                "permission_overwrites": [{"id": each} for each in ("1", "2", "3", "1000", "5")],
            }
        ],
        "threads": [{"id": "8"}],
    }
    kept = thinned(guild, ME)
    assert [each["id"] for each in kept["roles"]] == ["1", "2"]
    assert [each["user"]["id"] for each in kept["members"]] == ["1000"]
    (channel,) = kept["channels"]
    assert [each["id"] for each in channel["permission_overwrites"]] == ["1", "2", "1000"]
    assert channel["topic"] is None
    assert (kept["emojis"], kept["threads"]) == ([], [{"id": "8"}])
    assert guild["emojis"], "what Discord said is left as it was"

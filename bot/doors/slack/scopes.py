"""What the bot may do in Slack, and what each permission is for."""

from __future__ import annotations

from pathlib import Path

#: The app's configuration, to be pasted into Slack: for Socket Mode, and for HTTP.
MANIFEST = Path(__file__).with_name("manifest.yaml")
MANIFEST_HTTP = Path(__file__).with_name("manifest-http.yaml")

#: Each scope that the manifest asks for, and what does not work without it.
NEEDED = {
    "app_mentions:read": "to be mentioned in a channel",
    "chat:write": "to answer, and to change or remove an answer",
    "commands": "/vet and the shortcut 'Vet this message'",
    "files:read": "to read a screenshot or a file that came with a message",
    "channels:history": "to read the message a thread began with, to go on in plain words in "
    "threads, and to find an answer again after a crash, in public channels",
    "groups:history": "the same in private channels",
    "im:history": "to be written to directly",
    "im:write": "to answer the form of the App Home in a direct message, and to tell there what could "
    "not be done elsewhere",
    "users:read": "to know the language that somebody reads Slack in, and who may change the "
    "workspace's settings",
}

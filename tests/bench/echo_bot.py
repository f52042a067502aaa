"""The floor for the Slack door: a bare Bolt bot that repeats what it is told, and keeps nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def main() -> None:
    """Echoes mentions until SIGTERM."""
    client = AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client)

    async def echo(event: dict[str, Any]) -> None:
        await client.chat_postMessage(
            channel=event["channel"], thread_ts=event["ts"], text=event["text"]
        )

    app.event("app_mention")(echo)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
    await handler.connect_async()  # type: ignore[no-untyped-call]
    print("ready", flush=True)
    await stop.wait()
    await handler.close_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(main())

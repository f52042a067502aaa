"""What goes over the wire, read: arguments of calls, texts and values in blocks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from aiohttp import web

Json = dict[str, Any]


async def arguments_of(request: web.Request) -> Json:
    """What was sent as JSON, as a form, or in the address."""
    if request.content_type == "application/json":
        body: Json = await request.json()
        return {**request.query, **body}
    return {**request.query, **await request.post()}


def parsed(view: Any) -> Json:
    parsed: Json = json.loads(view) if isinstance(view, str) else view
    return parsed


def texts_in(blocks: Any) -> Iterator[str]:
    """Every text in blocks, as it would be seen."""
    if isinstance(blocks, list):
        for each in blocks:
            yield from texts_in(each)
    elif isinstance(blocks, dict):
        for key, value in blocks.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from texts_in(value)


def valued(blocks: Any, parent: Json | None = None) -> Iterator[tuple[Json, Json]]:
    """Everything with a value, with the element that has its action id."""
    if isinstance(blocks, list):
        for each in blocks:
            yield from valued(each, parent)
    elif isinstance(blocks, dict):
        parent = blocks if "action_id" in blocks else parent
        if "value" in blocks and parent is not None:
            yield parent, blocks
        for each in blocks.values():
            yield from valued(each, parent)


def values_in(blocks: Any) -> list[str]:
    """The values of all controls."""
    return [each["value"] for _, each in valued(blocks)]

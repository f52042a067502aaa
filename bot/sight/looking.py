"""What the child process does: pictures in, what was seen in them out.

A frame is four bytes of length, then a picture, or what was seen in it as JSON.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

import zxingcpp

from bot.sight.decoding import PictureError, Pixels, decoded
from bot.sight.letters import Letters
from bot.sight.surfaces import Surfaces

_PATIENCE = 45.0  # seconds after which what is read so far must do
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_CODES = 8


def serve() -> None:
    """Answers frames on standard input until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get in between
    letters = Letters()
    while (data := _frame(sys.stdin.buffer)) is not None:
        answer = json.dumps(_answer(data, letters)).encode()
        answers.write(struct.pack(">I", len(answer)) + answer)
        answers.flush()


def _frame(stream: BinaryIO) -> bytes | None:
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    data = stream.read(length)
    return data if len(data) == length else None


def _answer(data: bytes, letters: Letters) -> dict[str, Any]:
    try:
        return see(data, letters)
    except PictureError as error:
        return {"trouble": str(error)}
    except MemoryError:
        return {"trouble": "picture_large"}


def see(data: bytes, letters: Letters, patience: float = _PATIENCE) -> dict[str, Any]:
    """The lines of a picture with the areas they stand on, and its codes.

    `whole` is False where `patience` (seconds) ended before the picture did. Raises PictureError.
    """
    until = time.monotonic() + patience
    pixels = decoded(data)
    height, width = pixels.shape[:2]
    surfaces = Surfaces(pixels)
    lines: list[dict[str, Any]] = []
    whole = True
    codes = list(_codes(pixels))
    for text, box in letters.lines(pixels):
        surface = surfaces.under(box)
        lines.append({"text": text, "box": box, "surface": surface.number, "area": surface.box})
        if time.monotonic() > until:
            whole = False
            break
    return {"width": width, "height": height, "lines": lines, "codes": codes, "whole": whole}


def _codes(pixels: Pixels) -> Iterator[dict[str, Any]]:
    """QR codes with what they say."""
    for code in zxingcpp.read_barcodes(pixels, _QR)[:_CODES]:
        place = code.position
        corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
        xs, ys = [each.x for each in corners], [each.y for each in corners]
        if text := code.text.strip():
            yield {"text": text, "box": (min(xs), min(ys), max(xs), max(ys))}

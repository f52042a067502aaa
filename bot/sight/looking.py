"""Looking at pictures: what the child process does. Frames come in and go out.

A frame is four bytes of length, then a picture, or what was seen in it as JSON.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import cv2
import numpy as np
import zxingcpp
from rapidocr import RapidOCR
from rapidocr.utils.output import RapidOCROutput

from bot.sight.decoding import PictureError, Pixels, decoded
from bot.sight.surfaces import Box, Surfaces

_PIECE = 2.8
"""How many times as long as wide a piece may be that letters are looked for in at once."""
_DETECTED_AT = 1280  # pixels of the longer side
_SURE = 0.6  # what is read with less certainty is a picture, not letters
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_LINKS = 8


class Sight:
    """Letters and codes in pictures. The models lie in memory from the start."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._engine = RapidOCR(
            params={
                "Global.use_cls": False,  # nobody sends chats upside down
                "Global.log_level": "critical",
                "Global.text_score": _SURE,
                "Global.max_side_len": 10_000,
                "Det.limit_type": "max",
                "Det.limit_side_len": _DETECTED_AT,
                "EngineConfig.onnxruntime.intra_op_num_threads": min(2, os.cpu_count() or 1),
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        self._engine(np.full((64, 256, 3), 255, np.uint8))

    def see(self, data: bytes) -> dict[str, Any]:
        """The lines of a picture with their boxes and surfaces, and its codes.

        Raises PictureError.
        """
        pixels = decoded(data)
        height, width = pixels.shape[:2]
        surfaces = Surfaces(pixels)
        return {
            "width": width,
            "height": height,
            "lines": [
                {"text": text, "box": box, "surface": surface.number, "area": surface.box}
                for text, box in self._lines(pixels)
                for surface in [surfaces.under(box)]
            ],
            "codes": list(_codes(pixels)),
        }

    def _lines(self, pixels: Pixels) -> Iterator[tuple[str, Box]]:
        for top, piece in _pieces(pixels):
            seen = self._engine(piece)
            if not isinstance(seen, RapidOCROutput) or seen.boxes is None or seen.txts is None:
                continue
            for corners, text in zip(seen.boxes, seen.txts, strict=True):
                left, upper = corners.min(axis=0)
                right, lower = corners.max(axis=0)
                yield text, (int(left), int(upper) + top, int(right), int(lower) + top)


def _pieces(pixels: Pixels) -> Iterator[tuple[int, Pixels]]:
    """A long picture in pieces, each with the row where it begins, cut where no line is."""
    height, width = pixels.shape[:2]
    longest = round(width * _PIECE)
    top = 0
    while height - top > longest:
        cut = top + _calm_row(pixels[top + longest // 2 : top + longest]) + longest // 2
        yield top, pixels[top:cut]
        top = cut
    yield top, pixels[top:]


def _calm_row(pixels: Pixels) -> int:
    """The row with the fewest edges in it and around it, the lowest of equals."""
    edges = np.abs(np.diff(pixels[:, ::2, 1].astype(np.int16), axis=1)).sum(axis=1)
    around = np.convolve(edges, np.ones(5), mode="same")
    return len(around) - 1 - int(around[::-1].argmin())


def _codes(pixels: Pixels) -> Iterator[dict[str, Any]]:
    """QR codes with what they say."""
    for code in zxingcpp.read_barcodes(pixels, _QR)[:_LINKS]:
        place = code.position
        corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
        xs, ys = [each.x for each in corners], [each.y for each in corners]
        if text := code.text.strip():
            yield {"text": text, "box": (min(xs), min(ys), max(xs), max(ys))}


# ---- the process ------------------------------------------------------------------------------


def serve() -> None:
    """Answers frames on standard input until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get in between
    sight = Sight()
    while (data := _frame(sys.stdin.buffer)) is not None:
        answer = json.dumps(_answer(sight, data)).encode()
        answers.write(struct.pack(">I", len(answer)) + answer)
        answers.flush()


def _answer(sight: Sight, data: bytes) -> dict[str, Any]:
    try:
        return sight.see(data)
    except PictureError as error:
        return {"trouble": str(error)}
    except MemoryError:
        return {"trouble": "picture_large"}


def _frame(stream: BinaryIO) -> bytes | None:
    head = stream.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    data = stream.read(length)
    return data if len(data) == length else None

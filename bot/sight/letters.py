"""Lines of letters in a picture, with the places they stand at. Runs in the child process only."""

from __future__ import annotations

import os
from collections.abc import Iterator

import cv2
import numpy as np
from rapidocr import RapidOCR
from rapidocr.main import RapidOCRError
from rapidocr.utils.process_img import map_boxes_to_original

from bot.sight.decoding import Pixels
from bot.sight.surfaces import Box

_DETECTED_AT = 1280  # pixels of the longer side
_PIECE = 2.8  # how many times as long as wide a picture may be to be looked at in one piece
_STRIP = 24  # how many times as wide as high a line may be to be read in one piece
_SURE = 0.6  # what is read with less certainty is a picture, not letters
_SETTINGS = {
    "Global.use_cls": False,  # nobody sends chats upside down
    "Global.log_level": "critical",
    "Det.limit_type": "max",
    "Det.limit_side_len": _DETECTED_AT,
    "Rec.rec_batch_num": 1,  # as fast as several, and takes a fraction of the memory
    "EngineConfig.onnxruntime.intra_op_num_threads": min(2, os.cpu_count() or 1),
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class Letters:
    """Finds and reads lines. The models lie in memory from the start."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._engine = RapidOCR(params=_SETTINGS)
        self._engine(np.full((64, 256, 3), 255, np.uint8))  # loads the models

    def lines(self, pixels: Pixels) -> Iterator[tuple[str, Box]]:
        """The lines of a picture, piece by piece from top to bottom."""
        for top, piece in _pieces(pixels):
            for strip, (left, upper, right, lower) in self._found(piece):
                if text := self._read(strip):
                    yield text, (left, upper + top, right, lower + top)

    def _found(self, piece: Pixels) -> Iterator[tuple[Pixels, Box]]:
        """Where lines stand, each straightened out."""
        record = {"preprocess": {"ratio_h": 1.0, "ratio_w": 1.0}}
        try:
            strips, found = self._engine.detect_and_crop(piece, record)
        except RapidOCRError:  # no letters
            return
        if found.boxes is None:
            return
        height, width = piece.shape[:2]
        boxes = map_boxes_to_original(found.boxes, record, height, width)
        for strip, corners in zip(strips, boxes, strict=True):
            (left, upper), (right, lower) = corners.min(axis=0), corners.max(axis=0)
            yield strip, (int(left), int(upper), int(right), int(lower))

    def _read(self, strip: Pixels) -> str:
        """The text of one line, '' where it seems to be none."""
        said = ""
        for part in _parts(strip):
            read = self._engine.recognize_txt([part])
            if not read.txts or not read.scores or read.scores[0] < _SURE:
                continue
            text = read.txts[0].strip()
            spaced = said and text and said[-1].isascii() and text[0].isascii()
            said += f" {text}" if spaced else text
        return said


def _pieces(pixels: Pixels) -> Iterator[tuple[int, Pixels]]:
    """A long picture in pieces, each with the row where it begins, cut where no line is."""
    height, width = pixels.shape[:2]
    longest = round(width * _PIECE)
    top = 0
    while height - top > longest:
        half = longest // 2
        cut = top + half + _calmest(pixels[top + half : top + longest], axis=1)
        yield top, pixels[top:cut]
        top = cut
    yield top, pixels[top:]


def _parts(strip: Pixels) -> Iterator[Pixels]:
    """A long line in parts, cut between letters, at the widest gap nearby."""
    height, width = strip.shape[:2]
    longest = height * _STRIP
    left = 0
    while width - left > longest:
        around = strip[:, left + longest - 6 * height : left + longest]
        cut = left + longest - 6 * height + _calmest(around, axis=0)
        yield strip[:, left:cut]
        left = cut
    yield strip[:, left:]


def _calmest(pixels: Pixels, axis: int) -> int:
    """The row (1: along rows) or column (0: along columns) with the fewest edges in it and beside it."""
    grey = pixels[:, :, 1].astype(np.int16)
    edges = np.abs(np.diff(grey, axis=axis)).sum(axis=axis)
    reach = max(3, min(grey.shape) // 8)
    around = np.convolve(edges, np.ones(reach), mode="same")
    return int(around.argmin())

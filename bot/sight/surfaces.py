"""On what a line of text stands: the area of one colour around it. Runs in the child process only."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.sight.decoding import Pixels

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels of the picture."""

_WIDTH = 480  # pixels that a picture is made smaller to: areas show, grain does not
_LIKENESS = 7  # how far a pixel of the same area may differ, of 255


@dataclass(frozen=True)
class Surface:
    """An area of one colour, by its number, and the box around it."""

    number: int
    box: Box


class Surfaces:
    """The areas of one picture, found as they are asked for."""

    def __init__(self, pixels: Pixels) -> None:
        height, width = pixels.shape[:2]
        self._scale = min(1.0, _WIDTH / width)
        size = max(1, round(width * self._scale)), max(1, round(height * self._scale))
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        self._picture = np.ascontiguousarray(cv2.medianBlur(small, 3))
        self._numbers: NDArray[np.int32] = np.zeros(self._picture.shape[:2], np.int32)
        self._found: list[Surface] = []

    def under(self, line: Box) -> Surface:
        """The area that a line with this box stands on."""
        x, y = self._beside(line)
        number = int(self._numbers[y, x])
        return self._found[number - 1] if number else self._fill(x, y)

    def _beside(self, line: Box) -> tuple[int, int]:
        """A pixel at the rim of the line that has the colour of most of the rim."""
        height, width = self._picture.shape[:2]
        left, top, right, bottom = (round(each * self._scale) for each in line)
        left, right = max(0, left - 1), min(width - 1, right + 1)
        top, bottom = max(0, top), min(height - 1, bottom)
        columns = np.arange(left, max(left, right) + 1)
        rows = np.arange(top, max(top, bottom) + 1)
        xs = np.concatenate([columns, columns, np.full_like(rows, left)]).clip(0, width - 1)
        ys = np.concatenate([np.full_like(columns, top), np.full_like(columns, bottom), rows]).clip(
            0, height - 1
        )
        rim = self._picture[ys, xs].astype(np.int32)
        most = np.median(rim, axis=0)
        at = int(np.abs(rim - most).sum(axis=1).argmin())
        return int(xs[at]), int(ys[at])

    def _fill(self, x: int, y: int) -> Surface:
        height, width = self._picture.shape[:2]
        mask = np.zeros((height + 2, width + 2), np.uint8)
        likeness = (_LIKENESS,) * 3
        flags = 8 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
        _, _, _, found = cv2.floodFill(
            self._picture, mask, (x, y), (0, 0, 0), likeness, likeness, flags
        )
        left, top, across, down = (round(each / self._scale) for each in found)
        surface = Surface(len(self._found) + 1, (left, top, left + across, top + down))
        self._found.append(surface)
        self._numbers[(mask[1:-1, 1:-1] == 255) & (self._numbers == 0)] = surface.number
        return surface

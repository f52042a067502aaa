"""Bytes to pixels, within bounds. Runs in the child process only.

What a picture says of itself is checked before a pixel of it is unpacked.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

register_heif_opener(thumbnails=False)

Pixels = NDArray[np.uint8]
"""Height x width x 3, blue first, as the recogniser wants it."""

PIXEL_LIMIT = 36_000_000
"""Pixels of a picture of a screen, which has 4 million; long ones are put together of several."""
PHOTO_LIMIT = 51_000_000
"""Pixels of a photo (JPEG, HEIC): phones make up to 50 million, and these unpack smaller."""
_SHORT_SIDE = 1600  # pixels of the shorter side that letters are read from
_READ = 20_000_000  # pixels that letters are read from
_SMALLEST = 24
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc")


class PictureError(Exception):
    """A picture that can't be read; the message is the code of a trouble."""


def decoded(data: bytes) -> Pixels:
    """The pixels, upright, made smaller where there are more than reading needs.

    Raises PictureError: 'picture_kind', 'picture_large', 'picture_damaged', or 'picture_empty'.
    """
    kind = _kind(data)
    if kind is None:
        raise PictureError("picture_kind")
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as picture:
            _check_size(*picture.size, kind)
            return _pixels(picture)
    except Image.DecompressionBombError:
        raise PictureError("picture_large") from None
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, RuntimeError):
        raise PictureError("picture_damaged") from None


def _kind(data: bytes) -> str | None:
    """Pillow's name of the format, by the first bytes; None: none that is read here."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIF"
    return None


def _check_size(width: int, height: int, kind: str) -> None:
    if width * height > (PHOTO_LIMIT if kind in {"JPEG", "HEIF"} else PIXEL_LIMIT):
        raise PictureError("picture_large")
    if min(width, height) < _SMALLEST:
        raise PictureError("picture_empty")


def _pixels(picture: Image.Image) -> Pixels:
    width, height = picture.size
    scale = min(1.0, _SHORT_SIDE / min(width, height), (_READ / (width * height)) ** 0.5)
    if scale < 1:
        size = round(width * scale), round(height * scale)
        picture.draft("RGB", size)  # a JPEG unpacks smaller at once, others don't mind
        picture = picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    picture = ImageOps.exif_transpose(picture)
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture.convert("RGBA"))
    return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])

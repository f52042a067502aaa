"""What the child process saw in a picture, checked. Boxes: left, top, right, bottom, in pixels."""

from __future__ import annotations

from rules.models import Frozen

Box = tuple[int, int, int, int]


class Line(Frozen):
    """A line of letters, and the area of one colour that it stands on."""

    text: str
    box: Box
    surface: int
    area: Box


class Code(Frozen):
    """A QR code, and what it says."""

    text: str
    box: Box


class Seen(Frozen):
    """All of one picture; not `whole` where reading it took too long."""

    width: int
    height: int
    lines: tuple[Line, ...]
    codes: tuple[Code, ...]
    whole: bool

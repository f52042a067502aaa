"""What a site's robots.txt lets us read (RFC 9309)."""

from __future__ import annotations

from protego import Protego

#: Bytes of a robots.txt that are read; the rest is ignored, as the RFC allows.
ROBOTS_LIMIT = 500_000


class Robots:
    """The rules of one origin."""

    def __init__(self, text: str) -> None:
        self._rules = Protego.parse(text)

    def permits(self, url: str, agent: str) -> bool:
        """Whether a program of this name may read this page."""
        return bool(self._rules.can_fetch(url, agent))

    @staticmethod
    def of_answer(status: int, data: bytes) -> Robots | None:
        """The rules in an answer; None where the site can't say now, so that nothing is read.

        No file (4xx) means no rules; a site that is too busy or broken (429, 5xx) is left alone.
        """
        if status == 429 or status >= 500:
            return None
        if status >= 400:
            return Robots("")
        return Robots(data.decode("utf-8-sig", errors="replace"))

"""One measured value against its limit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`limit` None: a floor, printed beside the others and broken by nothing."""

    name: str
    value: float
    limit: float | None
    unit: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the value keeps its limit."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign = "ok  " if self.holds else "OVER"
        bound = "at least" if self.at_least else "limit"
        limit = "floor" if self.limit is None else f"{bound} {self.limit:g}"
        return f"{sign} {self.name:58} {self.value:9.3f} {self.unit:3} ({limit})"

"""Tables for people who look after the bot."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table


def table(first: str, *numbers: str) -> Table:
    """A plain table: names in the first column, numbers in the others."""
    made = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    made.add_column(first, overflow="fold", min_width=12)
    for each in numbers:
        made.add_column(each, justify="right")
    return made

"""All tables, wherever they are defined: what is made, upgraded, erased and moved goes by this."""

from __future__ import annotations

from bot.store import tally_tables  # noqa: F401 - its tables are among them
from bot.store.tables import TABLES

ALL = TABLES.sorted_tables

"""What is known of the client: read from a text, or given by a page.

A figure counts only where its label is beside it ('総合評価 4.0', '3.6 of 11 reviews'); nothing is
guessed.
"""

from __future__ import annotations

from collections.abc import Mapping

from rules.figures import Fact
from rules.models import Facts
from rules.record import record
from rules.standing import checks

__all__ = ["Fact", "FactTable", "as_facts", "client_facts", "merged"]

FactTable = Mapping[str, Fact]


def client_facts(plain: str) -> dict[str, Fact]:
    """What a normalised text says about the client, by fact name."""
    return record(plain) | checks(plain)


def merged(read: dict[str, Fact], given: Facts | None) -> dict[str, Fact]:
    """What the text says, overridden by what a page's own data says."""
    if given is None:
        return read
    known = given.model_dump(exclude={"name"}, exclude_none=True)
    return read | {name: Fact(value, None) for name, value in known.items()}


def as_facts(table: FactTable) -> Facts:
    """The table as the public model, without what the model does not carry."""
    values = {name: fact.value for name, fact in table.items() if name in Facts.model_fields}
    return Facts.model_validate(values)

"""What is worth saying beside the risks: what looks right, and what to keep in mind."""

from __future__ import annotations

from collections.abc import Iterator

from rules.case import PROMISES, Case
from rules.models import Note, Stage


def notes(case: Case, codes: frozenset[str]) -> Iterator[Note]:
    """The notes on a case in which these risks were found."""
    yield from _on_contact(case, codes)
    if "escrow" in case.reading.concepts and not codes:
        yield Note(code="escrow_named")
    yield from _on_client(case, codes)


def _on_contact(case: Case, codes: frozenset[str]) -> Iterator[Note]:
    if "off_platform_contact" in codes:
        return
    frames = {miss.frame for miss in case.misses if miss.risk.code == "off_platform_contact"}
    if not frames.isdisjoint(PROMISES):
        yield Note(code="escrow_first")
    allowed = case.site.contact_after_escrow.value != "forbidden"
    if allowed and case.stage is Stage.ESCROWED and "outside_channel" in case.reading.concepts:
        yield Note(code=f"contact_{case.site.contact_after_escrow.value}")
    if "denied" in frames:
        yield Note(code="stays_on_platform")


def _on_client(case: Case, codes: frozenset[str]) -> Iterator[Note]:
    for fact in ("identity_verified", "payment_verified", "rules_checked"):
        if case.value(fact) is True:
            yield Note(code=fact)
    orders, rating = case.value("orders"), case.value("rating")
    if orders is None:
        return
    if orders <= 3 and "weak_client_record" not in codes:
        yield Note(code="new_but_described")
    if orders > 3 and rating is not None and rating > 4.0:
        yield Note(code="good_record", values={"rating": f"{rating:g}", "orders": f"{orders:g}"})

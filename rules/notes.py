"""What is worth saying beside the risks: what looks right, and what to keep in mind."""

from __future__ import annotations

from collections.abc import Iterator

from rules.case import PROMISES, Case
from rules.models import Kind, Note, Stage


def notes(case: Case, codes: frozenset[str]) -> Iterator[Note]:
    """The notes on a case in which these risks were found."""
    yield from _on_contact(case, codes)
    if "escrow" in case.reading.concepts and not codes:
        yield Note(code="escrow_done" if _tells_of_escrow(case) else "escrow_named")
    yield from _on_client(case, codes)


def _tells_of_escrow(case: Case) -> bool:
    """Whether it is the text itself that says that escrow is paid."""
    return case.stage is Stage.ESCROWED and "escrow_done" in case.reading.concepts


def _on_contact(case: Case, codes: frozenset[str]) -> Iterator[Note]:
    if "off_platform_contact" in codes:
        return
    frames = {miss.frame for miss in case.misses if miss.risk.code == "off_platform_contact"}
    promised = not frames.isdisjoint(PROMISES)
    if promised:
        yield Note(code="escrow_first")
    allowed = case.site.contact_after_escrow.value != "forbidden"
    if allowed and case.stage is Stage.ESCROWED and "outside_channel" in case.reading.concepts:
        yield Note(code=f"contact_{case.site.contact_after_escrow.value}")
    if "denied" in frames and not promised and not codes:
        yield Note(code="stays_on_platform")


def _on_client(case: Case, codes: frozenset[str]) -> Iterator[Note]:
    # In a letter, words on checks may mean others' checks: beside a risk they reassure nobody.
    told = case.kind is Kind.POSTING or not codes
    for fact in ("identity_verified", "payment_verified", "rules_checked"):
        if told and case.value(fact) is True:
            yield Note(code=fact)
    orders, rating = case.value("orders"), case.value("rating")
    if orders is None:
        return
    verified = True in {case.value("identity_verified"), case.value("payment_verified")}
    if orders <= 3 and verified and not codes:
        yield Note(code="new_but_described", values={"orders": f"{orders:g}"})
    if orders > 3 and rating is not None and rating > 4.0:
        yield Note(code="good_record", values={"rating": f"{rating:g}", "orders": f"{orders:g}"})

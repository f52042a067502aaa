"""Data that a page carries for programs: JSON in attributes, JSON-LD, Open Graph."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Callable, Iterator
from typing import Any

from bot.reading import values
from bot.reading.layout import Layout
from bot.reading.markup import text_of
from bot.reading.tree import Tree, attribute, text_below
from rules.format import Embedded, FactOnPage
from rules.models import Frozen

#: Dictionaries of one piece of JSON that are looked at.
_LOOKED_AT = 2_000
_FIGURES: dict[FactOnPage, Callable[[str | float], float | None]] = {
    "rating": values.rating,
    "orders": values.orders,
    "completion_rate": values.completion_rate,
}


class JobPosting(Frozen):
    """What a page's JSON-LD says of the job (schema.org/JobPosting)."""

    title: str | None = None
    text: str | None = None
    pay: str | None = None
    client: str | None = None


def client_data(tree: Tree, layout: Layout) -> dict[FactOnPage, values.Value]:
    """The facts on the client that the page carries as JSON, each checked."""
    facts: dict[FactOnPage, values.Value] = {}
    for each in layout.embedded:
        for node in tree.all(each.selector):
            written = attribute(node, each.attribute) if each.attribute else text_below(node)
            for found in _dictionaries(_json(written)):
                facts = _facts_in(found, each) | facts
    return facts


def _facts_in(found: dict[str, Any], where: Embedded) -> dict[FactOnPage, values.Value]:
    read = {fact: _checked(fact, found.get(key)) for fact, key in where.keys.items()}
    return {fact: value for fact, value in read.items() if value is not None}


def _checked(fact: FactOnPage, value: object) -> values.Value | None:
    """A value of the right kind; None for anything else that the data may hold."""
    if fact == "name":
        return values.name(value) if isinstance(value, str) else None
    if fact not in _FIGURES:
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return _FIGURES[fact](value)


def job_posting(tree: Tree) -> JobPosting:
    """The job in the page's JSON-LD; empty where there is none."""
    for node in tree.all('script[type="application/ld+json"]'):
        for found in _dictionaries(_json(text_below(node))):
            kinds = found.get("@type")
            if "JobPosting" in (kinds if isinstance(kinds, list) else [kinds]):
                return JobPosting(
                    title=_text(found.get("title") or found.get("name")),
                    text=_described(found.get("description")),
                    pay=_salary(found.get("baseSalary") or found.get("estimatedSalary")),
                    client=_organization(found.get("hiringOrganization")),
                )
    return JobPosting()


def open_graph(tree: Tree, name: str) -> str | None:
    """One of the page's Open Graph statements, such as 'title'."""
    node = tree.first(f'meta[property="og:{name}"], meta[name="og:{name}"]')
    return _text(attribute(node, "content")) if node is not None else None


def _json(written: str | None) -> Any:
    """JSON as pages carry it: escaped twice, or with line breaks in its strings; None where none."""
    if not written:
        return None
    for form in (written, html.unescape(written)):
        try:
            return json.loads(form, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _dictionaries(data: Any) -> Iterator[dict[str, Any]]:
    """All dictionaries in a piece of JSON, the outer ones first."""
    waiting = [data]
    for _ in range(_LOOKED_AT):
        if not waiting:
            return
        each = waiting.pop(0)
        if isinstance(each, dict):
            yield each
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)


def _text(value: object) -> str | None:
    said = " ".join(html.unescape(value).split()) if isinstance(value, str) else ""
    return said or None


def _described(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    markup = html.unescape(value) if "<" not in value and "&lt;" in value else value
    text = text_of(markup if "<" in markup else f"<pre>{markup}</pre>")
    return text or None


def _organization(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("name")
    return values.name(value) if isinstance(value, str) else None


def _salary(value: object) -> str | None:
    """A schema.org MonetaryAmount in words: '5000 JPY', '15-30 USD / HOUR'."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        return _amount(value)
    currency = value.get("currency")
    amount = value.get("value", value)
    unit = None
    if isinstance(amount, dict):
        unit = amount.get("unitText")
        low, high = _amount(amount.get("minValue")), _amount(amount.get("maxValue"))
        exact = _amount(amount.get("value"))
        said = exact or "-".join(dict.fromkeys(each for each in (low, high) if each))
    else:
        said = _amount(amount) or ""
    if not said:
        return None
    said = f"{said} {currency}" if isinstance(currency, str) else said
    return f"{said} / {unit}" if isinstance(unit, str) else said


def _amount(value: object) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return f"{value:,.10g}"
    return value.strip() or None if isinstance(value, str) else None

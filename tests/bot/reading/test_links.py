"""Addresses in a text, and which of them are postings."""

from __future__ import annotations

import ipaddress

import pytest

from bot.reading.addresses import Gate
from bot.reading.links import links_in, posting_link, sources_of
from rules import load_rulebook

RULEBOOK = load_rulebook()


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        (
            "これです https://crowdworks.jp/public/jobs/1。よろしく",
            ["https://crowdworks.jp/public/jobs/1"],
        ),
        (
            "「https://crowdworks.jp/public/jobs/1」どうでしょう",
            ["https://crowdworks.jp/public/jobs/1"],
        ),
        (
            "(https://example.com/a_(b)) and <https://example.com/c>.",
            ["https://example.com/a_(b)", "https://example.com/c"],
        ),
        (
            "https://example.com/a,https://example.com/b!",
            ["https://example.com/a,https://example.com/b"],
        ),
        ("応募はhttps://example.com/xこちらから", ["https://example.com/x"]),
        ("HTTPS://EXAMPLE.COM/A", ["HTTPS://EXAMPLE.COM/A"]),
        ("*https://example.com/a*", ["https://example.com/a"]),
        ("ない https:// ない", []),
        ("example.com/a", []),
    ],
)
def test_addresses_in_a_text(text: str, urls: list[str]) -> None:
    found = list(links_in(text))
    assert [each.url for each in found] == urls
    assert all(text[each.start : each.end] == each.url for each in found)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://crowdworks.jp/public/jobs/12345", "crowdworks"),
        ("http://www.crowdworks.jp/public/jobs/12345/", "crowdworks"),
        ("https://crowdworks.jp./public/jobs/12345", "crowdworks"),
        ("https://crowdworks.jp/public/employers/12345", None),
        ("https://crowdworks.jp/", None),
        ("https://crowdworks.jp.example.com/public/jobs/1", None),
        ("https://example.com/crowdworks.jp/public/jobs/1", None),
        ("https://notcrowdworks.jp/public/jobs/1", None),
        ("https://crowdworks.jp@example.com/public/jobs/1", None),
        ("ftp://crowdworks.jp/public/jobs/1", None),
        ("https://www.lancers.jp/work/detail/5", "lancers"),
        ("https://coconala.com/requests/5", "coconala"),
        ("https://coconala.com/services/5", None),
        ("https://www.upwork.com/jobs/~01abc", "upwork"),
        ("https://www.upwork.com/freelancers/~01abc", None),
        ("https://www.freelancer.com/projects/php/some-site-1", "other"),
        ("https://lin.ee/abc", None),
        ("https://forms.gle/abc", None),
        ("http://127.0.0.1:8000/public/jobs/1", None),
        ("https://[", None),
    ],
)
def test_which_addresses_are_postings(url: str, site: str | None) -> None:
    link = posting_link(url, RULEBOOK, Gate())
    assert (link.platform if link else None) == site


def test_in_an_opened_network_the_path_decides() -> None:
    gate = Gate((ipaddress.ip_network("127.0.0.1/32"),))
    for url, site in {
        "http://127.0.0.1:8000/public/jobs/1": "crowdworks",
        "http://localhost:8000/work/detail/1": "lancers",
        "http://127.0.0.1:8000/about": None,
        "http://127.0.0.2:8000/public/jobs/1": None,
    }.items():
        link = posting_link(url, RULEBOOK, gate)
        assert (link.platform if link else None) == site


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="https://crowdworks.jp/public/jobs/7?a=1&amp;b=2">',
        '<link href="https://crowdworks.jp/public/jobs/7?a=1&amp;b=2" rel="canonical">',
        '<meta property="og:url" content="https://crowdworks.jp/public/jobs/7?a=1&amp;b=2">',
        '<meta content="https://crowdworks.jp/public/jobs/7?a=1&amp;b=2" property="og:url">',
        "<!-- saved from url=(0042)https://crowdworks.jp/public/jobs/7?a=1&b=2 -->",
    ],
)
def test_where_a_saved_page_comes_from(head: str) -> None:
    assert list(sources_of(f"<html>{head}")) == ["https://crowdworks.jp/public/jobs/7?a=1&b=2"]

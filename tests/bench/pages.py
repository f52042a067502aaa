"""A saved page of 300 KB to its Assessment, as `vet --url … --page …` does it, less the process."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator

from lxml import etree

from bot.reading.addresses import Gate
from bot.reading.fetch import Fetcher
from bot.reading.models import Attachment
from bot.reading.reader import Reader
from rules import Rulebook, vet
from tests.bench.figure import Figure
from tests.bot.reading.pages import page

SIZE = 300_000
ROUNDS = 40
_NAVIGATION = '<li><a href="/public/jobs/group/{n}">{n}番のカテゴリのお仕事を探す</a></li>\n'
_OTHER = """<div class="job_item"><div class="ttl"><a href="/public/jobs/{n}">募集その{n}:商品紹介文の作成</a></div>
<p>文章を書くのが好きな方を探しています。詳しい内容は募集のページをご覧ください。</p>
<dl><dt>固定報酬制</dt><dd>{n}00円</dd><dt>募集人数</dt><dd>{n}人</dd></dl></div>\n"""


def large_page() -> str:
    """A posting's page of CrowdWorks with as much round it as such pages have.

    A quarter scripts and styles, a tenth navigation; the rest lists of other jobs, half of them in
    parts of the page that no name gives away.
    """
    markup = page("crowdworks/table").markup
    script = "<script>window.state={" + '"k":"v",' * (SIZE // 4 // 8) + "}</script>"
    count = SIZE // 10 // len(_NAVIGATION.encode())
    navigation = "<ul>" + "".join(_NAVIGATION.format(n=n) for n in range(count)) + "</ul>"
    left = SIZE - len((markup + script + navigation).encode())
    others = [_OTHER.format(n=n) for n in range(left // len(_OTHER.encode()))]
    half = len(others) // 2
    below = (
        f'<section class="list"><h2>この仕事を見た人はこちらも見ています</h2>{"".join(others[:half])}</section>'
        f'<aside class="recommend"><h2>新着の仕事</h2>{"".join(others[half:])}</aside>'
    )
    return markup.replace("</head>", f"{script}</head>").replace(
        "<footer", f"{navigation}{below}<footer", 1
    )


def measure(rulebook: Rulebook) -> Iterator[Figure]:
    """The median of the whole way, beside the time that lxml takes for its tree alone."""
    data = large_page().encode()
    whole, tree = asyncio.run(_times(data, rulebook))
    yield Figure("saved page of 300 KB to Assessment, median", whole * 1e3, 30, "ms")
    yield Figure("saved page of 300 KB / the parser's tree alone", whole / tree, 20, "x")


async def _times(data: bytes, rulebook: Rulebook) -> tuple[float, float]:
    """Median seconds of the whole way and of the floor; the first rounds, which compile, are left out."""
    gate = Gate()
    reader = Reader(rulebook, Fetcher(gate), gate)
    saved = [Attachment(name="page.html", kind="text/html", data=data)]
    url = page("crowdworks/table").url
    whole: list[float] = []
    tree: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = await reader.read("", saved, url=url)
        vet(found.submission(rulebook), rulebook)
        between = time.perf_counter()
        etree.fromstring(data, etree.HTMLParser(encoding="utf-8"))
        tree.append(time.perf_counter() - between)
        whole.append(between - began)
    return statistics.median(whole[5:]), statistics.median(tree[5:])

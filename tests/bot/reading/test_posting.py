"""Pages of every site, in several layouts, with everything round the posting that a page has."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress

import pytest

from bot.reading.addresses import Gate
from bot.reading.layout import layout_of
from bot.reading.links import posting_link
from bot.reading.models import Posting, TroubleError
from bot.reading.posting import Page
from rules import Kind, load_rulebook, vet
from tests.bot.reading.asking import read_offline
from tests.bot.reading.pages import Saved, page, pages

RULEBOOK = load_rulebook()
FACTS = ("name", "identity_verified", "rules_checked", "rating", "orders", "completion_rate")
#: Words that stand on the sites' frames, and on no posting.
FRAME = re.compile(
    r"Cookie|友だち追加|プレゼント|月収|似た仕事|おすすめ|Amazon|PayPay|WhatsApp|Explore|gift card|違反報告"
    r"|通報|応募する|提案する|How it works|占い|新着|運営会社|Messenger|Skills|Proposals"
)


def read(saved: Saved) -> Posting:
    return Page(saved.markup, layout_of(saved.site, RULEBOOK)).posting(saved.url)


every_page = pytest.mark.parametrize("saved", pages(), ids=lambda saved: saved.name)


@every_page
class TestEveryPage:
    def test_title_and_pay_as_the_page_words_them(self, saved: Saved) -> None:
        posting = read(saved)
        assert posting.title == saved.said["title"]
        assert posting.pay == saved.said.get("pay")

    def test_the_job_s_own_text_and_nothing_else(self, saved: Saved) -> None:
        text = read(saved).text or ""
        assert text.startswith(saved.said["starts"])
        assert text.endswith(saved.said["ends"])
        assert not FRAME.search(text)

    def test_each_fact_or_null(self, saved: Saved) -> None:
        client = read(saved).client
        expected = {name: saved.said["client"].get(name) for name in FACTS}
        assert {name: getattr(client, name) for name in FACTS} == expected
        assert client.payment_verified is saved.said.get("payment_verified")

    def test_the_risks_are_the_posting_s(self, saved: Saved) -> None:
        found = read_offline(saved.markup, url=saved.url)
        assessment = vet(found.submission(RULEBOOK), RULEBOOK)
        assert set(saved.said["codes"]) <= set(assessment.codes)
        assert bool(saved.said["codes"]) is bool(assessment.codes)
        assert assessment.kind is Kind.POSTING
        posting = found.posting
        assert posting is not None
        for each in assessment.findings:
            if each.quote:
                assert each.quote in f"{posting.text}\n{posting.title}\n{posting.pay}"

    def test_its_address_is_a_posting_of_that_site(self, saved: Saved) -> None:
        link = posting_link(saved.url, RULEBOOK, Gate())
        assert link is not None
        assert link.platform == saved.site


def crowdworks(body: str) -> Posting:
    frame = page("crowdworks/table")
    cut = re.sub(r"<main.*</main>", lambda _: body, frame.markup, flags=re.DOTALL)
    return Page(cut, layout_of("crowdworks", RULEBOOK)).posting(None)


BOX = "<h2>仕事の詳細</h2><p>名刺を20枚入力してください。</p><h2>クライアント情報</h2>"


class TestFacts:
    """Read by label and embedded data, never by position, never guessed."""

    @pytest.mark.parametrize(
        ("box", "fact", "value"),
        [
            ("<p>総合評価 4.5</p>", "rating", 4.5),
            ("<p>総合評価: 4.5 / 5.0(12件)</p>", "rating", 4.5),
            ("<p>総合評価</p><p>★4.5</p>", "rating", 4.5),
            ("<span>総合評価</span><span>4.5</span>", "rating", 4.5),
            ("<dl><dt>総合評価</dt><dd>4.5点</dd></dl>", "rating", 4.5),
            ("<table><tr><th>総合評価</th><td>4.5</td></tr></table>", "rating", 4.5),
            ("<p>４．５（７）</p>", "rating", 4.5),
            ("<p>総合評価 0</p>", "rating", None),
            ("<p>総合評価 0.0 (0)</p>", "rating", None),
            ("<p>総合評価 --</p>", "rating", None),
            ("<p>総合評価 まだ評価はありません</p>", "rating", None),
            ("<p>総合評価</p><p>募集実績 3 件</p>", "rating", None),
            ("<p>総合評価 45</p>", "rating", None),
            ("<p>評価コメント 4.5件分を見る</p>", "rating", None),
            ("<p>満足 30 / 残念 2</p>", "rating", None),
            ("<p>募集実績 3 件</p>", "orders", 3),
            ("<p>募集実績</p><p>1,234件</p>", "orders", 1234),
            ("<p>募集実績 なし</p>", "orders", 0),
            ("<p>募集実績 非公開</p>", "orders", None),
            ("<p>発注数/発注率</p><p>12件/85%</p>", "orders", 12),
            ("<p>総合評価 4.5 募集実績 12 件 本人確認済み</p>", "orders", 12),
            ("<p>総合評価 4.5 募集実績 12 件 本人確認済み</p>", "identity_verified", True),
            ("<p>プロジェクト完了率 97.5 %</p>", "completion_rate", 97.5),
            ("<p>プロジェクト完了率</p><p>--%</p>", "completion_rate", None),
            ("<p>プロジェクト完了率 970%</p>", "completion_rate", None),
            ("<p>本人確認済み</p>", "identity_verified", True),
            ("<p>本人確認未提出</p>", "identity_verified", False),
            ("<p>本人確認</p><p>審査中</p>", "identity_verified", False),
            ("<p>✓ 本人確認</p>", "identity_verified", True),
            ("<p>本人確認 ×</p>", "identity_verified", False),
            ('<p>本人確認 <img src="x.png" alt="済み"></p>', "identity_verified", True),
            ("<p>本人確認</p>", "identity_verified", None),
            ("<p>本人確認書類の提出をお願いしています</p>", "identity_verified", None),
            ('<p style="display:none">本人確認済み</p>', "identity_verified", None),
            ('<img src="a.png" alt="あおいのアイコン"><p>あおい</p>', "name", "あおい"),
            ('<p><img src="a.png" alt="あおい">あおい</p>', "name", "あおい"),
            ("<p>本人確認済み</p><p>あおい</p>", "name", None),
            ("<p>発注ルールチェック済み</p>", "rules_checked", True),
            ("<p>発注ルールチェック未回答</p>", "rules_checked", False),
            (
                "<table><tr><th>総合評価</th><th>募集実績</th></tr><tr><td>4.1</td><td>9件</td></tr></table>",
                "orders",
                9,
            ),
            (
                "<table><tr><th>総合評価</th><th>募集実績</th></tr><tr><td>4.1</td><td>9件</td></tr></table>",
                "rating",
                4.1,
            ),
        ],
    )
    def test_labels(self, box: str, fact: str, value: object) -> None:
        posting = crowdworks(f"<h1>入力の仕事の依頼</h1>{BOX}<div>{box}</div>")
        assert getattr(posting.client, fact) == value
        assert posting.text == "名刺を20枚入力してください。"

    @pytest.mark.parametrize(
        ("data", "fact", "value"),
        [
            ({"averageScore": 4.25}, "rating", 4.25),
            ({"averageScore": 0}, "rating", None),
            ({"averageScore": "4.8"}, "rating", 4.8),
            ({"averageScore": None}, "rating", None),
            ({"averageScore": 50}, "rating", None),
            ({"averageScore": True}, "rating", None),
            ({"jobOfferAchievementCount": 0}, "orders", 0),
            ({"jobOfferAchievementCount": -1}, "orders", None),
            ({"jobOfferAchievementCount": 2.5}, "orders", None),
            ({"projectFinishedRate": 0}, "completion_rate", 0),
            ({"projectFinishedRate": 101}, "completion_rate", None),
            ({"isIdentityVerified": "true"}, "identity_verified", None),
            ({"isIdentityVerified": False}, "identity_verified", False),
            ({"isEmployerRuleCheckSucceeded": True}, "rules_checked", True),
            ({"userDisplayName": "  あおい "}, "name", "あおい"),
            ({"userDisplayName": 5}, "name", None),
            ({"employer": {"detail": {"averageScore": 3.5}}}, "rating", 3.5),
        ],
    )
    def test_embedded_data(self, data: dict[str, object], fact: str, value: object) -> None:
        written = json.dumps(data).replace("&", "&amp;").replace('"', "&quot;")
        box = f'<div id="client_detail_information_container" data="{written}"></div>'
        client = crowdworks(f"<h1>入力の仕事の依頼</h1>{BOX}{box}").client
        assert getattr(client, fact) == value

    def test_embedded_data_goes_before_labels(self) -> None:
        box = (
            """<div id="client_detail_information_container" data='{"averageScore": 4.9}'></div>"""
        )
        client = crowdworks(f"<h1>x</h1>{BOX}{box}<p>総合評価 3.1</p><p>募集実績 8 件</p>").client
        assert (client.rating, client.orders) == (4.9, 8)

    @pytest.mark.parametrize("data", ["", "{", "[1]", "null", "[" * 50_000, '"x"', "{'a': 1}"])
    def test_damaged_data_says_nothing(self, data: str) -> None:
        box = f"<div id='client_detail_information_container' data='{data}'></div>"
        posting = crowdworks(f"<h1>x</h1>{BOX}{box}<p>募集実績 8 件</p>")
        assert posting.client.orders == 8

    def test_no_finished_project_yet_is_no_bad_completion_rate(self) -> None:
        box = """<div id="client_detail_information_container"
          data='{"averageScore": 0, "jobOfferAchievementCount": 9, "projectFinishedRate": 0}'></div>"""
        found = read_offline(f"<h1>x</h1>{BOX}{box}", url="https://crowdworks.jp/public/jobs/1")
        assert found.posting is not None
        assert found.posting.client.completion_rate == 0
        assert not vet(found.submission(RULEBOOK), RULEBOOK).findings


class TestHeadings:
    @pytest.mark.parametrize(
        "heading",
        [
            "<h3>クライアント情報</h3>",
            "<h3>クライアント情報 <a href='/c'>詳しく見る</a></h3>",
            "<h3>■ クライアント情報</h3>",
            "<div class='ttl'>クライアント情報</div>",
            "<p class='ttl'>クライアント情報</p>",
            "<div class='head'><h3>クライアント情報</h3></div>",
            "<div class='head'><strong>クライアント情報：</strong></div>",
            "<h3><img src='i.png' alt=''>クライアント情報</h3>",
        ],
    )
    @pytest.mark.parametrize(
        "frame", ["{h}{b}", "<div>{h}<div>{b}</div></div>", "<aside>{h}{b}</aside>"]
    )
    def test_the_client_s_box_under_any_heading(self, heading: str, frame: str) -> None:
        box = frame.format(h=heading, b="<p>募集実績 8 件</p><p>評価 4.5</p>")
        page = (
            f"<h1>x</h1><h2>仕事の詳細</h2><p>入力です。</p>{box}<h2>応募状況</h2><p>評価 1.0</p>"
        )
        posting = crowdworks(page)
        assert (posting.client.orders, posting.client.rating) == (8, 4.5)
        assert posting.text == "入力です。"

    def test_small_words_beside_the_title(self) -> None:
        markup = (
            "<h1>動画の字幕<small>字幕の仕事</small></h1><h2>依頼概要</h2><p>短い動画です。</p>"
        )
        assert Page(markup, layout_of("lancers", RULEBOOK)).posting(None).title == "動画の字幕"


class TestHostilePages:
    """Nothing that a page holds raises, or takes long."""

    @pytest.mark.parametrize(
        "markup",
        [
            "",
            "<",
            "<div>" * 100_000,
            "<table><tr><td>" * 20_000,
            "<h2>クライアント情報</h2>" * 2_000,
            "<h2>仕事の詳細</h2><p>a</p>" * 2_000,
            "<p>" + "総合評価 " * 20_000,
            "<p>" + "本人確認" * 20_000 + "</p>",
            "<p title='" + "x" * 100_000,
            "&#x110000;&#xd800;&nosuch;" * 1_000,
            "<script>" * 1_000,
            "\0\0<p>a\0b</p>",
            "<!--" * 10_000,
            "<div>おすすめの仕事</div>" * 20_000,
            "<div>クライアント情報</div>" * 20_000,
            "<div>仕事の詳細</div>" * 20_000,
            "<div>報酬</div>" * 20_000,
            "<p>a" * 300_000,
            "<b></i>" * 50_000,
            "<div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">",
            "<div " + " ".join(f'a{n}="<"' for n in range(100_000)) + ">",
        ],
        ids=lambda markup: markup[:16] or "empty",
    )
    def test_no_page_raises_or_hangs(self, markup: str) -> None:
        began = time.process_time()
        with suppress(TroubleError):
            Page(markup, layout_of("crowdworks", RULEBOOK)).posting(None)
        assert time.process_time() - began < 2

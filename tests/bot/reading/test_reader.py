"""A message with its links and files, as the desk and the terminal ask for it."""

from __future__ import annotations

import pytest
from aiohttp import web

from bot.reading.models import Read
from bot.reading.reader import Reader
from bot.reading.table import client_table
from bot.reading.texts import sentence, texts
from rules import Kind, Lang, Stage, load_rulebook, vet
from tests.bot.reading.asking import html, read_offline
from tests.bot.reading.pages import page
from tests.bot.reading.web import GATE, PUBLIC, Web, run, small_web

RULEBOOK = load_rulebook()
TEA, NEW = page("crowdworks/table"), page("crowdworks/new-client")


def codes(found: Read) -> list[str]:
    return [each.code for each in found.troubles]


def read_on_the_web(text: str = "", *, url: str | None = None) -> tuple[Read, Web]:
    """Reads a text or address ({base}: the small web), where CrowdWorks' new client's page stands."""

    async def answer(request: web.Request) -> web.Response:
        match request.path:
            case "/public/jobs/1" | "/anywhere":
                return web.Response(
                    body=NEW.markup.encode("euc-jp", "xmlcharrefreplace"),
                    headers={"Content-Type": "text/html; charset=EUC-JP"},
                )
            case "/public/jobs/2":
                return web.Response(
                    text="<h1>x</h1><form><input type='password'></form>", content_type="text/html"
                )
            case "/public/jobs/3":
                return web.Response(text="<html></html>", content_type="text/html")
            case _:
                return web.Response(status=403)

    async def attempt() -> tuple[Read, Web]:
        async with small_web(answer) as here:
            reader = Reader(RULEBOOK, here.fetcher(), GATE)
            base = f"http://{PUBLIC}:{here.port}"
            asked = None if url is None else url.replace("{base}", base)
            return await reader.read(text.replace("{base}", base), url=asked), here

    return run(attempt())


class TestTextsWithAnAddress:
    def test_the_message_first_then_the_posting(self) -> None:
        said = "この募集にお誘いします。契約の前に、ご住所とお電話番号、身分証の写真を送ってください。\n{base}/public/jobs/1"
        found, here = read_on_the_web(said)
        assert found.text.startswith("この募集にお誘い")
        assert found.posting is not None
        assert (found.posting.text or "") in found.text
        assert found.platform == "crowdworks"
        assert found.kind is None
        assessment = vet(found.submission(RULEBOOK), RULEBOOK)
        assert {"personal_info", "off_platform_contact", "unverified_client"} <= set(
            assessment.codes
        )
        assert here.paths() == ["/robots.txt", "/public/jobs/1"]

    def test_an_address_alone_is_the_posting(self) -> None:
        found, _ = read_on_the_web("<{base}/public/jobs/1>\n")
        assert found.posting is not None
        assert found.text.startswith(str(found.posting.text))
        assert found.kind is Kind.POSTING

    def test_a_page_that_can_t_be_had_leaves_the_message(self) -> None:
        found, _ = read_on_the_web("LINEで話しましょう {base}/public/jobs/404")
        assert codes(found) == ["refused"]
        assert found.posting is None
        assert "off_platform_contact" in vet(found.submission(RULEBOOK), RULEBOOK).codes

    def test_one_posting_of_several(self) -> None:
        found, here = read_on_the_web(
            "{base}/public/jobs/1 {base}/public/jobs/3 {base}/public/jobs/1"
        )
        assert codes(found) == ["one_page"]
        assert here.paths() == ["/robots.txt", "/public/jobs/1"]

    @pytest.mark.parametrize(
        "text",
        [
            "https://lin.ee/abc",
            "詳しくは https://forms.gle/abc をご覧ください",
            "https://crowdworks.jp/public/employers/1",
            "{base}/about",
            "https://example.com/jobs/1",
        ],
    )
    def test_what_is_no_posting_is_never_opened(self, text: str) -> None:
        found, here = read_on_the_web(text)
        assert here.seen == []
        assert found.posting is None
        assert not found.troubles
        assert found.text.replace(f"http://{PUBLIC}:{here.port}", "{base}") == text

    def test_what_the_person_says_goes_before_the_page(self) -> None:
        found, _ = read_on_the_web("{base}/public/jobs/1")
        said = found.submission(RULEBOOK, platform="lancers", stage=Stage.ESCROWED)
        assert (said.platform, said.stage) == ("lancers", Stage.ESCROWED)


class TestAnAddressByItself:
    @pytest.mark.parametrize(
        ("path", "code"),
        [("/public/jobs/2", "login"), ("/public/jobs/3", "no_text"), ("/x", "refused")],
    )
    def test_troubles(self, path: str, code: str) -> None:
        found, _ = read_on_the_web(url="{base}" + path)
        assert codes(found) == [code]
        assert found.text == ""

    def test_in_an_opened_network_a_page_says_whose_it_is(self) -> None:
        found, _ = read_on_the_web(url="{base}/anywhere")
        assert found.posting is not None
        assert found.posting.platform == "crowdworks"
        assert found.posting.client.name == "sato_work"

    def test_what_the_person_says_of_the_site_goes_before_its_address(self) -> None:
        found = read_offline(TEA.markup, url="https://example.com/x", platform="crowdworks")
        assert found.posting is not None
        assert found.posting.platform == "crowdworks"
        assert found.posting.client.orders == 57

    def test_any_site_s_page(self) -> None:
        """An address that somebody gives by itself is opened though its site is not known."""
        found, _ = read_on_the_web(url="{base}/public/jobs/1")
        assert found.posting is not None

    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("https://lin.ee/abc", "link_messenger"),
            ("https://line.me/R/ti/p/@x", "link_messenger"),
            ("https://forms.gle/abc", "link_form"),
            ("https://docs.google.com/forms/d/e/x/viewform", "link_form"),
            ("https://drive.google.com/file/d/x", "link_file"),
            ("https://12.gigafile.nu/x", "link_file"),
            ("https://bit.ly/x", "link_short"),
            ("https://crowdworks.jp/public/employers/1", "not_posting"),
        ],
    )
    def test_what_is_no_posting_is_judged_as_what_it_is(self, url: str, code: str) -> None:
        found, here = read_on_the_web(url=url)
        assert found.text == url
        assert codes(found) == [code]
        assert here.seen == []

    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1/", "http://10.0.0.1/public/jobs/1", "file:///etc/passwd", "x"]
    )
    def test_what_must_not_be_opened(self, url: str) -> None:
        found, here = read_on_the_web(url=url)
        assert codes(found)[0] in {"inside", "bad_address"}
        assert found.text == ""
        assert here.seen == []


class TestSavedPages:
    def test_the_address_says_whose_page_it_is(self) -> None:
        found = read_offline(TEA.markup, url=TEA.url)
        assert found.posting is not None
        assert found.posting.platform == "crowdworks"
        assert found.posting.url == TEA.url

    def test_a_page_says_it_by_itself(self) -> None:
        found = read_offline(TEA.markup)
        assert found.posting is not None
        assert found.posting.platform == "crowdworks"
        assert found.posting.client.orders == 57

    def test_a_page_beside_its_address_in_a_message(self) -> None:
        found = read_offline(TEA.markup, text=f"どう思いますか。{TEA.url}")
        assert not found.troubles
        assert found.posting is not None
        assert found.posting.client.name == "kocha_no_mise"

    @pytest.mark.parametrize("charset", ["utf-8", "shift_jis", "euc-jp"])
    def test_in_any_charset(self, charset: str) -> None:
        markup = TEA.markup.replace('charset="UTF-8"', f'charset="{charset}"').replace("〜", "～")
        data = markup.encode("cp932" if charset == "shift_jis" else charset, "xmlcharrefreplace")
        found = read_offline(data, url=TEA.url)
        assert found.posting is not None
        assert found.posting.title == TEA.said["title"]
        assert (found.posting.text or "").startswith(TEA.said["starts"])

    def test_a_page_without_a_posting(self) -> None:
        found = read_offline("<nav>x</nav>", url=TEA.url)
        assert codes(found) == ["no_text"]
        assert found.text == ""

    def test_a_login_page_that_was_saved(self) -> None:
        found = read_offline('<form><input type="password"></form>', url=TEA.url)
        assert codes(found) == ["login"]

    def test_text_counts_from_the_posting_s_own(self) -> None:
        found = read_offline(NEW.markup, url=NEW.url)
        assert found.posting is not None
        text = found.posting.text or ""
        assert found.text.startswith(text)
        findings = vet(found.submission(RULEBOOK), RULEBOOK).findings
        inside = [each for each in findings if each.end is not None and each.end <= len(text)]
        assert inside
        assert all(text[each.start : each.end] == each.quote for each in inside)


class TestTable:
    def test_what_is_good_and_what_is_missing(self) -> None:
        found = read_offline(NEW.markup, url=NEW.url)
        assert found.posting is not None
        rows = {
            row.label: (row.value, row.sign)
            for row in client_table(found.posting, RULEBOOK, Lang.JA)
        }
        assert rows == {
            "本人確認": ("未完了", "weak"),
            "発注ルールチェック": ("未完了", "weak"),
            "評価": ("記載なし", "missing"),
            "実績": ("0 件", "weak"),
            "完了率": ("記載なし", "missing"),
        }

    def test_a_good_client(self) -> None:
        found = read_offline(TEA.markup, url=TEA.url)
        assert found.posting is not None
        rows = client_table(found.posting, RULEBOOK, Lang.EN)
        assert {row.sign for row in rows} == {"good"}
        assert [row.value for row in rows] == ["done", "done", "4.9 of 5", "57", "98%"]


class TestSentences:
    def test_both_languages_say_the_same_things(self) -> None:
        assert texts(Lang.JA).keys() == texts(Lang.EN).keys()

    @pytest.mark.parametrize("lang", list(Lang))
    def test_every_trouble_names_the_next_step(self, lang: Lang) -> None:
        found, _ = read_on_the_web(url="{base}/x")
        said = sentence(found.troubles[0], lang)
        assert PUBLIC in said
        assert "{" not in said
        assert ("貼り付け" if lang is Lang.JA else "Paste") in said

    def test_a_second_page_is_a_text(self) -> None:
        found = read_offline(
            TEA.markup, url=TEA.url, files=[html("<h1>m</h1><p>LINEで話しましょう</p>")]
        )
        assert found.text.endswith("LINEで話しましょう")

"""`vet --url`, `--page` and texts with an address, as real processes against a server on loopback."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from rich.console import Console

from bot.doors.terminal import Conversation
from bot.reading.models import Read
from rules import load_rulebook
from tests.bot.reading.asking import read_offline
from tests.bot.reading.pages import page
from tests.bot.test_command_line import run

NEW, TEA = page("crowdworks/new-client"), page("crowdworks/table")


class Site(BaseHTTPRequestHandler):
    """CrowdWorks' pages at their paths; a login everywhere else."""

    def do_GET(self) -> None:
        if self.path == "/public/jobs/1":
            self._answer(200, NEW.markup.encode("shift_jis", "xmlcharrefreplace"))
        elif self.path == "/robots.txt":
            self._answer(404, b"")
        else:
            self.send_response(302)
            self.send_header("Location", "/login")
            self.end_headers()

    def _answer(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=Shift_JIS")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "saved.html"
    path.write_text(NEW.markup, encoding="utf-8")
    return path


class TestSavedPage:
    def test_for_programs(self, saved: Path) -> None:
        status, out, err = run("vet", "--json", "--url", NEW.url, "--page", str(saved))
        answer = json.loads(out)
        assert status == 0
        assert err == ""
        assert set(answer["posting"]) == {"platform", "title", "text", "pay", "client"}
        assert answer["posting"]["platform"] == "crowdworks"
        assert answer["posting"]["client"] == {
            "name": "sato_work",
            "identity_verified": False,
            "rules_checked": False,
            "rating": None,
            "orders": 0,
            "completion_rate": None,
        }
        text = answer["posting"]["text"]
        for risk in answer["risks"]:
            if risk["start"] is not None and risk["end"] <= len(text):
                assert text[risk["start"] : risk["end"]] == risk["quote"]
        assert {"off_platform_contact", "unverified_client"} <= {r["code"] for r in answer["risks"]}

    def test_for_people(self, saved: Path) -> None:
        _, out, _ = run("vet", "--lang", "en", "--url", NEW.url, "--page", str(saved))
        assert "What the page says of the client (sato_work)" in out
        assert "△ Identity check" in out
        assert "– Rating" in out
        assert "not stated" in out

    def test_without_a_page_there_is_no_posting(self) -> None:
        _, out, _ = run("vet", "--json", "LINEで話しましょう")
        assert "posting" not in json.loads(out)

    def test_the_message_with_a_saved_page(self, saved: Path) -> None:
        said = "サイトを通さず、銀行振込で直接お支払いします。"
        _, out, _ = run("vet", "--json", said, "--url", NEW.url, "--page", str(saved))
        answer = json.loads(out)
        found = [risk for risk in answer["risks"] if risk["code"] == "off_platform_payment"]
        assert found
        assert said[found[0]["start"] : found[0]["end"]] == found[0]["quote"]
        assert answer["posting"]["client"]["orders"] == 0

    def test_what_is_no_file(self, tmp_path: Path) -> None:
        status, out, err = run("vet", "--page", str(tmp_path / "none.html"))
        assert (status, out) == (1, "")
        assert "none.html" in err
        assert "Traceback" not in err


class TestFetched:
    def test_a_page_in_an_opened_network(self, site: str) -> None:
        status, out, _ = run(
            "vet", "--json", "--url", f"{site}/public/jobs/1", FETCH_ALLOW="127.0.0.1/32"
        )
        assert status == 0
        assert json.loads(out)["posting"]["client"]["name"] == "sato_work"

    def test_nothing_inside_is_opened_by_default(self, site: str) -> None:
        for address in (
            site,
            site.replace("127.0.0.1", "2130706433"),
            site.replace("127.0.0.1", "localhost"),
        ):
            status, out, err = run("vet", "--url", f"{address}/public/jobs/1", "--lang", "en")
            assert (status, out) == (1, "")
            assert "not opened" in err
            assert "Paste" in err

    def test_a_login(self, site: str) -> None:
        status, out, err = run(
            "vet", "--url", f"{site}/x", "--lang", "ja", FETCH_ALLOW="127.0.0.1/32"
        )
        assert (status, out) == (1, "")
        assert "ログイン" in err
        assert "貼り付け" in err

    def test_a_text_with_an_address(self, site: str) -> None:
        said = f"契約前にLINEで話しましょう。 {site}/public/jobs/1"
        status, out, _ = run("vet", "--json", said, FETCH_ALLOW="127.0.0.1/32")
        answer = json.loads(out)
        assert status == 0
        assert answer["posting"]["client"]["orders"] == 0
        assert any(risk["quote"] and risk["end"] < len(said) for risk in answer["risks"])

    def test_a_text_whose_page_can_t_be_had_is_judged_all_the_same(self, site: str) -> None:
        said = f"契約前にLINEで話しましょう。 {site}/work/detail/9"
        status, out, err = run(
            "vet", "--json", said, FETCH_ALLOW="127.0.0.1/32", LANG="en_US.UTF-8"
        )
        assert status == 0
        assert json.loads(out)["level"] == "caution"
        assert "logging in" in err

    def test_piped_into_make_run(self, site: str) -> None:
        status, out, _ = run(given=f"{site}/public/jobs/1\n", FETCH_ALLOW="127.0.0.1/32")
        assert status == 0
        assert "sato_work" in out

    def test_an_invitation_is_judged_and_not_opened(self) -> None:
        status, out, err = run("vet", "--json", "--url", "https://lin.ee/abc", "--lang", "en")
        assert status == 0
        assert json.loads(out)["level"] == "caution"
        assert "not opened" in err

    @pytest.mark.parametrize("networks", ["everything", "10.0.0.0/99", "10.0.0.1/8"])
    def test_settings_that_are_wrong(self, networks: str) -> None:
        status, _, err = run("vet", "hello", FETCH_ALLOW=networks)
        assert status == 1
        assert "FETCH_ALLOW" in err


class TestConversation:
    """A posting in a conversation: read, shown, and judged again after a remark."""

    def talk(self, found: Read, *said: str) -> str:
        console = Console(record=True, width=80, file=io.StringIO())
        conversation = Conversation(
            load_rulebook(), None, console, lambda text: found if "://" in text else None
        )
        for each in said:
            conversation.hear(each)
        return console.export_text()

    def test_an_address_is_no_remark_on_the_site(self) -> None:
        shown = self.talk(read_offline(NEW.markup, url=NEW.url), NEW.url)
        assert "sato_work" in shown
        assert "LINEでお渡し" in shown

    def test_the_table_stays_after_a_remark(self) -> None:
        shown = self.talk(read_offline(TEA.markup, url=TEA.url), TEA.url, "仮払い済みです")
        assert shown.count("kocha_no_mise") == 2

    def test_a_page_that_can_t_be_had_is_said(self) -> None:
        shown = self.talk(read_offline("<p></p>", url=NEW.url), NEW.url)
        assert "募集文を見つけられませんでした" in shown
        assert "貼り付け" in shown


def test_a_plain_text_loads_nothing_of_this() -> None:
    """What reads pages is loaded on use: a cold `vet` stays quick."""
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    code = (
        "import sys; sys.argv = ['bot', 'vet', '--json', 'https://lin.ee/x LINEで']\n"
        "import runpy\n"
        "try: runpy.run_module('bot', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print([m for m in ('aiohttp', 'lxml', 'bot.reading', 'asyncio') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"

"""The command line as people and programs use it: real processes, real pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INVITATION = "詳細はLINEで説明しますので、友だち追加をお願いします。"


def run(*arguments: str, given: str | bytes = b"", **variables: str) -> tuple[int, str, str]:
    """Runs the bot; returns exit status, standard output and standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **variables},
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def lines(*entries: object) -> str:
    return "".join(json.dumps(entry) + "\n" for entry in entries)


class TestJsonLines:
    """The contract for programs."""

    def test_one_answer_a_line_in_the_same_order(self) -> None:
        status, out, _ = run(
            "vet",
            "--jsonl",
            given=lines(
                {"id": 1, "text": INVITATION, "platform": "crowdworks", "more": "ignored"},
                {"id": "b", "text": "ありがとうございます。", "kind": "message"},
            ),
        )
        first, second = map(json.loads, out.splitlines())
        assert status == 0
        assert (first["id"], second["id"]) == (1, "b")
        assert first["level"] == "caution"
        assert second == {
            "id": "b",
            "level": "clear",
            "risks": [],
            "notes": [],
            "replies": {},
            "truncated": False,
        }

    def test_quotes_are_where_they_say(self) -> None:
        text = "👋 こんにちは。\n" + INVITATION
        _, out, _ = run("vet", "--jsonl", given=lines({"id": 1, "text": text}))
        for risk in json.loads(out)["risks"]:
            assert text[risk["start"] : risk["end"]] == risk["quote"] != ""
            assert set(risk) == {"code", "quote", "start", "end", "pattern", "confidence"}

    def test_output_is_ascii(self) -> None:
        _, out, _ = run("vet", "--jsonl", given=lines({"id": 1, "text": INVITATION}))
        assert out.isascii()

    def test_the_stage_changes_the_verdict(self) -> None:
        entries = [
            {"id": n, "text": INVITATION, "platform": site, "stage": "escrowed"}
            for n, site in enumerate(["lancers", "crowdworks", "coconala", "fiverr"])
        ]
        _, out, _ = run("vet", "--jsonl", given=lines(*entries))
        answers = [json.loads(line) for line in out.splitlines()]
        flagged = ["off_platform_contact" in {r["code"] for r in a["risks"]} for a in answers]
        assert flagged == [False, False, True, True]
        assert "contact_allowed_with_application" in {n["code"] for n in answers[1]["notes"]}

    @pytest.mark.parametrize(
        "bad",
        [
            b"not json",
            b"[1]",
            b'"text"',
            b'{"id": 7}',
            b'{"id": 7, "text": ""}',
            b'{"id": 7, "text": " \\n "}',
            b'{"id": 7, "text": 5}',
            b'{"id": 7, "text": "x", "stage": "paid"}',
            b'{"id": 7, "text": "x", "kind": "letter"}',
            b'{"id": 7, "text": "x", "platform": 3}',
            b"\xff\xfe\x00\x01",
            b"[" * 100_000,
        ],
    )
    def test_a_bad_line_is_named_and_the_run_goes_on(self, bad: bytes) -> None:
        good = json.dumps({"id": 8, "text": "hello"}).encode()
        status, out, err = run("vet", "--jsonl", given=bad + b"\n" + good + b"\n")
        first, second = map(json.loads, out.splitlines())
        assert status == 1
        assert set(first) == {"id", "error"}
        assert first["id"] in {None, 7}
        assert second["level"] == "clear"
        assert "Traceback" not in err

    def test_an_unknown_platform_counts_as_other(self) -> None:
        entry = {"id": 1, "text": INVITATION, "platform": "somewhere"}
        status, out, _ = run("vet", "--jsonl", given=lines(entry))
        assert status == 0
        assert json.loads(out)["level"] == "caution"

    def test_lone_surrogates_are_read(self) -> None:
        status, out, _ = run(
            "vet", "--jsonl", given='{"id": 1, "text": "\\ud800 ' + INVITATION + '"}'
        )
        assert status == 0
        assert json.loads(out)["level"] == "caution"

    def test_megabytes_are_judged_up_to_the_limit_and_said_so(self) -> None:
        text = "a" * 100_000 + " " + INVITATION
        _, out, _ = run("vet", "--jsonl", given=lines({"id": 1, "text": text * 3}))
        answer = json.loads(out)
        assert answer["truncated"] is True
        assert answer["level"] == "clear"


class TestForPeople:
    """`vet TEXT` and the piped run with no command."""

    def test_piped_text_is_vetted_plainly(self) -> None:
        status, out, _ = run(given=INVITATION)
        assert status == 0
        assert "LINE" in out
        assert "\x1b" not in out

    def test_the_explanation_is_in_the_readers_language_and_the_reply_in_the_clients(self) -> None:
        _, out, _ = run("vet", "--lang", "en", INVITATION)
        assert "What stands out" in out
        assert "ご連絡をいただき" in out

    @pytest.mark.parametrize("more", [(), ("--explain",)])
    def test_nothing_in_a_text_moves_the_terminal(self, more: tuple[str, ...]) -> None:
        hostile = (
            "\x1b[2Jメールアドレスを\x1b]0;title\x07\x1b[31m教え\x9b31mてください。"
            "LINEの\x1b[8m友だち追加を\u202eお願いします。\r\n"
        )
        status, out, _ = run("vet", *more, "-", given=hostile)
        assert status == 0
        assert "教え" in out
        assert not [each for each in out if each != "\n" and not each.isprintable()]

    def test_explain_names_the_pattern_and_what_excused_a_near_miss(self) -> None:
        _, out, _ = run("vet", "--explain", INVITATION)
        assert "off_platform_contact/" in out
        _, out, _ = run("vet", "--explain", "LINEでのやり取りは行っておりません。")
        assert "excused: denied" in out

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            (b"", "empty"),
            (b"  \n", "empty"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "not text"),
            (b"\xff\xff\xfe", "not text"),
        ],
    )
    def test_bad_input_gets_a_clear_error(self, given: bytes, words: str) -> None:
        for arguments in ((), ("vet", "-")):
            status, out, err = run(*arguments, given=given)
            assert status == 1
            assert out == ""
            assert words in err
            assert "Traceback" not in err

    def test_text_from_older_windows_tools_is_read(self) -> None:
        _, out, _ = run(given=INVITATION.encode("cp932"))
        assert "LINE" in out

    def test_a_wrong_stage_names_the_right_ones(self) -> None:
        status, _, err = run("vet", "--stage", "paid", "x")
        assert status == 2
        assert "escrowed" in err

    def test_nothing_of_the_doors_is_loaded(self) -> None:
        code = (
            "import sys; sys.argv = ['bot', 'vet', '--json', 'hello'];"
            "from bot.__main__ import main; main();"
            "print(sorted({'slack_bolt', 'discord', 'dbos', 'prompt_toolkit'} & set(sys.modules)))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True
        )
        assert done.stdout.decode().splitlines()[-1] == "[]"


class TestRules:
    """`rules check`, `explain`, `schema`, and an operator's own folder."""

    def test_the_shipped_rules_have_no_mistakes(self) -> None:
        assert run("rules", "check") == (0, "no mistakes found\n", "")

    @pytest.mark.parametrize(
        ("file", "content", "place", "words"),
        [
            ("risks/own.yaml", "code: own\nweight: [", "2:9", "node content"),
            ("risks/own.yaml", "code: own\nweight: heavy\n", "2:1", "weight"),
            (
                "risks/off_platform_contact.yaml",
                "code: off_platform_contact\nwieght: x\n",
                "2:1",
                "wieght",
            ),
            (
                "risks/off_platform_contact.yaml",
                "code: off_platform_contact\npatterns:\n  - id: mine\n    all: [tol]\n",
                "3:5",
                "no concept is called 'tol'",
            ),
            (
                "risks/off_platform_contact.yaml",
                "code: off_platform_contact\nexamples:\n  flagged:\n    - こんにちは。\n",
                "4:7",
                "is not flagged",
            ),
            (
                "risks/pressure.yaml",
                "code: pressure\nsettled_by: [ratng]\n",
                "2:14",
                "no figure and no concept is called 'ratng'",
            ),
            (
                "risks/pressure.yaml",
                "code: pressure\nother_matter: [applicaton]\n",
                "2:16",
                "no concept is called 'applicaton'",
            ),
            (
                "risks/pressure.yaml",
                "code: pressure\nconditions:\n  - {id: mine, fact: rating, below: 2, stands_beside: [ordrs]}\n",
                "3:40",
                "no figure is called 'ordrs'",
            ),
            ("vocabulary/own.yaml", "tool:\n  trems: [x]\n", "2:3", "trems"),
            ("vocabulary/own.yaml", "tool:\n  signs: [a, '(?!x)']\n", "2:14", "no RE2 expression"),
            ("sources.yaml", "- a\n", "1:1", "keys"),
        ],
    )
    def test_a_mistake_is_pointed_at(
        self, tmp_path: Path, file: str, content: str, place: str, words: str
    ) -> None:
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        status, out, err = run("rules", "check", str(tmp_path))
        assert status == 1
        assert f"{path}:{place}:" in out
        assert words in out
        assert "Traceback" not in err

    def test_an_operator_adds_and_switches_off_rules(self, tmp_path: Path) -> None:
        (tmp_path / "risks").mkdir()
        (tmp_path / "risks" / "off.yaml").write_text(
            "code: off_platform_contact\nenabled: false\n", encoding="utf-8"
        )
        (tmp_path / "risks" / "own.yaml").write_text(
            "code: uses_fax\nweight: caution\n"
            "patterns: [{id: fax, all: ['=ファックス']}]\n"
            "say: {ja: {title: ファックス, why: 今どき。}, en: {title: Fax, why: Nowadays.}}\n",
            encoding="utf-8",
        )
        text = INVITATION + "ファックスでも構いません。"
        _, out, _ = run("vet", "--json", text, RULES_DIR=str(tmp_path))
        assert {risk["code"] for risk in json.loads(out)["risks"]} >= {"uses_fax"}
        assert "off_platform_contact" not in out

    def test_a_broken_own_folder_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "risks").mkdir()
        (tmp_path / "risks" / "own.yaml").write_text("code: own\n", encoding="utf-8")
        status, _, err = run("vet", "x", RULES_DIR=str(tmp_path))
        assert status == 1
        assert "rules check" in err
        assert "Traceback" not in err
        status, _, err = run("vet", "x", RULES_DIR=str(tmp_path / "nowhere"))
        assert status == 1
        assert "RULES_DIR" in err

    def test_explain_shows_a_rule(self) -> None:
        status, out, _ = run("rules", "explain", "off_platform_contact")
        assert status == 0
        assert "Excused where" in out
        assert run("rules", "explain", "nonsense")[0] == 1

    def test_the_schema_is_json_schema(self) -> None:
        _, out, _ = run("rules", "schema")
        schema = json.loads(out)
        assert schema["risks"]["properties"]["code"]["type"] == "string"
        assert {"risks", "sites", "vocabulary", "sources"} == set(schema)

"""`stats` and `feedback`, as people run them, on a store that others wrote."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.desk.learning import counted, sample, voted_on
from bot.settings import Settings
from bot.store.database import engine_of
from bot.store.sealing import load_seal
from bot.store.store import Outcome, Store
from bot.store.tallies import Counted, Feedback
from rules import Stage, Submission, load_rulebook, vet
from tests.quality.score import read_labels

RULEBOOK = load_rulebook()
RISKY = Submission(
    text="続きはLINEでお願いします。友だち追加をお願いします。", platform="crowdworks"
)
SAFE = Submission(
    text="記事の執筆をお願いします。1本3,000文字、4,500円です。", stage=Stage.ESCROWED
)


@pytest.fixture(autouse=True)
def _in_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of this machine's own environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def kept(submission: Submission, verdict: str, word: str = "", text: str = "") -> None:
    """An answer was given, and somebody said what they think of it."""
    settings = Settings()
    settings.data_dir.mkdir(exist_ok=True)
    store = Store(engine_of(settings), load_seal(settings), timedelta(hours=24))
    store.create()
    name = f"{submission.text[:8]} {verdict}"
    assessment = vet(submission, RULEBOOK)
    said = Feedback(
        name=name,
        level=assessment.level,
        codes=assessment.codes,
        verdict=verdict,
        word=word,
        spoke=voted_on(assessment, verdict),
        version=RULEBOOK.version,
        sample=sample(submission, text, RULEBOOK) if text else "",
    )
    store.put_job(name, "words", store.keys.owner("slack/T1", "U1"))
    counts = Counted(door="slack", what=counted(assessment), week="2026-W48")
    store.finish(name, Outcome(feedback=said, counts=counts))
    store.engine.dispose()


def test_where_nothing_was_kept_that_is_said_and_nothing_is_made(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["feedback"]) == 0
    assert "Nobody" in capsys.readouterr().out
    assert main(["stats", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["vetted"] == 0
    assert figures["days"] == []
    assert main(["feedback", "export"]) == 0
    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == []


def test_votes_are_shown_by_version_rule_and_pattern(capsys: pytest.CaptureFixture[str]) -> None:
    kept(RISKY, "wrong_alarm", word="いつもの方です\x1b[2J\n\nですよ")
    kept(SAFE, "missed")
    assert main(["feedback"]) == 0
    out = capsys.readouterr().out
    assert f"Rules {RULEBOOK.version} (the rules as they are now)" in out
    assert "off_platform_contact/" in out
    assert "wrong alarm (off_platform_contact): いつもの方です [2J ですよ" in out
    assert "\x1b" not in out
    assert main(["feedback", "--json"]) == 0
    votes = json.loads(capsys.readouterr().out)
    wrong = [each for each in votes if each["wrong_alarm"]]
    assert {each["code"] for each in wrong} == {"off_platform_contact"}
    assert all(each["version"] == RULEBOOK.version for each in votes)
    assert sum(each["missed"] for each in votes if not each["frame"]) in {0, 1}


def test_texts_are_exported_as_the_corpora_have_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kept(RISKY, "wrong_alarm", word="いつもの方です", text="続きはLINEでお願いします。")
    kept(SAFE, "missed", text=SAFE.text)
    kept(Submission(text="先に教材費をお支払いください。"), "missed")  # nobody said yes
    file = tmp_path / "cases.jsonl"
    assert main(["feedback", "export", str(file)]) == 0
    assert "2 texts" in capsys.readouterr().out
    safe, risky = sorted(read_labels([file]), key=lambda each: each.level, reverse=True)
    if safe.level != "clear":
        safe, risky = risky, safe
    assert (safe.level, safe.stage, safe.quotes) == ("clear", "escrowed", {})
    assert (risky.level, risky.platform, risky.lang) == ("caution", "crowdworks", "ja")
    assert all(quote in risky.text for quote in risky.quotes.values())
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    said = next(each["feedback"] for each in lines if each["text"] == risky.text)
    assert said["verdict"] == "wrong_alarm"
    assert said["word"] == "いつもの方です"
    assert said["codes"] == ["off_platform_contact"]


def test_a_file_that_others_could_read_is_theirs_no_more(tmp_path: Path) -> None:
    kept(RISKY, "missed", text=RISKY.text)
    file = tmp_path / "cases.jsonl"
    file.write_text("older")
    file.chmod(0o644)
    assert main(["feedback", "export", str(file)]) == 0
    assert file.stat().st_mode & 0o077 == 0
    assert "older" not in file.read_text()
    assert main(["feedback", "export", str(tmp_path / "no" / "folder")]) == 1


def test_figures_for_people_and_for_programs_are_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept(RISKY, "right")
    kept(SAFE, "right")
    assert main(["stats", "--json", "--days", "3"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["vetted"] == 2
    assert figures["levels"] == {"danger": 0, "caution": 1, "clear": 1}
    assert figures["codes"] == {"off_platform_contact": 1}
    assert figures["doors"]["slack"]["vetted"] == 2
    (day,) = figures["days"]
    assert (day["door"], day["vetted"]) == ("slack", 2)
    assert figures["feedback"] == {"right": 2, "wrong_alarm": 0, "missed": 0}
    assert main(["stats"]) == 0
    out = capsys.readouterr().out
    assert "off_platform_contact" in out
    assert figures["to"] in out

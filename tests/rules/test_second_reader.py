"""The second reader: what it may and may not do beside the rules."""

import os
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

from rules import Stage, Submission, load_rulebook, vet
from rules.case import Case
from rules.second_reader import UNKNOWN, SecondReader, number_class, row_of
from tests.quality.score import CORPORA, read_labels

BOTH = load_rulebook()
ALONE = load_rulebook(second_reader=False)
TEXTS = [
    "ご応募ありがとうございます。詳細はLINEで説明しますので、友だち追加をお願いします。",
    "Please send the first three pages before we set up the contract, then we will see.",
    "記事は1本3,000円です。契約と仮払いのあとに始めてください。",
]


def reader() -> SecondReader:
    assert BOTH.second_reader is not None
    return BOTH.second_reader


def test_it_can_be_switched_off() -> None:
    for text in TEXTS:
        patterns = {each.pattern for each in vet(Submission(text=text), ALONE).findings}
        assert "second-reader" not in patterns


def test_what_it_doubts_is_shown_as_a_near_miss() -> None:
    doubted = 0
    for label in read_labels([CORPORA / "train.jsonl"]):
        alone, both = vet(label.submission, ALONE), vet(label.submission, BOTH)
        gone = set(alone.codes) - set(both.codes)
        named = {each.code for each in both.excused if each.frame == "second_reader"}
        assert gone <= named, label.id
        doubted += len(gone)
    assert doubted > 0


def test_what_the_stage_excuses_it_does_not_bring_back() -> None:
    for text in TEXTS:
        submission = Submission(text=text, stage=Stage.ESCROWED, platform="lancers")
        codes = set(vet(submission, BOTH).codes)
        assert not codes & {"off_platform_contact", "work_before_escrow"}


@pytest.mark.parametrize(
    "text",
    [
        # the site has given leave; the site's own payout; what is to stand on a page
        "CrowdWorks approved our application for contact outside the service, so do join our Slack channel, the invite link is below.",
        "報酬はクラウドワークスの規定どおり15日締めで月末にそちらの口座へ振り込まれるはずです。",
        "フッターの修正指示です。\n・電話番号を 0120-000-000 に差し替え\n・「メールで相談」ボタンの宛先は soudan@example.com\n・氏名と生年月日の入力欄は必須にしない",
        "システム手数料を引いた額が、ランサーズから毎月15日にご登録の口座へ振り込まれる形です。",
    ],
)
def test_what_is_settled_it_does_not_bring_up(text: str) -> None:
    assert vet(Submission(text=text), BOTH).codes == ()


def test_an_operators_own_rules_stand(tmp_path: Path) -> None:
    (tmp_path / "risks").mkdir()
    (tmp_path / "risks" / "own.yaml").write_text(
        "code: off_platform_contact\npatterns: [{id: my-fax, all: ['=ファックス']}]\n",
        encoding="utf-8",
    )
    own = load_rulebook(tmp_path)
    found = vet(Submission(text="ファックスもあります。記事は1本3,000円です。"), own)
    assert [each.pattern for each in found.findings] == ["my-fax"]


def test_reading_a_sentence_is_the_same_alone_and_again() -> None:
    case = Case(Submission(text=TEXTS[0]), BOTH)
    case.hear_rules()
    numbers, firsts = case.readable_sentences()
    words = case.reading.words.lemmas
    once = reader().read(words, firsts, case.situation(), case.seen_by_rules(numbers))
    again = reader().read(words, firsts, case.situation(), case.seen_by_rules(numbers))
    assert np.array_equal(once.odds, again.odds)
    assert once.odds.shape == (len(firsts), len(reader().codes))


def test_its_reasons_are_the_telling_words() -> None:
    case = Case(Submission(text=TEXTS[0]), BOTH)
    case.hear_rules()
    numbers, firsts = case.readable_sentences()
    words = case.reading.words.lemmas
    odds = reader().read(words, firsts, case.situation(), case.seen_by_rules(numbers))
    reasons = reader().reasons(odds, 1, "off_platform_contact")
    sentence = words[firsts[1] :]
    best = {sentence[at] for at in np.argsort(-reasons)[:6]}
    assert best & {"line", "友達", "友だち", "追加"}


@pytest.mark.parametrize(
    ("number", "name"),
    [("0", "#0"), ("3", "#1"), ("1,200", "#6"), ("80000", "#7"), ("4.0", "#d0"), ("4.8", "#d1")],
)
def test_numbers_are_read_by_size(number: str, name: str) -> None:
    assert number_class(number) == name


def test_an_unknown_word_borrows_from_its_longest_known_part() -> None:
    rows = {"\x00": 0, "銀行": 1, "振り込み": 2}
    assert row_of("地方銀行", rows) == 1
    assert row_of("xyzzy", rows) == UNKNOWN


PADDING = {
    "ja": "明日は晴れるそうですので、花屋に寄ってから図書館へ本を返しに行きます。\n",
    "en": "Tomorrow I'll walk to the library and return the two novels I borrowed.\n",
}


def test_much_harmless_talk_does_not_hide_a_risk() -> None:
    found = kept = added = 0
    for label in read_labels([CORPORA / "train.jsonl"]):
        alone = vet(label.submission, BOTH)
        padding = PADDING[label.lang] * 60
        hidden = label.submission.model_copy(
            update={"text": f"{padding}{label.text}\n{padding}", "kind": alone.kind}
        )
        codes = set(vet(hidden, BOTH).codes)
        found += len(alone.codes)
        kept += len(codes & set(alone.codes))
        added += len(codes - set(alone.codes))
    assert found > 200
    assert kept >= 0.95 * found
    assert added <= 0.03 * found


def test_words_that_made_room_are_read_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = read_labels([CORPORA / "dev.jsonl"])
    before = [vet(label.submission, BOTH) for label in labels]
    monkeypatch.setattr("rules.second_reader._MOST_KEPT", 200)
    reader = BOTH.second_reader
    assert reader is not None
    reader._met = reader._none_met()
    kept = [weakref.ref(reader._met)]
    for label, found in zip(labels, before, strict=True):
        assert vet(label.submission, BOTH) == found
        if kept[-1]() is not reader._met:
            kept.append(weakref.ref(reader._met))
    assert len(kept) > 2
    assert [each() for each in kept[:-1]] == [None] * (len(kept) - 1)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted on Linux")
def test_small_products_wait_for_no_second_thread() -> None:
    asked = (
        "import rules, numpy, os; numpy.ones((900, 900)) @ numpy.ones((900, 900));"
        "print(len(os.listdir('/proc/self/task')))"
    )
    free = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    found = subprocess.run(
        [sys.executable, "-c", asked], env=free, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "1"

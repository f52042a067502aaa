"""The answer in words: one natural letter, the right language, nothing left unfilled."""

import pytest

from rules import Kind, Lang, Level, Submission, advise, load_rulebook, vet
from rules.format import Risk
from tests.quality.score import CORPORA, read_labels

RULEBOOK = load_rulebook()
LABELS = read_labels([CORPORA / "dev.jsonl", CORPORA / "train.jsonl"])


@pytest.mark.parametrize("lang", list(Lang))
def test_every_answer_is_whole(lang: Lang) -> None:
    for label in LABELS:
        assessment = vet(label.submission, RULEBOOK)
        advice = advise(assessment, RULEBOOK, lang)
        replies = [each for each in vars(advice.replies).values() if each]
        said = [advice.headline, advice.summary, advice.setting, *advice.checks, *replies]
        said += [part for point in advice.points for part in (point.title, point.why)]
        assert all(each.strip() and "{" not in each for each in said), label.id
        assert (assessment.level is Level.CLEAR) is (not replies), label.id
        if replies:
            assert len(replies) >= 2, label.id
            for reply in replies:
                assert reply.isascii() is (assessment.lang is Lang.EN), label.id


def test_a_letter_says_a_courtesy_once_and_is_one_letter() -> None:
    text = (
        "詳細はLINEで説明しますので、友だち追加をお願いします。報酬は銀行振込で直接お支払いします。"
        "応募の際は、本名と住所と電話番号をお知らせください。"
    )
    letter = advise(vet(Submission(text=text), RULEBOOK), RULEBOOK).replies.insist
    assert letter is not None
    assert letter.count("恐れ入りますが") <= 1
    assert letter.count("ご連絡をいただき") == 1
    assert len(letter.split("\n")) <= 6


def test_the_heaviest_risk_comes_first_and_its_quote_is_shown() -> None:
    text = "LINEで友だち追加をお願いします。報酬は銀行振込で直接お支払いします。"
    advice = advise(vet(Submission(text=text), RULEBOOK), RULEBOOK)
    assert advice.points[0].code == "off_platform_payment"
    assert all(quote in text for point in advice.points for quote in point.quotes)
    assert all(point.sources for point in advice.points)


def test_what_looks_right_is_said() -> None:
    posting = "校正 20,000円。評価 4.8 募集実績 40件 本人確認済み 発注ルールチェック済み"
    submission = Submission(text=posting, kind=Kind.POSTING)
    notes = {note.code for note in advise(vet(submission, RULEBOOK), RULEBOOK).notes}
    assert {"good_record", "identity_verified", "rules_checked"} <= notes


@pytest.mark.parametrize("risk", RULEBOOK.risks.values(), ids=RULEBOOK.risks)
def test_each_risk_says_its_reason_in_one_line_of_a_phone(risk: Risk) -> None:
    ja, en = risk.say[Lang.JA].brief, risk.say[Lang.EN].brief
    assert 0 < len(ja or "") <= 20
    assert 0 < len(en or "") <= 40


@pytest.mark.parametrize("lang", list(Lang))
def test_what_was_not_looked_for_is_said(lang: Lang) -> None:
    text = "Please register today, the offer ends at midnight. Message me on Telegram."
    off = frozenset(RULEBOOK.risks)
    said = advise(vet(Submission(text=text), RULEBOOK, off), RULEBOOK, lang).lead
    assert all(risk.say[lang].title in said for risk in RULEBOOK.risks.values())
    nothing = advise(vet(Submission(text="Thank you!"), RULEBOOK), RULEBOOK, lang).lead
    assert said.startswith(nothing)
    assert said != nothing

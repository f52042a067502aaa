"""The verdict: level, stages, sites, limits; and that no text ever breaks it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import Facts, Finding, Level, Stage, Submission, Weight, level_of, load_rulebook, vet

RULEBOOK = load_rulebook()
SLACK = "進行管理用のSlackにご招待しますので、参加をお願いします。"


def codes(text: str, **said: object) -> set[str]:
    return set(vet(Submission.model_validate({"text": text, **said}), RULEBOOK).codes)


def finding(code: str, weight: Weight = Weight.CAUTION) -> Finding:
    return Finding(
        code=code, weight=weight, quote="", start=None, end=None, pattern="x", confidence=1
    )


@pytest.mark.parametrize(
    ("found", "level"),
    [
        ([], Level.CLEAR),
        (["vague_pay"], Level.CAUTION),
        (["vague_pay", "pressure"], Level.CAUTION),
        (["vague_pay", "vague_pay", "pressure"], Level.CAUTION),
        (["vague_pay", "pressure", "personal_info"], Level.DANGER),
        (["too_good_to_be_true", "vague_work"], Level.DANGER),
        (["too_good_to_be_true", "off_platform_contact"], Level.DANGER),
        (["too_good_to_be_true", "vague_pay"], Level.CAUTION),
    ],
)
def test_the_level_follows_from_the_codes(found: list[str], level: Level) -> None:
    assert level_of([finding(code) for code in found]) is level


def test_one_heavy_risk_is_danger() -> None:
    assert level_of([finding("purchase_required", Weight.DANGER)]) is Level.DANGER


@pytest.mark.parametrize(
    ("platform", "stage", "flagged"),
    [
        ("lancers", None, True),
        ("lancers", Stage.CONTRACTED, True),
        ("lancers", Stage.ESCROWED, False),
        ("crowdworks", Stage.ESCROWED, False),
        ("upwork", Stage.ESCROWED, False),
        ("coconala", Stage.ESCROWED, True),
        ("fiverr", Stage.ESCROWED, True),
        (None, Stage.ESCROWED, False),
    ],
)
def test_site_and_stage_decide_on_the_same_invitation(
    platform: str | None,
    stage: Stage | None,
    flagged: bool,
) -> None:
    assert ("off_platform_contact" in codes(SLACK, platform=platform, stage=stage)) is flagged


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("https://crowdworks.jp/public/jobs/123 の件です", "crowdworks"),
        ("https://www.lancers.jp/work/detail/1", "lancers"),
        ("ココナラのトークルームでお願いします", "coconala"),
        ("クラウドワークスの募集を見ました", "crowdworks"),
        ("Please reply on Upwork.", "upwork"),
        ("https://notcrowdworks.jp.example.com/x", None),
        ("こんにちは", None),
    ],
)
def test_the_site_is_found_in_the_text(text: str, site: str | None) -> None:
    assert vet(Submission(text=text), RULEBOOK).platform == site


def test_what_the_person_says_of_the_stage_goes_before_the_text() -> None:
    text = "仮払いは完了しました。" + SLACK
    assert "off_platform_contact" not in codes(text)
    assert "off_platform_contact" in codes(text, stage=Stage.CONTRACTED)


def test_a_page_s_own_figures_go_before_the_text() -> None:
    assert "weak_client_record" in codes("ロゴの作成です。", client=Facts(rating=3.2, orders=40))
    found = vet(Submission(text="ロゴの作成", client=Facts(rating=3.2)), RULEBOOK).findings
    assert [(each.quote, each.start, each.end) for each in found] == [("", None, None)]


def test_only_the_stated_length_is_judged() -> None:
    assessment = vet(Submission(text="あ" * 100_000 + SLACK), RULEBOOK)
    assert assessment.truncated
    assert not assessment.findings


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_vet_never_raises_and_quotes_are_exact(text: str) -> None:
    for each in vet(Submission(text=text), RULEBOOK).findings:
        if each.start is not None:
            assert text[each.start : each.end] == each.quote


PIECES = [
    "LINE", "ら い ん", "仮払い", "契約後に", "ません", "お願いします", "。", "、", "「", "」", "\n", "評価 4.0",
    "募集実績", "0件", "1.2円", "×", "3,000字", "月", "100万円", "@", "example.com", " dot ", "Telegram", "don't",
    "pay", "PayPal", "before", "escrow", "> ", "ワーカー:", "5", "%", "\u200b", "卜", "\u3099", "$", "stars",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=60))
def test_vet_never_raises_on_what_rules_look_for(pieces: list[str]) -> None:
    text = "".join(pieces)
    for each in vet(Submission(text=text), RULEBOOK).findings:
        if each.start is not None:
            assert text[each.start : each.end] == each.quote


def test_several_threads_may_judge_at_once() -> None:
    texts = [f"{SLACK}報酬は{number}円、契約のあとで連絡します。" * 12 for number in range(60)]
    alone = [vet(Submission(text=text), RULEBOOK) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: vet(Submission(text=text), RULEBOOK), texts))
    assert together == alone

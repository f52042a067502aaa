"""The client's record as texts tell it: every notation, and whose figures they are."""

import time

import pytest

from rules import Facts, Submission, load_rulebook, vet
from rules.facts import Fact, as_facts, client_facts, merged
from rules.figures import value_of
from rules.text import normalise

RULEBOOK = load_rulebook()


def told(text: str) -> dict[str, float | bool]:
    return {name: fact.value for name, fact in client_facts(normalise(text).plain).items()}


def weighed(text: str, **said: object) -> set[str]:
    found = vet(Submission.model_validate({"text": text, **said}), RULEBOOK).codes
    return {"weak_client_record", "unverified_client"} & set(found)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("4.0", 4), ("1,204", 1204), ("三・七", 3.7), ("〇", 0), ("二十四", 24), ("百二十", 120),
        ("二四", 24), ("十一", 11), ("二つ半", 2.5), ("one", 1), ("no", 0), ("ゼロ", 0), ("六", 6),
        ("四コンマ六", 4.6), ("三点六", 3.6), ("three point six", 3.6),
    ],
)  # fmt: skip
def test_numbers(written: str, value: float) -> None:
    assert value_of(written) == value


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("総合評価 4.0", 4.0),
        ("総合評価\n3.5\n", 3.5),
        ("評価:３.２(１２件)", 3.2),
        ("評価　四・〇", 4.0),
        ("評価 3.5 本人確認済み", 3.5),
        ("クライアント評価 2.9/5", 2.9),
        ("評価は星三つ半です", 3.5),
        ("うちは星2.8でして", 2.8),
        ("評価が三コンマ一で", 3.1),
        ("their rating is three point one", 3.1),
        ("発注者評価 ★★☆☆☆", 2),
        ("募集者情報\nmizu_22\n3.7 (18)", 3.7),
        ("満足度は五段階の2点台です", 2),
        ("いろいろあって評価が下がり、今は2.6のままです", 2.6),
        ("前の方から星2つをいただいてしまいました", 2),
        ("rating: 3.5/5", 3.5),
        ("Client rating is just 3.1", 3.1),
        ("Payment method verified. 3.8. 23 hires", 3.8),
        ("payment verified, 3.3 of 27 reviews", 3.3),
        ("My score sits at 3.3 because of one bad month", 3.3),
        ("two out of five stars", 2),
        ("I had 1.9 stars here from two projects", 1.9),
        ("My profile? There's a 2.6 on it.", 2.6),
        ("4.95 (310 reviews)", 4.95),
    ],
)
def test_ratings(text: str, rating: float) -> None:
    assert told(text)["rating"] == rating


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("募集実績 ０件", 0),
        ("募集実績\n2 件", 2),
        ("発注数 41", 41),
        ("依頼件数　二十四件", 24),
        ("総合評価 なし / 募集実績 ゼロ", 0),
        ("発注経験:なし", 0),
        ("発注歴1件", 1),
        ("これまでの発注は二件です", 2),
        ("過去に2回ほど発注しました", 2),
        ("発注の実績はまだ3回です", 3),
        ("まだ一度も発注したことがないです", 0),
        ("発注したことは一度もありません", 0),
        ("こちらのサイトでの発注は今回が初めてです", 0),
        ("ココナラで依頼するのは初めてです", 0),
        ("発注はこれが2回目です", 1),
        ("実績5件、評価5.0", 5),
        ("0 hires, member since last week", 0),
        ("one hire so far", 1),
        ("Only one previous hire", 1),
        ("Orders: 26 / Rating 4.6", 26),
        ("1,204 hires", 1204),
        ("Buyer: 0 projects, county club", 0),
        ("I have made two orders so far", 2),
        ("I've never hired anyone here", 0),
        ("This is my first job post on Upwork", 0),
        ("This is the second time I order here", 1),
        ("member since May, $0 spent", 0),
    ],
)
def test_orders(text: str, orders: int) -> None:
    assert told(text)["orders"] == orders


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("プロジェクト完了率 ６９%", 69),
        ("完了率:71.4 %", 71.4),
        ("完了　およそ六割", 60),
        ("完了率は九割五分です", 95),
        ("完了率は半分くらいです", 50),
        ("completion 55%", 55),
        ("my completion rate is 50 percent now", 50),
        ("94% completed", 94),
        ("only 60 percent of my projects were completed", 60),
    ],
)
def test_completion_rates(text: str, rate: float) -> None:
    assert told(text)["completion_rate"] == rate


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("本人確認未提出", "identity_verified", False),
        ("本人確認　×", "identity_verified", False),
        ("本人確認は審査中です", "identity_verified", False),
        ("本人確認を済ませていません", "identity_verified", False),
        ("このクライアントは本人確認書類を提出していません", "identity_verified", False),
        ("本人確認の書類は忙しくてまだ出していない", "identity_verified", False),
        ("本人確認は済んでいます", "identity_verified", True),
        ("本人確認　○", "identity_verified", True),
        ("本人確認、発注ルールチェックとも完了しています", "identity_verified", True),
        ("本人確認、発注ルールチェックとも完了しています", "rules_checked", True),
        ("発注ルールチェック未回答", "rules_checked", False),
        ("発注ルールチェックはまだ受けていません", "rules_checked", False),
        ("お支払い方法は登録されていません", "payment_verified", False),
        ("支払い方法 確認済み", "payment_verified", True),
        ("identity: unverified", "identity_verified", False),
        ("I haven't verified my identity", "identity_verified", False),
        ("Our identity papers are not yet handed in", "identity_verified", False),
        ("ID confirmed", "identity_verified", True),
        ("Payment method not verified", "payment_verified", False),
        ("payment method: none added", "payment_verified", False),
        ("Payment unverified.", "payment_verified", False),
        ("Payment verified — 4.6 — 130+ hires", "payment_verified", True),
        ("Ordering rules check: passed", "rules_checked", True),
        (
            "「本人確認未提出」と出ていた件ですが、いまは「本人確認済み」の表示です。",
            "identity_verified",
            True,
        ),
        ("以前は本人確認済みでしたが、今は本人確認未提出です。", "identity_verified", False),
        ("本人確認は未提出です。今回は身元確認済みの会社と組みます。", "identity_verified", False),
    ],
)
def test_checks(text: str, name: str, value: bool) -> None:
    assert told(text)[name] is value


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("満足 12 残念 1", False),
        ("評価：満足 2 ／ 不満 7", True),
        ("Feedback: 2 happy, 9 unhappy", True),
        ("48 positive, 2 negative", False),
    ],
)
def test_counted_reviews(text: str, *, bad: bool) -> None:
    assert told(text).get("badly_reviewed", False) is bad


@pytest.mark.parametrize(
    "text",
    [
        # ratings of something else, of somebody else, or asked for
        "アプリの評価が3.1に落ちました。", "当店の口コミ評価は3.4です", "あなたの評価は3.8ですね",
        "評価4.0以上の方のみ応募可", "Your rating of 4.0 is fine", "Our app is stuck at 3.1 stars",
        "評価を星3つでお願いします", "納品が遅れたら★1をつけます", "評価は3段階です",
        "products rated below 3.5", "write 10 reviews, 2.5 dollars each", "平均3.5時間で終わります",
        "averages 2.5 GB", "コードレビュー1回2時間", "レビュー記事 2本", "score 3 goals", "1文字1.5円",
        # what is to be ordered or made
        "記事を3件発注します", "毎月2件ずつ発注予定です", "実績3件以上をご提示ください",
        "制作実績2件を添付してください", "We have 2 projects for you", "no contract needed",
        "no projects too small", "first order ships free", "募集人数 2名", "採用2名", "契約した人 1人",
        "実績ゼロの方も歓迎", "初めての方も歓迎です", "初めまして。募集を見ました", "We need 2 hires by May",
        # out of range
        "総合評価 6.5", "完了率 250%", "completion 130%",
        "動画の視聴完了率は45%です",
        # somebody else's check, or another matter
        "本人確認書類は不要です", "本人確認がお済みの方", "本人確認が済んでいない方はご遠慮ください",
        "本人確認書類をお送りください", "本人確認機能の実装", "お支払い方法は仮払いです",
        "支払い方法はまだ決めていません", "発注ルールをご確認ください", "payment pending",
        "Please verify your identity", "your ID is not verified", "ID: no need, the site has it",
        "identity design for a new brand, not done before",
        "Profiles with a US ID check passed earn more.",
        "Freelancers must be identity verified.",
        "本人確認済みのアカウントは優遇します。",
        "応募条件:本人確認済みのワーカーさん限定",
    ],
)  # fmt: skip
def test_other_figures_are_left_alone(text: str) -> None:
    assert told(text) == {}


def test_what_sites_show_for_nothing_is_nothing() -> None:
    assert told("総合評価 0.0 プロジェクト完了率 0% 募集実績 1件") == {"orders": 1}
    assert told("総合評価 なし") == {"unrated": True}


def test_the_span_holds_the_figure() -> None:
    plain = normalise("本日はよろしくお願いします。総合評価 3.2 です。").plain
    fact = client_facts(plain)["rating"]
    assert fact.span is not None
    assert plain[slice(*fact.span)] == "総合評価 3.2"


def test_a_page_goes_before_the_text() -> None:
    table = merged({"rating": Fact(4.8, (0, 3)), "unrated": Fact(True, None)}, Facts(rating=3.0))
    assert as_facts(table) == Facts(rating=3.0)


NEW = "会津で旅館を営んでおります。紹介文3,000字を6,000円でお願いします。\n募集実績 1件 "


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (NEW + "評価 5.0 本人確認済み 発注ルールチェック済み", set()),
        (NEW + "評価なし 支払い方法確認済み", set()),
        (NEW + "評価 5.0", {"weak_client_record"}),
        (NEW + "評価 3.5 本人確認済み", {"weak_client_record"}),
        (
            NEW + "評価 5.0 本人確認済み 発注ルールチェック未回答",
            {"weak_client_record", "unverified_client"},
        ),
        ("紹介文3,000字を6,000円で。募集実績 1件 本人確認済み", {"weak_client_record"}),
        ("We're a bakery in Lyon. Logo, $300. 0 hires, payment method verified.", set()),
        ("Logo, $300. 0 hires, payment method verified.", {"weak_client_record"}),
    ],
)
def test_a_new_client_is_excused_only_where_all_is_in_order(text: str, codes: set[str]) -> None:
    alone = load_rulebook(second_reader=False)
    found = vet(Submission(text=text), alone).codes
    assert {"weak_client_record", "unverified_client"} & set(found) == codes
    assert weighed(text) <= codes  # where figures tell, the second reader adds nothing


@pytest.mark.parametrize(
    "piece",
    [
        "評価", "評価 ", "評価4.", "本人確認", "本人確認 ", "★", "☆★", "発注は", "発注 1", "\n", "\n\n3.1", "review ",
        "no reviews ", "payment ", "0 hires ", "one ", "two stars ", "完了率 ", "満足 1 残念 ", "星2つを", "1,",
        "一", "verified, ", "ルール", "初めて", "profile ", "過去に", " ",
    ],
)  # fmt: skip
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    started = time.thread_time()
    client_facts(piece * (100_000 // len(piece)))
    assert time.thread_time() - started < 5

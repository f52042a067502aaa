"""The Q&A that everything came from: each of its points, by number, with its source cited."""

from rules import Advice, Lang, Level, Stage, Submission, advise, load_rulebook, vet

RULEBOOK = load_rulebook()
CONTACT = "今後のご連絡はチャットワークでお願いします。IDを教えてください。"


def answer(text: str, **said: object) -> Advice:
    submission = Submission.model_validate({"text": text, **said})
    return advise(vet(submission, RULEBOOK), RULEBOOK, Lang.JA)


def found(text: str, **said: object) -> set[str]:
    return {point.code for point in answer(text, **said).points}


def cites(code: str, point: str) -> bool:
    return f"qa036-{point}" in RULEBOOK.risks[code].sources


def everything_said(lang: Lang) -> str:
    book = RULEBOOK.book
    sayings = [risk.say[lang] for risk in RULEBOOK.risks.values()]
    said = [
        text
        for each in sayings
        for text in (each.title, each.why, each.insist, each.ask, each.decline)
    ]
    return "\n".join([*filter(None, said), *book.texts[lang].values()])


def test_a1_outside_contact_is_a_worry() -> None:
    assert "off_platform_contact" in found(CONTACT)
    assert cites("off_platform_contact", "A1")


def test_a2_a_tool_after_the_contract_is_not_unusual() -> None:
    text = "ご契約後は、連絡用にSlackへご招待します。"
    assert found(text) == set()
    assert any(note.code == "escrow_first" for note in answer(text).notes)


def test_a3_nobody_is_accused() -> None:
    for word in ("詐欺師", "悪質な依頼者", "騙そう", "だまそう", "犯罪者"):
        assert word not in everything_said(Lang.JA)
    for word in ("scammer", "fraudster", "criminal", "they are lying", "crook"):
        assert word not in everything_said(Lang.EN).lower()


def test_a4_three_things_to_look_at() -> None:
    checks = "\n".join(answer(CONTACT, platform="crowdworks").checks)
    assert "評価" in checks
    assert "本人確認" in checks
    assert "仕事の詳細" in checks


def test_a5_no_rating_or_identity_check_alone_is_never_danger() -> None:
    posting = "ロゴ制作 30,000円 2案 納期2週間。\n総合評価 なし 募集実績 0件 本人確認未提出"
    assert answer(posting, kind="posting").level is Level.CAUTION
    assert cites("weak_client_record", "A5") or cites("unverified_client", "A5")


def test_a6_easy_work_for_high_pay_unclear_work_vague_pay() -> None:
    assert "too_good_to_be_true" in found("未経験の方でも、1日30分のコピペだけで月50万円稼げます。")
    assert "vague_work" in found("お仕事の内容は、採用となった方にだけお伝えします。")
    assert "vague_pay" in found("報酬は仕上がりを見てから、こちらで決めさせていただきます。")
    for code in ("too_good_to_be_true", "vague_work", "vague_pay"):
        assert cites(code, "A6")


def test_a7_questions_on_the_site_until_one_is_sure() -> None:
    letter = answer("お仕事の内容は、採用となった方にだけお伝えします。").replies.ask
    assert letter is not None
    assert "でしょうか" in letter or "ますか" in letter


def test_a8_the_contract_belongs_on_the_site() -> None:
    assert "off_platform_contract" in found("サイトを通さずに、直接契約でお願いできませんか。")
    assert found("契約は必ずサイト上でお願いします。直接契約はお断りしています。") == set()
    assert cites("off_platform_contract", "A8")


def test_a9_money_settled_outside_is_a_violation() -> None:
    assert "off_platform_payment" in found(
        "報酬は銀行振込で直接お支払いします。口座をご用意ください。"
    )
    assert cites("off_platform_payment", "A9")


def test_a10_two_fair_answers_insist_and_decline() -> None:
    replies = answer("手数料がもったいないので、サイト外で直接契約にしませんか。").replies
    assert replies.insist is not None
    assert replies.decline is not None
    assert replies.insist != replies.decline


def test_a11_after_escrow_outside_talk_is_no_problem() -> None:
    assert found(CONTACT, stage=Stage.ESCROWED, platform="lancers") == set()


def test_a12_other_sites_have_their_own_terms() -> None:
    assert {"crowdworks", "lancers", "coconala", "upwork", "fiverr", "other"} <= set(
        RULEBOOK.book.sites
    )
    assert any("規約" in check for check in answer(CONTACT, platform="other").checks)


def test_a13_few_orders_low_rating_bad_reviews() -> None:
    assert "weak_client_record" in found(
        "バナー制作 3,000円\n評価 3.8 募集実績 11件", kind="posting"
    )
    assert "weak_client_record" in found(
        "バナー制作 3,000円\n評価 4.0 募集実績 25件", kind="posting"
    )
    assert "weak_client_record" not in found(
        "バナー制作 3,000円\n評価 4.8 募集実績 40件", kind="posting"
    )
    assert cites("weak_client_record", "A13")


def test_a14_no_orders_but_all_checks_done_is_a_note() -> None:
    posting = (
        "会社案内の校正 24ページ 固定20,000円 納期2週間\n"
        "募集実績 0件 本人確認済み 発注ルールチェック済み 会社概要:1998年設立の印刷会社です。"
    )
    assert found(posting, kind="posting") == set()
    assert any(note.code == "new_but_described" for note in answer(posting, kind="posting").notes)


def test_a15_personal_data() -> None:
    assert "personal_info" in found("応募の際は、本名・住所・電話番号をお知らせください。")
    assert cites("personal_info", "A15")


def test_a16_before_escrow_it_is_forbidden_after_it_common() -> None:
    assert "off_platform_contact" in found(CONTACT, platform="crowdworks", stage=Stage.CONTRACTED)
    after = answer(CONTACT, platform="crowdworks", stage=Stage.ESCROWED)
    assert after.level is Level.CLEAR
    assert any("サービス外連絡申請" in note.text for note in after.notes)
    assert cites("off_platform_contact", "A16")


def test_a17_buying_first() -> None:
    reply = answer("商品をご自身で購入していただき、レビュー後に代金をお返しします。")
    assert reply.level is Level.DANGER
    assert "purchase_required" in {point.code for point in reply.points}
    assert cites("purchase_required", "A17")


def test_a18_where_others_tell_of_their_cases() -> None:
    checks = "\n".join(answer(CONTACT, platform="crowdworks").checks)
    assert "みんなのお仕事相談所" in checks


def test_nothing_found_is_never_called_safe() -> None:
    for lang in Lang:
        reply = advise(vet(Submission(text="よろしくお願いします。"), RULEBOOK), RULEBOOK, lang)
        assert reply.level is Level.CLEAR
        assert "安全です" not in reply.headline + reply.summary
        assert reply.headline.lower() not in {"safe", "安全"}


def test_every_source_that_is_cited_exists_and_every_point_is_used() -> None:
    cited = {source for risk in RULEBOOK.risks.values() for source in risk.sources}
    assert cited <= set(RULEBOOK.book.sources)
    assert {f"qa036-A{n}" for n in range(1, 19)} <= set(RULEBOOK.book.sources)

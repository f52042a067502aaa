"""What is said follows from the text: the stage, what was found, the site, whom it addresses."""

from collections.abc import Iterator

import pytest

from rules import Advice, Lang, Level, Stage, Submission, advise, load_rulebook, vet
from rules.format import Risk

RULEBOOK = load_rulebook()


def answer(text: str, lang: Lang | None = None, **said: object) -> Advice:
    submission = Submission.model_validate({"text": text, **said})
    return advise(vet(submission, RULEBOOK), RULEBOOK, lang)


def letters(advice: Advice) -> str:
    return "\n".join(filter(None, vars(advice.replies).values()))


def why(advice: Advice, code: str) -> str:
    return next(point.why for point in advice.points if point.code == code)


def _seen(risk: Risk) -> Iterator[str]:
    for saying in risk.say.values():
        yield from (name for name in saying.names if name != "other")
        for variant in saying.variants:
            yield from (*variant.when.seen, *variant.when.beside, *variant.when.unseen)


@pytest.mark.parametrize("risk", RULEBOOK.risks.values(), ids=RULEBOOK.risks)
def test_what_a_saying_waits_for_can_be_seen(risk: Risk) -> None:
    names = {each.id for each in risk.patterns} | {each.id for each in risk.conditions}
    assert set(_seen(risk)) <= names | set(RULEBOOK.book.vocabulary)
    for saying in risk.say.values():
        for variant in saying.variants:
            assert set(variant.when.without) <= set(RULEBOOK.risks)


@pytest.mark.parametrize("risk", RULEBOOK.risks.values(), ids=RULEBOOK.risks)
def test_both_languages_make_the_same_distinctions(risk: Risk) -> None:
    ja, en = (risk.say[lang].variants for lang in Lang)
    assert [each.when for each in ja] == [each.when for each in en]
    for one, other in zip(ja, en, strict=True):
        assert one.model_fields_set == other.model_fields_set


def test_after_payment_nothing_is_said_as_if_before() -> None:
    text = "続きはLINEでお願いします。友だち追加してください。"
    paid = answer(text, platform="coconala", stage=Stage.ESCROWED)
    assert "お支払いのあとでも" in why(paid, "off_platform_contact")
    assert paid.replies.decline is not None
    assert "見送" not in paid.replies.decline
    assert "辞退" not in paid.replies.decline
    assert not any("評価" in check for check in paid.checks)
    before = answer(text, platform="coconala", stage=Stage.BEFORE_CONTRACT)
    assert "見送らせて" in (before.replies.decline or "")
    assert any("評価" in check for check in before.checks)


def test_between_contract_and_escrow_one_waits_for_escrow() -> None:
    advice = answer("Let's talk on WhatsApp.", platform="upwork", stage=Stage.CONTRACTED)
    assert advice.checks[0] == "Start only once the site shows that milestone funding is in place."


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("電話番号を教えてください。", "電話番号"),
        ("ご住所を教えてください。", "住所"),
        ("身分証の写真を送ってください。", "身分証の画像"),
        ("Please send me a scan of your passport.", "a copy of my ID"),
    ],
)
def test_letters_name_what_was_asked_for(text: str, named: str) -> None:
    assert named in (answer(text).replies.insist or "")


def test_the_worker_is_told_of_their_own_papers_in_the_second_person() -> None:
    advice = answer("Please send me a scan of your passport.")
    assert "share a copy of your ID" in why(advice, "personal_info")


def test_several_points_fold_into_one_sentence() -> None:
    text = (
        "契約はサイトを通さずに、直接お願いします。報酬は銀行振込で直接お支払いします。"
        "続きはLINEでお願いします。"
    )
    advice = answer(text, platform="lancers")
    assert "ご契約・お支払い・やり取りは、いずれもランサーズの中で" in (advice.replies.insist or "")
    for letter in vars(advice.replies).values():
        assert letter.count("お願いできます") <= 1


def test_a_letter_asks_whether_the_sites_way_will_do_and_for_no_reason() -> None:
    advice = answer("写真をたくさん見せたいので、続きはLINEでお願いします。", platform="lancers")
    ask = advice.replies.ask or ""
    assert "ランサーズのメッセージで進める形でも差し支えないでしょうか" in ask
    assert "理由" not in ask
    assert "という理解で" not in letters(advice)


def test_what_no_wording_can_put_right_is_not_bargained_over() -> None:
    text = (
        "Boxes arrive at your home, you put our new label on each without opening it and send it on. "
        "$35 for each parcel."
    )
    advice = answer(text)
    assert "illegal_or_abusive_work" in {point.code for point in advice.points}
    assert advice.replies.insist is None
    assert "check with the platform" in (advice.replies.ask or "")
    assert "handling parcels" in (advice.replies.decline or "")
    assert "Better terms would not put this right" in advice.lead
    assert "stolen goods" in why(advice, "illegal_or_abusive_work")


def test_an_advertisement_is_not_answered_as_a_letter() -> None:
    advice = answer("【急募】スタッフ募集中! お仕事の内容は、採用となった方にだけお伝えします。")
    assert (advice.replies.ask or "").startswith("募集を拝見しました。")
    assert (advice.replies.decline or "").startswith("募集を拝見しました。")
    assert any("お断りの連絡は要りません" in check for check in advice.checks)
    letter = answer(
        "ご応募ありがとうございます。お仕事の内容は、採用となった方にだけお伝えします。"
    )
    assert (letter.replies.ask or "").startswith("ご連絡をいただき")


def test_what_was_just_read_is_not_to_be_looked_up() -> None:
    posting = "バナー制作 3,000円\n総合評価 3.8 募集実績 11件 本人確認済み"
    checks = answer(posting, kind="posting", platform="crowdworks").checks
    assert not any("総合評価、募集実績" in check for check in checks)
    assert not any("「本人確認」" in check for check in checks)
    assert any("コメント" in check for check in checks)


def test_the_stage_is_asked_for_only_where_it_matters() -> None:
    stars = answer("星5つのレビューを、使っていなくても書いてください。1件300円です。")
    assert stars.level is Level.DANGER
    assert not any("答えが変わる" in check for check in stars.checks)
    line = answer("続きはLINEでお願いします。")
    assert any("答えが変わる" in check for check in line.checks)


def test_notes_say_only_what_the_text_says() -> None:
    both = answer(
        "Slackへのご招待は仮払いのあとにします。それまで外部での連絡はしません。",
        platform="lancers",
    )
    codes = {note.code for note in both.notes}
    assert codes & {"stays_on_platform", "escrow_first"} == {"escrow_first"}
    few = answer("最初の1件だけ購入します。続きはLINEでお願いします。", platform="coconala")
    assert "new_but_described" not in {note.code for note in few.notes}


def test_replies_for_somebody_else_are_marked_as_such() -> None:
    advice = answer("友人が応募した仕事です。報酬は仕上がりを見てから、先方が決めるそうです。")
    assert advice.points
    assert any("ご本人のため" in check for check in advice.checks)


def test_nothing_agreed_is_spoken_of_before_the_contract() -> None:
    text = "低い評価をつけますよ。それがいやなら、もう1本おまけしてください。"
    before = answer(text, stage=Stage.BEFORE_CONTRACT)
    assert "pressure" in {point.code for point in before.points}
    assert "お約束した" not in letters(before)
    assert "お約束した条件" in letters(answer(text, stage=Stage.ESCROWED))


def test_what_cannot_be_taken_back_has_a_place_in_the_letter() -> None:
    text = (
        "誰でも月に20万円は稼げます。報酬は始めてから決めます。仕事の詳細は説明会でお話しします。"
        "採用の可否は本日中にお返事いただいた方から決めます。"
        "応募の際は、氏名・住所・生年月日・振込先口座をご返信ください。"
    )
    advice = answer(text)
    assert len(advice.points) > 3
    assert advice.points[-1].code == "personal_info"
    for letter in (advice.replies.insist, advice.replies.ask):
        assert "住所" in (letter or "")


def test_what_was_told_is_not_to_be_looked_up() -> None:
    job = "図鑑の校正をお願いします。128ページ、1ページ300円、納期は来月10日です。"
    assert "本人確認" in answer(job).checks[0]
    told = answer(job + "\n総合評価 4.8 / 募集実績 58件 / 本人確認済み", kind="posting")
    assert not any("本人確認" in check for check in told.checks)


def test_nobody_is_told_not_to_accept_what_is_agreed() -> None:
    text = "詳細はLINEでお話しします。免許証の写真を送ってください。今日中に返事がなければ低い評価をつけます。"
    before = answer(text, stage=Stage.BEFORE_CONTRACT)
    assert "受けないほうが" in before.lead
    assert "受けない" not in answer(text, stage=Stage.CONTRACTED).lead


def test_a_trial_that_may_be_paid_is_not_called_unpaid() -> None:
    asked = "Before we hire, please transcribe the attached file as a test."
    advice = answer(asked)
    assert "trial" in why(advice, "work_before_escrow")
    assert "small paid job" in letters(advice)
    assert "without pay" not in letters(advice)


def test_an_interview_in_a_chat_app_is_more_than_a_convenience() -> None:
    hired = answer("Please contact our HR manager on Telegram @hr_example for your interview.")
    assert "interview" in why(hired, "off_platform_contact").lower()
    assert "nterview" not in why(answer("Please add me on Telegram."), "off_platform_contact")


def test_a_form_is_answered_on_the_site() -> None:
    advice = answer("募集要項は弊社の登録フォームにご記入いただいた方へお送りしています。")
    assert "フォームへの記入に代えて" in (advice.replies.insist or "")
    assert "外部のフォームでのやり取り" in (advice.replies.decline or "")

"""Whether the client is verified: identity, payment method, the site's ordering rules.

The name of a check is looked for first; the first word after it that says how it stands decides
('本人確認 未提出', '本人確認は済んでいます', 'payment method not verified').
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.figures import Fact, before, each_from, holds_any


@dataclass(frozen=True, slots=True)
class _Check:
    """What a check is called, and whole expressions that say how it stands.

    One of `anchors` stands in every text that names it, one of `told` in all that `no` and `yes` say;
    a name begins with `begins`.
    """

    anchors: tuple[str, ...]
    told: tuple[str, ...]
    begins: re.Pattern[str]
    label: re.Pattern[str]
    no: re.Pattern[str]
    yes: re.Pattern[str]


_NOW = re.compile(r"いま|今(?![回後週月年日度])|現在|\bnow\b|\bcurrently\b")
_REACH = 34  # how far after its name the standing of a check is looked for
_JAPANESE_OPEN = (
    r"未(?!経験|来|満|定|成年|熟|知|然)|まだ|なし|無し|ナシ|[×✕✗✖❌✘]|いいえ|これから"
    r"|審査(?:待ち|中)|手続き?中|申請中|確認中|後回し|放置|途中|空白|空欄|飛ば"
    r"|スキップ|忘れ|面倒|見送|滞って|落ち|見当たら|先延ばし|保留|不備|断念"
    r"|うまくいか|(?:て|で)(?:い|おり|は|も)?(?:ません|な[いくか]|おらず)"
    r"|(?:[さしらわえけりいきべれせめ])(?:ません|ない(?!方|人|よう|で(?!す))|なく)"
    r"|ておらず|ありません|ございません|せず|ずじまい|拒"
)
_JAPANESE_DONE = (
    r"済|完了|終わ|終え|通(?:っ|り|過)|合格|提出|認証|[○〇◯✓✔✅☑]|はい(?![る])"
    r"|あり(?!ませ|が)|\bok\b|登録|確認(?:済|でき|が取れ|されて)|クリア|取得"
    r"|受け(?:て|まし)|クリアし|取れて"
)
_ENGLISH_OPEN = (
    r"not (?:yet )?(?:been )?(?:verified|confirmed|submitted|checked|answered|done"
    r"|completed?|handed in|set up|added|provided|passed|taken|finished|approved"
    r"|there|on file)|n't (?:yet )?(?:been )?(?:verified|confirmed|submitted|checked"
    r"|done|added|passed|gone through|finished|answered)|un(?:verified|confirmed"
    r"|answered|finished)|(?:still )?(?:pending|outstanding|missing|incomplete"
    r"|rejected|failed|skipped|expired)|not yet|none\b|never (?:bothered|got|did"
    r"|finished|sent)|:\s?(?:no|x)(?=\s?(?:$|[.,;|/)]))|[×✕✗✖❌]"
)
_ENGLISH_DONE = (
    r"verified|confirmed|checked|passed|done\b|submitted|completed?\b|\bok\b|[✓✔✅☑]"
    r"|green\b|on file|approved|:\s*yes\b"
)
_STANDING = re.compile(
    rf"(?P<open>{_JAPANESE_OPEN}|{_ENGLISH_OPEN})|(?P<done>{_JAPANESE_DONE}"
    rf"|{_ENGLISH_DONE})|(?P<end>[。\n!?;]|\.\s)"
)
_TAKEN_BACK = re.compile(
    r"(?:され|でき|いたし|致し|済み|み|ませて|ませ|し|って|んで|せて|えて|わって"
    r"|れて|いて|て|で)?(?:て)?(?:は|も)?(?:い|おり|お)?(?:ません|ない|な[くか]|らず"
    r"|ていな|ておら|られな|えな|れてな|しな)"
)
# It is about somebody else's check, or about checks in general.
_NOT_THEIRS = re.compile(
    r"(?:取引所|銀行|口座|アプリ|ekyc|あなた|ワーカー|応募者|ご自身|ご本人|ユーザー"
    r"|会員|顧客|お客|購入者|出品|受注者|さんの|様の|ライターさん)(?=[\s\S]{0,14}$)"
    r"|\b(?:your|applicants?|workers?|freelancers?|candidates?|users?|customers?"
    r"|their|exchange|you|(?:profiles?|accounts?) with)\b[^.\n]{0,12}$"
)
_WHOSE = 28  # how far before its name it is looked for whose check it is
_DEMANDED = re.compile(
    r"方(?:は|に|も|の|で|を|が|へ|のみ|限|、)|人は|いただ[いきけく]|頂[いきけく]"
    r"|ください|下さい|お願い|必要|不要|求め|要りません|いりません|お済み|記事|画面"
    r"|アプリ|機能|実装|とは|代行|お任せ|任せ|次第|たら[、ば]|後に|てから|見分け"
    r"|避け|コピー|画像|写真|お送り|結構|構いません|要求|伺い|拝見|みんな"
    r"|\b(?:please|required?|must|need(?:ed)?|if|whether|before|until|article|screen|feature|you)\b"
)
_DEMANDED_AFTER = re.compile(
    r"[みでてっいるのなしたれ]{0,4}(?:方|人(?!物)|かた|次第|あと|後|前に|場合|必要"
    r"|クライアントの?見|依頼者の?見|ら[、,]|かどうか|か[?。、]|アカウント[をはがの限優]"
    r"|ワーカー|受注者|ライターさん)"
)
_CHECKS = {
    "identity_verified": _Check(
        ("確認", "認証", "身分", "身元", "ident", "id ", "id:", "verif", "unverified"),
        ("verif", "proved", "confirmed", "no id", "checked"),
        re.compile(r"[本身確認]|[iuv](?<![a-z].)"),
        re.compile(
            r"本人確認(?:書類|の書類|の?マーク|の?バッジ|の画面|の審査)?|身元確認|本人認証"
            r"|身分(?:証|確認|の書類|証明)(?:明書)?(?:の)?(?:確認|審査|提出|書類)?"
            r"|確認書類(?:の提出)?|認証(?:手続き|バッジ|マーク)"
            r"|\bidentity(?: papers| documents?| check| verification)?(?=\s?(?:[:=(|/\-]|is"
            r"|are|was|has|have|not|un|verif|check|conf|still|pending|hasn|isn|ok|done))"
            r"|\bid(?: check| verification| documents?)?(?=[\s:])|\bverification (?:tick"
            r"|badge|mark|check)|\bunverified (?:client|account|identity|buyer)"
        ),
        re.compile(
            r"\bunverified (?:client|account|identity|id|buyer|employer)\b|(?:\bnot|\bnever"
            r"|n't) (?:yet )?(?:verified|proved|confirmed) (?:my|our"
            r"|the client's) (?:identity|id|account)"
            r"|(?:profile|account|page|badge|somewhere"
            r"|client)[^\n.]{0,50}['\"]not verified['\"]"
            r"|['\"]not verified['\"][^\n.]{0,12}(?:somewhere|badge|mark|sign)"
            r"|no (?:id|identity|verification) (?:check|badge|tick|on (?:file|record))"
        ),
        re.compile(
            r"\b(?:identity|id)[\s-]?(?:checked|verified|confirmed)\b|\bverified (?:identity"
            r"|id)\b"
        ),
    ),
    "payment_verified": _Check(
        ("支払", "決済", "カード", "payment", "billing", "card", "verified"),
        ("verif", "no payment", "no billing", "added", "set up", "認証"),
        re.compile(r"[お支決ク]|[pbc](?<![a-z].)"),
        re.compile(
            r"お?支払い?(?:方法|手段)|決済(?:方法|手段)|クレジットカードの登録"
            r"|\b(?:payment method|payment|billing method|billing|card check)s?\b"
        ),
        re.compile(
            r"\b(?:unverified|no verified|no) (?:payment|billing)(?: method)?(?: (?:on file"
            r"|added|verified|yet))\b|\bunverified (?:payment|billing)|(?:\bnot|\bnever"
            r"|n't) (?:yet )?(?:verified|added|set up) (?:my|our|a|any) (?:payment|billing"
            r"|card)"
        ),
        re.compile(
            r"(?<!un)\bverified (?:payment|employer|client|buyer)\b|(?:^"
            r"|[.,;|/·]\s*)verified(?=\s*(?:$|[.,;|/·]))|(?:支払い?|決済)(?:方法)?を認証",
            re.MULTILINE,
        ),
    ),
    "rules_checked": _Check(
        ("ルール", "規約チェック", "rule"),
        ("未", "check"),
        re.compile(r"[発ル規]|[or](?<![a-z].)"),
        re.compile(
            r"(?:発注)?ルール(?:の)?(?:チェック|確認|問題|テスト)(?:テスト)?|規約チェック"
            r"|発注ルール[^。\n]{0,6}(?:チェック|確認|テスト)|\b(?:ordering "
            r"|order(?:ing)?[- ])?rules?[- ]?check(?:ed)?|\brules(?=: ?checked)"
        ),
        re.compile(r"ルール(?:チェック)?未"),
        re.compile(r"\brules? check(?:ed)?:? (?:ok|passed|done)"),
    ),
}


def checks(plain: str) -> dict[str, Fact]:
    """How the client's checks stand by a normalised text, by fact name."""
    return {name: fact for name, each in _CHECKS.items() if (fact := _stands(each, plain))}


def _stands(check: _Check, plain: str) -> Fact | None:
    """False where any place says that it is not done, but for one that says that now it is."""
    if not holds_any(plain, check.anchors):
        return None
    told = list(_standings(check, plain))
    left = [fact for fact in told if fact.value is False]
    done = [fact for fact in told if fact.value is True and (not left or _is_news(fact, plain))]
    return next(iter(done or left), None)


def _is_news(fact: Fact, plain: str) -> bool:
    """'いまは「本人確認済み」の表示です': what was open before is no longer."""
    return fact.span is not None and bool(_NOW.search(before(plain, fact.span[0], 12)))


def _standings(check: _Check, plain: str) -> Iterator[Fact]:
    told = holds_any(plain, check.told)
    for match in check.no.finditer(plain) if told else ():
        if not _NOT_THEIRS.search(before(plain, match.start(), _WHOSE)):
            yield Fact(False, match.span())
    for label in each_from(check.begins, check.label, plain):
        if fact := _standing(plain, label):
            yield fact
    for match in check.yes.finditer(plain) if told else ():
        if not _NOT_THEIRS.search(before(plain, match.start(), _WHOSE)):
            yield Fact(True, match.span())


def _standing(plain: str, label: re.Match[str]) -> Fact | None:
    """How a check stands: the first word after its name that says so."""
    if _NOT_THEIRS.search(before(plain, label.start(), _WHOSE)):
        return None
    limit = label.end() + _REACH
    found = _STANDING.search(plain, label.end(), limit)
    if (
        found is not None
        and found["end"] == "\n"
        and not plain[label.end() : found.start()].strip(" :")
    ):
        found = _STANDING.match(plain, found.end())  # a page that writes it on the next line
    if found is None or found["end"] is not None:
        return None
    value, end = found["open"] is None, found.end()
    if value and (taken_back := _TAKEN_BACK.match(plain, end)):
        value, end = False, taken_back.end()
    if _DEMANDED.search(plain, label.end(), end) or _DEMANDED_AFTER.match(plain, end):
        return None
    if not value and "payment" in label.re.pattern and not _of_payment(plain, label, end):
        return None
    return Fact(value, (label.start(), end))


def _of_payment(plain: str, label: re.Match[str], end: int) -> bool:
    """A way to pay that is not verified, not one that is yet to be agreed, or a late payment."""
    if label.group().isascii():
        return "method" in label.group() or "verif" in plain[label.end() : end]
    told = plain[label.end() : end + 6]
    return bool(re.search(r"未|登録|認証|確認|設定|追加|^[\s:]{0,3}(?:なし|[×✕✗])", told))

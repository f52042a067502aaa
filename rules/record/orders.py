"""How many orders the client has placed: in a table, or told in words."""

from __future__ import annotations

import re

from rules.figures import Fact, before, value_of
from rules.record.reading import GAP, NEEDED, N, Tier, way

_NONE = (
    r"(?P<none>なし|無し|ナシ|ゼロ|零|皆無|まだ(?:あり|ござい|な[いく])|(?:一切"
    r"|全く)?(?:ありません|ございません)|none\b|nil\b|-(?=\s|$)|—)"
)
_COUNT = r"(?:件|回|名|人|度|つ|本|社)"
_NO_COUNT = (
    r"(?!\s*(?:円|%|年|か月|ヶ月|文字|時間|\.\d|ずつ|単位|件?から|件?まで|件?ずつ"
    r"|件?以上|万|\d|名?(?:募集|予定|程度|様)|per\b|a (?:day|week|month)|/\s*(?:day"
    r"|week|month|月|日|週)))"
)
_ORDER_LABEL = (
    r"(?:募集実績|発注実績|依頼実績|取引実績|契約実績|採用実績|発注(?:件|回)?数"
    r"|依頼(?:件|回)数|取引(?:件|回)数|発注(?:の)?(?:実績|経験|履歴|歴)"
    r"|依頼(?:の)?(?:実績|経験|履歴)|募集(?:の)?経験|(?:過去|これまで|累計"
    r"|今まで)の(?:発注|依頼|取引|募集))"
)
_WORKERS_OWN = re.compile(
    r"ライター|翻訳|執筆|制作|納品|受注|応募|ご自身|あなた|貴方|過去\d"
    r"|[^\s、,/|・(【::今はもで]の$|your|you have|with at least|minimum"
)
_PLANNED = re.compile(
    r"\b(?:need|needs|looking for|seeking|want|planning|make|making|next|will|'ll|would)\b"
)


def _orders(plain: str, match: re.Match[str]) -> Fact | None:
    if _WORKERS_OWN.search(before(plain, match.start(), 8)) or _PLANNED.search(
        before(plain, match.start(), 20)
    ):
        return None
    if (needed := NEEDED.match(plain, match.end())) and "から" not in plain[
        needed.end() - 1 : needed.end() + 2
    ]:
        return None
    written = match.groupdict().get("n")
    value = value_of(written) if written else 0.0
    if match.groupdict().get("nth") and value > 0:
        value -= 1
    return Fact(value, match.span()) if value == int(value) else None


_SITE = (
    r"(?:クラウドワークス|ランサーズ|ココナラ|シュフティ|クラウディア|ビズシーク"
    r"|クラウドソーシング|upwork|アップワーク|こちらのサイト|このサイト"
    r"|こちらの?サービス)"
)
_ENGLISH_ORDERS = r"(?:hires?|orders?|projects?|jobs?|contracts?)"
_AS_CLIENT = (
    r"(?:here|on (?:this (?:site|platform)|upwork|lancers|crowdworks|fiverr|coconala"
    r"|freelancer)|so far|to date|yet|completed|placed|finished|done)"
)


def _orders_by_turn(plain: str, match: re.Match[str]) -> Fact | None:
    if re.search(r"\b(?:your|you're|you are|if you|you've)\b", before(plain, match.start(), 14)):
        return None
    turn = match.groupdict().get("nth")
    return Fact({"second": 1.0, "third": 2.0}.get(turn or "", 0.0), match.span())


ORDERS = (
    Tier(
        _orders,
        (
            way(
                "実績 発注 依頼 取引 募集",
                _ORDER_LABEL
                + rf"{GAP}(?:数)?(?:は|が|も|としては)?{GAP}(?:まだ|わずか|たった|のべ|延べ|計|累計"
                r"|今回(?:が|で)|これ(?:が|で)|現在|いま"
                rf"|\s){{0,3}}(?:{N}{_NO_COUNT}\s*{_COUNT}?(?P<nth>目)?|{_NONE})",
            ),
            way(
                "実績 発注 依頼 取引",
                r"(?:^|[\s、,/|・(【:：「])(?:実績|発注|依頼"
                rf"|取引)[\s:]{{0,4}}(?:{N}{_NO_COUNT}\s*{_COUNT}?|なし|ゼロ)(?=\s*(?:$"
                r"|[\s、,/|・)】」。;(]|評価|本人|満足|完了))",
            ),
            way(
                "採用",
                r"(?:支払い?方法|採用率|クライアント|発注者|評価|レビュー"
                rf"|client)[^\n]{{0,40}}?採用(?:数|人数)?[\s:]{{0,3}}{N}{_NO_COUNT}\s*(?:件|名"
                r"|人)?",
            ),
            way("総額", r"支払い?総額[\s:]{0,3}\$0(?![\d.,])"),
            way(
                "実績",
                r"(?<![\d.$,])(?P<n>\d{1,6})\s*(?:件|回)(?:の|ほどの)?(?:発注|募集|依頼"
                r"|取引)実績",
            ),
            way("募集実績", r"募集実績[^\n]{0,10}契約[\s:]{0,2}(?P<n>\d{1,5})人"),
        ),
    ),
    Tier(
        _orders,
        (
            way(
                "hires orders projects jobs",
                r"\b(?:hires|orders|past hires|projects|total hires|orders placed"
                r"|jobs completed)(?: so far| to date| placed"
                rf"| completed)?\s*[:=(]?\s*{N}(?=\s*(?:$|[,.;|/·)(—–\-]|and\b|rating))",
            ),
            way(
                "hire",
                rf"{N}\s*(?:past |previous |total |completed |earlier |prior )?hires?\b(?! rate"
                r"|-)",
            ),
            way(
                "order project job contract",
                rf"{N}\s*(?:past |previous |total |completed |earlier |prior )?(?:orders?"
                rf"|projects?|jobs?|contracts?) {_AS_CLIENT}\b",
            ),
            way(
                "order project job",
                r"(?:^|[|/·,;(:—–\-]\s*)(?P<n>\d{1,6}|zero|no)\s*(?:past |previous "
                r"|completed )?(?:orders?|projects?|jobs)(?=\s*(?:$|[|/·,;.)—–\-]))",
            ),
            way(
                "past previous prior earlier completed",
                r"\b(?:no|zero|0|not (?:a single|one)) (?:past|previous|prior|earlier"
                rf"|completed) {_ENGLISH_ORDERS}\b",
            ),
            way("$0", r"(?<![\d.,])\$0(?:\.00)? (?:total )?spent"),
            way(
                "hired ordered worked",
                rf"\b(?:hired|ordered from|worked with) (?:only |just )?{N} (?:people|persons?"
                rf"|freelancers?|workers?|sellers?) {_AS_CLIENT}",
            ),
            way("history", r"\b(?:no|zero|not any) (?:hiring|order|job|project) history\b"),
        ),
    ),
    Tier(  # in words: never before, the second time
        _orders,
        (
            way(
                "発注 募集 外注 依頼する 依頼を",
                r"(?:発注|募集|外注|依頼(?:を?(?:する|出す)))[^。\n]{0,14}?(?:今回(?:が|で)"
                r"|これが|まだ|今のところ|過去|これまで|わずか"
                rf"|たった)[^。\n\d円]{{0,4}}{N}{_NO_COUNT}\s*(?:件|回|度)(?P<nth>目)?",
            ),
            way(
                "初めて はじめて 初",
                rf"(?:発注|募集|{_SITE}|ここ|こちらで(?:お願い|募集|発注|依頼)"
                r"|外注)[^。\n方]{0,14}?(?:初めて|はじめて|初)(?!めまして|回|心|の方|稿"
                r"|め?ての方|日|任|校)(?=[^。\n]{0,12}(?:です|で[、,。\s]|の|なの|なもの|でし"
                r"|に|、|ござい|利用))",
            ),
            way(
                "過去に これまで 今まで",
                rf"(?:過去に|これまでに?|今までに?)[^。\n\d]{{0,4}}{N}{_NO_COUNT}(?:件|回"
                r"|度)[^。\n]{0,6}(?:発注|依頼|募集)(?:し|を出|いたし|させ)",
            ),
            way(
                "初めて はじめて",
                r"(?:サイト|サービス)(?:の|を)?ご?利用[^。\n]{0,6}(?:初めて|はじめて)(?!です?か"
                r"|でしょうか|の方)",
            ),
            way(
                "初めて はじめて",
                r"(?:初めて|はじめて)(?:こちらで|ここで)?(?:発注|募集|外注)(?:し(?!た方|たい方)"
                r"|いた|させ)",
            ),
            way(
                "初めて はじめて",
                r"(?:初めて|はじめて)(?:の(?:発注|募集|外注)(?!の?(?:方|人))|(?:こちら|ここ"
                r"|サイト)(?:を|で)[^。\n]{0,6}(?:使|利用|募集|発注|依頼))",
            ),
            way(
                "発注 依頼 募集 外注 お願い",
                r"(?:発注|依頼|募集|外注|お願い)(?:を)?(?:し|出し|いたし"
                r"|させていただい)?(?:た)(?:こと|経験|実績)(?:は|が|も)?[^。\n]{0,8}(?:な[いく]"
                r"|ありません|ございません|無い)",
            ),
            way(
                "経験 実績 履歴",
                r"(?:発注|依頼|募集)(?:の)?(?:経験|実績|履歴)[^。\n]{0,10}?(?:ありません"
                r"|ございません|な[いく](?!な|て)|ゼロ|皆無)",
            ),
            way(
                "一度も まだ",
                r"(?:一度も|まだ(?:誰にも|一度も|どなたにも))[^。\n]{0,6}(?:発注|依頼|募集"
                r"|お願い)[^。\n]{0,10}(?:な[いく]|ません)",
            ),
            way(
                "目",
                rf"(?:発注|依頼(?:を)?する|募集)(?:する)?(?:の)?は[^。\n]{{0,8}}{N}(?:度|回"
                r"|件)(?P<nth>目)",
            ),
        ),
    ),
    Tier(
        _orders_by_turn,
        (
            way(
                "first",
                r"\b(?:my|our|the|a|this is) (?:very )?first (?:job|order|project|post|posting"
                r"|hire|contract|gig|listing)(?: post| posting)?(?: ever)? (?:here|on (?:this"
                r"|the|upwork|lancers|crowdworks|fiverr|coconala)|ever|as a (?:client|buyer))",
            ),
            way(
                "first",
                r"\b(?:my |our )?first time (?:on|hiring|ordering|posting|outsourcing|buying"
                r"|using (?:this|upwork|lancers|crowdworks|fiverr|coconala)|as a (?:client"
                r"|buyer)|here)\b",
            ),
            way(
                "first new",
                r"(?:^|[,;|/·—–(\-]\s*)(?:first|new) (?:job|posting|project|order|client|buyer"
                r"|employer)(?: here)?(?=\s*(?:$|[,;|/·—–.)\-]))",
            ),
            way(
                "never",
                r"\b(?:i|we|i've|we've|have|has)(?: have)? never (?:hired|ordered|posted"
                r"|outsourced|commissioned|bought|used)\b[^.\n]{0,20}(?:here|before|anyone"
                r"|anybody|this site|this platform|upwork|freelancer|online)",
            ),
            way(
                "second third",
                r"\b(?P<nth>second|third) time (?:i|we|i'm|we're) (?:am |are )?(?:order|hire"
                r"|post|ordering|hiring|posting)",
            ),
        ),
    ),
)

"""What was read, as the doors with controls show it, within the limits of their platforms."""

from __future__ import annotations

import pytest

from bot.desk.showing import Showing
from bot.doors.discord.answer import answer as discord_answer
from bot.doors.slack.answer import answer as slack_answer
from bot.doors.telling import told
from bot.reading.models import Posting, Read, Trouble
from rules import Facts, Lang, Submission, load_rulebook, vet
from tests.bot.doors.slack.limits import assert_within_limits, every_text
from tests.discord.community import V2, check

RULEBOOK = load_rulebook()
EVERYTHING = "\n".join(
    text if isinstance(text, str) else text.text
    for risk in RULEBOOK.risks.values()
    for text in risk.examples.flagged
)
CLIENT = Facts(name="*" * 90, identity_verified=False, rules_checked=True, rating=4.9, orders=0)
LONG = Read(
    posting=Posting(platform="crowdworks", title="`*_" * 90, pay="\\円" * 90, client=CLIENT),
    shown="<!channel> @everyone `*_~|\n" * 400,
    troubles=tuple(Trouble(code="file_kind", values={"name": f"{n}*" * 40}) for n in range(10)),
)
NOTHING_BUT_A_PICTURE = Read(shown="相手: はじめまして。\n自分: よろしくお願いします。\n" * 60)


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("read", [LONG, NOTHING_BUT_A_PICTURE])
@pytest.mark.parametrize("text", ["よろしくお願いします。", EVERYTHING])
class TestLimits:
    def test_of_slack(self, text: str, read: Read, lang: Lang, more: bool) -> None:
        said = vet(Submission(text=text), RULEBOOK)
        post = slack_answer(said, RULEBOOK, Showing(key="k", lang=lang, more=more), read)
        assert_within_limits(post.blocks)

    def test_of_discord(self, text: str, read: Read, lang: Lang, more: bool) -> None:
        said = vet(Submission(text=text), RULEBOOK)
        showing = Showing(key="k", lang=lang, more=more)
        view = discord_answer(said, RULEBOOK, showing, "lacking_send", read)
        components = view.to_components()  # type: ignore[no-untyped-call]
        body = {"components": components, "flags": V2, "allowed_mentions": {"parse": []}}
        check(body)
        shown = "\n".join(each for each in _texts(body) if each)
        assert "@everyone" not in shown.replace("\\@", "")
        assert "はじめまして" in shown or "\\`" in shown


def _texts(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["content"]] if isinstance(part.get("content"), str) else []
        return own + [text for each in part.values() for text in _texts(each)]
    return [text for each in part for text in _texts(each)] if isinstance(part, list) else []


class TestInShort:
    def test_a_picture_is_short_until_more_is_asked_for(self) -> None:
        said = vet(Submission(text="よろしくお願いします。"), RULEBOOK)

        def length(*, more: bool) -> int:
            showing = Showing(key="k", more=more)
            blocks = slack_answer(said, RULEBOOK, showing, NOTHING_BUT_A_PICTURE).blocks
            return max(len(text) for text in every_text(list(blocks)))

        assert length(more=False) <= 120
        assert length(more=True) > 1000

    def test_the_same_trouble_is_said_once(self) -> None:
        twice = Read(troubles=(Trouble(code="one_page"),) * 2)
        assert len(told(twice, RULEBOOK, Lang.EN, more=True, room=9).troubles) == 1

    def test_the_page_a_line_each(self) -> None:
        found = told(LONG, RULEBOOK, Lang.EN, more=False, room=100)
        assert len(found.page) == 2
        assert [row.sign for row in found.rows][:2] == ["weak", "good"]
        assert len(found.troubles) == 3

"""What a sign is made of: the literals that its matches must contain, worked out beforehand.

A sign is an RE2 expression for what has no grammar: handles, figures, fixed idioms. Taken apart, it
may turn out to be a mere list of strings; or its alternatives each need some strings, and are
worth trying only where these stand.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from itertools import product
from typing import Any, NamedTuple

# Python's own parser of expressions: RE2's syntax is nearly a part of Python's, and where it is
# not, the sign is simply tried everywhere.
from re import _constants as op  # type: ignore[attr-defined]  # isort: skip
from re import _parser as parser  # type: ignore[attr-defined]  # isort: skip


class Branch(NamedTuple):
    """Some of the alternatives of a sign, written as one, with their own needs."""

    written: str
    needs: list[list[str]]
    tame: bool


class Anatomy(NamedTuple):
    """What a sign is made of."""

    spellings: list[str]
    """All that it can match, where it is but a list of strings; else none."""
    needs: list[list[str]]
    """For each part that a match must contain, the strings of which one must be there."""
    tame: bool
    """Whether no repetition holds another: backtracking then costs little on any sentence."""
    branches: list[Branch]
    """The alternatives at its top, where each needs something; else the whole as the only one."""


_MOST_STRINGS = 300
_MOST_IN_BRANCHES = 1_500
_MOST_LETTERS = 12
# Longer literals are looked for by their beginning: there are far fewer of these, and what begins
# so seldom goes on in another way.
_LONGEST_JAPANESE, _LONGEST_LATIN = 5, 12
_ONE = frozenset({""})
_ANCHOR = re.compile(r"\\b|(?<!\[)\^|\$|\(\?m")


def anatomy(sign: str) -> Anatomy:
    """Takes a sign apart; where nothing can be said of it, all lists are empty."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = parser.parse(sign)
        except re.error:
            return Anatomy([], [], tame=False, branches=[])
    spellings = None if _ANCHOR.search(sign) else _exact_branches(tree)
    if spellings is not None and "" not in spellings:
        return Anatomy(sorted(spellings), [], tame=True, branches=[])
    wanted = [sorted(_shortest(part)) for part in _parts(tree)]
    branches = _branches(sign, wanted) if wanted else []
    return Anatomy([], wanted, _is_tame(tree, repeated=False), branches)


_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)


def _alternatives(sign: str) -> list[str]:
    """A sign cut at the bars that stand in no brackets."""
    found, depth = [""], 0
    for piece in _PIECE.findall(sign):
        if piece == "|" and not depth:
            found.append("")
            continue
        depth += (piece == "(") - (piece == ")")
        found[-1] += piece
    return found


def _branches(sign: str, wanted: list[list[str]]) -> list[Branch]:
    """The alternatives of a sign; those that are but strings are taken together.

    The whole sign where there is only one, or where one of them needs nothing and may match
    anywhere.
    """
    alternatives = _alternatives(sign)
    whole = [_branch(sign, parser.parse(sign), wanted)]
    if len(alternatives) == 1 or sign.startswith("(?"):
        return whole
    listed: list[str] = []
    strings: set[str] = set()
    branches: list[Branch] = []
    for written in alternatives:
        tree = parser.parse(written)
        exact = _exact(tree)
        if exact is not None and "" not in exact:
            listed.append(written)
            strings |= exact
            continue
        needs = [sorted(_shortest(part)) for part in _parts(tree)]
        if not needs:
            return whole
        branches.append(_branch(written, tree, needs))
    if listed:
        written = "|".join(listed)
        needs = [sorted(_shortest(frozenset(strings)))]
        branches.append(_branch(written, parser.parse(written), needs))
    return branches


def _branch(written: str, tree: Any, needs: list[list[str]]) -> Branch:
    """A branch with its rarest need first."""
    looked_for = (sorted(_shortest(frozenset(map(_beginning, part)))) for part in needs)
    tame = _is_tame(tree, repeated=False)
    return Branch(written, sorted(looked_for, key=_frequency), tame)


def _beginning(string: str) -> str:
    return string[: _LONGEST_LATIN if string.isascii() else _LONGEST_JAPANESE]


def _is_tame(tree: Any, *, repeated: bool) -> bool:
    for kind, value in tree:
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            several = value[1] > 1
            if (several and repeated) or not _is_tame(value[2], repeated=repeated or several):
                return False
        elif kind is op.SUBPATTERN:
            if not _is_tame(value[-1], repeated=repeated):
                return False
        elif kind is op.BRANCH and not all(_is_tame(each, repeated=repeated) for each in value[1]):
            return False
    return True


def _exact_branches(tree: Any) -> frozenset[str] | None:
    """As `_exact`, but a list at the top may be long."""
    if len(tree) != 1 or tree[0][0] is not op.BRANCH:
        return _exact(tree)
    found = [_exact(each) for each in tree[0][1][1]]
    if None in found:
        return None
    return frozenset(string for each in found if each for string in each)


def _parts(tree: Iterable[tuple[Any, Any]]) -> list[frozenset[str]]:
    """The needs of a sequence: its exact runs of letters, and what its other pieces need."""
    parts: list[frozenset[str]] = []
    run = _ONE
    for node in tree:
        exact = _exact([node])
        joined = None if exact is None else _joined(run, exact)
        if joined is not None:
            run = joined
            continue
        _keep(parts, run)
        run = _ONE if exact is None else exact
        if exact is None:
            parts += _inner(node)
    _keep(parts, run)
    return parts


def _keep(parts: list[frozenset[str]], run: frozenset[str]) -> None:
    if "" not in run and len(run) <= _MOST_STRINGS:
        parts.append(run)


def _inner(node: tuple[Any, Any]) -> list[frozenset[str]]:
    """What a piece that has no finite set of spellings needs all the same."""
    kind, value = node
    if kind is op.SUBPATTERN:
        return _parts(value[-1])
    if kind in {op.MAX_REPEAT, op.MIN_REPEAT} and value[0] >= 1:
        return _parts(value[2])
    if kind is op.BRANCH:
        best = [min(_parts(each), key=_frequency, default=None) for each in value[1]]
        if None not in best:
            union = frozenset(string for each in best if each for string in each)
            return [union] if len(union) <= _MOST_IN_BRANCHES else []
    return []


def _exact(tree: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """All spellings of a sequence, where they are few; None where they are not."""
    spellings: frozenset[str] | None = _ONE
    for kind, value in tree:
        step = _spellings(kind, value)
        spellings = None if step is None or spellings is None else _joined(spellings, step)
        if spellings is None:
            return None
    return spellings


def _spellings(kind: Any, value: Any) -> frozenset[str] | None:  # noqa: PLR0911
    if kind is op.LITERAL:
        return frozenset({chr(value)})
    if kind is op.AT:
        return _ONE
    if kind is op.IN:
        return _letters(value)
    if kind is op.SUBPATTERN:
        return _exact(value[-1])
    if kind in {op.MAX_REPEAT, op.MIN_REPEAT} and value[1] == 1:
        inner = _exact(value[2])
        return inner if inner is None or value[0] else inner | _ONE
    if kind is op.BRANCH:
        branches = [_exact(each) for each in value[1]]
        found = [each for each in branches if each is not None]
        union = frozenset().union(*found)
        return union if len(found) == len(branches) and len(union) <= _MOST_STRINGS else None
    return None


def _letters(members: Any) -> frozenset[str] | None:
    """The letters of a small class; None for a large one or one that says what is not meant."""
    letters: set[str] = set()
    for kind, value in members:
        if kind is op.LITERAL:
            letters.add(chr(value))
        elif kind is op.RANGE and value[1] - value[0] < _MOST_LETTERS:
            letters.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None
    return frozenset(letters) if len(letters) <= _MOST_LETTERS * 2 else None


def _joined(left: frozenset[str], right: frozenset[str]) -> frozenset[str] | None:
    if len(left) * len(right) > _MOST_STRINGS:
        return None
    return frozenset(a + b for a, b in product(left, right))


def _shortest(strings: frozenset[str]) -> set[str]:
    """The strings without those that hold another: where that is, they need not be looked for."""
    kept: set[str] = set()
    for string in sorted(strings, key=len):
        if not any(other in string for other in kept):
            kept.add(string)
    return kept


# Words that these texts are full of, with how often a sentence holds one: much oftener than their
# letters would suggest.
_COMMON = {
    "契約": 1 / 30, "仮払": 1 / 45, "お願い": 1 / 30, "ください": 1 / 17, "確認": 1 / 34, "発注": 1 / 50,
    "サイト": 1 / 40, "します": 1 / 15, "募集": 1 / 45, "評価": 1 / 42, "本人": 1 / 43, "報酬": 1 / 68, "応募": 1 / 62,
    "写真": 1 / 56, "名前": 1 / 62, "番号": 1 / 76, "支払": 1 / 78, "電話": 1 / 84, "作業": 1 / 130, "購入": 1 / 140,
    "口座": 1 / 140, "登録": 1 / 97, "採用": 1 / 170, "依頼": 1 / 124, "文字": 1 / 119, "仕事": 1 / 65, "ありません": 1 / 55,
    "ランサーズ": 1 / 120, "ページ": 1 / 83, "だけ": 1 / 19, "本": 1 / 15, "日": 1 / 20, "円": 1 / 26, "件": 1 / 26, "月": 1 / 28,
    "話": 1 / 29, "時": 1 / 37, "upwork": 1 / 130, "contract": 1 / 100, "milestone": 1 / 110, "escrow": 1 / 110, "phone": 1 / 150,
    "send": 1 / 130, "page": 1 / 94, "line": 1 / 68, "write": 1 / 130, "pay": 1 / 60, "the ": 1 / 8, "our ": 1 / 17, " for ": 1 / 20,
    "in ": 1 / 18, "my ": 1 / 40, "co": 1 / 13, "id": 1 / 26, "h": 1 / 4,
}  # fmt: skip


def _frequency(strings: Iterable[str]) -> float:
    """How often any of these is to be expected in a sentence, roughly."""
    return sum(map(_chance, strings))


def _chance(string: str) -> float:
    common = next((word for word in _COMMON if word in string), "")
    chance = _COMMON.get(common, 1.0)
    for letter in string.replace(common, "", 1):
        chance *= _letter_frequency(letter)
    return chance


def _letter_frequency(letter: str) -> float:
    if "ぁ" <= letter <= "ん":
        return 1 / 25
    if "一" <= letter <= "龯":
        return 1 / 250
    if "ァ" <= letter <= "ー":
        return 1 / 60
    return 1 / 15

"""Normalising a text so that spelling tricks fall away, with a map back to the original.

Full and half width, case, look-alike letters, zero-width characters and letters with gaps
between them ('L I N E', 'ら い ん') become one plain form. Every position of the plain form
knows the original characters it came from, so that quotes are always exact.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass

REPLACEMENT = "\ufffd"

# Letters of other scripts that look Latin. Only the ones used to dodge filters: the full
# Unicode table would also fold letters that honest texts need.
_LATIN_LOOKALIKES = dict(
    zip(
        "аеорсухіјѕԁһӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧΑοαν" + "АВЕКМНОРСТУХІЈЅ",
        "aeopcyxijsdhlabezhikmnoptyxaoav" + "abekmhopctyxijs",
        strict=True,
    )
)
_PUNCTUATION = {
    "〜": "~", "～": "~", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
    "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "，": ",", "．": ".", "｡": "。", "､": "、",
}  # fmt: skip

_FIXED = _PUNCTUATION | _LATIN_LOOKALIKES | dict.fromkeys("\n\r\x0b\x0c\u2028\u2029\x85", "\n")

# Kanji (and one symbol) that stand in for the katakana they look like, between katakana only.
_KATAKANA_LOOKALIKES = str.maketrans("卜口工力夕八二一", "トロエカタハニー")
_LOOKALIKE_RUN = re.compile(r"[卜口工力夕八二一](?<=[ァ-ヴー].)(?=[ァ-ヴー])")

_COMBINING = re.compile("[\u0300-\u036f\u3099\u309a]")

# Three or more single letters with the same small gap between them, or four and more with digits
# among them ('L 1 N E'); what any such run holds is quickly looked for.
_ALONE = re.compile(r"[ .・_*\-/|][^\W_][ .・_*\-/|]")
_GAPPED = re.compile(
    r"(?<![^\W\d_])[^\W\d_](?P<gap>[ .・_*\-/|]{1,2})"
    r"(?:[^\W_](?:(?P=gap)[^\W_])+(?P=gap)[^\W\d_]|[^\W\d_](?:(?P=gap)[^\W\d_])+)(?![^\W\d_])"
)
# Signs within a word of kana: 'ちゃ★とわ★ーく'.
_STARS = frozenset("★☆♪♡♥●○◎◆◇■□✦※")
_STARRED = re.compile(rf"(?<=[ぁ-んァ-ヴー])[{''.join(sorted(_STARS))}](?=[ぁ-んァ-ヴー])")


def _fold(char: str) -> str:
    """The plain form of one character: none, one or several characters."""
    if fixed := _FIXED.get(char):
        return fixed
    category = unicodedata.category(char)
    if category == "Cs":
        return REPLACEMENT
    if category == "Cf" or "\ufe00" <= char <= "\ufe0f" or char == "\u034f":
        return ""
    if category in {"Zs", "Cc"}:
        return " "
    return unicodedata.normalize("NFKC", char).lower()


class _FoldTable(dict[str, str]):
    """Folds are worked out once for each character that is ever met."""

    def __missing__(self, char: str) -> str:
        self[char] = folded = _fold(char)
        return folded


_FOLDED = _FoldTable()


@dataclass(frozen=True, slots=True)
class Normalised:
    """A plain form of a text.

    `origins[i]` is the index in the original of the character that `plain[i]` came from;
    None where every character kept its place.
    """

    original: str
    plain: str
    origins: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original that `plain[start:end]` (not empty) came from."""
        if self.origins is None:
            return start, end
        last = self.origins[end - 1]
        following = bisect_left(self.origins, last + 1, end)
        stop = self.origins[following] if following < len(self.origins) else len(self.original)
        return self.origins[start], self._without_trailing_marks(last + 1, stop)

    def _without_trailing_marks(self, stop: int, limit: int) -> int:
        """Takes marks that belong to the last character (dakuten, accents) into the range."""
        while stop < limit and unicodedata.category(self.original[stop]) in ("Mn", "Lm"):
            stop += 1
        return stop


def normalise(original: str) -> Normalised:
    """The plain form of a text. Linear in its length; never raises on any string."""
    folded = list(map(_FOLDED.__getitem__, original))
    plain = "".join(folded)
    origins: list[int] | None = None
    if len(plain) != len(original) or not all(folded):
        origins = [at for at, piece in enumerate(folded) for _ in piece]
    if _COMBINING.search(plain) and _has_marks(plain):
        plain, origins = _composed(plain, origins)
    plain = _LOOKALIKE_RUN.sub(lambda run: run.group().translate(_KATAKANA_LOOKALIKES), plain)
    if not _STARS.isdisjoint(plain) and _STARRED.search(plain):
        plain, origins = _unstarred(plain, origins)
    if _ALONE.search(plain) and _GAPPED.search(plain):
        plain, origins = _closed_up(plain, origins)
    return Normalised(original, plain, origins)


def _has_marks(plain: str) -> bool:
    """Whether there are dakuten set apart, or accents with nothing but Latin letters round them."""
    return "\u3099" in plain or "\u309a" in plain or max(plain) <= "\u036f"


def _composed(plain: str, origins: list[int] | None) -> tuple[str, list[int]]:
    """Joins a letter and the combining mark after it into one character."""
    chars: list[str] = []
    places: list[int] = []
    for at, char in enumerate(plain):
        if chars and unicodedata.combining(char):
            joined = unicodedata.normalize("NFC", chars[-1] + char)
            if len(joined) == 1:
                chars[-1] = joined
                continue
        chars.append(char)
        places.append(origins[at] if origins is not None else at)
    return "".join(chars), places


def _unstarred(plain: str, origins: list[int] | None) -> tuple[str, list[int]]:
    """Takes the signs out that stand within words of kana."""
    dropped = {match.start() for match in _STARRED.finditer(plain)}
    kept = [at for at in range(len(plain)) if at not in dropped]
    return "".join(plain[at] for at in kept), [origins[at] if origins else at for at in kept]


def _closed_up(plain: str, origins: list[int] | None) -> tuple[str, list[int]]:
    """Takes the gaps out of letters that were set apart."""
    chars: list[str] = []
    places: list[int] = []
    done = 0

    def keep(start: int, end: int, step: int = 1) -> None:
        for at in range(start, end, step):
            chars.append(plain[at])
            places.append(origins[at] if origins is not None else at)

    for run in _GAPPED.finditer(plain):
        keep(done, run.start())
        keep(run.start(), run.end(), 1 + len(run.group("gap")))
        done = run.end()
    keep(done, len(plain))
    return "".join(chars), places

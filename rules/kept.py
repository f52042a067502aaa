"""What was worked out of the vocabulary before, kept beside Python's own bytecode.

To take a thousand signs apart and to look thousands of terms up in the dictionary costs most of a
cold start, and what comes out depends on nothing but the words themselves, the code that reads
them, and the versions of Python and the analyser. So it is kept in a file that names these, is
written whole or not at all, and is never needed: where it is missing, stale or cannot be written,
everything is worked out anew.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rules import anatomy as apart
from rules import text, words
from rules.anatomy import Anatomy, Branch, anatomy

FILE = Path(__file__).parent / "__pycache__" / f"lexicon.{sys.implementation.cache_tag}.json"
_FORMAT = "1"
_ANALYSERS = ("sudachipy", "sudachidict-small", "pystemmer")
# A file that has gathered more than this, from rules long changed, is begun again.
_MOST = 30_000


class Kept:
    """The anatomies of signs and the dictionary forms of terms, each worked out once."""

    def __init__(self, path: Path | None = None) -> None:
        """Reads what an earlier run has kept; without `path` nothing is read or written."""
        self._path = path
        self._made_by = _made_by() if path else ""
        self._anatomies: dict[str, Any] = {}
        self._lemmas: dict[str, list[str]] = {}
        self._changed = False
        if path:
            self._read(path)

    def anatomy(self, sign: str) -> Anatomy:
        """What a sign is made of, without the needs that its branches name as well."""
        if sign not in self._anatomies:
            spellings, _, tame, branches = anatomy(sign)
            self._anatomies[sign] = spellings, tame, branches
            self._changed = True
        spellings, tame, branches = self._anatomies[sign]
        return Anatomy(spellings, [], tame, [Branch(*branch) for branch in branches])

    def lemmas(self, plain: str) -> list[str]:
        """The dictionary forms of a normalised term."""
        if plain not in self._lemmas:
            self._lemmas[plain] = words.split(plain).lemmas
            self._changed = True
        return self._lemmas[plain]

    def save(self) -> None:
        """Keeps what is new, in one step; a folder that cannot be written is left alone."""
        if self._path is None or not self._changed:
            return
        content = {
            "made_by": self._made_by,
            "anatomies": self._anatomies,
            "lemmas": self._lemmas,
        }
        try:
            self._path.parent.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._path.parent) as folder:
                written = Path(folder) / self._path.name
                as_json = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
                written.write_text(as_json, encoding="utf-8")
                written.replace(self._path)
        except OSError:
            return

    def _read(self, path: Path) -> None:
        """Takes what the file holds, if it was made by this very code; else nothing."""
        try:
            stored = json.loads(path.read_bytes())
            if stored["made_by"] != self._made_by:
                return
            anatomies, lemmas = dict(stored["anatomies"]), dict(stored["lemmas"])
        except (OSError, ValueError, LookupError, TypeError):
            return
        if len(anatomies) + len(lemmas) <= _MOST:
            self._anatomies, self._lemmas = anatomies, lemmas


def _made_by() -> str:
    """Everything that the answers depend on beside the words, as one hash."""
    versions = (_FORMAT, sys.version, *map(version, _ANALYSERS))
    code = b"".join(Path(str(each.__file__)).read_bytes() for each in (apart, text, words))
    return hashlib.sha256(" ".join(versions).encode() + code).hexdigest()

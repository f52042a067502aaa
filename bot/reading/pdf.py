"""`python pdf.py LIMIT`: a PDF on standard input, up to so many characters of its text on standard output.

It runs by itself, so that a PDF which was made to take all memory or time takes only this one.
Exit status: 2 for one with a password, 1 for one that can't be read.
"""

from __future__ import annotations

import io
import resource
import sys

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError, WrongPasswordError

_PAGES = 200
_MEMORY = 700_000_000
_SECONDS = 12
_LOCKED = 2


def main(limit: int) -> int:
    """Writes the text of page after page until there is as much as is wanted."""
    _limit()
    data = sys.stdin.buffer.read()
    length = 0
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return _LOCKED
        for page in reader.pages[:_PAGES]:
            text = page.extract_text().replace("\0", "").strip()
            if text:
                sys.stdout.buffer.write(f"{text}\n\n".encode(errors="replace"))
                length += len(text)
            if length > limit:
                break
    except (FileNotDecryptedError, WrongPasswordError, DependencyError):
        return _LOCKED
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return 1
    except (RecursionError, MemoryError, OSError, ArithmeticError):
        return 1
    return 0


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    if sys.platform == "linux":  # elsewhere the limit is refused or not kept
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

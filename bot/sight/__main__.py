"""The child process that looks at pictures: python -m bot.sight BYTES.

It takes the machine's spare time only and no more memory than it is told, has none of our
settings or tokens, and ends when its input does.
"""

from __future__ import annotations

import os
import resource
import sys

_NICE = 10


def _be_modest(memory: int) -> None:
    os.nice(_NICE)
    if sys.platform == "linux":  # elsewhere the limit is not kept, or counts what is only mapped
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _be_modest(int(sys.argv[1]))
    from bot.sight.looking import serve

    serve()

"""What `python -m bot` can do. Modules with `add_commands` load what a command needs when it runs."""

from __future__ import annotations

import argparse
from typing import TypeAlias

#: What commands are added to.
Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

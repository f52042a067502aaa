"""All that a database holds, opened with every key that is in it; and all that its files hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.store.database import is_postgres
from bot.store.sealing import Cipher, Seal, SealBrokenError

#: Bytes that no two things have in common by chance.
_PIECE = 16


class Held(NamedTuple):
    """What stands in the tables: in words, also what was sealed; and as bytes, sealed as they are."""

    words: str
    sealed: set[bytes]


def held(engine: sa.Engine, seal: Seal) -> Held:
    """Everything in all tables, DBOS's too."""
    words: list[str] = []
    sealed: set[bytes] = set()
    with engine.connect() as connection:
        rows = list(_rows(connection))
    wrapped = [(row["workspace"], row["wrapped"]) for _, row in rows if "wrapped" in row]
    ciphers = [seal, *(Cipher(seal.open(bytes(key), name)) for name, key in wrapped)]
    for table, row in rows:
        names = [each for each in row.values() if isinstance(each, str)]
        for value in row.values():
            if isinstance(value, bytes):
                sealed.add(value)
                words.extend(_opened(value, table, names, ciphers))
            else:
                words.append(str(value))
    return Held("\n".join(words), sealed)


def _rows(connection: sa.Connection) -> Iterator[tuple[str, dict[str, Any]]]:
    for schema in ("public", "dbos") if is_postgres(connection) else (None,):
        tables = sa.MetaData(schema=schema)
        tables.reflect(connection)
        for table in tables.tables.values():
            for row in connection.execute(sa.select(table)).mappings():
                yield table.name, dict(row)


def _opened(value: bytes, table: str, names: list[str], ciphers: list[Any]) -> Iterator[str]:
    for cipher in ciphers:
        for name in dict.fromkeys(names):
            for each in (name, f"{table} {name}"):
                try:
                    yield cipher.open(value, each).decode("utf-8", "replace")
                except SealBrokenError:
                    continue


def in_files(folder: Path, wanted: set[bytes]) -> set[bytes]:
    """Of which of these bytes a piece stands anywhere in the files of a folder.

    A database may break long ones at the ends of its pages.
    """
    found: set[bytes] = set()
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found |= {
                each for each in wanted - found if any(piece in data for piece in _pieces(each))
            }
    return found


def _pieces(value: bytes) -> Iterator[bytes]:
    for start in range(0, max(len(value) - _PIECE, 0) + 1, 4 * _PIECE):
        yield value[start : start + _PIECE]

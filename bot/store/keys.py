"""A key for each workspace: what is kept for it is sealed with that, and can't be read without.

The keys are random, and stand in the database sealed with the installation's own (sealing.py). To
destroy one is to erase all that it sealed, wherever a copy of that may be. A key is read anew in each
transaction and never kept in memory: another process may have destroyed it.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import sqlalchemy as sa

from bot.store.database import inserting
from bot.store.sealing import Cipher, Seal, SealBrokenError
from bot.store.tables import KEYS

_BYTES = 32


class Owner(NamedTuple):
    """Whose a row is: the keyed hashes in its columns of these names."""

    workspace: str | None
    person: str | None = None


class Keys:
    """The keys of all workspaces (named as in bot.desk.jobs.Heard), and the names in rows."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def owner(self, workspace: str, by: str | None = None) -> Owner:
        """Whose a row is that comes of what `by` did in a workspace."""
        return Owner(self.workspace(workspace), by and self.person(workspace.partition("/")[0], by))

    def workspace(self, workspace: str) -> str:
        """What stands in columns `workspace`."""
        return self._seal.name("workspace", workspace)

    def person(self, door: str, by: str) -> str:
        """What stands in columns `person`: the same in all workspaces of a chat platform."""
        return self._seal.name("person", door, by)

    def close(
        self, connection: sa.Connection, workspace: str | None, text: str, name: str
    ) -> bytes:
        """A text, sealed for the row of this name; `workspace` as it stands in the row.

        The key is made where there is none, and stays at least as long as this transaction lasts.
        """
        plain = text.encode("utf-8", "surrogatepass")
        if workspace is None:
            return self._seal.close(plain, name)
        query = sa.select(KEYS.c.wrapped).where(KEYS.c.workspace == workspace)
        query = query.with_for_update(read=True, key_share=True)
        wrapped = connection.execute(query).scalar()
        if wrapped is None:
            fresh = self._seal.close(os.urandom(_BYTES), workspace)
            adding = inserting(connection, KEYS).values(workspace=workspace, wrapped=fresh)
            connection.execute(adding.on_conflict_do_nothing())
            wrapped = connection.execute(query).scalar_one()
        return self._unwrapped(wrapped, workspace).close(plain, name)

    def open(
        self, connection: sa.Connection, workspace: str | None, sealed: bytes | None, name: str
    ) -> str | None:
        """The text of a row; None where there is none, or its key is gone or another."""
        query = sa.select(KEYS.c.wrapped).where(KEYS.c.workspace == workspace)
        wrapped = None if workspace is None else connection.execute(query).scalar()
        return self.plain(workspace, wrapped, sealed, name)

    def plain(
        self, workspace: str | None, wrapped: bytes | None, sealed: bytes | None, name: str
    ) -> str | None:
        """As `open`, with the key as it stands in the database, which a query may bring along.

        What early releases sealed, for no workspace, opens with the installation's own key.
        """
        if sealed is None or (workspace is not None and wrapped is None):
            return None
        try:
            cipher = self._seal if workspace is None else self._unwrapped(wrapped or b"", workspace)
            return cipher.open(sealed, name).decode("utf-8", "surrogatepass")
        except SealBrokenError:
            return None

    def _unwrapped(self, wrapped: bytes, workspace: str) -> Cipher:
        return Cipher(self._seal.open(wrapped, workspace))

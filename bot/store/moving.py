"""From SQLite to Postgres: everything, or nothing.

All rows go over in one transaction, so that the database has all of them or none, wherever it is
interrupted. What DBOS knows of jobs stays behind: what is to be done is in our tables, and the desk
takes up what DBOS does not know (Desk.open).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import sqlalchemy as sa

from bot.settings import SettingsError
from bot.store.catalogue import ALL
from bot.store.database import inserting
from bot.store.sealing import Seal
from bot.store.tables import ABOUT
from bot.store.upgrading import prepare

#: Rows that are read and written in one go.
_BATCH = 1000
#: Under which a Postgres database says what was moved into it.
_MOVED = "moved"


def move(source: sa.Engine, target: sa.Engine, seal: Seal) -> Counter[str]:
    """Moves everything: how many rows, by table. Nobody may use the source meanwhile.

    The file of the source is renamed, so that nobody goes on with it by mistake. Raises
    SettingsError where the target holds anything.
    """
    prepare(source, seal)
    prepare(target, seal)
    moved: Counter[str] = Counter()
    with source.connect() as here, target.begin() as there:
        mark = _mark(here)
        if _said(there) != mark:
            _refuse_unless_empty(there)
            for table in ALL:
                moved[table.name] = _copy(table, here, there)
            adding = inserting(there, ABOUT).values(what=_MOVED, said=mark)
            there.execute(
                adding.on_conflict_do_update(index_elements=["what"], set_={"said": mark})
            )
    source.dispose()
    _put_aside(Path(str(source.url.database)))
    return moved


def _mark(here: sa.Connection) -> str:
    """What no two stores have in common: the proof of the key, sealed with a random nonce."""
    return str(here.execute(sa.select(ABOUT.c.said).where(ABOUT.c.what == "check")).scalar_one())


def _said(there: sa.Connection) -> str | None:
    """What was moved here before; then only the rest is to be done."""
    return there.execute(sa.select(ABOUT.c.said).where(ABOUT.c.what == _MOVED)).scalar()


def _refuse_unless_empty(there: sa.Connection) -> None:
    for table in ALL:
        if (
            table is not ABOUT
            and there.execute(sa.select(sa.literal(1)).select_from(table)).first()
        ):
            raise SettingsError(
                f"the database {there.engine.url.database} is not empty: another bot has used it "
                "already. Give the address of a new one"
            )


def _copy(table: sa.Table, here: sa.Connection, there: sa.Connection) -> int:
    """Copies a table; returns the number of its rows."""
    if table is ABOUT:
        return 0
    count = 0
    for rows in here.execute(sa.select(table)).mappings().partitions(_BATCH):
        there.execute(table.insert(), [dict(row) for row in rows])
        count += len(rows)
    _count_on(table, there)
    return count


def _count_on(table: sa.Table, there: sa.Connection) -> None:
    """Numbers that the database gives go on after those that came along."""
    counted = table.autoincrement_column
    if counted is not None and isinstance(counted.type, sa.Integer):
        sequence = sa.func.pg_get_serial_sequence(table.name, counted.name)
        highest = sa.select(sa.func.coalesce(sa.func.max(counted), 0) + 1).scalar_subquery()
        there.execute(sa.select(sa.func.setval(sequence, highest, sa.false())))


def _put_aside(file: Path) -> None:
    """The file stays, under a name at which nobody looks for it; its log went into it at the end."""
    file.rename(file.with_name(f"{file.name}.moved"))
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)

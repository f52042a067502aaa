"""The tables of the store (store.py).

A table whose rows are of a workspace has a column `workspace`, one whose rows are of a person a
column `person`: keyed hashes (keys.py), by which rows are found when somebody is to be forgotten
(forgetting.py). A column that is added later needs a step in upgrading.py, a table none; tables
that are defined elsewhere are named in catalogue.py. `info["said"]` is what people call the rows.
"""

from __future__ import annotations

import sqlalchemy as sa


def workspace_column() -> sa.Column[str]:
    """Whose rows these are; NULL in rows that an early release wrote."""
    return sa.Column("workspace", sa.String(32), nullable=True, index=True)


def person_column() -> sa.Column[str]:
    """By whom a row came to be; NULL in rows that an early release wrote."""
    return sa.Column("person", sa.String(32), nullable=True, index=True)


def until_column() -> sa.Column[float]:
    """When a text is to be gone: as the operator has it, or sooner where the workspace wants it."""
    return sa.Column("until", sa.Float, nullable=True, index=True)


TABLES = sa.MetaData()
#: What the store says of itself (upgrading.py).
ABOUT = sa.Table(
    "mikiwame_about",
    TABLES,
    sa.Column("what", sa.String(16), primary_key=True),
    sa.Column("said", sa.Text, nullable=False),
)
#: The key of each workspace, sealed with the master key (keys.py).
KEYS = sa.Table(
    "mikiwame_keys",
    TABLES,
    sa.Column("workspace", sa.String(32), primary_key=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
)
#: What is to be done: sealed; blank once it is done, and remembered as such for a month.
JOBS = sa.Table(
    "mikiwame_jobs",
    TABLES,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
    until_column(),
    workspace_column(),
    person_column(),
    # how much was asked for of late (rates)
    sa.Index("ix_mikiwame_jobs_workspace_at", "workspace", "at"),
    sa.Index("ix_mikiwame_jobs_person_at", "person", "at"),
)
#: Answers for their controls: sealed, for TEXT_TTL. Threads and rooms are keyed hashes.
KEPT = sa.Table(
    "mikiwame_kept",
    TABLES,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("thread", sa.String(32), nullable=False, index=True),
    sa.Column("room", sa.String(32), nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
    until_column(),
    workspace_column(),
    person_column(),
    info={"said": "answers"},
)
#: How often what was answered, by day, for a year.
COUNTS = sa.Table(
    "mikiwame_counts",
    TABLES,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("door", sa.String(16), primary_key=True),
    sa.Column("what", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
)
#: What people thought of answers, for a year; what they added is sealed.
FEEDBACK = sa.Table(
    "mikiwame_feedback",
    TABLES,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("level", sa.String(16), nullable=False),
    sa.Column("codes", sa.Text, nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("word", sa.LargeBinary, nullable=True),
    workspace_column(),
    person_column(),
)
#: What could not be answered, for a month.
FAILURES = sa.Table(
    "mikiwame_failures",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("door", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("where", sa.String(64), nullable=False),
    workspace_column(),
    person_column(),
)
#: What a door has to remember between two starts (marks.py), for a month after it was of use.
MARKS = sa.Table(
    "mikiwame_marks",
    TABLES,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
    workspace_column(),
    person_column(),
)
#: What each workspace chose for itself: sealed, until the workspace is forgotten.
SETTINGS = sa.Table(
    "mikiwame_settings",
    TABLES,
    sa.Column("workspace", sa.String(32), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
#: Workspaces that added the app, with their tokens: sealed, until the workspace is forgotten.
INSTALLATIONS = sa.Table(
    "mikiwame_installations",
    TABLES,
    sa.Column("workspace", sa.String(32), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
#: Keyed hashes of the states by which somebody added the app, for as long as these are valid.
STATES = sa.Table(
    "mikiwame_states",
    TABLES,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
)

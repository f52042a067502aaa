"""The tables of the store (store.py)."""

from __future__ import annotations

import sqlalchemy as sa

TABLES = sa.MetaData()
#: What is to be done: sealed; blank once it is done, and remembered as such for a month.
JOBS = sa.Table(
    "mikiwame_jobs",
    TABLES,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
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
)

"""The tables of version 1, when they did not say their version yet: they stay as they are here."""

from __future__ import annotations

import sqlalchemy as sa

TABLES = sa.MetaData()
JOBS = sa.Table(
    "mikiwame_jobs",
    TABLES,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
KEPT = sa.Table(
    "mikiwame_kept",
    TABLES,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("thread", sa.String(32), nullable=False, index=True),
    sa.Column("room", sa.String(32), nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
COUNTS = sa.Table(
    "mikiwame_counts",
    TABLES,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("door", sa.String(16), primary_key=True),
    sa.Column("what", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
)
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
FAILURES = sa.Table(
    "mikiwame_failures",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("door", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("where", sa.String(64), nullable=False),
)
MARKS = sa.Table(
    "mikiwame_marks",
    TABLES,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)

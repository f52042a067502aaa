"""The tables of what is learnt from use (tallies.py).

What belongs to one person's feedback goes with its row in `mikiwame_feedback`.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import FEEDBACK, TABLES, person_column, workspace_column


def _feedback_column() -> sa.Column[str]:
    """The feedback that a row belongs to, and with which it goes."""
    its = sa.ForeignKey(FEEDBACK.c.name, ondelete="CASCADE")
    return sa.Column("name", sa.String(32), its, primary_key=True)


#: What spoke in the answer that a feedback is about, or came near (`frame` says what excused it);
#: all blank where nothing did. `version`: that of the rules then.
VOTES = sa.Table(
    "mikiwame_votes",
    TABLES,
    _feedback_column(),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("pattern", sa.Text, primary_key=True),
    sa.Column("frame", sa.Text, primary_key=True),
    sa.Column("version", sa.String(16), nullable=False),
)
#: Texts that people let us keep: sealed, as long as their feedback.
SAMPLES = sa.Table(
    "mikiwame_samples",
    TABLES,
    _feedback_column(),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    workspace_column(),
    person_column(),
    info={"said": "texts that were given to improve the rules"},
)
#: How often what was answered in a workspace (a keyed hash), by its own weeks, for five weeks.
WEEKS = sa.Table(
    "mikiwame_weeks",
    TABLES,
    sa.Column("workspace", sa.String(32), primary_key=True),
    sa.Column("week", sa.String(8), primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    info={"said": "counts for the weekly digest"},
)

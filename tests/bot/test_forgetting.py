"""A person or a workspace is forgotten, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.store.database import engine_of
from bot.store.forgetting import Forgetting
from bot.store.marks import Marks
from bot.store.rows import Rows
from bot.store.sealing import Seal
from bot.store.store import Answered, Outcome, Store
from bot.store.tallies import Counted, Feedback
from bot.store.workspaces import Workspaces, WorkspaceSettings

SEAL = Seal(b"a secret that is long enough")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(engine_of(Settings(data_dir=tmp_path)), SEAL, timedelta(hours=1))
    made.create()
    return made


def answered(store: Store, name: str, workspace: str, by: str) -> None:
    """One person's text was answered, and they said what they thought of it."""
    store.put_job(name, "words", store.keys.owner(workspace, by))
    given = {"level": "clear", "codes": (), "verdict": "wrong", "word": "a word", "sample": "text"}
    said = Feedback.model_validate({"name": f"f{name}", **given})
    kept = Answered(name=name, thread=name, room="r", text=f"text of {name}")
    counts = Counted(door="slack", what=("level:clear",), week="2026-W48")
    failure = ("slack", "why", "C1")
    store.finish(name, Outcome(keep=kept, feedback=said, counts=counts, failure=failure))


def left(store: Store) -> set[str]:
    """The names of the answers and of the feedback that can still be read."""
    words = {each.name for each in store.tallies.feedback() if each.word}
    assert words == {each.name for each in store.tallies.feedback(samples=True)}
    return {each for each in ("1", "2", "3", "4") if store.kept(each)} | words


@pytest.fixture
def forgetting(store: Store) -> Forgetting:
    for name, workspace, by in (
        ("1", "slack/T1", "U1"),
        ("2", "slack/T1", "U2"),
        ("3", "slack/T2", "U1"),
        ("4", "discord/@7", "7"),
    ):
        answered(store, name, workspace, by)
    return Forgetting(store.engine, store.keys)


def test_a_workspace_is_forgotten_with_its_key(store: Store, forgetting: Forgetting) -> None:
    erased = forgetting.workspace("slack/T1")
    assert left(store) == {"3", "4", "f3", "f4"}
    assert erased["answers"] == 2
    assert erased["keys"] == 1
    assert len(store.failures()) == 2
    assert not store.tallies.week(store.keys.workspace("slack/T1"), "2026-W48")
    assert store.tallies.week(store.keys.workspace("slack/T2"), "2026-W48")
    assert not forgetting.workspace("slack/T1")


def test_a_person_is_forgotten_everywhere_or_in_one_workspace(
    store: Store, forgetting: Forgetting
) -> None:
    assert not forgetting.person("discord", "U1")
    assert forgetting.person("slack", "U1", "slack/T1")["answers"] == 1
    assert left(store) == {"2", "3", "4", "f2", "f3", "f4"}
    forgetting.person("slack", "U1")
    assert left(store) == {"2", "4", "f2", "f4"}
    assert forgetting.person("discord", "7")["keys"] == 1
    assert left(store) == {"2", "f2"}


def test_a_person_is_taken_out_of_the_settings_that_name_them(
    store: Store, forgetting: Forgetting
) -> None:
    def fresh() -> Workspaces:
        return Workspaces(Rows(store.engine, store.keys))

    for workspace in ("slack/T1", "slack/T2", "discord/1"):
        chosen = WorkspaceSettings(who="named", people=("U1", "U2"), platform="lancers")
        fresh().put(workspace, chosen)
    assert forgetting.person("slack", "U1", "slack/T2")["settings that named them"] == 1
    assert fresh().of("slack/T1").people == ("U1", "U2")
    assert forgetting.person("slack", "U1")["settings that named them"] == 1
    for workspace in ("slack/T1", "slack/T2"):
        chosen = fresh().of(workspace)
        assert (chosen.who, chosen.people, chosen.platform) == ("named", ("U2",), "lancers")
    assert fresh().of("discord/1").people == ("U1", "U2")


def test_a_job_that_is_forgotten_under_way_leaves_nothing(
    store: Store, forgetting: Forgetting
) -> None:
    store.put_job("5", "words", store.keys.owner("slack/T1", "U9"))
    forgetting.workspace("slack/T1")
    store.finish("5", Outcome(keep=Answered(name="5", thread="5", room="r", text="words")))
    assert store.kept("5") is None
    answered(store, "1", "slack/T1", "U1")  # what comes later begins anew
    assert store.kept("1") == "text of 1"


def test_a_change_or_a_copy_of_a_forgotten_answer_leaves_nothing(
    store: Store, forgetting: Forgetting
) -> None:
    others = store.keys.owner("slack/T1", "U2")
    store.put_job("change", "words", others)
    store.put_job("share", "words", others)
    forgetting.person("slack", "U1")
    again = Answered(name="1", thread="1", room="r", text="words")
    store.finish("change", Outcome(change=again))
    copy = Answered(name="copy", thread="1", room="r", text="words", source="1")
    store.finish("share", Outcome(keep=copy))
    assert store.kept("1") is None
    assert store.kept("copy") is None


def test_a_direct_conversation_is_forgotten_with_its_person(
    store: Store, forgetting: Forgetting
) -> None:
    marks = Marks(store.engine, SEAL)
    for person in ("7", "8"):
        owner = store.keys.owner(f"discord/@{person}", person)
        marks.put("discord_direct", {f"50{person}": f"50{person}"}, owner)
    marks.put("discord_heard", {"0/1": "1.0"})
    forgetting.person("discord", "7")
    assert marks.of("discord_direct") == ["508"]
    assert marks.said("discord_heard", "0/1") == "1.0"

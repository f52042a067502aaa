"""One job on its way through the desk: what is judged, what is shown, what is kept of it."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from bot.desk.digest import summary
from bot.desk.jobs import (
    Answer,
    Digest,
    Door,
    Heard,
    HinderedError,
    Job,
    Kept,
    Notice,
    Pressed,
    Referred,
    Slowed,
    UnanswerableError,
)
from bot.desk.learning import counted, feedback, sample
from bot.desk.showing import Showing, changed
from bot.desk.talk import Change, change_in, is_aside
from bot.desk.weeks import Week
from bot.reading.models import Read, Trouble
from bot.reading.room import Brought
from bot.store.store import Answered, Outcome
from bot.store.tallies import Counted
from bot.store.workspaces import WorkspaceSettings
from bot.watch.metrics import ANSWERS, FINDINGS
from rules import Assessment, Lang, Submission, advise, vet

if TYPE_CHECKING:
    from bot.desk.desk import Desk

T = TypeVar("T")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0


class Errand:
    """One job. `again`: an earlier try may have got as far as sending."""

    def __init__(self, desk: Desk, door: Door, name: str, *, again: bool) -> None:
        self._desk = desk
        self._door = door
        self._name = name
        self._again = again
        self._settings = WorkspaceSettings()
        self._week = ""

    async def do(self, job: Job) -> None:
        """Performs the job and records it as done. Raises UnanswerableError."""
        self._settings = await self._desk.settings_of(job.workspace)
        if isinstance(job, Digest):
            await self._tell_week(job)
            return
        if not await self._patiently(lambda _: self._may_use(job)):
            await self._tell("not_allowed", job)
            return
        self._week = self._desk.week_in(job.workspace)
        if isinstance(job, Heard):
            await self._hear(job)
            return
        if isinstance(job, Slowed):
            await self._tell("slow_down", job)
            return
        async with self._desk.lock(job.control.key):
            await self._press(job)

    async def _may_use(self, job: Job) -> bool:
        """Whether the workspace lets this person use the bot."""
        chosen = self._settings
        if chosen.who == "everybody" or job.by in chosen.people:
            return True
        return await self._door.may_use(job.workspace, job.by, chosen.groups)

    def _vet(self, submission: Submission) -> Assessment:
        return vet(submission, self._desk.rulebook, self._settings.rules_off)

    # ---- something was said -------------------------------------------------------------------

    async def _hear(self, job: Heard) -> None:
        said = job.said.strip()
        change = await self._change(said, job)
        if job.quoted or job.attached:
            words = "" if change is not None or await self._is_talk(said) else said
            text = "\n\n".join(filter(None, (words, job.quoted)))
            files = job.place if job.attached else None
            await self._judge(Referred(text=text, files=files), job, change)
            return
        if change is None and said and not (job.refers and await self._is_talk(said)):
            await self._judge(Referred(text=said), job)
            return
        last = await self._last(job) if said and job.about else None
        if change is not None and last is not None:
            async with self._desk.lock(last):
                await self._take(change, last, job)
        elif last is not None:
            await self._tell("not_a_message", job)
        elif (came := await self._referred_to(job)) is not None:
            await self._judge(came, job, change)
        elif change is not None:
            await self._tell("too_early", job)
        else:
            await self._tell("how", job)  # of a mere word nobody should hear that it is harmless

    async def _change(self, said: str, job: Heard) -> Change | None:
        """The change that words ask for; a posting's address names its site, and asks for none."""
        if not said or not job.about or await self._desk.room.concerns(said):
            return None
        return change_in(said, self._desk.rulebook)

    async def _is_talk(self, said: str) -> bool:
        """A short word beside something else ('what about this?') is about that, not a message."""
        return is_aside(said, self._desk.rulebook) and not await self._desk.room.concerns(said)

    async def _last(self, job: Heard) -> str | None:
        """The name of the answer to which plain words refer."""
        about = self._desk.name(self._door.name, job.about or "")
        return await self._desk.stored(self._desk.store.last_in, about)

    async def _referred_to(self, job: Heard) -> Referred | None:
        if not job.refers:
            return None
        found = await self._patiently(lambda _: self._door.read(job.place))
        return found if found.text.strip() or found.files else None

    async def _judge(self, came: Referred, job: Heard, change: Change | None = None) -> None:
        """A text to be judged: the answer is sent once, and kept for its controls."""
        read = await self._read(came, job)
        if not read.text.strip():
            await self._tell("how", job, read.troubles)
            return
        submission = read.submission(
            self._desk.rulebook, kind=job.kind, platform=job.platform, stage=job.stage
        )
        showing = Showing(key=self._name, lang=self._lang(job), private=job.private)
        if change is not None:
            submission, showing = change.to(submission, showing)
        if self._settings.platform is not None and self._vet(submission).platform is None:
            submission = submission.model_copy(update={"platform": self._settings.platform})
        told = read.told if read.posting or read.shown or read.troubles else None
        await self._send(job.place, submission, showing, told)

    def _lang(self, job: Job) -> Lang | None:
        """The workspace's choice, else the person's, else the operator's."""
        theirs = job.lang if isinstance(job, Heard | Slowed) else None
        return self._settings.lang or theirs or self._desk.lang

    async def _read(self, came: Referred, job: Heard) -> Read:
        """What is to be judged: the text alone, or all that comes with it."""
        files, text, room = came.files, came.text, self._desk.room
        is_posting = await room.concerns(text)
        if is_posting:
            words, addresses = await room.parted(text)
            text = addresses if is_aside(words, self._desk.rulebook) else text
        if files is not None:

            async def bring() -> Brought:
                return await self._patiently(lambda _: self._door.fetch(files))

            async with self._desk.reading(job.workspace):
                return await room.read(text, bring, job.platform)
        if not is_posting:
            return Read(text=text)
        async with self._desk.reading(job.workspace):
            return await room.read(text, platform=job.platform)

    async def _send(
        self,
        place: dict[str, Any],
        submission: Submission,
        showing: Showing,
        read: Read | None,
        source: str | None = None,
    ) -> None:
        assessment = self._vet(submission)
        answer = Answer(assessment=assessment, showing=showing, read=read)
        sent = await self._patiently(lambda again: self._door.send(place, answer, again=again))
        showing = showing.model_copy(update={"private": sent.private})
        kept = Kept(submission=submission, showing=showing, sent=sent, read=read)
        ANSWERS.labels(self._door.name, assessment.level).inc()
        for code in assessment.codes:
            FINDINGS.labels(code, assessment.level).inc()
        counts = Counted(door=self._door.name, what=counted(assessment), week=self._week)
        is_new = source is None  # what is shared was counted when it was first shown
        await self._done(Outcome(keep=self._row(kept, source), counts=counts if is_new else None))

    # ---- an answer is changed -----------------------------------------------------------------

    async def _take(self, change: Change, last: str, job: Heard) -> None:
        """Plain words change the last answer where it stands."""
        kept = await self._desk.kept(last, job.workspace, job.place)
        if kept is None:
            await self._tell("gone", job)
            return
        submission, showing = change.to(kept.submission, kept.showing)
        replies = advise(self._vet(submission), self._desk.rulebook).replies
        if change.manner is not None and getattr(replies, change.manner) is None:
            await self._tell("no_reply", job)
            return
        await self._update(kept.sent.place, kept, submission, showing)

    async def _press(self, job: Pressed) -> None:
        kept = await self._patiently(lambda _: self._kept_by_now(job))
        match job.control.verb:
            case "remove":
                await self._patiently(lambda _: self._door.remove(job.place))
                await self._done(Outcome(forget=job.control.key if kept else None))
            case _ if kept is None:
                await self._tell("gone", job)
            case "feedback":
                await self._take_feedback(kept, job)
            case "share":
                await self._share(kept, job)
            case _:
                submission, showing = changed(
                    kept.submission, kept.showing, job.control, self._desk.rulebook
                )
                await self._update(job.place, kept, submission, showing)

    async def _kept_by_now(self, job: Pressed) -> Kept | None:
        """What is kept of an answer, whose own job may still be at it after a restart."""
        key = job.control.key
        kept = await self._desk.kept(key, job.workspace, job.place)
        if kept is None and await self._desk.stored(self._desk.store.job, key) is not None:
            raise HinderedError(unsure=False, after=0.5)
        return kept

    async def _update(
        self, place: dict[str, Any], kept: Kept, submission: Submission, showing: Showing
    ) -> None:
        assessment = self._vet(submission)
        answer = Answer(assessment=assessment, showing=showing, read=kept.read)
        await self._patiently(lambda _: self._door.update(place, answer))
        kept = kept.model_copy(update={"submission": submission, "showing": showing})
        await self._done(Outcome(change=self._row(kept)))

    async def _share(self, kept: Kept, job: Pressed) -> None:
        """What one person saw is sent to everybody, once, as an answer of its own."""
        key = self._desk.name(kept.showing.key, "shared")
        if await self._desk.kept(key, job.workspace, job.place) is not None:
            await self._done()
            return
        showing = kept.showing.model_copy(update={"key": key, "private": False})
        place = self._door.shared(job.place)
        source = kept.showing.key
        try:
            await self._send(place, kept.submission, showing, kept.read, source)
        except UnanswerableError as error:
            raise UnanswerableError(error.reason, error.where, "cannot_share") from None

    async def _take_feedback(self, kept: Kept, job: Pressed) -> None:
        assessment = self._vet(kept.submission)
        key, place = job.control.key, job.place
        theirs = await self._desk.text_to_keep(key, job.workspace, job.by, place)
        rulebook, name = self._desk.rulebook, self._desk.name(key, job.by)
        text = job.text if theirs and job.text.strip() else ""
        given = sample(kept.submission, text, rulebook) if text else ""
        said = feedback(name, job, assessment, rulebook.version, given)
        await self._done(Outcome(feedback=said))
        if not job.place:
            return  # a form that closes says enough by that
        with suppress(HinderedError, UnanswerableError):
            await self._door.tell(job.place, "thanks", kept.showing.lang or assessment.lang)

    # ---- a week is told of --------------------------------------------------------------------

    async def _tell_week(self, job: Digest) -> None:
        """Of a week in which nothing was vetted nothing is told, nor where nobody wants it any more."""
        store, week = self._desk.store, Week.named(job.week)
        workspace = store.keys.workspace(job.workspace)
        counts = await self._desk.stored(store.tallies.week, workspace, job.week)
        told = summary(week, counts) if self._settings.digest else None
        if told is not None:
            await self._patiently(
                lambda again: self._door.announce(
                    job.place, told, job.lang, self._name, again=again
                )
            )
        await self._done()

    # ---- what all of them need ----------------------------------------------------------------

    async def _tell(self, notice: Notice, job: Job, troubles: Sequence[Trouble] = ()) -> None:
        lang = self._lang(job)
        await self._patiently(lambda _: self._door.tell(job.place, notice, lang, troubles))
        await self._done()

    def _row(self, kept: Kept, source: str | None = None) -> Answered:
        door = self._door.name
        return Answered(
            name=kept.showing.key,
            thread=self._desk.name(door, kept.sent.thread),
            room=self._desk.name(door, kept.sent.room),
            text=kept.model_dump_json(),
            source=source,
        )

    async def _done(self, outcome: Outcome | None = None) -> None:
        await self._desk.stored(self._desk.store.finish, self._name, outcome or Outcome())

    async def _patiently(self, attempt: Callable[[bool], Awaitable[T]]) -> T:
        """Tries until it works or can't work; from an unsure try on, `again` is true."""
        again, pause = self._again, _FIRST_PAUSE
        while True:
            try:
                return await attempt(again)
            except HinderedError as error:
                again = again or error.unsure
                wait = error.after
            if wait is None:
                wait, pause = pause, min(2 * pause, _LONGEST_PAUSE)
            # Longer by a little, and never for two jobs the same: they come back one by one.
            await self._desk.rest(wait * random.uniform(1, 1.2) + random.uniform(0, 0.1))  # noqa: S311 - apart, not secret

"""One person's lessons behind a server whose clock the test moves, and what was made of her time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

from core.refusals import Refused
from lms.actions import confirm_presence, watch
from lms.models import ActiveSession, Enrolment, PresenceCheck, WatchedInterval
from lms.proof import verify_all_ledgers
from lms.rules.intervals import length, normal
from lms.rules.watching import Beat
from tests.factories import lms as learn

T = TypeVar("T")
BEAT_MS = 10_000
PHONE, LAPTOP = "phone000", "laptop00"
FILM, OTHER_FILM, TEXT = "watch", "film", "read"


class Server:
    """Two films and a text of one person. `now_ms` is the server's clock, from its own zero."""

    def __init__(self, *, seconds: int = 10_800) -> None:
        self.enrolment: Enrolment = learn.enrolment(
            learn.video_lesson(key=FILM, seconds=seconds),
            learn.video_lesson(key=OTHER_FILM, seconds=seconds),
            learn.reading_lesson(key=TEXT, minutes=30),
        )
        self.now_ms = 0
        self.beats = self.refused = 0

    def wait(self, seconds: float) -> None:
        self.now_ms += round(seconds * 1000)

    def _ask(self, act: Callable[..., T], **asked: Any) -> T | None:
        try:
            with transaction.atomic():
                return act(
                    enrolment=self.enrolment, by=learn.SYSTEM, at=learn.after(self.now_ms / 1000), **asked
                )
        except Refused:
            self.refused += 1
            return None

    def open(self, key: str = FILM, device: str = PHONE, *, take_over: bool = True) -> int | None:
        """The generation of the session, or None while it is held elsewhere."""
        session = self._ask(watch.open_lesson, lesson_key=key, device=device, take_over=take_over)
        return session.generation if session else None

    def beat(self, *beats: Beat, key: str = FILM) -> watch.Progress | None:
        self.beats += len(beats)
        return self._ask(watch.take_beats, lesson_key=key, beats=beats)

    def answer(
        self, check: PresenceCheck, *, key: str = FILM, generation: int, right: bool = True
    ) -> watch.Progress | None:
        choice = check.right if right else (check.right + 1) % 3
        return self._ask(
            confirm_presence.answer_presence,
            lesson_key=key,
            generation=generation,
            token=check.public_id,
            choice=choice,
        )

    def ask(self, *, key: str = FILM, generation: int) -> watch.Progress | None:
        return self._ask(confirm_presence.ask_presence, lesson_key=key, generation=generation)

    def check_in(self, seconds: int) -> None:
        """The next check comes after so much credited time; a server draws it, a test cannot wait for it."""
        ActiveSession.objects.filter(person_id=self.enrolment.person_id).update(
            presence_due_ms=seconds * 1000
        )

    # ── what was made of it, by the rows alone ───────────────────────────────

    def credited_ms(self, *keys: str) -> int:
        rows = WatchedInterval.objects.filter(enrolment=self.enrolment, held_by=None)
        return sum(
            length(normal(rows.filter(lesson_key=key).values_list("from_ms", "to_ms")))
            for key in keys or (FILM, OTHER_FILM, TEXT)
        )

    def breaches(self, most_ms: int) -> list[str]:
        """What the law of one mark of real time forbids; `most_ms`: what this attack may have earned."""
        zero = round(learn.AT.timestamp() * 1000)
        rows = WatchedInterval.objects.filter(enrolment=self.enrolment).order_by("began_ms")
        spans = [(began - zero, ended - zero) for began, ended in rows.values_list("began_ms", "ended_ms")]
        found = []
        if self.credited_ms() > most_ms:
            found.append(f"{self.credited_ms()} ms credited, {most_ms} at most")
        if self.credited_ms() > self.now_ms + BEAT_MS:
            found.append(f"{self.credited_ms()} ms credited in {self.now_ms} ms of real time")
        if sum(end - start for start, end in spans) > length(normal(spans)):
            found.append("two credits overlap in real time")
        if any(start < 0 or end > self.now_ms for start, end in spans):
            found.append("credit outside of real time")
        found += [problem.why for problem in verify_all_ledgers()]
        return found

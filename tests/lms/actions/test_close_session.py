"""Closing: the head count must agree, and everybody gets what she was there for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.utils import translation

from core.refusals import Refused
from credentials.models import Certificate
from lms.actions.close_session import close_session, note_departure
from lms.models import ClassSession, HourEntry, Seat
from registry.models import Account
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.factories import trainers as teach

pytestmark = pytest.mark.django_db
OVER = learn.after(hours=3, minutes=10)


@pytest.fixture
def session(trainer: Account) -> ClassSession:
    """From nine to twelve with a break of a quarter of an hour: 165 minutes."""
    return learn.class_session(led_by=trainer)


def close(session: ClassSession, heads: int, by: Account, at: datetime = OVER) -> ClassSession:
    with translation.override("en"):
        return close_session(session=session, head_count=heads, by=by, at=at)


def code_of(act: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Refused) as refusal:
        act(*arguments, **named)
    return refusal.value.code


def there(session: ClassSession, since: datetime, until: datetime | None) -> Seat:
    return learn.seat(in_session=session, signed_in_at=since, signed_out_at=until)


def test_each_earns_what_she_was_there_for_with_the_reason(session: ClassSession, trainer: Account) -> None:
    whole = there(session, learn.after(minutes=-5), session.ends_at)
    late = there(session, learn.after(minutes=30), session.ends_at)
    silent = there(session, learn.AT, None)
    absent = learn.seat(in_session=session)
    close(session, 3, trainer)
    for seat, minutes in ((whole, 165), (late, 135), (silent, 0), (absent, 0)):
        seat.refresh_from_db()
        assert seat.earned_minutes == minutes
        assert (seat.entry is not None) == (minutes > 0)
    assert late.reason == "Arrived late: 30 minutes less."
    assert silent.reason.startswith("Did not sign out")
    assert sorted(HourEntry.objects.values_list("minutes", "channel", "content", "source_class")) == [
        (135, "offline", "practice", "platform"),
        (165, "offline", "practice", "platform"),
    ]
    session.refresh_from_db()
    assert (session.closed_at, session.head_count) == (OVER, 3)


def test_hours_of_an_accredited_body_say_so(trainer: Account) -> None:
    session = learn.class_session(led_by=trainer, body=teach.training_body())
    there(session, learn.AT, session.ends_at)
    close(session, 1, trainer)
    assert HourEntry.objects.get().source_class == "training_body"


@pytest.mark.parametrize("heads", [0, 2, 500])
def test_a_head_count_that_differs_closes_nothing(
    session: ClassSession, trainer: Account, heads: int
) -> None:
    there(session, learn.AT, session.ends_at)
    assert code_of(close, session, heads, trainer) == "head_count"
    session.refresh_from_db()
    assert (session.closed_at, HourEntry.objects.count()) == (None, 0)


def test_it_is_closed_once_after_its_end_by_who_led_it(
    session: ClassSession, trainer: Account, other_trainer: Account
) -> None:
    there(session, learn.AT, session.ends_at)
    assert code_of(close, session, 1, other_trainer) == "not_leader"
    assert code_of(close, session, 1, trainer, learn.after(minutes=179)) == "not_over"
    close(session, 1, trainer)
    assert code_of(close, session, 1, trainer) == "closed"
    assert HourEntry.objects.count() == 1


def test_the_last_class_hour_issues_the_certificate(session: ClassSession, trainer: Account) -> None:
    make.standard()
    seat = there(session, learn.AT, session.ends_at)
    make.employment(of=seat.person, at=make.facility())
    learn.hours(of=seat.person, minutes=5400 - 165)
    close(session, 1, trainer)
    assert Certificate.objects.get().holder == seat.person


def test_the_trainers_word_settles_when_somebody_left(session: ClassSession, trainer: Account) -> None:
    seat = there(session, learn.AT, None)
    note_departure(seat=seat, left_at=learn.after(minutes=60), by=trainer, at=OVER)
    close(session, 1, trainer)
    seat.refresh_from_db()
    assert (seat.signed_out_at, seat.earned_minutes) == (learn.after(minutes=60), 60)


def test_the_trainers_word_has_its_bounds(
    session: ClassSession, trainer: Account, other_trainer: Account
) -> None:
    seat = there(session, learn.after(minutes=10), None)
    word = {"seat": seat, "by": trainer, "at": OVER}
    for left_at in (learn.after(minutes=9), learn.after(hours=3, seconds=1)):
        assert code_of(note_departure, left_at=left_at, **word) == "outside"
    early = {**word, "at": learn.after(minutes=30)}
    assert code_of(note_departure, left_at=learn.after(minutes=31), **early) == "outside"
    assert code_of(note_departure, left_at=session.ends_at, **{**word, "by": other_trainer}) == "not_leader"
    absent = learn.seat(in_session=session)
    assert code_of(note_departure, left_at=session.ends_at, **{**word, "seat": absent}) == "not_signed_in"
    own = there(session, learn.AT, learn.after(minutes=20))
    assert code_of(note_departure, left_at=session.ends_at, **{**word, "seat": own}) == "signed_out"
    note_departure(left_at=session.ends_at, **word)
    close(session, 2, trainer)
    assert code_of(note_departure, left_at=session.ends_at, **word) == "closed"

"""Booking, signing in and signing out: the code on the screen and the server's clock decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.refusals import Refused
from lms.actions.attend import book, give_up_seat, sign_in, sign_out
from lms.models import ClassSession, Seat
from lms.rules.sessions import code_at
from registry.models import Account, Person
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(trainer: Account) -> ClassSession:
    """From nine to twelve."""
    return learn.class_session(led_by=trainer, capacity=2)


def code_of(act: Any, *arguments: Any, **named: Any) -> str:
    with pytest.raises(Refused) as refusal:
        act(*arguments, **named)
    return refusal.value.code


def take(session: ClassSession, person: Person, at: datetime = learn.AT) -> Seat:
    return book(session=session, person=person, by=learn.SYSTEM, at=at)


def shown(session: ClassSession, at: datetime) -> str:
    return code_at(bytes.fromhex(session.secret), at)


def come(session: ClassSession, person: Person, *, at: datetime = learn.AT, code: str | None = None) -> Seat:
    return sign_in(session=session, person=person, code=code or shown(session, at), by=learn.SYSTEM, at=at)


def go(session: ClassSession, person: Person, *, at: datetime, code: str | None = None) -> Seat:
    return sign_out(session=session, person=person, code=code or shown(session, at), by=learn.SYSTEM, at=at)


# ── booking ─────────────────────────────────────────────────────────────────


def test_the_last_place_is_given_once_and_booking_twice_is_once(session: ClassSession) -> None:
    one, two, three = (make.person() for _ in range(3))
    assert take(session, one) == take(session, one)
    take(session, two)
    assert code_of(take, session, three) == "full"
    assert session.seats.count() == 2


def test_a_place_given_back_is_free_again(session: ClassSession) -> None:
    one, two, three = (make.person() for _ in range(3))
    seat = take(session, one)
    take(session, two)
    give_up_seat(seat=seat, by=learn.SYSTEM, at=learn.AT)
    assert take(session, three).session == session


def test_a_place_is_not_given_back_after_signing_in_or_after_the_end(session: ClassSession) -> None:
    seat = come(session, make.person())
    assert code_of(give_up_seat, seat=seat, by=learn.SYSTEM, at=learn.AT) == "signed_in"
    other = take(session, make.person())
    assert code_of(give_up_seat, seat=other, by=learn.SYSTEM, at=session.ends_at) == "over"


def test_nobody_is_in_two_rooms_at_once(session: ClassSession, trainer: Account) -> None:
    person = make.person()
    take(session, person)
    during = learn.class_session(led_by=trainer, starts_at=learn.after(hours=2), ends_at=learn.after(hours=4))
    after = learn.class_session(led_by=trainer, starts_at=learn.after(hours=3), ends_at=learn.after(hours=4))
    assert code_of(take, during, person) == "overlaps"
    assert take(after, person).session == after


def test_no_booking_once_it_is_over_closed_or_under_a_measure(session: ClassSession) -> None:
    assert code_of(take, session, make.person(), session.ends_at) == "over"
    banned = make.person()
    make.exclusion(of=banned)
    assert code_of(take, session, banned) == "excluded"
    ClassSession.objects.filter(pk=session.pk).update(closed_at=learn.AT)
    assert code_of(take, session, make.person()) == "over"


# ── signing ─────────────────────────────────────────────────────────────────


def test_the_code_on_the_screen_signs_in_without_a_booking(session: ClassSession) -> None:
    seat = come(session, make.person())
    assert (seat.signed_in_at, seat.signed_out_at) == (learn.AT, None)


def test_a_second_tap_does_not_sign_out(session: ClassSession) -> None:
    person = make.person()
    come(session, person)
    seat = come(session, person, at=learn.after(2))
    assert (seat.signed_in_at, seat.signed_out_at) == (learn.AT, None)


def test_the_first_sign_out_counts(session: ClassSession) -> None:
    person = make.person()
    come(session, person)
    go(session, person, at=learn.after(hours=2))
    assert go(session, person, at=learn.after(hours=3)).signed_out_at == learn.after(hours=2)


@pytest.mark.parametrize("age", [20, 30, 3600, -10])
def test_a_code_of_another_moment_is_refused(session: ClassSession, age: int) -> None:
    old = shown(session, learn.after(-age))
    assert code_of(come, session, make.person(), code=old) == "wrong_code"
    assert not Seat.objects.exists()


def test_the_code_just_gone_still_counts_and_blanks_around_it_do_no_harm(session: ClassSession) -> None:
    assert come(session, make.person(), code=f" {shown(session, learn.after(-10))} ").pk


@pytest.mark.parametrize("typed", ["", "000000", "１２３４５６", "\ud800", "x" * 10_000])
def test_what_is_no_code_is_refused(session: ClassSession, typed: str) -> None:
    assert code_of(come, session, make.person(), code=typed or " ") == "wrong_code"


def test_the_code_of_another_session_is_refused(session: ClassSession, trainer: Account) -> None:
    other = learn.class_session(led_by=trainer, secret="a1" * 32)
    assert code_of(come, session, make.person(), code=shown(other, learn.AT)) == "wrong_code"


@pytest.mark.parametrize(
    ("minutes", "refusal"),
    [(-31, "not_now"), (-30, None), (179, None), (180, "over"), (211, "not_now")],
)
def test_signing_in_opens_half_an_hour_before_and_ends_with_the_session(
    session: ClassSession, minutes: int, refusal: str | None
) -> None:
    at = learn.after(minutes=minutes)
    if refusal is None:
        assert come(session, make.person(), at=at).signed_in_at == at
    else:
        assert code_of(come, session, make.person(), at=at) == refusal


def test_signing_out_is_open_until_half_an_hour_after_the_end(session: ClassSession) -> None:
    person = make.person()
    come(session, person)
    assert code_of(go, session, person, at=session.ends_at + timedelta(minutes=31)) == "not_now"
    assert go(session, person, at=session.ends_at + timedelta(minutes=30)).signed_out_at is not None


def test_who_did_not_sign_in_does_not_sign_out(session: ClassSession) -> None:
    person = make.person()
    take(session, person)
    assert code_of(go, session, person, at=learn.AT) == "not_signed_in"


def test_a_measure_since_the_booking_keeps_her_out(session: ClassSession) -> None:
    person = make.person()
    take(session, person)
    make.exclusion(of=person)
    assert code_of(come, session, person) == "excluded"


def test_whoever_leads_a_session_earns_nothing_by_it(session: ClassSession, trainer: Account) -> None:
    """She plans it, has the code on her screen, counts one head and closes it: hours out of nothing."""
    assert trainer.person is not None
    assert code_of(take, session, trainer.person) == "leads"
    assert code_of(come, session, trainer.person) == "leads"
    twice = make.person(merged_into=trainer.person)
    assert code_of(come, session, twice) == "leads"
    assert not session.seats.exists()
    assert come(session, make.person()).signed_in_at == learn.AT

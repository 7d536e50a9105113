"""Seats of the expert pool: given once, by somebody else than the nominator, never twice on one day."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit.acts import System
from audit.models import Entry, Work
from core.days import add_years
from core.refusals import Refused
from registry.models import Account
from registry.rules.kinds import DutyKind
from tests.factories import registry as make
from tests.factories import trainers as made
from tests.factories.registry import AT
from trainers.actions import appoint, end_appointment, unseat_banned
from trainers.models import Appointment, ExpertPool, Nomination

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
START, UNTIL = date(2026, 4, 1), date(2029, 4, 1)


@pytest.fixture
def pool(db: None) -> ExpertPool:
    return made.pool(seats=2)


def seat(nomination: Nomination, by: Account, **fields: Any) -> Appointment:
    return appoint(
        nomination=nomination, **{"starts_on": START, "until": UNTIL, "by": by, "at": AT, **fields}
    )


def refused(nomination: Nomination, by: Account, **fields: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        seat(nomination, by, **fields)
    assert not Appointment.objects.filter(nomination=nomination).exists()
    return refusal.value


def test_the_lowest_free_seat_is_given(pool: ExpertPool, province_officer: Account) -> None:
    made.appointment(to=pool, seat=1)
    nomination = made.nomination(to=pool)
    appointment = seat(nomination, province_officer)
    assert (appointment.seat, appointment.field, appointment.person) == (2, "care", nomination.person)
    nomination.refresh_from_db()
    assert (nomination.state, nomination.decided_by) == ("appointed", province_officer)
    assert Entry.objects.get(act="trainers.appoint").detail["seat"] == 2


def test_a_seat_is_free_again_on_the_day_a_term_ends(pool: ExpertPool, province_officer: Account) -> None:
    made.appointment(to=pool, seat=1, until=START)
    assert seat(made.nomination(to=pool), province_officer).seat == 1


def test_a_seat_is_not_free_a_day_before_the_term_ends(pool: ExpertPool, province_officer: Account) -> None:
    made.appointment(to=pool, seat=1, until=START + timedelta(days=1))
    assert seat(made.nomination(to=pool), province_officer).seat == 2


def test_a_later_term_on_the_seat_is_respected(pool: ExpertPool, province_officer: Account) -> None:
    made.appointment(to=pool, seat=1, starts_on=date(2028, 1, 1), until=date(2030, 1, 1))
    assert seat(made.nomination(to=pool), province_officer).seat == 2


def test_a_full_pool_names_the_seat_that_becomes_free_next(
    pool: ExpertPool, province_officer: Account
) -> None:
    made.appointment(to=pool, seat=1, until=date(2028, 6, 1))
    made.appointment(to=pool, seat=2, until=date(2027, 5, 1))
    refusal = refused(made.nomination(to=pool), province_officer)
    assert (refusal.code, refusal.details) == ("pool_full", {"seat": 2, "on": date(2027, 5, 1)})
    assert "2027-05-01" in str(refusal)
    assert Nomination.objects.waiting().count() == 1


def test_the_provincial_pool_has_forty_seats_and_no_forty_first(province_officer: Account) -> None:
    pool = made.pool()
    seats = [seat(made.nomination(to=pool), province_officer).seat for _number in range(40)]
    assert seats == list(range(1, 41))
    assert refused(made.nomination(to=pool), province_officer).code == "pool_full"


def test_the_nominator_does_not_appoint(pool: ExpertPool, province_officer: Account) -> None:
    nomination = made.nomination(to=pool, nominated_by=province_officer)
    assert refused(nomination, province_officer).code == "nominator"


def test_the_nominee_does_not_appoint_herself(pool: ExpertPool, province_officer: Account) -> None:
    assert refused(made.nomination(to=pool, of=province_officer.person), province_officer).code == "nominator"


@pytest.mark.parametrize("officer", ["prefecture_officer", "county_officer", "trainer", "administrator"])
def test_nobody_below_the_province_gives_provincial_seats(
    pool: ExpertPool, officer: str, request: pytest.FixtureRequest
) -> None:
    assert refused(made.nomination(to=pool), request.getfixturevalue(officer)).code == "not_your_pool"


def test_prefecture_and_province_give_the_seats_of_a_prefecture_pool(
    prefecture_officer: Account, province_officer: Account
) -> None:
    pool = made.pool(division_code="530100", name="昆明市师资库")
    assert seat(made.nomination(to=pool), prefecture_officer).seat == 1
    assert seat(made.nomination(to=pool), province_officer).seat == 2


def test_another_prefecture_gives_no_seat(prefecture_officer: Account) -> None:
    pool = made.pool(division_code="532900", name="大理州师资库")
    assert refused(made.nomination(to=pool), prefecture_officer).code == "not_your_pool"


def test_a_decided_nomination_is_not_decided_again(pool: ExpertPool, province_officer: Account) -> None:
    nomination = made.nomination(to=pool)
    seat(nomination, province_officer)
    with pytest.raises(Refused) as refusal:
        seat(nomination, province_officer)
    assert refusal.value.code == "decided"


@pytest.mark.parametrize(
    ("starts_on", "until", "code"),
    [
        (START, START, "term_backwards"),
        (START, START - timedelta(days=1), "term_backwards"),
        (date(2025, 1, 1), TODAY, "term_over"),
        (START, add_years(START, 5) + timedelta(days=1), "term_too_long"),
    ],
)
def test_a_senseless_term_is_refused(
    pool: ExpertPool, province_officer: Account, starts_on: date, until: date, code: str
) -> None:
    nomination = made.nomination(to=pool)
    assert refused(nomination, province_officer, starts_on=starts_on, until=until).code == code


def test_a_term_of_exactly_five_years_is_given(pool: ExpertPool, province_officer: Account) -> None:
    assert seat(made.nomination(to=pool), province_officer, until=add_years(START, 5)).until == date(
        2031, 4, 1
    )


def test_somebody_banned_since_the_nomination_gets_no_seat(
    pool: ExpertPool, province_officer: Account
) -> None:
    nomination = made.nomination(to=pool)
    make.exclusion(of=nomination.person, from_day=TODAY)
    assert refused(nomination, province_officer).code == "excluded"


def test_somebody_whose_ban_was_lifted_gets_a_seat(pool: ExpertPool, province_officer: Account) -> None:
    nomination = made.nomination(to=pool)
    make.exclusion(of=nomination.person, from_day=date(2026, 1, 1), lifted_on=TODAY, lifted_recorded_at=AT)
    assert seat(nomination, province_officer).seat == 1


def test_nobody_sits_twice_in_one_pool(pool: ExpertPool, province_officer: Account) -> None:
    appointment = made.appointment(to=pool, seat=1)
    assert refused(made.nomination(to=pool, of=appointment.person), province_officer).code == "seated"


def test_a_renewal_after_the_term_is_given(pool: ExpertPool, province_officer: Account) -> None:
    appointment = made.appointment(to=pool, seat=1, until=START)
    assert seat(made.nomination(to=pool, of=appointment.person), province_officer).seat == 1


def test_the_database_refuses_two_terms_on_one_seat_on_one_day(pool: ExpertPool) -> None:
    made.appointment(to=pool, seat=1, until=date(2029, 1, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        made.appointment(to=pool, seat=1, starts_on=date(2028, 12, 31), until=date(2030, 1, 1))
    made.appointment(to=pool, seat=1, starts_on=date(2029, 1, 1), until=date(2030, 1, 1))


def test_the_database_refuses_an_edited_term(pool: ExpertPool) -> None:
    appointment = made.appointment(to=pool)
    with pytest.raises(DatabaseError), transaction.atomic():
        Appointment.objects.filter(pk=appointment.pk).update(until=date(2031, 1, 1))


# ── ending ──────────────────────────────────────────────────────────────────


def test_an_ended_appointment_frees_the_seat_from_that_day(
    pool: ExpertPool, province_officer: Account
) -> None:
    appointment = made.appointment(to=pool, seat=1)
    end_appointment(appointment=appointment, ended_on=TODAY, reason="本人辞聘", by=province_officer, at=AT)
    assert list(Appointment.objects.on(TODAY - timedelta(days=1))) == [appointment]
    assert list(Appointment.objects.on(TODAY)) == []
    assert seat(made.nomination(to=pool), province_officer, starts_on=TODAY).seat == 1


def test_a_term_that_never_began_leaves_its_seat_untouched(
    pool: ExpertPool, province_officer: Account
) -> None:
    appointment = seat(made.nomination(to=pool), province_officer)
    end_appointment(appointment=appointment, ended_on=START, reason="婉拒", by=province_officer, at=AT)
    assert seat(made.nomination(to=pool), province_officer).seat == 1


@pytest.mark.parametrize(
    ("ended_on", "reason", "code"),
    [
        (TODAY, " ", "reason_missing"),
        (TODAY + timedelta(days=1), "调离", "day_outside"),
        (date(2025, 12, 31), "调离", "day_outside"),
    ],
)
def test_a_senseless_end_is_refused(
    pool: ExpertPool, province_officer: Account, ended_on: date, reason: str, code: str
) -> None:
    appointment = made.appointment(to=pool)
    with pytest.raises(Refused) as refusal:
        end_appointment(appointment=appointment, ended_on=ended_on, reason=reason, by=province_officer, at=AT)
    assert refusal.value.code == code


def test_an_appointment_ends_once(pool: ExpertPool, province_officer: Account) -> None:
    appointment = made.appointment(to=pool)
    end_appointment(appointment=appointment, ended_on=TODAY, reason="调离", by=province_officer, at=AT)
    with pytest.raises(Refused) as refusal:
        end_appointment(appointment=appointment, ended_on=TODAY, reason="调离", by=province_officer, at=AT)
    assert refusal.value.code == "ended"


def test_a_prefecture_ends_no_provincial_appointment(pool: ExpertPool, prefecture_officer: Account) -> None:
    appointment = made.appointment(to=pool)
    with pytest.raises(Refused) as refusal:
        end_appointment(appointment=appointment, ended_on=TODAY, reason="调离", by=prefecture_officer, at=AT)
    assert refusal.value.code == "not_your_pool"


def test_a_ban_empties_the_seats_and_closes_the_nominations_once(pool: ExpertPool) -> None:
    person = make.person()
    elsewhere = made.pool(division_code="530100", name="昆明市师资库")
    current = made.appointment(to=pool, of=person)
    coming = made.appointment(to=elsewhere, of=person, starts_on=START, until=UNTIL)
    over = made.appointment(to=elsewhere, of=person, starts_on=date(2020, 1, 1), until=date(2024, 1, 1))
    waiting = made.nomination(to=elsewhere, of=person)
    stays = made.appointment(to=pool, seat=2)
    assert unseat_banned(person=person, by=System("bans"), at=AT) == 2
    assert unseat_banned(person=person, by=System("bans"), at=AT) == 0
    for row in (current, coming, over, waiting, stays):
        row.refresh_from_db()
    assert (current.ended_on, coming.ended_on, over.ended_on, stays.ended_on) == (TODAY, START, None, None)
    assert (waiting.state, waiting.decided_by) == ("declined", None)
    assert Entry.objects.filter(act="trainers.end_appointment").count() == 2


def test_a_suspended_expert_is_not_listed_but_keeps_the_seat(pool: ExpertPool) -> None:
    appointment = made.appointment(to=pool)
    make.exclusion(of=appointment.person, kind="suspension", from_day=TODAY, until=date(2026, 6, 1))
    assert list(Appointment.objects.on(TODAY)) == []
    assert list(Appointment.objects.holding_on(TODAY)) == [appointment]
    assert list(Appointment.objects.on(date(2026, 6, 1))) == [appointment]


# ── two at once ─────────────────────────────────────────────────────────────


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_the_last_seat_at_once_one_is_refused() -> None:
    pool = made.pool(seats=1)
    officers = []
    for number in range(2):
        officer = make.account(username=f"officer{number}")
        make.duty(of=officer, kind=DutyKind.OFFICER, division=make.division("530000"))
        officers.append(officer)
    nominations = [made.nomination(to=pool), made.nomination(to=pool)]
    start = threading.Barrier(2)
    said: list[str] = []

    def give(number: int) -> None:
        start.wait()
        try:
            said.append(f"seat {seat(nominations[number], officers[number]).seat}")
        except Refused as refusal:
            said.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["pool_full", "seat 1"]
    assert Appointment.objects.count() == 1
    assert Work.objects.count() == 0

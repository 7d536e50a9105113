"""What follows by itself: a ban empties the seat, a term that ends soon is announced once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail

from audit.effects import handled_topics, perform
from audit.models import Work
from core import clock
from registry.models import Account
from tests.factories import registry as make
from tests.factories import trainers as made
from tests.factories.registry import AT
from trainers.models import Appointment
from trainers.schedule import nightly

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.set_to(AT):
        yield


def work(topic: str, **payload: Any) -> Work:
    return Work.objects.create(topic=topic, key=f"test:{topic}", payload=payload, owed_at=AT, not_before=AT)


def test_both_topics_are_handled() -> None:
    assert {"credentials.banned", "trainers.term_ending"} <= handled_topics()


def test_a_ban_heard_twice_ends_the_appointment_once() -> None:
    from trainers.effects import unseat

    appointment, other = made.appointment(seat=1), None
    other = made.appointment(to=appointment.pool, seat=2)
    owed = work("credentials.banned", person=appointment.person_id, something="else")
    unseat(owed)
    unseat(owed)
    appointment.refresh_from_db()
    other.refresh_from_db()
    assert (appointment.ended_on, appointment.ended_reason, other.ended_on) == (TODAY, "lifetime ban", None)


def test_a_ban_reaches_the_seat_given_under_an_older_record() -> None:
    from trainers.effects import unseat

    human = make.person()
    older = make.person(merged_into=human)
    oldest = made.appointment(of=make.person(merged_into=older))
    unseat(work("credentials.banned", person=human.pk))
    oldest.refresh_from_db()
    assert oldest.ended_on == TODAY


@pytest.mark.parametrize("payload", [{}, {"person": 987654}, {"person": None}])
def test_a_ban_of_nobody_known_ends_nothing(payload: dict[str, Any]) -> None:
    from trainers.effects import unseat

    made.appointment()
    unseat(work("credentials.banned", **payload))
    assert Appointment.objects.filter(ended_on=None).count() == 1


def test_terms_that_end_within_sixty_days_are_announced_once(province_officer: Account) -> None:
    pool = made.pool()
    soon = made.appointment(to=pool, seat=1, until=TODAY + timedelta(days=60))
    made.appointment(to=pool, seat=2, until=TODAY + timedelta(days=61))
    banned = made.appointment(to=pool, seat=3, until=TODAY + timedelta(days=30))
    make.exclusion(of=banned.person)
    nightly()
    nightly()
    assert [each.payload for each in Work.objects.filter(topic="trainers.term_ending")] == [
        {"appointment": soon.pk}
    ]


def test_the_letter_goes_to_the_officers_of_the_pool_with_an_address(
    province_officer: Account, prefecture_officer: Account, trainer: Account
) -> None:
    for account, address in (
        (province_officer, "province@example.org"),
        (prefecture_officer, "prefecture@example.org"),
        (trainer, "trainer@example.org"),
    ):
        account.email = address
        account.save()
    appointment = made.appointment(of=make.person(name="和文静"), until=TODAY + timedelta(days=30))
    assert perform(work("trainers.term_ending", appointment=appointment.pk).pk)
    (letter,) = mail.outbox
    assert letter.to == ["province@example.org"]
    assert "和文静" in letter.body
    assert "2026-04-01" in letter.body


def test_no_letter_about_a_term_that_ended_meanwhile(province_officer: Account) -> None:
    province_officer.email = "province@example.org"
    province_officer.save()
    appointment = made.appointment(
        until=TODAY + timedelta(days=30), ended_on=TODAY, ended_reason="辞聘", ended_at=AT
    )
    assert perform(work("trainers.term_ending", appointment=appointment.pk).pk)
    assert mail.outbox == []

"""Planning: who may lead, and what a session offers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.refusals import Refused
from lms.actions.plan_session import plan_session
from lms.models import ClassSession
from registry.models import Account
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.factories import trainers as teach

pytestmark = pytest.mark.django_db
TOMORROW = learn.after(days=1)


def plan(trainer: Account, **changes: Any) -> ClassSession:
    values = {
        "title": "急救实操",
        "body": None,
        "led_by": trainer,
        "division": make.division("530102"),
        "place": "二楼教室",
        "content": "practice",
        "topic": "first_aid",
        "starts_at": TOMORROW,
        "ends_at": TOMORROW + timedelta(hours=3),
        "breaks": [],
        "capacity": 20,
        "by": trainer,
        "at": learn.AT,
        **changes,
    }
    return plan_session(**values)


def code_of(trainer: Account, **changes: Any) -> str:
    with pytest.raises(Refused) as refusal:
        plan(trainer, **changes)
    assert not ClassSession.objects.exists()
    return refusal.value.code


def test_what_it_offers_follows_from_its_times(trainer: Account) -> None:
    breaks = [(TOMORROW + timedelta(hours=1), TOMORROW + timedelta(minutes=75))]
    assert plan(trainer, breaks=breaks).offered_minutes == 165


def test_only_a_trainer_in_office_on_that_day_leads(trainer: Account, learner: Account) -> None:
    assert code_of(learner) == "not_a_trainer"
    trainer.duties.update(until=date(2026, 3, 3))
    assert code_of(trainer) == "not_a_trainer"


def test_a_trainer_under_a_measure_does_not(trainer: Account) -> None:
    assert trainer.person is not None
    make.exclusion(of=trainer.person)
    assert code_of(trainer) == "excluded"


def test_a_body_whose_accreditation_has_ended_does_not(trainer: Account) -> None:
    body = teach.training_body(accredited_until=date(2026, 3, 3))
    assert code_of(trainer, body=body) == "not_accredited"
    in_time = learn.after(hours=2)
    assert plan(trainer, body=body, starts_at=in_time, ends_at=in_time + timedelta(hours=1)).body == body


@pytest.mark.parametrize(
    ("code", "hours", "break_hours"),
    [
        ("no_time", 0, 0),
        ("no_time", -1, 0),
        ("no_time", 2, 2),
        ("too_long", 12.5, 0),
        ("too_long", 24 * 365, 0),
    ],
)
def test_times_that_make_no_session(trainer: Account, code: str, hours: float, break_hours: float) -> None:
    breaks = [(TOMORROW, TOMORROW + timedelta(hours=break_hours))] if break_hours else []
    assert code_of(trainer, ends_at=TOMORROW + timedelta(hours=hours), breaks=breaks) == code


def test_a_session_that_would_be_over_is_not_planned(trainer: Account) -> None:
    over = learn.AT - timedelta(hours=3)
    assert code_of(trainer, starts_at=over, ends_at=learn.AT) == "past"

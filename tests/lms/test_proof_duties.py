"""Whoever rules the database and changes what was recorded of a duty or a contest is found."""

from __future__ import annotations

import pytest

from lms.actions.record_duty import take_back_duty
from lms.models import ContestStep, DutyRecord
from registry.models import Account, Facility
from registry.rules.standard import StandardRules, YearlyDuty
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.lms.test_proof import found, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(learner: Account, home_facility: Facility, director: Account) -> list[DutyRecord]:
    """A health check, and its being taken back."""
    make.standard(code="check", rules=StandardRules(yearly_duties=(YearlyDuty("health_check"),)))
    assert learner.person is not None
    line = learn.duty_record(of=learner.person, at=home_facility, by=director)
    return [line, take_back_duty(duty=line, reason="x", by=director, at=learn.AT)]


def test_lines_that_were_left_alone_hold(lines: list[DutyRecord]) -> None:
    learn.hours(of=lines[0].person)
    assert found() == []


@pytest.mark.parametrize(
    "change",
    ["done_on = '2025-12-31'", "kind = 'hygiene_training'", "source = 'authority'", "reference = 'y'"],
)
def test_an_edited_line_is_named(change: str, lines: list[DutyRecord]) -> None:
    with superuser("lms_dutyrecord") as cursor:
        cursor.execute(f"UPDATE lms_dutyrecord SET {change} WHERE id = %s", [lines[0].pk])
    assert found() == [(f"duty:{lines[0].public_id}", "it does not say what was recorded")]


def test_a_line_that_was_deleted_is_named(lines: list[DutyRecord]) -> None:
    with superuser("lms_dutyrecord") as cursor:
        cursor.execute("DELETE FROM lms_dutyrecord WHERE id = %s", [lines[1].pk])
    assert found() == [(f"duty:{lines[1].public_id}", "it was recorded and is gone")]


def test_a_line_that_no_act_wrote_is_named(lines: list[DutyRecord]) -> None:
    forged = lines[0]
    forged.pk, forged.public_id, forged.edition = None, "0" * 16, 2
    forged.save(force_insert=True)
    assert found() == [("duty:0000000000000000", "no act on record wrote it")]


@pytest.mark.parametrize("change", ["words = 'y'", "kind = 'escalated'", "answer_before = '2030-01-01'"])
def test_an_edited_step_of_a_contest_is_named(change: str, learner: Account) -> None:
    make.standard()
    contest = learn.contest(of=learn.hours(of=learner.person, source_class="self"), by=learner)
    assert found() == []
    step = ContestStep.objects.get(contest=contest)
    with superuser("lms_conteststep") as cursor:
        cursor.execute(f"UPDATE lms_conteststep SET {change} WHERE id = %s", [step.pk])
    assert found() == [(f"contest-step:{step.public_id}", "it does not say what was recorded")]

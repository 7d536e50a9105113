"""A facility's checks and acknowledgements, act by act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from core.refusals import Refused
from credentials.actions.acknowledge import acknowledge
from credentials.actions.check import check_certificate, check_staff
from credentials.models import EmployerTask, StaffCheck
from registry.models import Account, Duty, Facility
from registry.queries import looks_at
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
AT = cred.at(DAY)


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


def ask(facility: Facility, by: Account, text: str, **fields: Any) -> dict[str, Any]:
    answer: dict[str, Any] = check_certificate(
        facility=facility, code_or_number=text, by=by, at=AT, **fields
    ).answer
    return answer


def test_only_a_manager_of_today_asks_and_acknowledges(
    home_facility: Facility, director: Account, other_director: Account, county_officer: Account
) -> None:
    task = cred.employer_task(at_facility=home_facility)
    for account in (other_director, county_officer):
        for act in (
            lambda account=account: check_staff(facility=home_facility, by=account, at=AT),  # type: ignore[misc]
            lambda account=account: ask(home_facility, account, "4K7P0QXM9ATB"),  # type: ignore[misc]
            lambda account=account: acknowledge(task=task, by=account, at=AT),  # type: ignore[misc]
        ):
            assert code_of(act) == "no_duty"
    assert not StaffCheck.objects.exists()
    assert check_staff(facility=home_facility, by=director, at=AT).answer["in_post"] == 0
    Duty.objects.filter(account=director).update(revoked_on=DAY, revoked_by=county_officer)
    assert code_of(lambda: check_staff(facility=home_facility, by=director, at=AT)) == "no_duty"


def test_the_answer_names_the_occupation_and_compares_it(home_facility: Facility, director: Account) -> None:
    row = cred.certificate()
    free = ask(home_facility, director, row.verify_code)
    assert (free["state"], free["occupation"], free["fits_post"], free["fit"]) == (
        "valid",
        "caregiver",
        None,
        True,
    )
    assert ask(home_facility, director, row.number, post="caregiver")["fits_post"] is True
    wrong = ask(home_facility, director, row.number, post="director")
    assert (wrong["fits_post"], wrong["fit"]) == (False, False)


def test_own_staff_are_compared_with_their_own_post(home_facility: Facility, director: Account) -> None:
    row = cred.certificate()
    make.employment(of=row.holder, at=home_facility, occupation="director")
    answer = ask(home_facility, director, row.verify_code)
    assert (answer["own_staff"], answer["post"], answer["fits_post"], answer["fit"]) == (
        True,
        "director",
        False,
        False,
    )


def test_a_measure_is_an_answer_without_its_ground(home_facility: Facility, director: Account) -> None:
    row = cred.certificate()
    cred.mark(on=row, ground="ban", reason="秘密", effective_on=DAY)
    answer = ask(home_facility, director, row.verify_code)
    assert (answer["state"], answer["fit"]) == ("revoked", False)
    assert "ban" not in str(answer)
    assert "秘密" not in str(answer)


def test_what_exists_nowhere_is_an_answer_and_what_cannot_be_a_code_is_refused(
    home_facility: Facility, director: Account
) -> None:
    assert ask(home_facility, director, "4K7P0QXM9ATB") == {"on": "2026-06-01", "state": "unknown"}
    assert code_of(lambda: ask(home_facility, director, "12")) == "code_length"
    assert StaffCheck.objects.count() == 1
    assert Entry.objects.filter(act="credentials.check_one").count() == 1


def test_a_person_sees_who_checked_her_certificate(home_facility: Facility, director: Account) -> None:
    row = cred.certificate()
    ask(home_facility, director, row.verify_code)
    (look,) = looks_at(row.holder)
    assert (look.at, look.who) == (AT, director.display_name)


def test_a_recorded_check_is_never_edited(home_facility: Facility, director: Account) -> None:
    row = check_staff(facility=home_facility, by=director, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffCheck.objects.filter(pk=row.pk).update(answer={})


def test_a_task_is_acknowledged_once(home_facility: Facility, director: Account) -> None:
    task = cred.employer_task(at_facility=home_facility)
    done = acknowledge(task=task, by=director, at=AT)
    assert (done.acknowledged_by, done.acknowledged_at) == (director, AT)
    assert code_of(lambda: acknowledge(task=task, by=director, at=AT + timedelta(days=1))) == "acknowledged"
    with pytest.raises(IntegrityError), transaction.atomic():
        EmployerTask.objects.filter(pk=task.pk).update(acknowledged_at=AT + timedelta(days=1))

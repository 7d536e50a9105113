"""Two people act at once; whichever order the database chose, the law holds.

A build without the lock on the person's row must fail here on PostgreSQL; SQLite serialises
writers, so there it shows only that nobody is turned away by a busy database.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Event, Thread, Timer
from typing import Any

import pytest
from django.db import connection

from audit.acts import System
from audit.models import Entry
from audit.queries import broken_links
from core import faults
from core.refusals import Refused
from registry.actions import confirm_roster, employ, exclude, record_person, upload_roster
from registry.models import Employment, Exclusion, IdentityDocument, Person
from registry.rules.kinds import DutyKind
from tests.factories import registry as make
from tests.registry.roster_files import number, row, xlsx

BY = System("test")
AT = make.AT
TODAY = date(2026, 3, 2)
ROUNDS = 6

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run them at once; the answers or exceptions, in order."""
    gate, answers = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait()
            answers[place] = act()
        except Exception as error:  # handed back to the test
            answers[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_nobody_is_hired_after_her_ban() -> None:
    facility = make.facility()
    for turn in range(ROUNDS):
        person = make.person()
        hired, banned = together(
            lambda person=person: employ(
                person=person, facility=facility, occupation="caregiver", started_on=TODAY, by=BY, at=AT
            ),
            lambda person=person, turn=turn: exclude(
                person=person, kind="ban", source=f"case:{turn}", from_day=TODAY, by=BY, at=AT
            ),
        )
        assert not isinstance(banned, Exception), banned
        if isinstance(hired, Exception):
            assert isinstance(hired, Refused)
            assert hired.code == "excluded"
            continue
        first, second = Entry.objects.filter(subject=person.subject).order_by("sequence")
        assert (first.act, second.act) == ("registry.employ", "registry.exclude")
    assert broken_links() == []


def test_a_ban_waits_for_a_hire_that_has_looked_already() -> None:
    """The hire stands between its look and its write; without the lock the ban would slip in between."""
    person, facility = make.person(), make.facility()
    looked = Event()

    def ban() -> Exclusion:
        looked.wait(5)
        return exclude(person=person, kind="ban", source="case:1", from_day=TODAY, by=BY, at=AT)

    def hire() -> Employment:
        Timer(0.15, looked.set).start()  # by now it pauses for half a second
        return employ(
            person=person, facility=facility, occupation="caregiver", started_on=TODAY, by=BY, at=AT
        )

    with faults.armed("employ.before_write", "pause"):
        hired, banned = together(hire, ban)
    assert isinstance(hired, Employment)
    assert isinstance(banned, Exclusion)
    entries = Entry.objects.filter(subject=person.subject).order_by("sequence")
    assert [entry.act for entry in entries] == ["registry.employ", "registry.exclude"]


def test_a_document_recorded_twice_at_once_is_one_person() -> None:
    def record() -> Person:
        return record_person(
            name="李一", document_kind="resident_id", document_number=number(12), by=BY, at=AT
        )

    answers = together(record, record, record)
    assert len({answer.pk for answer in answers}) == 1
    assert (Person.objects.count(), IdentityDocument.objects.count()) == (1, 1)


def test_a_roster_confirmed_twice_at_once_has_one_effect() -> None:
    facility, manager = make.facility(), make.account()
    make.duty(of=manager, kind=DutyKind.MANAGER, facility=facility)
    roster = upload_roster(
        facility=facility,
        file_name="r.xlsx",
        content=xlsx(row("李一", 12), row("李二", 14)),
        by=manager,
        at=AT,
    )
    answers = together(*[lambda: confirm_roster(roster=roster, by=manager, at=AT)] * 3)
    assert [answer.state for answer in answers] == ["confirmed"] * 3
    assert Employment.objects.count() == 2
    assert Entry.objects.filter(act="registry.confirm_roster").count() == 1

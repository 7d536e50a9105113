"""Whoever rules the database and changes the ledger is found, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from audit.acts import System
from credentials.models import Certificate
from lms.actions.record_hours import Line, record_many
from lms.actions.settle import settle
from lms.models import HourEntry
from lms.proof import verify_all_ledgers
from registry.models import Person
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def found() -> list[tuple[str, str]]:
    return [(problem.subject, problem.why) for problem in verify_all_ledgers()]


@contextmanager
def superuser(table: str) -> Iterator[Any]:
    """A hand that the triggers do not stop."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("no_update", "no_delete"):
                cursor.execute(f'DROP TRIGGER "{table}_{name}"')
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the table has pending events
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        yield cursor


def many(person: Person, count: int) -> list[HourEntry]:
    lines = [
        Line(
            person.pk,
            45,
            "theory",
            "online",
            "",
            "platform",
            learn.DAY,
            f"第{n}课",
            f"import:{person.pk}:{n}",
        )
        for n in range(count)
    ]
    record_many(lines=lines, by=System("tests"), at=learn.AT)
    return list(HourEntry.objects.filter(person=person, source_key__startswith="import:").order_by("pk"))


def written() -> tuple[HourEntry, list[HourEntry], HourEntry]:
    """A line by itself, three at once, and another by itself."""
    person = make.person()
    return learn.hours(of=person, minutes=45), many(person, 3), learn.hours(of=person, minutes=30)


def test_lines_that_were_left_alone_hold() -> None:
    written()
    assert found() == []


@pytest.mark.parametrize(
    "change",
    ["minutes = minutes + 45", "happened_on = '2026-01-31'", "topic = 'ethics'", "title = 'x'", "note = 'x'"],
)
def test_an_edited_line_is_named(change: str) -> None:
    _first, _three, last = written()
    with superuser("lms_hourentry") as cursor:
        cursor.execute(f"UPDATE lms_hourentry SET {change} WHERE id = %s", [last.pk])
    assert found() == [(f"entry:{last.public_id}", "it does not say what was recorded")]


def test_a_line_moved_to_another_person_is_named() -> None:
    first, _three, _last = written()
    other = make.person()
    with superuser("lms_hourentry") as cursor:
        cursor.execute("UPDATE lms_hourentry SET person_id = %s WHERE id = %s", [other.pk, first.pk])
    assert found() == [(f"entry:{first.public_id}", "it does not say what was recorded")]


def test_a_line_that_was_deleted_is_named() -> None:
    first, _three, _last = written()
    with superuser("lms_hourentry") as cursor:
        cursor.execute("DELETE FROM lms_hourentry WHERE id = %s", [first.pk])
    assert found() == [(f"entry:{first.public_id}", "it was recorded and is gone")]


def test_a_line_that_no_act_wrote_is_named() -> None:
    first, _three, _last = written()
    first.pk, first.public_id, first.source_key = None, "0" * 16, "smuggled"
    first.save(force_insert=True)
    assert found() == [("entry:0000000000000000", "no act on record wrote it")]


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(
    "change",
    ["UPDATE lms_hourentry SET minutes = 450 WHERE id = %s", "DELETE FROM lms_hourentry WHERE id = %s"],
)
def test_lines_recorded_together_hold_together(place: int, change: str) -> None:
    _first, three, _last = written()
    with superuser("lms_hourentry") as cursor:
        cursor.execute(change, [three[place].pk])
    together = f"entries:{three[0].pk}-{three[-1].pk}"
    assert found() == [(together, "are not the lines that were recorded together")]


@pytest.fixture
def certificate() -> Certificate:
    """Earned by two lines of 90 and 30 class hours."""
    make.standard()
    person = make.person(name="李小禾")
    make.employment(of=person, at=make.facility())
    learn.hours(of=person, minutes=4050)
    learn.hours(of=person, minutes=1350, content="practice")
    (issued,) = settle(person=person, by=learn.SYSTEM, at=learn.AT)
    return issued


def test_an_earned_certificate_follows_from_its_lines(certificate: Certificate) -> None:
    assert found() == []


def test_a_line_under_a_certificate_that_shrinks_is_named_with_it(certificate: Certificate) -> None:
    line = HourEntry.objects.earliest("pk")
    with superuser("lms_hourentry") as cursor:
        cursor.execute("UPDATE lms_hourentry SET minutes = 4049 WHERE id = %s", [line.pk])
    assert found() == [
        (f"entry:{line.public_id}", "it does not say what was recorded"),
        (
            f"certificate:{certificate.number}",
            f"it counts 4050 minutes of line {line.pk}, which has 4049",
        ),
    ]


def test_a_certificate_that_loses_a_line_of_its_evidence_is_named(certificate: Certificate) -> None:
    evidence = {**certificate.evidence, "lines": certificate.evidence["lines"][:1]}
    with superuser("credentials_certificate") as cursor:
        cursor.execute("UPDATE credentials_certificate SET evidence = %s", [json.dumps(evidence)])
    why = [text for subject, text in found() if subject == f"certificate:{certificate.number}"]
    assert why == [
        "its lines make 4050 minutes, it says 5400",
        "its lines make 4050 minutes, its rule needs 5400",
    ]


def test_a_certificate_that_names_somebody_elses_line_is_named(certificate: Certificate) -> None:
    other = learn.hours(of=make.person(), minutes=4050)
    (first, second) = certificate.evidence["lines"]
    evidence = {**certificate.evidence, "lines": [{**first, "entry": other.pk}, second]}
    with superuser("credentials_certificate") as cursor:
        cursor.execute("UPDATE credentials_certificate SET evidence = %s", [json.dumps(evidence)])
    assert found() == [
        (f"certificate:{certificate.number}", f"it names line {other.pk}, which is somebody else's")
    ]

"""Only a document identifies; whatever is weaker goes to a human."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit.acts import System
from audit.models import Entry
from core.refusals import Refused
from registry.actions import PersonRow, add_document, record_people, record_person
from registry.models import IdentityDocument, Person
from registry.rules.synthetic import synthetic_resident_id
from tests.factories import registry as make

BY = System("test")
AT = make.AT
NUMBER = synthetic_resident_id("530199", date(1990, 5, 1), 12)


def say(name: str = "李小禾", number: str = NUMBER, kind: str = "resident_id", **more: Any) -> Person:
    return record_person(name=name, document_kind=kind, document_number=number, by=BY, at=AT, **more)


def test_a_new_person_has_what_her_document_says(db: None) -> None:
    person = say(phone="13900000000")
    person.refresh_from_db()
    assert (person.name, person.birth_date, person.sex) == ("李小禾", date(1990, 5, 1), "F")
    assert person.phone == "13900000000"
    entry = Entry.objects.get()
    assert (entry.act, entry.subject, entry.detail) == (
        "registry.record_person",
        f"person:{person.public_id}",
        {"kind": "resident_id"},
    )


def test_the_same_document_is_the_same_person_and_no_second_entry(db: None) -> None:
    first = say()
    assert say(name=" 李 小禾 ", number=f" {NUMBER[:6]}-{NUMBER[6:]} ".lower()) == first
    assert Person.objects.count() == 1
    assert Entry.objects.count() == 1


def test_the_same_document_under_another_name_is_refused(db: None) -> None:
    say()
    with pytest.raises(Refused) as refused:
        say(name="李小荷")
    assert refused.value.code == "name_differs"
    assert Person.objects.get().name == "李小禾"


def test_namesakes_are_two_persons(db: None) -> None:
    other = synthetic_resident_id("530199", date(1990, 5, 1), 14)
    assert say() != say(number=other)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"number": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")}, "checksum"),
        ({"number": "5.30199E+17"}, "lost_digits"),
        ({"number": ""}, "empty"),
        ({"kind": "library_card"}, "unknown_kind"),
        ({"name": ""}, "empty"),
        ({"name": "李小禾2"}, "digits"),
        ({"number": synthetic_resident_id("530199", date(2026, 3, 3), 12)}, "future"),
    ],
)
def test_what_cannot_be_a_person_is_refused(db: None, fields: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        say(**fields)
    assert refused.value.code == code
    assert not Person.objects.exists()
    assert not Entry.objects.exists()


def test_one_who_was_merged_answers_as_the_one_she_became(db: None) -> None:
    survivor = make.person(name="李小禾")
    merged = say()
    make.merge(kept=survivor, absorbed=merged)
    assert say() == survivor


def test_the_number_does_not_rest_in_plain_text(db: None) -> None:
    say()
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, number_index FROM registry_identitydocument")
        sealed, index = cursor.fetchone()
    assert NUMBER.encode() not in bytes(sealed)
    assert NUMBER not in index
    assert IdentityDocument.objects.get().number == NUMBER


def test_a_second_document_finds_the_same_person(db: None) -> None:
    person = say()
    document = add_document(person=person, kind="passport", number="e12345678", by=BY, at=AT)
    assert document.number == "E12345678"
    assert say(number="E12345678", kind="passport") == person
    assert add_document(person=person, kind="passport", number="E12345678", by=BY, at=AT) == document
    assert Entry.objects.filter(act="registry.add_document").count() == 1


def test_a_document_of_another_is_refused(db: None) -> None:
    say()
    with pytest.raises(Refused) as refused:
        add_document(person=make.person(), kind="resident_id", number=NUMBER, by=BY, at=AT)
    assert refused.value.code == "document_of_another"


def test_a_batch_answers_row_by_row_and_leaves_one_entry(db: None) -> None:
    known = say()
    other = synthetic_resident_id("530199", date(1991, 5, 1), 12)
    answers = record_people(
        rows=[
            PersonRow("段小溪", "resident_id", other),
            PersonRow("李小禾", "resident_id", NUMBER),
            PersonRow("李大禾", "resident_id", NUMBER),
            PersonRow("杨一", "resident_id", "123"),
            PersonRow("段小溪", "resident_id", other),
            PersonRow("段大溪", "resident_id", other),
        ],
        by=BY,
        at=AT,
    )
    assert [answer.is_new for answer in answers] == [True, False, False, False, False, False]
    assert [answer.refusal and answer.refusal.code for answer in answers] == [
        None,
        None,
        "name_differs",
        "length",
        None,
        "name_differs",
    ]
    assert answers[1].person == known
    assert answers[4].person == answers[0].person
    entry = Entry.objects.get(act="registry.record_people")
    assert {key: entry.detail[key] for key in ("rows", "created", "refused")} == {
        "rows": 6,
        "created": 1,
        "refused": 3,
    }


def test_three_thousand_people_take_few_queries(db: None, django_assert_max_num_queries: Any) -> None:
    rows = [
        PersonRow(
            "测试人", "resident_id", synthetic_resident_id("530199", date(1960 + n // 900, 1, 1), 1 + n % 900)
        )
        for n in range(3000)
    ]
    with django_assert_max_num_queries(60):
        answers = record_people(rows=rows, by=BY, at=AT)
    assert sum(answer.is_new for answer in answers) == 3000
    assert IdentityDocument.objects.count() == 3000


class TheOrderOfRowsDoesNotMatter(TestCase):
    @given(st.lists(st.sampled_from([12, 14, 16]), max_size=8), st.integers(0, 8))
    def test_in_one_batch_or_in_two(self, serials: list[int], cut: int) -> None:
        rows = [
            PersonRow("测试人", "resident_id", synthetic_resident_id("530199", date(1990, 5, 1), serial))
            for serial in serials
        ]
        answers = record_people(rows=rows[:cut], by=BY, at=AT) + record_people(rows=rows[cut:], by=BY, at=AT)
        assert sum(answer.is_new for answer in answers) == len(set(serials)) == Person.objects.count()
        by_serial = {
            serial: answer.person.pk for serial, answer in zip(serials, answers, strict=True) if answer.person
        }
        assert [answer.person and answer.person.pk for answer in answers] == [by_serial[s] for s in serials]

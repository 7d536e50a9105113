"""A roster: the good rows go in, once; every other row is listed with its reason."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import pytest
from django.db import connection
from openpyxl import load_workbook

from audit.acts import System
from audit.models import Entry
from core.refusals import Refused
from registry.actions import (
    confirm_roster,
    discard_forgotten_rosters,
    discard_roster,
    upload_roster,
)
from registry.documents.roster_sheet import RefusedRow, refused_rows, template
from registry.models import Account, Employment, Facility, Person, RosterImport
from registry.rules.roster_words import Field
from tests.factories import registry as make
from tests.registry.roster_files import number, renamed_zip, row, xlsx

AT = make.AT
TODAY = date(2026, 3, 2)


def sent(director: Account, content: bytes, name: str = "花名册.xlsx") -> RosterImport:
    facility = Facility.objects.managed_by(director).get()
    return upload_roster(facility=facility, file_name=name, content=content, by=director, at=AT)


def codes(roster: RosterImport) -> list[tuple[int, str]]:
    return [(error["row"], error["code"]) for error in roster.errors]


def test_an_upload_employs_nobody(director: Account) -> None:
    people = Person.objects.count()
    roster = sent(director, xlsx(row("李一", 12), row("李二", 14)))
    assert (roster.state, roster.row_count, roster.errors) == ("preview", 2, [])
    assert Person.objects.count() == people
    assert not Employment.objects.exists()


def test_bad_rows_are_listed_by_row_and_reason(director: Account) -> None:
    broken = number(16)[:-1] + ("1" if number(16)[-1] != "1" else "2")
    roster = sent(
        director,
        xlsx(
            row("李一", 12),
            row("李二", 16, number=broken),
            row("李三", 18, occupation="魔术师"),
            row("李四", 20, number="5.30199199005011E+17"),
            row('=HYPERLINK("http://x")', 22),
        ),
    )
    assert codes(roster) == [(3, "checksum"), (4, "occupation"), (5, "lost_digits"), (6, "empty")]
    assert broken not in json.dumps(roster.errors)


def test_numbers_do_not_rest_in_plain_text(director: Account) -> None:
    sent(director, xlsx(row("李一", 12)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT rows, errors, report FROM registry_rosterimport")
        assert number(12) not in " ".join(
            str(bytes(v) if isinstance(v, memoryview) else v) for v in cursor.fetchone()
        )


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (
            xlsx(row("李一", 12), header=("姓名", "证件类型", "证件号码", "岗位", "", "", ""), merge="D1:E1"),
            "r.xlsx",
            "merged_header",
        ),
        (xlsx(header=("姓名", "证件号码", "岗位", "入职日期")), "r.xlsx", "no_rows"),
        (
            xlsx(row("李一", 12), header=("姓名", "爱好", "证件号码", "a", "b", "c", "d")),
            "r.xlsx",
            "missing_columns",
        ),
        (renamed_zip(), "r.xlsx", "not_a_workbook"),
        (b"%PDF-1.7 hello", "r.xlsx", "renamed"),
        (b"", "r.xlsx", "empty"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_whole(
    director: Account, content: bytes, name: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        sent(director, content, name)
    assert refused.value.code == code
    assert not RosterImport.objects.exists()


def test_confirming_lets_the_good_rows_in(director: Account, home_facility: Facility) -> None:
    roster = sent(
        director, xlsx(row("李一", 12), row("李二", 14, occupation="园长"), row("李三", 16, occupation="?"))
    )
    done = confirm_roster(roster=roster, by=director, at=AT)
    assert done.report["new_people"] == 2
    assert (done.report["hired"], done.report["already"], done.report["refused"]) == (2, 0, 1)
    posts = Employment.objects.on(TODAY).order_by("person__name")
    assert [(post.person.name, post.occupation, post.facility) for post in posts] == [
        ("李一", "caregiver", home_facility),
        ("李二", "director", home_facility),
    ]
    assert codes(done) == [(4, "occupation")]
    entry = Entry.objects.get(act="registry.confirm_roster")
    assert (entry.actor, entry.detail["hired"]) == (director.actor, 2)


def test_confirming_twice_has_one_effect(director: Account) -> None:
    roster = sent(director, xlsx(row("李一", 12)))
    stale = RosterImport.objects.get(pk=roster.pk)
    first = confirm_roster(roster=roster, by=director, at=AT)
    second = confirm_roster(roster=stale, by=director, at=AT + timedelta(minutes=1))
    assert (first.report, first.settled_at) == (second.report, second.settled_at)
    assert Employment.objects.count() == 1
    assert Entry.objects.filter(act="registry.confirm_roster").count() == 1


def test_what_acts_refuse_is_listed_by_row_too(director: Account) -> None:
    banned = make.person(name="王禁", number=number(12))
    make.exclusion(of=banned)
    make.person(name="王真", number=number(14))
    roster = sent(
        director,
        xlsx(row("王禁", 12), row("王假", 14), row("李早", 16, start="2019-01-01"), row("李好", 18)),
    )
    assert roster.errors == []
    done = confirm_roster(roster=roster, by=director, at=AT)
    assert codes(done) == [(2, "excluded"), (3, "name_differs"), (4, "before_opening")]
    assert (done.report["hired"], done.report["refused"]) == (1, 3)
    assert [post.person.name for post in Employment.objects.all()] == ["李好"]


def test_the_same_roster_next_month_changes_only_what_changed(director: Account) -> None:
    first = sent(director, xlsx(row("李一", 12), row("李二", 14)))
    confirm_roster(roster=first, by=director, at=AT)
    second = sent(director, xlsx(row("李一", 12), row("李二", 14, end="2026-03-01"), row("李三", 16)))
    done = confirm_roster(roster=second, by=director, at=AT)
    counts = {key: done.report[key] for key in ("hired", "already", "ended", "refused", "new_people")}
    assert counts == {"hired": 1, "already": 1, "ended": 1, "refused": 0, "new_people": 1}
    assert Employment.objects.get(person__name="李二").until == TODAY


def test_only_the_words_of_refused_rows_outlive_the_confirmation(director: Account) -> None:
    roster = sent(director, xlsx(row("李一", 12), row("李二", 14, occupation="?")))
    done = confirm_roster(roster=roster, by=director, at=AT)
    done.refresh_from_db()
    kept = json.loads(done.rows)
    assert kept["rows"] == []
    assert list(kept["cells"]) == ["3"]


def test_a_discarded_roster_lets_nobody_in_and_keeps_no_number(director: Account) -> None:
    roster = sent(director, xlsx(row("李一", 12)))
    assert discard_roster(roster=roster, by=director, at=AT).state == "discarded"
    assert discard_roster(roster=roster, by=director, at=AT).state == "discarded"
    assert Entry.objects.filter(act="registry.discard_roster").count() == 1
    with pytest.raises(Refused) as refused:
        confirm_roster(roster=roster, by=director, at=AT)
    assert refused.value.code == "discarded"
    assert not Employment.objects.exists()
    assert json.loads(RosterImport.objects.get().rows) == {"rows": [], "cells": {}}


def test_a_confirmed_roster_is_not_discarded(director: Account) -> None:
    roster = sent(director, xlsx(row("李一", 12)))
    confirm_roster(roster=roster, by=director, at=AT)
    with pytest.raises(Refused) as refused:
        discard_roster(roster=roster, by=director, at=AT)
    assert refused.value.code == "already_confirmed"
    assert Employment.objects.count() == 1


def test_a_forgotten_preview_is_discarded_after_thirty_days(director: Account) -> None:
    sent(director, xlsx(row("李一", 12)))
    by = System("schedule")
    assert discard_forgotten_rosters(by=by, at=AT + timedelta(days=30)) == 0
    assert discard_forgotten_rosters(by=by, at=AT + timedelta(days=30, seconds=1)) == 1
    assert RosterImport.objects.get().state == "discarded"


def test_a_closed_facility_uploads_nothing(director: Account, home_facility: Facility) -> None:
    Facility.objects.filter(pk=home_facility.pk).update(closed_on=TODAY)
    with pytest.raises(Refused) as refused:
        sent(director, xlsx(row("李一", 12)))
    assert refused.value.code == "facility_closed"


def test_the_template_filled_in_is_a_roster(director: Account) -> None:
    book = load_workbook(io.BytesIO(template()))
    sheet = book.worksheets[0]
    for column, text in enumerate(row("李一", 12), start=1):
        assert sheet.cell(2, column).number_format == "@"
        sheet.cell(2, column).value = text
    stream = io.BytesIO()
    book.save(stream)
    roster = sent(director, stream.getvalue())
    assert (roster.row_count, roster.errors) == (1, [])


def test_refused_rows_come_back_as_text_and_can_be_sent_again(director: Account) -> None:
    evil = "=cmd|' /C calc'!A0"
    cells = {Field.NAME: evil, Field.DOCUMENT_NUMBER: number(12), Field.OCCUPATION: "保育员"}
    content = refused_rows([RefusedRow(7, cells, ("first", "second"))])
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert (sheet.cell(2, 1).value, sheet.cell(2, 1).data_type) == (evil, "s")
    assert [sheet.cell(2, column).value for column in (3, 8, 9)] == [number(12), "7", "first\nsecond"]
    again = sent(director, content)
    assert (again.row_count, [row for row, _code in codes(again)]) == (1, [2, 2])

"""A roster: rows that are right go in, the others are named by row, column and reason."""

from __future__ import annotations

import io
import json
from datetime import date

import openpyxl
import pytest

from registry.rules.documents import DocumentKind
from registry.rules.names import PersonName
from registry.rules.roster import RosterPreview, RosterRow, preview
from registry.rules.roster_refusals import (
    CELL_REFUSALS,
    FILE_SENTENCES,
    BadRoster,
    RosterError,
    sentence,
)
from registry.rules.roster_words import COLUMN_OF, DOCUMENT_KIND_OF, OCCUPATION_OF, Field, index, word_key
from registry.rules.standard import Occupation
from registry.rules.synthetic import synthetic_resident_id
from registry.rules.table import Line, Merge, Table
from registry.rules.workbook import read_workbook

TODAY = date(2026, 11, 22)
TITLES = ("姓名", "证件类型", "证件号码", "岗位", "入职日期", "离职日期", "联系电话")


def number(sequence: int = 2, birth: date = date(1990, 1, 1)) -> str:
    return synthetic_resident_id("530199", birth, sequence)


def person(**cells: str) -> tuple[str, ...]:
    usual = {
        "姓名": "王小明",
        "证件类型": "居民身份证",
        "证件号码": number(),
        "岗位": "保育员",
        "入职日期": "2024-03-01",
        "离职日期": "",
        "联系电话": "",
    }
    return tuple({**usual, **cells}[title] for title in TITLES)


def table(*rows: tuple[str, ...], merges: tuple[Merge, ...] = ()) -> Table:
    """Rows 1, 2, 3 … as given."""
    return Table(tuple(Line(i, row) for i, row in enumerate(rows, start=1) if any(row)), merges)


def seen(*people: tuple[str, ...]) -> RosterPreview:
    return preview(table(TITLES, *people), on=TODAY)


def errors(*people: tuple[str, ...]) -> list[tuple[int, str, str]]:
    found = seen(*people).errors
    assert all(error.sentence is sentence(error.field, error.code) for error in found)
    return [(error.row, error.field.value, error.code) for error in found]


def refusal(*rows: tuple[str, ...], merges: tuple[Merge, ...] = ()) -> BadRoster:
    with pytest.raises(BadRoster) as caught:
        preview(table(*rows, merges=merges), on=TODAY)
    assert caught.value.message is FILE_SENTENCES[caught.value.code]
    return caught.value


def test_a_row_becomes_a_person_in_post() -> None:
    result = seen(person(离职日期="2026年6月30日", 联系电话="+86 138-0000-0000"))
    assert result.errors == ()
    (row,) = result.rows
    assert row.row == 2
    assert row.name == PersonName("王小明", "王小明")
    assert (row.document.kind, row.document.number) == (DocumentKind.RESIDENT_ID, number())
    assert row.occupation is Occupation.CAREGIVER
    assert row.started_on == date(2024, 3, 1)
    assert row.phone == "13800000000"


def test_the_day_of_leaving_is_the_last_in_post() -> None:
    (row,) = seen(person(离职日期="2026-06-30")).rows
    assert row.until == date(2026, 7, 1)
    assert date(2026, 6, 30) in row.period
    assert date(2026, 7, 1) not in row.period


@pytest.mark.parametrize("nothing", ["", "无", "至今", "在职", "/", "—", "N/A"])
def test_who_has_not_left_is_still_in_post(nothing: str) -> None:
    (row,) = seen(person(离职日期=nothing)).rows
    assert row.until is None


def test_one_day_in_post_is_a_post() -> None:
    (row,) = seen(person(入职日期="2024-03-01", 离职日期="2024-03-01")).rows
    assert (row.started_on, row.until) == (date(2024, 3, 1), date(2024, 3, 2))


def test_a_broken_row_is_named_and_the_others_go_in() -> None:
    wrong = number()[:17] + ("1" if number()[17] != "1" else "2")
    result = seen(person(), person(姓名="李红", 证件号码=wrong), person(姓名="张伟", 证件号码=number(4)))
    assert [row.row for row in result.rows] == [2, 4]
    assert result.errors == (RosterError(3, "C 证件号码", Field.DOCUMENT_NUMBER, "checksum"),)
    assert result.row_count == 3


def test_every_error_of_a_row_is_named_at_once() -> None:
    assert errors(("", "", "", "厨师", "去年", "26-1-1", "电话")) == [
        (2, "document_number", "empty"),
        (2, "left_on", "short_year"),
        (2, "name", "empty"),
        (2, "occupation", "occupation"),
        (2, "phone", "phone"),
        (2, "started_on", "date"),
    ]


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"姓名": "王小明1"}, "name", "digits"),
        ({"姓名": "王\ue000"}, "name", "private_use"),
        ({"证件号码": "5.30199199001010E+17"}, "document_number", "lost_digits"),
        ({"证件号码": "12345"}, "document_number", "length"),
        ({"证件类型": "驾驶证"}, "document_kind", "document_kind"),
        ({"证件类型": "护照"}, "document_number", "length"),
        ({"证件类型": "", "证件号码": "E12345678"}, "document_number", "kind_unsaid"),
        ({"岗位": ""}, "occupation", "empty"),
        ({"入职日期": ""}, "started_on", "empty"),
        ({"入职日期": "2024年3月"}, "started_on", "day_missing"),
        ({"入职日期": "2026-11-23"}, "started_on", "not_yet"),
        ({"入职日期": "1900-01-01", "证件类型": "护照", "证件号码": "E12345678"}, "started_on", "too_early"),
        ({"入职日期": "2005-12-31"}, "started_on", "too_young"),
        ({"离职日期": "2024-02-29"}, "left_on", "order"),
        ({"离职日期": "2024-02-30"}, "left_on", "date"),
        ({"联系电话": "123456"}, "phone", "phone"),
    ],
)
def test_one_wrong_cell_is_one_error(cells: dict[str, str], field: str, code: str) -> None:
    assert errors(person(**cells)) == [(2, field, code)]


def test_sixteen_years_old_on_the_first_day_is_old_enough() -> None:
    assert errors(person(入职日期="2006-01-01")) == []


def test_a_birth_after_today_is_refused() -> None:
    assert errors(person(证件号码=number(birth=date(2026, 11, 23)), 入职日期="2026-11-22")) == [
        (2, "document_number", "future")
    ]


def test_a_resident_id_needs_no_kind() -> None:
    (row,) = seen(person(证件类型="")).rows
    assert row.document.kind is DocumentKind.RESIDENT_ID


def test_where_excel_damaged_one_number_a_whole_looking_one_is_not_trusted() -> None:
    lucky = next(
        n
        for n in (number(s, date(y, 1, 1)) for y in range(1960, 2000) for s in (100, 200, 300))
        if n.endswith("000")
    )
    assert errors(person(证件号码=lucky)) == []
    assert errors(person(证件号码=lucky), person(姓名="李红", 证件号码="5.3E+17")) == [
        (2, "document_number", "lost_digits"),
        (3, "document_number", "lost_digits"),
    ]


def test_the_same_person_twice_in_one_post_is_named_with_the_other_row() -> None:
    old = number()[:6] + number()[8:17]
    result = seen(person(), person(证件号码=old))
    assert [row.row for row in result.rows] == [2]
    assert result.errors == (RosterError(3, "C 证件号码", Field.DOCUMENT_NUMBER, "repeated", 2),)


def test_one_number_with_two_names_is_named() -> None:
    result = seen(person(), person(姓名="李红", 岗位="保安"))
    assert [(e.row, e.code, e.other_row) for e in result.errors] == [(3, "other_name", 2)]


def test_one_person_in_two_posts_or_back_after_leaving_is_no_repeat() -> None:
    result = seen(person(离职日期="2025-01-31"), person(岗位="负责人"), person(入职日期="2025-02-01"))
    assert (len(result.rows), result.errors) == (3, ())


@pytest.mark.parametrize(
    ("last_day", "codes"),
    [
        ("2026-11-21", []),
        ("2027-02-19", []),  # the first day out of post is the ninetieth
        ("2027-02-20", [(2, "left_on", "leaving_far_ahead")]),
        ("2099-12-31", [(2, "left_on", "leaving_far_ahead")]),
        ("9999-12-31", [(2, "left_on", "leaving_far_ahead")]),  # what some write for “without end”
    ],
)
def test_a_leaving_far_ahead_is_refused_for_nobody_could_correct_it(
    last_day: str, codes: list[tuple[int, str, str]]
) -> None:
    assert errors(person(离职日期=last_day)) == codes


def test_a_person_who_left_and_came_back_on_the_last_day_is_a_repeat() -> None:
    assert errors(person(离职日期="2025-01-31"), person(入职日期="2025-01-31")) == [
        (3, "document_number", "repeated")
    ]


def test_titles_above_the_header_and_repeated_headers_are_read_past() -> None:
    result = preview(
        table(("某某托育园人员花名册",), (), TITLES, person(), TITLES, merges=(Merge(1, 1, 1, 7),)), on=TODAY
    )
    assert result.header.row == 3
    assert [row.row for row in result.rows] == [4]
    assert result.row_count == 1


def test_english_titles_in_another_order_and_columns_nobody_asked_for() -> None:
    result = preview(
        table(
            ("No.", "Job title", "Full Name*", "ID number (required)", "Start date", "Remarks"),
            ("1", "Caregiver", "Maria Garcia", number().lower(), "2024/3/1", "part time"),
        ),
        on=TODAY,
    )
    assert [row.name.printed for row in result.rows] == ["Maria Garcia"]
    assert result.header.ignored == ("No.", "Remarks")
    assert dict(result.header.columns) == {
        Field.OCCUPATION: 2,
        Field.NAME: 3,
        Field.DOCUMENT_NUMBER: 4,
        Field.STARTED_ON: 5,
    }


@pytest.mark.parametrize("merge", [Merge(1, 2, 1, 3), Merge(1, 1, 2, 1)])
def test_a_merged_header_is_refused_whole(merge: Merge) -> None:
    refused = refusal(TITLES, person(), merges=(merge,))
    assert (refused.code, refused.details) == ("merged_header", {"row": 1})


def test_a_header_over_two_rows_is_refused_also_without_its_merges() -> None:
    upper = ("姓名", "证件", "", "岗位", "入职日期")
    lower = ("", "类型", "证件号码", "", "")
    assert refusal(upper, lower, person()).code == "merged_header"
    apart = ("人员", "", "任职", "")
    assert refusal(apart, person(), merges=(Merge(1, 1, 2, 1),)).code == "merged_header"


def test_a_merge_below_the_header_is_an_error_of_its_rows() -> None:
    result = preview(
        table(
            TITLES, person(), person(姓名="李红", 证件号码=number(4), 岗位=""), merges=(Merge(2, 4, 3, 4),)
        ),
        on=TODAY,
    )
    assert [(e.row, e.field, e.code) for e in result.errors] == [(3, Field.OCCUPATION, "merged")]
    assert [row.row for row in result.rows] == [2]


def test_missing_and_repeated_columns_are_named() -> None:
    missing = refusal(("姓名", "岗位"), ("王小明", "保育员"))
    assert (missing.code, missing.details) == (
        "missing_columns",
        {"row": 1, "columns": ["证件号码", "入职日期"]},
    )
    assert refusal(("姓名", "岗位")).code == "missing_columns"
    nameless = refusal(TITLES[1:], person()[1:])
    assert (nameless.code, nameless.details["columns"]) == ("missing_columns", ["姓名"])
    twice = refusal((*TITLES, "身份证号"), person())
    assert (twice.code, twice.details["columns"]) == ("repeated_columns", ["证件号码"])


def test_a_sheet_without_header_or_people_is_refused() -> None:
    assert refusal(("说明",), ("请填写",)).code == "no_header"
    assert refusal(*[("x",)] * 10, TITLES, person()).code == "no_header"
    assert refusal(TITLES).code == "no_rows"
    assert refusal(TITLES, ("", "", "", "", "", "", "", "填表人")).code == "no_rows"


def test_rows_and_errors_survive_storage() -> None:
    result = seen(
        person(离职日期="2026-06-30"), person(证件类型="护照", 证件号码="E12345678"), person(姓名="")
    )
    rows = json.loads(json.dumps([row.as_json() for row in result.rows]))
    assert tuple(RosterRow.from_json(row) for row in rows) == result.rows
    stored = json.loads(json.dumps([error.as_json() for error in result.errors]))
    assert tuple(RosterError.from_json(error) for error in stored) == result.errors


def test_errors_hold_nothing_of_a_number() -> None:
    wrong = number()[:17] + ("1" if number()[17] != "1" else "2")
    assert wrong[:10] not in repr(seen(person(证件号码=wrong), person()).errors)


def test_an_error_that_nobody_raises_has_no_sentence() -> None:
    with pytest.raises(KeyError):
        sentence(Field.PHONE, "checksum")
    assert len(CELL_REFUSALS) == 4


@pytest.mark.parametrize(
    ("words", "spelled", "meaning"),
    [
        (COLUMN_OF, "证件号码（必填）", Field.DOCUMENT_NUMBER),
        (COLUMN_OF, " 身 份 证 号 : ", Field.DOCUMENT_NUMBER),
        (COLUMN_OF, "*姓名", Field.NAME),
        (COLUMN_OF, "START_DATE", Field.STARTED_ON),
        (OCCUPATION_OF, "机构负责人", Occupation.DIRECTOR),
        (OCCUPATION_OF, "保健医", Occupation.HEALTH),
        (OCCUPATION_OF, "Security Guard", Occupation.SECURITY),
        (OCCUPATION_OF, "caregiver", Occupation.CAREGIVER),
        (DOCUMENT_KIND_OF, "台胞证", DocumentKind.TAIWAN_TRAVEL_PERMIT),
        (DOCUMENT_KIND_OF, "回乡证", DocumentKind.HMT_TRAVEL_PERMIT),
        (DOCUMENT_KIND_OF, "永居证", DocumentKind.FOREIGN_PERMANENT_RESIDENCE),
        (DOCUMENT_KIND_OF, "港澳台居民居住证", DocumentKind.HMT_RESIDENCE_PERMIT),
    ],
)
def test_words_have_their_meaning(words: dict[str, object], spelled: str, meaning: object) -> None:
    assert words[word_key(spelled)] is meaning


def test_a_word_with_two_meanings_is_refused() -> None:
    with pytest.raises(ValueError, match="保健员 means two things"):
        index({"health": ["保健员"], "caregiver": ["保健员"]}, Occupation)


def test_from_an_excel_file_to_a_preview() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["某某托育园花名册"])
    sheet.merge_cells("A1:G1")
    sheet.append(TITLES)
    sheet.append(["王䶮", "身份证", number(), "保育师", date(2024, 3, 1), None, 13800000000])
    sheet.append(["李红", "身份证", int(number(4)[:17] + "0"), "保安", 45352, None, None])
    buffer = io.BytesIO()
    book.save(buffer)
    result = preview(read_workbook(buffer.getvalue(), file_name="花名册.xlsx"), on=TODAY)
    assert [(row.name.printed, row.started_on, row.phone) for row in result.rows] == [
        ("王䶮", date(2024, 3, 1), "13800000000")
    ]
    assert [(e.row, e.column, e.code) for e in result.errors] == [(4, "C 证件号码", "lost_digits")]

"""CSV and XLSX opened again: the figures of the page, and no cell that computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from core import clock
from oversight.documents.safe_cells import Sheet, csv_bytes, safe, xlsx_bytes
from oversight.rules.rates import Rate
from registry.models import Account, Facility
from tests.factories import credentials as credential
from tests.factories import oversight as world
from tests.factories import registry as make

Doors = Callable[[Account | None], Client]
DAY = date(2026, 3, 2)
EVIL = [
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
]


@pytest.fixture
def answers(
    db: None, home_facility: Facility, county_officer: Account, client_of: Doors
) -> tuple[Any, bytes, bytes]:
    """The page, the CSV and the XLSX of one county, some of whose facilities have evil names."""
    world.standards()
    with clock.set_to(credential.at(DAY)):
        world.staff(at=home_facility, certified=5, without=1)
        world.staff(
            at=make.facility(division_code="530102", name="=cmd|' /C calc'!A0"), certified=0, without=2
        )
        make.facility(division_code="530102", name='空空托育园,"新"')
        browser = client_of(county_officer)
        page = browser.get(reverse("oversight:division", args=["530102"]))
        files = [browser.get(reverse("oversight:export", args=["530102", kind])) for kind in ("csv", "xlsx")]
    assert [file["Content-Disposition"] for file in files] == [
        f'attachment; filename="rates-530102-2026-03-02.{kind}"' for kind in ("csv", "xlsx")
    ]
    return page, files[0].content, files[1].content


def shown(page: Any) -> list[tuple[str, int, int, str, int]]:
    """The rows of the page and its total."""
    lines = [*page.context["rows"], page.context["whole"]]
    return [
        (
            line.label,
            line.figures.certified,
            line.figures.in_post,
            line.rate.words,
            line.figures.expiring,
        )
        for line in lines
    ]


def test_the_csv_says_what_the_page_says(answers: tuple[Any, bytes, bytes]) -> None:
    page, content, _xlsx = answers
    assert content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert header[0] == "As of"
    assert {row[0] for row in rows} == {"2026-03-02"}
    said = [(row[2].removeprefix("'"), int(row[4]), int(row[5]), row[6], int(row[7])) for row in rows]
    assert said == shown(page)
    assert said[-1] == ("五华区", 5, 8, "62.5%", 0)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_the_workbook_says_what_the_page_says(answers: tuple[Any, bytes, bytes]) -> None:
    page, _csv, content = answers
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    cells = [list(row) for row in sheet.iter_rows()]
    facts = {row[0].value: row[1].value for row in cells[1:6]}
    assert facts["As of"] == "2026-03-02"
    assert facts["Place"] == "五华区 (530102)"
    assert facts["Source"] == "test · 1"
    top = next(number for number, row in enumerate(cells) if row[2].value == "Facility")
    said = []
    for row in cells[top + 1 :]:
        rate = row[6].value if isinstance(row[6].value, str) else f"{row[6].value * 100:.1f}%"
        said.append((row[2].value, row[4].value, row[5].value, rate, row[7].value))
    assert said == shown(page)
    assert all(cell.data_type != "f" for row in cells for cell in row)


@pytest.mark.parametrize("text", EVIL)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert safe(text).startswith("'")
    sheet = Sheet("t", (("a", text),), (text,), ((text, 1, Rate(1, 2)),))
    (row,) = list(csv.reader(io.StringIO(csv_bytes(sheet).decode("utf-8-sig"), newline="")))[1:]
    assert row == [f"'{text}", "1", "50.0%"]
    page = load_workbook(io.BytesIO(xlsx_bytes(sheet))).worksheets[0]
    cells = [cell for line in page.iter_rows() for cell in line if cell.value is not None]
    assert all(cell.data_type in ("s", "n") for cell in cells)


def test_plain_text_stays_as_it_is() -> None:
    for text in ("五华春芽托育园", "a=b", "1-2", "–", ""):
        assert safe(text) == text


def test_a_control_character_cannot_spoil_the_workbook() -> None:
    sheet = Sheet("[a]/b*?:\\" + "长" * 40, (), ("x",), (("a\x00b\x1fc",),))
    page = load_workbook(io.BytesIO(xlsx_bytes(sheet))).worksheets[0]
    assert [cell.value for row in page.iter_rows() for cell in row if cell.value][-1] == "abc"


def test_a_rate_is_a_number_cut_to_a_tenth_and_nobody_is_a_dash() -> None:
    sheet = Sheet("t", (), ("r",), ((Rate(8499, 10000),), (Rate(0, 0),)))
    page = load_workbook(io.BytesIO(xlsx_bytes(sheet))).worksheets[0]
    values = [(row[0].value, row[0].number_format) for row in page.iter_rows()][-2:]
    assert values[0] == (0.849, "0.0%")
    assert values[1][0] == "–"

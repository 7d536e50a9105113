"""The story's first step: a manager brings in thirty staff from Excel; what is broken is told by row."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from core import clock
from oversight.queries import rate_table
from registry.models import Account, Employment, Facility, Person, RosterImport
from registry.rules.documents import check_character
from registry.rules.synthetic import synthetic_resident_id
from tests.factories import credentials as cred
from tests.factories import oversight as figures
from tests.factories import registry as make
from tests.journeys.watched import digest

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account | None], Client]
DAY = date(2026, 3, 2)
TITLES = ("姓名", "证件类型", "证件号码", "岗位", "入职日期", "手机号码")
GOOD, BROKEN = 27, 3
MISTYPED = "The last character does not fit the others, so one is mistyped. Compare it with the document."


def checked(seventeen: str) -> str:
    return seventeen + check_character(seventeen)


# row of the sheet: what is wrong with the number there
WRONG: dict[int, tuple[Callable[[str], str], str]] = {
    5: (lambda number: number[:-1] + ("1" if number[-1] != "1" else "2"), MISTYPED),
    12: (lambda number: number[:-2], "The number has too many or too few characters."),
    20: (
        lambda number: checked(number[:10] + "1332" + number[14:17]),
        "The birth date inside the number does not exist.",
    ),
}


def number(serial: int) -> str:
    return synthetic_resident_id("530199", date(1985 + serial % 12, 1 + serial % 12, 10), 2 * serial)


def roster() -> bytes:
    """Thirty people below one row of titles, as a spreadsheet program would save them."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "花名册"
    sheet.append(list(TITLES))
    for line in range(2, 2 + GOOD + BROKEN):
        printed = number(line)
        if line in WRONG:
            printed = WRONG[line][0](printed)
        occupation = "负责人" if line == 2 else "保育员"
        sheet.append(
            [f"员工{chr(0x4E00 + line)}", "居民身份证", printed, occupation, date(2025, 9, 1), "13900000000"]
        )
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with clock.set_to(cred.at(DAY)):
        yield


@pytest.fixture
def manager(client_of: ClientOf, director: Account) -> Client:
    return client_of(director)


@pytest.fixture
def sent(manager: Client, home_facility: Facility) -> HttpResponse:
    url = reverse("registry:roster_upload", args=[home_facility.public_id])
    return manager.post(url, {"file": SimpleUploadedFile("花名册.xlsx", roster())})


def at(name: str) -> str:
    imported = RosterImport.objects.select_related("facility").get()
    return reverse(f"registry:{name}", args=[imported.facility.public_id, imported.public_id])


def plain(answer: HttpResponse) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def figures_of(facility: Facility) -> tuple[int, int]:
    rate = rate_table(facility.division, on=DAY).rate
    return rate.numerator, rate.denominator


def test_the_preview_lists_the_broken_rows_and_takes_nobody_in(manager: Client, sent: HttpResponse) -> None:
    assert (sent.status_code, sent["Location"]) == (303, at("roster"))
    before = digest()
    page = manager.get(sent["Location"])
    shown = plain(page)
    for line, (_break, sentence) in WRONG.items():
        assert f"Row {line}" in shown
        assert sentence in shown
    assert shown.count("Row ") == BROKEN
    for line in range(2, 2 + GOOD + BROKEN):  # whole numbers are in the file, not on the page
        assert number(line) not in page.content.decode()
    assert not Employment.objects.exists()
    assert digest() == before


def test_confirming_lets_the_others_in_and_the_denominator_grows(
    manager: Client, home_facility: Facility, sent: HttpResponse
) -> None:
    figures.standards()
    veteran = make.employment(at=home_facility)
    figures.plain_certificate(of=veteran.person, valid_from=DAY, valid_until=date(2031, 3, 2))
    assert figures_of(home_facility) == (1, 1)
    assert manager.post(at("roster_confirm")).status_code == 303
    assert figures_of(home_facility) == (1, 1 + GOOD)
    posts = Employment.objects.filter(facility=home_facility).exclude(pk=veteran.pk)
    assert {post.started_on for post in posts} == {date(2025, 9, 1)}
    assert sorted(posts.values_list("occupation", flat=True)) == ["caregiver"] * (GOOD - 1) + ["director"]
    names = {f"员工{chr(0x4E00 + line)}" for line in range(2, 2 + GOOD + BROKEN) if line not in WRONG}
    assert set(posts.values_list("person__name", flat=True)) == names
    report = RosterImport.objects.get().report
    assert (report["new_people"], report["hired"], report["refused"]) == (GOOD, GOOD, BROKEN)
    figures.plain_certificate(of=posts[0].person, valid_from=DAY, valid_until=date(2031, 3, 2),
                              occupation=posts[0].occupation)  # fmt: skip
    assert figures_of(home_facility) == (2, 1 + GOOD)
    assert "Report of the import" in plain(manager.get(at("roster")))


def test_confirming_again_does_nothing_and_neither_does_the_same_file(
    manager: Client, home_facility: Facility, sent: HttpResponse
) -> None:
    manager.post(at("roster_confirm"))
    before = digest()
    assert manager.post(at("roster_confirm")).status_code == 303
    assert digest() == before
    people = Person.objects.count()
    url = reverse("registry:roster_upload", args=[home_facility.public_id])
    again = manager.post(url, {"file": SimpleUploadedFile("花名册.xlsx", roster())})
    assert manager.post(f"{again['Location']}confirm/").status_code == 303
    assert (Employment.objects.count(), Person.objects.count()) == (GOOD, people)
    latest = RosterImport.objects.order_by("-pk")[0]
    assert (latest.report["already"], latest.report["hired"], latest.report["refused"]) == (GOOD, 0, BROKEN)


def test_the_broken_rows_come_back_as_a_file_that_can_be_mended_and_sent_again(
    manager: Client, home_facility: Facility, sent: HttpResponse
) -> None:
    manager.post(at("roster_confirm"))
    answer = manager.get(at("roster_errors"))
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer["Cache-Control"] == "no-store"
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    lines = [
        dict(zip(titles, (cell.value for cell in line), strict=True)) for line in sheet.iter_rows(min_row=2)
    ]
    assert [line["证件号码"] for line in lines] == [WRONG[row][0](number(row)) for row in WRONG]
    assert [line["姓名"] for line in lines] == [f"员工{chr(0x4E00 + row)}" for row in WRONG]
    for line, (_break, sentence) in zip(lines, WRONG.values(), strict=True):
        assert any(sentence in str(value) for value in line.values())
    column = titles.index("证件号码") + 1
    for place, row in enumerate(WRONG, start=2):
        sheet.cell(place, column).value = number(row)
    stream = io.BytesIO()
    book.save(stream)
    url = reverse("registry:roster_upload", args=[home_facility.public_id])
    mended = manager.post(url, {"file": SimpleUploadedFile("补正.xlsx", stream.getvalue())})
    assert mended.status_code == 303
    assert manager.post(f"{mended['Location']}confirm/").status_code == 303
    assert Employment.objects.filter(facility=home_facility).count() == GOOD + BROKEN

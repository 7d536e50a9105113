"""A manager brings her staff in from Excel."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from registry.models import Account, Employment, Facility, RosterImport
from tests.factories import registry as make
from tests.registry.roster_files import number, renamed_zip, row, xlsx

ClientOf = Callable[[Account | None], Client]


def upload(client: Client, facility: Facility, content: bytes, name: str = "花名册.xlsx") -> Any:
    url = reverse("registry:roster_upload", args=[facility.public_id])
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def address(name: str, facility: Facility, roster: RosterImport) -> str:
    return reverse(f"registry:{name}", args=[facility.public_id, roster.public_id])


def test_the_whole_journey(client_of: ClientOf, director: Account, home_facility: Facility) -> None:
    banned = make.person(name="王禁", number=number(20))
    make.exclusion(of=banned)
    client = client_of(director)
    broken = number(14)[:-1] + ("1" if number(14)[-1] != "1" else "2")
    answer = upload(
        client,
        home_facility,
        xlsx(
            row("李一", 12),
            row("李二", 14, number=broken),
            row("李三", 16, occupation="魔术师"),
            row("=1+1", 18),
            row("王禁", 20),
        ),
    )
    roster = RosterImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, address("roster", home_facility, roster))

    preview = client.get(answer["Location"]).content.decode()
    for words in ("Row 3", "one is mistyped", "Row 4", "This occupation is not known", "Row 5", "李一"):
        assert words in preview
    for hidden in (number(12), broken):
        assert hidden not in preview
    assert not Employment.objects.exists()

    assert client.post(address("roster_confirm", home_facility, roster)).status_code == 303
    assert client.post(address("roster_confirm", home_facility, roster)).status_code == 303
    assert [post.person.name for post in Employment.objects.all()] == ["李一"]
    report = client.get(answer["Location"]).content.decode()
    assert "Report of the import" in report
    assert "This person may not be employed in childcare" in report

    book = client.get(address("roster_errors", home_facility, roster))
    sheet = load_workbook(io.BytesIO(book.content)).worksheets[0]
    assert [sheet.cell(line, 1).value for line in range(2, 6)] == ["李二", "李三", None, "王禁"]
    assert book["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (xlsx(row("李一", 12), merge="A1:B1"), "merged cells"),
        (xlsx(["李一", number(12)], header=("姓名", "证件号码")), "岗位、入职日期"),
        (renamed_zip(), "not a workbook"),
        (b"GIF89a", "does not fit its name"),
    ],
)
def test_a_file_that_is_no_roster_keeps_the_page_and_says_why(
    client_of: ClientOf, director: Account, home_facility: Facility, content: bytes, words: str
) -> None:
    answer = upload(client_of(director), home_facility, content)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not RosterImport.objects.exists()


def test_without_a_file_the_page_asks_for_one(
    client_of: ClientOf, director: Account, home_facility: Facility
) -> None:
    answer = client_of(director).post(reverse("registry:roster_upload", args=[home_facility.public_id]), {})
    assert "This field is required" in answer.content.decode()


def test_an_empty_page_complains_of_nothing(
    client_of: ClientOf, director: Account, home_facility: Facility
) -> None:
    page = client_of(director).get(reverse("registry:roster_upload", args=[home_facility.public_id]))
    assert "error-summary" not in page.content.decode()
    assert "No imports yet" in page.content.decode()


def test_discarding_leaves_nothing(client_of: ClientOf, director: Account, home_facility: Facility) -> None:
    client = client_of(director)
    upload(client, home_facility, xlsx(row("李一", 12)))
    roster = RosterImport.objects.get()
    assert client.post(address("roster_discard", home_facility, roster)).status_code == 303
    assert "Discarded roster" in client.get(address("roster", home_facility, roster)).content.decode()
    assert client.post(address("roster_confirm", home_facility, roster)).status_code == 409
    assert not Employment.objects.exists()


def test_a_get_confirms_and_discards_nothing(
    client_of: ClientOf, director: Account, home_facility: Facility
) -> None:
    client = client_of(director)
    upload(client, home_facility, xlsx(row("李一", 12)))
    roster = RosterImport.objects.get()
    for name in ("roster_confirm", "roster_discard"):
        assert client.get(address(name, home_facility, roster)).status_code == 405
    roster.refresh_from_db()
    assert roster.state == "preview"


@pytest.mark.parametrize(
    ("who", "status"),
    [("other_director", 404), ("county_officer", 403), ("learner", 403), ("administrator", 403), (None, 302)],
)
def test_the_roster_of_a_facility_is_its_manager_s_alone(
    client_of: ClientOf, request: pytest.FixtureRequest, home_facility: Facility, who: str | None, status: int
) -> None:
    upload(client_of(request.getfixturevalue("director")), home_facility, xlsx(row("李一", 12)))
    roster = RosterImport.objects.get()
    client = client_of(request.getfixturevalue(who) if who else None)
    for name in ("roster", "roster_errors"):
        assert client.get(address(name, home_facility, roster)).status_code == status
    for name in ("roster_confirm", "roster_discard"):
        assert client.post(address(name, home_facility, roster)).status_code == status
    for name in ("roster_upload", "roster_template"):
        assert client.get(reverse(f"registry:{name}", args=[home_facility.public_id])).status_code == status
    roster.refresh_from_db()
    assert roster.state == "preview"


def test_a_roster_is_not_found_under_another_facility(
    client_of: ClientOf,
    director: Account,
    other_director: Account,
    home_facility: Facility,
    other_facility: Facility,
) -> None:
    upload(client_of(director), home_facility, xlsx(row("李一", 12)))
    roster = RosterImport.objects.get()
    assert client_of(other_director).get(address("roster", other_facility, roster)).status_code == 404


def test_one_and_three_imports_take_the_same_queries(
    client_of: ClientOf, director: Account, home_facility: Facility, django_assert_max_num_queries: Any
) -> None:
    client = client_of(director)
    url = reverse("registry:roster_upload", args=[home_facility.public_id])
    make.roster_import(at=home_facility, by=director)
    with django_assert_max_num_queries(20) as first:
        client.get(url)
    for _ in range(2):
        make.roster_import(at=home_facility, by=make.account())
    with django_assert_max_num_queries(len(first.captured_queries)):
        assert client.get(url).status_code == 200


def test_the_template_is_a_workbook(client_of: ClientOf, director: Account, home_facility: Facility) -> None:
    answer = client_of(director).get(reverse("registry:roster_template", args=[home_facility.public_id]))
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [cell.value for cell in sheet[1]][:4] == ["姓名", "证件类型", "证件号码", "岗位"]

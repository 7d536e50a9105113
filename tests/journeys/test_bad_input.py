"""Bad input over HTTP: a plain sentence, what was typed still there, and the database as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from core import clock
from registry.models import Account, Facility, Person
from tests.factories import credentials as cred
from tests.factories import lms as learn
from tests.factories import oversight as figures
from tests.journeys.watched import AUDIT, Watched, digest, file, plain, text
from tests.registry.roster_files import number, row, xlsx
from tests.trainers import files

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account | None], Client]
BROKEN = number(14)[:-1] + ("1" if number(14)[-1] != "1" else "2")
MISTYPED = "The last character does not fit the others, so one is mistyped. Compare it with the document."


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    cache.clear()
    with clock.set_to(learn.AT):
        yield


def test_the_digest_sees_a_changed_letter(learner: Account) -> None:
    before = digest()
    assert digest() == before
    Person.objects.filter(pk=learner.person_id).update(name="李小和")
    assert {table for table in before if digest()[table] != before[table]} == {"registry_person"}
    assert len(before) > 30


# ── a broken ID ─────────────────────────────────────────────────────────────


def test_a_broken_id_in_the_form(client_of: ClientOf, director: Account, home_facility: Facility) -> None:
    browser = Watched(client_of(director))
    typed = {
        "name": "李一", "document_kind": "resident_id", "document_number": BROKEN, "phone": "139 0000 0000",
        "occupation": "caregiver", "started_on": "2026-03-02",
    }  # fmt: skip
    answer = browser.post(reverse("registry:employ_one", args=[home_facility.public_id]), typed)
    page = text(answer)
    assert (answer.status_code, MISTYPED in page) == (200, True)
    for word in ("李一", BROKEN, "139 0000 0000", "2026-03-02"):
        assert f'value="{word}"' in page
    assert browser.changed == set()


def test_a_broken_id_in_a_roster(client_of: ClientOf, director: Account, home_facility: Facility) -> None:
    browser = Watched(client_of(director))
    content = xlsx(row("李一", 12), row("李二", 14, number=BROKEN))
    answer = browser.post(
        reverse("registry:roster_upload", args=[home_facility.public_id]), {"file": file(content, "a.xlsx")}
    )
    assert answer.status_code == 303
    assert browser.changed == {"registry_rosterimport", *AUDIT}
    page = text(browser.get(answer["Location"]))
    assert "Row 3" in page
    assert MISTYPED in page
    assert BROKEN not in page
    assert browser.changed == set()


# ── files ───────────────────────────────────────────────────────────────────


def test_a_roster_with_a_merged_header(
    client_of: ClientOf, director: Account, home_facility: Facility
) -> None:
    browser = Watched(client_of(director))
    content = xlsx(row("李一", 12), merge="A1:B1")
    url = reverse("registry:roster_upload", args=[home_facility.public_id])
    answer = browser.post(url, {"file": file(content, "花名册.xlsx")})
    assert answer.status_code == 200
    assert "The header row has merged cells, so its columns cannot be told apart." in text(answer)
    assert 'type="file"' in text(answer)
    assert browser.changed == set()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (files.archive(**{"film.mp4": b"\0" * 2000}), "This is an archive, whatever its name says."),
        (files.pdf(), "The name of the file promises something else than what it contains."),
        (files.video()[:-900], "The file is damaged or incomplete."),
    ],
    ids=["renamed zip", "renamed pdf", "half a film"],
)
def test_a_video_that_is_none(client_of: ClientOf, trainer: Account, content: bytes, sentence: str) -> None:
    browser = Watched(client_of(trainer))
    answer = browser.post(
        reverse("trainers:upload"), {"title": "洗手的七个步骤", "file": file(content, "film.mp4")}
    )
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'value="洗手的七个步骤"' in text(answer)
    assert browser.changed == set()


def test_an_upload_that_says_it_was_bigger(client_of: ClientOf, trainer: Account) -> None:
    browser = Watched(client_of(trainer))
    words = {"title": "洗手", "file": file(files.pdf(), "a.pdf"), "declared_bytes": "999999"}
    answer = browser.post(reverse("trainers:upload"), words)
    assert answer.status_code == 422
    assert "The file did not arrive whole: the connection broke off. Upload it again." in text(answer)
    assert 'value="洗手"' in text(answer)
    assert browser.changed == set()


@pytest.mark.parametrize("declared", ["", str(len(files.video()))], ids=["without script", "with script"])
def test_a_body_that_breaks_off(client_of: ClientOf, trainer: Account, declared: str) -> None:
    """What is left of the request has the title and no whole file."""
    browser = Watched(client_of(trainer))
    film = file(files.video(), "film.mp4")
    body = encode_multipart(BOUNDARY, {"title": "洗手", "declared_bytes": declared, "file": film})
    answer = browser.sent(
        browser.client.generic("POST", reverse("trainers:upload"), body[:-1200], MULTIPART_CONTENT)
    )
    assert answer.status_code == 422
    assert "File: This field is required." in plain(answer)
    assert 'value="洗手"' in text(answer)
    assert browser.changed == set()


def test_a_roster_that_breaks_off(client_of: ClientOf, director: Account, home_facility: Facility) -> None:
    browser = Watched(client_of(director))
    body = encode_multipart(BOUNDARY, {"file": file(xlsx(row("李一", 12)), "花名册.xlsx")})
    url = reverse("registry:roster_upload", args=[home_facility.public_id])
    answer = browser.sent(browser.client.generic("POST", url, body[:-1500], MULTIPART_CONTENT))
    assert answer.status_code == 200
    assert "Roster: This field is required." in plain(answer)
    assert browser.changed == set()


# ── what is not there ───────────────────────────────────────────────────────


def test_an_unknown_division(client_of: ClientOf, county_officer: Account) -> None:
    figures.standards()
    browser = Watched(client_of(county_officer))
    page = browser.get("/oversight/539999/")
    assert (page.status_code, "Nothing is kept here" in text(page)) == (404, True)
    answer = browser.get("/api/v1/rates?division=539999")
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (404, "application/json")
    assert browser.changed == set()
    assert browser.get("/oversight/530102/").status_code == 200
    assert browser.get("/api/v1/rates?division=530102").status_code == 200
    with pytest.raises(CommandError, match="--division '539999' is unknown; six digits of GB/T 2260"):
        call_command("rates", "--as-of", "2026-03-01", "--division", "539999")


def test_a_revoked_code() -> None:
    certificate = cred.certificate()
    cred.mark(on=certificate)
    browser = Watched(Client(headers={"accept-language": "en"}))
    for code in (certificate.verify_code, certificate.verify_code.lower()):
        page = browser.get(f"/C/{code}")
        assert (page.status_code, "<h2>Revoked</h2>" in text(page)) == (200, True)
        assert "This certificate was revoked. Its holder may not work on it." in text(page)
    assert browser.changed == set()


@pytest.mark.parametrize("code", ["4K7P0QXM9ATB", "4K7P", "没有这个"])
def test_a_code_that_never_existed(code: str) -> None:
    cred.certificate()
    browser = Watched(Client(headers={"accept-language": "en"}))
    page = browser.get(f"/C/{code}")
    assert page.status_code == 404
    assert "No certificate has this code. Nothing is known in its favour." in text(page)
    assert browser.changed == set()


def test_a_code_typed_wrong_stays_in_its_field() -> None:
    browser = Watched(Client(headers={"accept-language": "en"}))
    page = browser.get("/verify/?code=4K7P-0QXM")
    assert (page.status_code, 'value="4K7P-0QXM"' in text(page)) == (422, True)
    assert browser.changed == set()

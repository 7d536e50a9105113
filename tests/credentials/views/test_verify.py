"""The public page: six honest states, two languages, nothing said that need not be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.days import SHANGHAI
from credentials import limits
from credentials.models import Certificate, SigningKey
from credentials.rules import code as codes
from credentials.rules import number as numbers
from registry.models import Account
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
NAME = "欧阳若溪"
TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _on_the_first_of_june() -> Any:
    cache.clear()
    with clock.set_to(datetime(2026, 6, 1, 10, 0, tzinfo=SHANGHAI)):
        yield
    cache.clear()


@pytest.fixture
def certificate() -> Certificate:
    return cred.certificate(of=make.person(name=NAME))


def ask(certificate: Certificate | str, language: str = "zh-hans", **query: str) -> Any:
    code = certificate if isinstance(certificate, str) else certificate.verify_code
    return Client(headers={"accept-language": language}).get(f"/C/{code}", query)


def _valid() -> Certificate:
    return cred.certificate(of=make.person(name=NAME))


def _expired() -> Certificate:
    return cred.certificate(of=make.person(name=NAME), issued_on=date(2020, 5, 1))


def _not_yet() -> Certificate:
    start = date(2026, 7, 1)
    return cred.certificate(of=make.person(name=NAME), valid_from=start, valid_until=date(2031, 7, 1))


def _marked(kind: str, ground: str, **fields: Any) -> Certificate:
    certificate = _valid()
    cred.mark(on=certificate, kind=kind, ground=ground, effective_on=date(2026, 5, 20), **fields)
    return certificate


def _forged() -> Certificate:
    certificate = _valid()
    with connection.cursor() as cursor:
        for name in ("credentials_certificate_no_update",):
            suffix = "" if connection.vendor == "sqlite" else " ON credentials_certificate"
            cursor.execute(f'DROP TRIGGER "{name}"{suffix}')
    Certificate.objects.filter(pk=certificate.pk).update(
        snapshot=certificate.snapshot.replace("2031-03-02", "2099-03-02"), valid_until=date(2099, 3, 2)
    )
    return certificate


STATES: list[tuple[Callable[[], Certificate], str, str, str, int]] = [
    (_valid, "有效", "Valid", "valid", 200),
    (_expired, "已过期", "Expired", "expired", 200),
    (_not_yet, "尚未生效", "Not valid yet", "expired", 200),
    (
        lambda: _marked("suspended", "interim", until=date(2026, 7, 1)),
        "已暂停",
        "Suspended",
        "suspended",
        200,
    ),
    (lambda: _marked("replaced", "correction"), "已换发", "Replaced", "replaced", 200),
    (lambda: _marked("revoked", "error"), "已撤销", "Revoked", "revoked", 200),
    (_forged, "无法查验", "Could not check", "could_not_check", 503),
]


@pytest.mark.parametrize(("made", "chinese", "english", "state", "status"), STATES)
def test_each_state_is_said_in_both_languages_and_to_machines(
    made: Callable[[], Certificate], chinese: str, english: str, state: str, status: int
) -> None:
    certificate = made()
    for language, word in (("zh-hans", chinese), ("en", english)):
        response = ask(certificate, language)
        assert response.status_code == status
        assert f"<h2>{word}</h2>" in response.content.decode()
    answer = Client(headers={"accept": "application/json"}).get(f"/C/{certificate.verify_code}")
    assert (answer.status_code, answer.json()["state"]) == (status, state)


@pytest.mark.parametrize(("made", "chinese", "english", "state", "status"), STATES)
def test_no_state_tells_the_name_a_document_or_a_ground(
    made: Callable[[], Certificate], chinese: str, english: str, state: str, status: int
) -> None:
    certificate = made()
    number = certificate.holder.documents.get().number
    for language in ("zh-hans", "en"):
        page = ask(certificate, language).content.decode()
        machine = (
            Client(headers={"accept": "application/json"})
            .get(f"/C/{certificate.verify_code}")
            .content.decode()
        )
        for text in (page, machine):
            for secret in (
                NAME,
                number,
                number[-4:],
                "1990-05-01",
                "虐待",
                "禁入",
                "lifetime",
                "misconduct",
                "ban-",
            ):
                assert secret not in text


def test_a_ban_and_an_error_look_the_same() -> None:
    pages = []
    for ground in ("error", "ban", "misconduct"):
        certificate = _marked("revoked", ground, reason="秘密的理由")
        page = ask(certificate, "en").content.decode()
        for own in (codes.grouped(certificate.verify_code), numbers.grouped(certificate.number)):
            page = page.replace(own, "…")
        pages.append(page.split("<main")[1])
    assert pages[0] == pages[1] == pages[2]
    assert "秘密的理由" not in pages[0]


def test_an_answer_says_since_when_who_and_from_where(certificate: Certificate, settings: Any) -> None:
    page = ask(certificate, "en").content.decode()
    for words in (
        "since 2 Mar 2026",
        "欧**溪",
        "1 Mar 2031",
        "120 class hours",
        "云南省卫生健康委员会",
        "127.0.0.1:8000",
    ):
        assert words in page


def test_yesterday_is_still_valid_after_a_ban_today(certificate: Certificate) -> None:
    cred.mark(on=certificate, ground="ban", effective_on=TODAY)
    assert "<h2>Revoked</h2>" in ask(certificate, "en").content.decode()
    yesterday = ask(certificate, "en", on="2026-05-31").content.decode()
    assert "<h2>Valid</h2>" in yesterday
    assert "As of 31 May 2026" in yesterday


@pytest.mark.parametrize("day", ["2026-06-02", "yesterday", "1999-12-31", "2026-02-30"])
def test_a_day_that_cannot_be_asked_about_gives_today_and_says_so(certificate: Certificate, day: str) -> None:
    page = ask(certificate, "en", on=day).content.decode()
    assert "That day cannot be asked about" in page
    assert "As of" not in page


@pytest.mark.parametrize(
    "change", [str.lower, lambda code: f"{code[:4]}-{code[4:8]} {code[8:]}", lambda c: f" {c}"]
)
def test_a_code_is_read_forgivingly(certificate: Certificate, change: Callable[[str], str]) -> None:
    assert ask(change(certificate.verify_code)).status_code == 200
    assert Client().get(f"/c/{certificate.verify_code.lower()}").status_code == 200


def test_wrong_foreign_and_mistyped_codes_get_the_same_bytes(certificate: Certificate) -> None:
    wrong = ask("4K7P0QXM9ATB")
    foreign = ask(certificate.number)
    mistyped = ask("%3F%3F")
    assert wrong.status_code == foreign.status_code == mistyped.status_code == 404
    assert wrong.content == foreign.content == mistyped.content
    assert dict(wrong.headers) == dict(foreign.headers) == dict(mistyped.headers)


def test_the_page_is_private_to_the_moment(certificate: Certificate) -> None:
    for response in (ask(certificate), ask("4K7P0QXM9ATB")):
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert not response.cookies


def test_one_query_and_no_session_even_for_somebody_signed_in(
    certificate: Certificate, learner: Account, client_of: Any
) -> None:
    client = client_of(learner)
    address = reverse("credentials:verify", kwargs={"code": certificate.verify_code})
    assert address == f"/C/{certificate.verify_code}"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) == 1
    assert not [query for query in queries if "session" in query["sql"] or "account" in query["sql"]]


def test_a_database_that_fails_is_never_valid(certificate: Certificate) -> None:
    def broken(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise DatabaseError("the disk is gone")

    with connection.execute_wrapper(broken):
        page = ask(certificate, "en")
        machine = Client(headers={"accept": "application/json"}).get(f"/C/{certificate.verify_code}")
    assert page.status_code == machine.status_code == 503
    assert "<h2>Could not check</h2>" in page.content.decode()
    assert machine.json()["state"] == "could_not_check"
    assert "certificate" not in machine.json()


@pytest.mark.parametrize(
    "error",
    [InterfaceError("the connection is closed"), ValueError("Invalid isoformat string: 'soon'")],
)
def test_nor_is_one_whose_connection_or_rows_cannot_be_read(
    certificate: Certificate, error: Exception
) -> None:
    """A driver says so in its own words: not every one of them is a DatabaseError."""

    def broken(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise error

    with connection.execute_wrapper(broken):
        page = ask(certificate, "en")
        machine = Client(headers={"accept": "application/json"}).get(f"/C/{certificate.verify_code}")
        api = Client().get(f"/api/v1/certificates/{certificate.verify_code}")
    assert page.status_code == machine.status_code == api.status_code == 503
    assert "<h2>Could not check</h2>" in page.content.decode()
    assert machine.json()["state"] == api.json()["state"] == "could_not_check"


def test_a_key_that_was_compromised_before_the_issue_proves_nothing(certificate: Certificate) -> None:
    SigningKey.objects.filter(kid=certificate.kid).update(compromised_since=certificate.issued_at)
    assert ask(certificate).status_code == 503


def test_a_key_compromised_later_still_proves(certificate: Certificate) -> None:
    later = certificate.issued_at + timedelta(seconds=1)
    SigningKey.objects.filter(kid=certificate.kid).update(compromised_since=later)
    assert ask(certificate).status_code == 200


def test_an_address_that_guesses_is_stopped_and_the_neighbour_is_not(certificate: Certificate) -> None:
    client = Client()
    for _ in range(limits.PER_ADDRESS_A_MINUTE):
        assert client.get("/C/4K7P0QXM9ATB").status_code == 404
    assert client.get("/C/4K7P0QXM9ATB").status_code == 429
    stopped = client.get(f"/C/{certificate.verify_code}")
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "60")
    assert Client(REMOTE_ADDR="10.1.2.3").get(f"/C/{certificate.verify_code}").status_code == 200
    with clock.set_to(clock.now() + timedelta(seconds=61)):
        assert client.get(f"/C/{certificate.verify_code}").status_code == 200


def test_right_codes_are_not_counted(certificate: Certificate) -> None:
    client = Client()
    for _ in range(limits.PER_ADDRESS_A_MINUTE + 5):
        assert client.get(f"/C/{certificate.verify_code}").status_code == 200


def test_all_together_are_told_so_many_wrong_codes_a_second_and_a_first_scan_is_answered(
    certificate: Certificate,
) -> None:
    with clock.set_to(clock.now()):  # one second, however busy the machine
        told = [
            Client(REMOTE_ADDR=f"10.0.{n // 200}.{n % 200 + 1}").get("/C/4K7P0QXM9ATB").status_code
            for n in range(150)
        ]
        assert (told.count(404), told.count(429)) == (limits.OVERALL_A_SECOND, 50)
        assert Client(REMOTE_ADDR="10.0.0.1").get(f"/C/{certificate.verify_code}").status_code == 429
        assert Client(REMOTE_ADDR="10.9.9.9").get(f"/C/{certificate.verify_code}").status_code == 200


def test_the_typed_code_leads_to_the_answer(certificate: Certificate) -> None:
    response = Client().get("/verify/", {"code": f"  {certificate.verify_code.lower()} "})
    assert response.status_code == 302
    assert response["Location"] == f"/C/{certificate.verify_code}"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the 12-character code"),
        ("4K7P", "A code has 12 digits and letters"),
        ("4K7P 0QXM 9AT证", "digits and Latin letters only"),
    ],
)
def test_a_typed_code_that_cannot_be_one_is_explained_and_kept(typed: str, words: str) -> None:
    response = Client(headers={"accept-language": "en"}).get("/verify/", {"code": typed})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert f'value="{typed}"' in response.content.decode()


def test_a_number_in_place_of_the_code_is_recognised(certificate: Certificate) -> None:
    response = Client(headers={"accept-language": "en"}).get("/verify/", {"code": certificate.number})
    assert "This is the certificate number" in response.content.decode()


def test_the_empty_form_refuses_nothing_yet() -> None:
    assert Client().get("/verify/").status_code == 200

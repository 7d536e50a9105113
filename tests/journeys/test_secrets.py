"""After a hire, a roster, a reveal and a ban through the pages: what the database and the logs still say.

No identity number stands anywhere in plain; the audit and the outbox know nobody by name and no evidence.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.effects import reconcile
from audit.models import Entry, Work
from core import clock
from core.days import SHANGHAI
from credentials.models import BanCase, BanSubject
from registry.models import Account, Employment, Facility, Person, RosterImport
from tests.factories import credentials as make_credentials
from tests.factories import registry as make
from tests.registry import roster_files

SignIn = Callable[[Account | None], Client]
NAMES = ("赵秘一", "钱秘二", "孙秘三")
NUMBERS = tuple(roster_files.number(serial) for serial in (901, 902, 903))
EVIDENCE, SUMMARY, ANSWER, REASON = "录像里的秘密", "午睡室的秘密", "她答的秘密", "裁量的秘密"
PHONE = "13900001234"
DAY = datetime(2026, 6, 1, 10, 0, tzinfo=SHANGHAI)
DECIDED = datetime(2026, 6, 30, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """Everything that was logged or printed."""
    caplog.set_level(logging.DEBUG)
    return lambda: caplog.text + "".join(capfd.readouterr())


@pytest.fixture
def lived(
    transactional_db: None,
    client_of: SignIn,
    director: Account,
    county_officer: Account,
    province_officer: Account,
    home_facility: Facility,
) -> BanSubject:
    """The story, through the pages that people use; every answer is the one that was hoped for."""
    make.standard()
    with clock.set_to(DAY):
        _hired(client_of(director), home_facility)
        subject = _proposed(client_of(county_officer), home_facility)
    with clock.set_to(DECIDED):
        _decided(client_of(province_officer), subject)
        reconcile(limit=100)
    subject.refresh_from_db()
    assert subject.state == BanSubject.State.BANNED
    return subject


def _post(client: Client, name: str, /, *arguments: str, **data: Any) -> Any:
    answer = client.post(reverse(name, args=arguments), data)
    assert answer.status_code in (200, 303), answer.content.decode()
    return answer


def _hired(client: Client, facility: Facility) -> None:
    here = facility.public_id
    hire = {
        "name": NAMES[0],
        "document_kind": "resident_id",
        "document_number": NUMBERS[0],
        "phone": PHONE,
        "occupation": "caregiver",
        "started_on": "2026-05-01",
    }
    assert _post(client, "registry:employ_one", here, **hire).status_code == 303
    other_name = _post(client, "registry:employ_one", here, **{**hire, "name": NAMES[2]})  # kept in the form
    assert other_name.status_code == 200
    rows = [
        roster_files.row(NAMES[1], 902),
        roster_files.row(NAMES[2], 903),
        roster_files.row("坏", 904, number="1"),
    ]
    file = SimpleUploadedFile("roster.xlsx", roster_files.xlsx(*rows))
    _post(client, "registry:roster_upload", here, file=file)
    roster = RosterImport.objects.get()
    _post(client, "registry:roster_confirm", here, roster.public_id)
    assert Person.objects.filter(name__in=NAMES).count() == 3
    post = Employment.objects.get(person__name=NAMES[0])
    document = post.person.documents.get()
    shown = _post(client, "registry:reveal", here, post.public_id, document=document.public_id, why="compare")
    assert NUMBERS[0] in shown.content.decode()


def _proposed(client: Client, facility: Facility) -> BanSubject:
    person = Person.objects.get(name=NAMES[0])
    make_credentials.certificate(of=person)
    _post(
        client,
        "credentials:ban_open",
        credit_code=facility.credit_code,
        incident_on="2026-05-28",
        summary=SUMMARY,
    )
    case = BanCase.objects.get()
    _post(
        client,
        "credentials:ban_propose",
        case.public_id,
        document_number=NUMBERS[0],
        part="person",
        evidence=EVIDENCE,
        notice_served_on="2026-06-01",
        suspended_last_day="2026-08-30",
    )
    subject = BanSubject.objects.get()
    at = (case.public_id, subject.public_id)
    _post(client, "credentials:ban_answer", *at, answered_on="2026-06-01", answer=ANSWER)
    return subject


def _decided(client: Client, subject: BanSubject) -> None:
    subject.refresh_from_db()
    _post(
        client,
        "credentials:ban_decide",
        subject.case.public_id,
        subject.public_id,
        ban="yes",
        reason=REASON,
        sure="on",
        read_version=subject.edited_version,
    )


def everything() -> bytes:
    """Every value of every table, what sessions hold in clear, and the file itself where there is one."""
    parts: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                parts += [
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    for value in row
                ]
    parts += [json.dumps(one.get_decoded(), ensure_ascii=False).encode() for one in Session.objects.all()]
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        parts += [Path(name + end).read_bytes() for end in ("", "-wal") if Path(name + end).exists()]
    return b"\n".join(parts)


def test_no_identity_number_and_no_phone_rests_in_plain(lived: BanSubject, told: Callable[[], str]) -> None:
    kept, logged = everything(), told()
    assert NAMES[0].encode() in kept  # the search finds what is there
    for number in (*NUMBERS, PHONE):
        for form in (number, number.lower(), number[:17], number[6:17]):
            assert form.encode() not in kept, form
            assert form not in logged


def test_the_audit_and_the_outbox_name_nobody(lived: BanSubject, told: Callable[[], str]) -> None:
    entries = json.dumps(list(Entry.objects.values()), default=str, ensure_ascii=False)
    works = json.dumps(list(Work.objects.values()), default=str, ensure_ascii=False)
    acts = set(Entry.objects.values_list("act", flat=True))
    assert {
        "registry.record_person",
        "registry.employ",
        "registry.upload_roster",
        "registry.confirm_roster",
        "registry.reveal_number",
        "credentials.open_case",
        "credentials.propose_ban",
        "credentials.suspend_for_case",
        "credentials.ban_answered",
        "credentials.ban",
        "credentials.revoke",
        "credentials.tell_employer",
        "registry.exclude",
    } <= acts
    assert Work.objects.filter(topic="credentials.banned").exclude(done_at=None).exists()
    assert lived.source in entries
    logged = told()
    for secret in (*NAMES, *NUMBERS, EVIDENCE, SUMMARY, ANSWER, REASON, PHONE):
        assert secret not in entries, secret
        assert secret not in works, secret
        assert secret not in logged, secret

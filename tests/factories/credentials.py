"""Rows of the credentials room. Certificates come through the real door, so that they are signed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from audit.acts import System
from core.days import SHANGHAI, add_years
from credentials.actions.issue import issue
from credentials.actions.key import signing_key
from credentials.actions.render import render
from credentials.models import (
    BanCase,
    BanSubject,
    BanSubjectVersion,
    Certificate,
    CertificateFile,
    EmployerTask,
    NumberSeries,
    OverturnProposal,
    SigningKey,
    StaffCheck,
    StatusMark,
)
from registry.models import Account, Facility, Person, StandardVersion
from registry.rules.standard import Occupation
from tests.factories import registry as make

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
SYSTEM = System("tests")


def at(day: date) -> datetime:
    """Nine in the morning of a Beijing day."""
    return datetime.combine(day, time(9), SHANGHAI)


def standard_for(occupation: Occupation = Occupation.CAREGIVER) -> StandardVersion:
    provinces = StandardVersion.objects.filter(standard__division__code__endswith="0000")
    found = provinces.filter(standard__occupation=occupation).first()
    return found or make.standard(code=f"yunnan-{occupation}", occupation=occupation)


def certificate(
    *,
    of: Person | None = None,
    issued_on: date = DAY,
    years: int = 5,
    occupation: Occupation = Occupation.CAREGIVER,
    division_code: str = "530102",
    **fields: Any,
) -> Certificate:
    """Issued at nine on `issued_on`, valid from that day."""
    values: dict[str, Any] = {
        "standard_version": standard_for(occupation),
        "division": make.division(division_code),
        "cycle_starts_on": issued_on - timedelta(days=365),
        "valid_from": issued_on,
        "valid_until": add_years(issued_on, years),
        "minutes": 5400,
        "breakdown": {"theory": 3600, "practice": 1800, "online": 3600, "offline": 1800},
        "evidence": {"entries": []},
        **fields,
    }
    return issue(holder=of or make.person(), by=SYSTEM, at=at(issued_on), **values)


def certificate_file(*, of: Certificate | None = None) -> CertificateFile:
    return render(certificate=of or certificate(), by=SYSTEM, at=AT)


def mark(*, on: Certificate, **fields: Any) -> StatusMark:
    values = {"kind": "revoked", "ground": "error", "effective_on": DAY, "recorded_at": AT}
    return StatusMark.objects.create(certificate=on, **{**values, **fields})


def signing_key_row() -> SigningKey:
    return SigningKey.objects.get(kid=signing_key(by=SYSTEM, at=AT).kid)


def number_series(prefix: str = "5326B") -> NumberSeries:
    return NumberSeries.objects.get_or_create(prefix=prefix)[0]


def ban_case(*, by: Account, **fields: Any) -> BanCase:
    values = {
        "division": make.division("530102"),
        "incident_on": date(2026, 2, 20),
        "summary": "午睡时体罚幼儿",
        "opened_at": AT,
    }
    return BanCase.objects.create(opened_by=by, **{**values, **fields})


def ban_subject(*, case: BanCase, by: Account, person: Person | None = None, **fields: Any) -> BanSubject:
    """A bare proposal, without its effects; acts are tested through their doors."""
    values = {
        "part": "person",
        "evidence": "监控录像",
        "proposed_at": AT,
        "notice_served_on": DAY,
        "answer_until": date(2026, 3, 17),
    }
    row = BanSubject.objects.create(
        case=case,
        person=person or make.person(),
        proposed_by=by,
        proposed_by_person=by.person,
        **{**values, **fields},
    )
    ban_subject_version(of=row, by=by)
    return row


def ban_subject_version(*, of: BanSubject, by: Account, **fields: Any) -> BanSubjectVersion:
    values = {
        "number": of.edited_version,
        "change": "proposed",
        "recorded_at": AT,
        "part": of.part,
        "evidence": of.evidence,
    }
    return BanSubjectVersion.objects.create(
        subject=of, recorded_by=by, recorded_by_person=by.person, **{**values, **fields}
    )


def overturn_proposal(*, of: BanSubject, by: Account, **fields: Any) -> OverturnProposal:
    values = {"reason": "复议认定事实不清", "document": "行政复议决定书", "proposed_at": AT}
    return OverturnProposal.objects.create(
        subject=of, proposed_by=by, proposed_by_person=by.person, **{**values, **fields}
    )


def employer_task(*, at_facility: Facility, person: Person | None = None, **fields: Any) -> EmployerTask:
    values = {"kind": "banned", "source": "ban-subject:TEST", "raised_at": AT, "due_on": date(2026, 3, 5)}
    return EmployerTask.objects.create(
        facility=at_facility, person=person or make.person(), **{**values, **fields}
    )


def staff_check(*, at_facility: Facility, by: Account, **fields: Any) -> StaffCheck:
    values = {
        "asked_at": AT,
        "kind": "staff",
        "answer": {"on": DAY.isoformat(), "in_post": 0, "fit": 0, "lines": []},
    }
    return StaffCheck.objects.create(facility=at_facility, asked_by=by, **{**values, **fields})

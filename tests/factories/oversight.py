"""Worlds for figures: many posts and certificates at once, without signing each of them.

The rows bypass the doors on purpose: a world may hold what acts would refuse, and the figures must be
right all the same. Nothing here is ever verified.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import count

from core.days import SHANGHAI
from credentials.models import Certificate, StatusMark
from registry.models import Facility, Person, StandardVersion
from registry.rules.standard import Occupation, StandardRules
from tests.factories import registry as make

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_serial = count(1)


def standards(*occupations: Occupation, division_code: str = "530000") -> None:
    """Standards that issue certificates: for directors and caregivers, unless told."""
    for occupation in occupations or (Occupation.DIRECTOR, Occupation.CAREGIVER):
        make.standard(
            code=f"test-{division_code}-{occupation}", occupation=occupation, division_code=division_code
        )


def target(percent: int, *, occupation: Occupation, division_code: str) -> StandardVersion:
    """A target rate alone, as Huzhou has it."""
    return make.standard(
        code=f"target-{division_code}-{occupation}",
        occupation=occupation,
        division_code=division_code,
        rules=StandardRules(target_rate_percent=percent, cycle_years=None, certificate_years=None),
    )


def plain_certificate(
    *,
    of: Person,
    valid_from: date,
    valid_until: date,
    occupation: Occupation = Occupation.CAREGIVER,
    division_code: str = "530102",
) -> Certificate:
    """A row as figures see it: holder, occupation, validity. Its signature is empty."""
    n = next(_serial)
    version = StandardVersion.objects.filter(standard__occupation=occupation).first() or make.standard(
        code=f"test-{occupation}", occupation=occupation
    )
    return Certificate.objects.create(
        number=f"T{n:012d}",
        verify_code=f"T{n:011d}",
        holder=of,
        standard_version=version,
        standard_code=f"plain-{n}",
        occupation=occupation,
        division=make.division(division_code),
        cycle_starts_on=valid_from,
        issued_on=valid_from,
        issued_at=datetime.combine(valid_from, time(9), SHANGHAI),
        valid_from=valid_from,
        valid_until=valid_until,
        minutes=5400,
        snapshot="{}",
        snapshot_sha256="0" * 64,
        kid="test",
        signature=b"",
    )


def mark(*, on: Certificate, effective_on: date, kind: str = "revoked", **fields: object) -> StatusMark:
    values = {"ground": "error", "recorded_at": AT, "source": f"test:{next(_serial)}", **fields}
    return StatusMark.objects.create(certificate=on, kind=kind, effective_on=effective_on, **values)


def staff(
    *,
    at: Facility,
    certified: int,
    without: int = 0,
    occupation: Occupation = Occupation.CAREGIVER,
    since: date = date(2022, 1, 1),
    until: date = date(2031, 1, 1),
) -> list[Person]:
    """So many people in post, the first of them certified from `since` until `until`."""
    people = [make.person() for _ in range(certified + without)]
    for person in people:
        make.employment(of=person, at=at, occupation=occupation, started_on=since)
    for person in people[:certified]:
        plain_certificate(of=person, valid_from=since, valid_until=until, occupation=occupation)
    return people

"""Rows of the registry, as small as they may be."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

from registry.models import (
    Account,
    Division,
    Duty,
    Employment,
    Exclusion,
    Facility,
    Filing,
    IdentityDocument,
    Merge,
    Person,
    RosterImport,
    Standard,
    StandardVersion,
)
from registry.models.person import document_index
from registry.rules.kinds import DutyKind
from registry.rules.standard import Occupation, StandardRules

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_serial = count(1)

NAMES = {
    "530000": ("云南省", "province", None),
    "530100": ("昆明市", "prefecture", "530000"),
    "530102": ("五华区", "county", "530100"),
    "530103": ("盘龙区", "county", "530100"),
    "532900": ("大理白族自治州", "prefecture", "530000"),
    "532901": ("大理市", "county", "532900"),
}


def division(code: str = "530102") -> Division:
    name, level, parent = NAMES[code]
    if parent:
        division(parent)
    row, _ = Division.objects.get_or_create(
        code=code, defaults={"name": name, "level": level, "parent_id": parent}
    )
    return row


def facility(*, division_code: str = "530102", **fields: object) -> Facility:
    n = next(_serial)
    values = {
        "name": f"测试托育园{n}",
        "credit_code": f"TEST{n:014d}",
        "division": division(division_code),
        "places": 60,
        "opened_on": date(2020, 1, 1),
        **fields,
    }
    return Facility.objects.create(**values)


def filing(*, of: Facility, **fields: object) -> Filing:
    return Filing.objects.create(
        facility=of, **{"filed_on": date(2021, 1, 1), "number": "滇备0001", **fields}
    )


def synthetic_number(serial: int, *, birth: date = date(1990, 5, 1)) -> str:
    """A resident identity number with a division code that is not issued to people."""
    body = f"530199{birth:%Y%m%d}{serial % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


def person(*, name: str = "", number: str | None = None, **fields: object) -> Person:
    n = next(_serial)
    name = name or f"测试人{n}"
    row = Person.objects.create(
        **{
            "name": name,
            "name_key": name,
            "birth_date": date(1990, 5, 1),
            "sex": "F",
            "recorded_at": AT,
            **fields,
        }
    )
    number = number or synthetic_number(
        n % 1000, birth=date(1960 + n // 1000 % 40, 1 + n // 40000, 1 + n % 28)
    )
    IdentityDocument.objects.create(
        person=row,
        kind="resident_id",
        number=number,
        number_index=document_index("resident_id", number),
        recorded_at=AT,
    )
    return row


def account(*, of: Person | None = None, username: str = "", **fields: object) -> Account:
    n = next(_serial)
    row = Account(username=username or f"account{n}", person=of or person(), **fields)
    row.set_unusable_password()
    row.save()
    return row


def duty(*, of: Account, kind: DutyKind, **scope: object) -> Duty:
    return Duty.objects.create(
        account=of, kind=kind, **{"starts_on": date(2020, 1, 1), "granted_at": AT, **scope}
    )


def employment(
    *,
    of: Person | None = None,
    at: Facility | None = None,
    occupation: Occupation = Occupation.CAREGIVER,
    **fields: object,
) -> Employment:
    values = {"started_on": date(2022, 1, 1), "recorded_at": AT, **fields}
    return Employment.objects.create(
        person=of or person(), facility=at or facility(), occupation=occupation, **values
    )


def exclusion(*, of: Person, **fields: object) -> Exclusion:
    values = {
        "kind": "ban",
        "source": f"test:{next(_serial)}",
        "from_day": date(2026, 1, 1),
        "recorded_at": AT,
    }
    return Exclusion.objects.create(person=of, **{**values, **fields})


def merge(*, kept: Person, absorbed: Person, accepted: bool | None = True, **fields: object) -> Merge:
    """Accepted and in force unless told; `accepted=None` leaves it to be decided."""
    one, other = account(), account()
    values: dict[str, object] = {
        "kind": "merge",
        "reason": "同一人",
        "evidence": "身份证原件",
        "proposed_at": AT,
        "proposed_by": one,
        "proposed_by_person": one.person,
        "accepted": accepted,
    }
    if accepted is not None:
        values |= {
            "decided_on": AT.date(),
            "decided_at": AT,
            "decided_by": other,
            "decided_by_person": other.person,
            "decision_reason": "已核对",
            "despite_measure": False,
        }
    row = Merge.objects.create(kept=kept, absorbed=absorbed, **{**values, **fields})
    if row.accepted:
        Person.objects.filter(pk=absorbed.pk).update(merged_into=kept if row.kind == "merge" else None)
        absorbed.refresh_from_db()
    return row


def roster_import(*, at: Facility, by: Account, **fields: object) -> RosterImport:
    values = {
        "uploaded_at": AT,
        "file_name": "roster.xlsx",
        "file_sha256": "0" * 64,
        "rows": "[]",
        "row_count": 0,
    }
    return RosterImport.objects.create(facility=at, uploaded_by=by, **{**values, **fields})


def standard(
    *,
    code: str = "yunnan-caregiver",
    occupation: Occupation = Occupation.CAREGIVER,
    division_code: str = "530000",
    rules: StandardRules | None = None,
    in_force_from: date = date(2021, 1, 1),
) -> StandardVersion:
    """A standard with its first version: 120 class hours in five years unless told."""
    row, _ = Standard.objects.get_or_create(
        code=code,
        defaults={
            "division": division(division_code),
            "occupation": occupation,
            "title": "保育人员岗位培训标准",
            "title_en": "Training standard for caregivers",
        },
    )
    return StandardVersion.objects.create(
        standard=row,
        number=row.versions.count() + 1,
        in_force_from=in_force_from,
        rules_json=(rules or StandardRules(needed_minutes=120 * 45)).as_json(),
        citation={"document": "test", "article": "1", "words": "test", "fact": "Y2"},
        source_sha256="0" * 64,
        loaded_at=AT,
    )

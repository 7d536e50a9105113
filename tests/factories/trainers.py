"""Rows of the trainers' room, as small as they may be, and real files to upload."""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from registry.models import Account, Person
from registry.rules.credit_code import synthetic_credit_code
from tests.factories import registry as make
from trainers.models import (
    Appointment,
    ExpertPool,
    Material,
    MaterialReview,
    MaterialVersion,
    Nomination,
    TrainingBody,
)

AT = make.AT
_serial = count(1)


def pool(*, division_code: str = "530000", seats: int = 40, **fields: Any) -> ExpertPool:
    values = {"code": f"p{division_code}", "name": "云南省托育师资库", "created_at": AT, **fields}
    return ExpertPool.objects.create(division=make.division(division_code), seats=seats, **values)


def nomination(*, of: Person | None = None, to: ExpertPool | None = None, **fields: Any) -> Nomination:
    values = {
        "field": "care",
        "workplace": "云南测试大学",
        "title": "教授",
        "reasons": "二十年婴幼儿保育研究",
        "nominated_at": AT,
        **fields,
    }
    values.setdefault("nominated_by", fields.get("nominated_by") or make.account())
    return Nomination.objects.create(pool=to or pool(), person=of or make.person(), **values)


def appointment(
    *, of: Person | None = None, to: ExpertPool | None = None, seat: int = 1, **fields: Any
) -> Appointment:
    to = to or pool()
    of = of or make.person()
    values = {
        "field": "care",
        "starts_on": date(2026, 1, 1),
        "until": date(2029, 1, 1),
        "appointed_at": AT,
        **fields,
    }
    decider = values.pop("appointed_by", None) or make.account()
    settled = nomination(
        of=of, to=to, state="appointed", decided_at=AT, decided_by=decider, field=values["field"]
    )
    return Appointment.objects.create(
        pool=to, person=of, nomination=settled, seat=seat, appointed_by=decider, **values
    )


def material(*, owner: Account, **fields: Any) -> Material:
    values = {"title": f"课件{next(_serial)}", "kind": "pdf", "created_at": AT, **fields}
    return Material.objects.create(owner=owner, **values)


def material_version(*, of: Material, content: bytes | None = None, **fields: Any) -> MaterialVersion:
    """A version whose file exists in the storage; what it holds is not looked at."""
    content = content if content is not None else f"%PDF-1.7 {next(_serial)} %%EOF".encode()
    digest = hashlib.sha256(content).hexdigest()
    name = f"materials/{digest[:2]}/{digest}.pdf"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    values = {
        "number": of.versions.count() + 1,
        "file": name,
        "file_name": "课件.pdf",
        "sha256": digest,
        "bytes": len(content),
        "mime": "application/pdf",
        "pages": 3,
        "uploaded_by": of.owner,
        "uploaded_at": AT,
        **fields,
    }
    return MaterialVersion.objects.create(material=of, **values)


def material_review(
    *, of: MaterialVersion, by: Account | None = None, verdict: str = "approved", **fields: Any
) -> MaterialReview:
    values = {"note": "" if verdict == "approved" else "字太小", "reviewed_at": AT, **fields}
    values.setdefault("uploader", of.uploaded_by)
    return MaterialReview.objects.create(version=of, reviewer=by or make.account(), verdict=verdict, **values)


def training_body(*, division_code: str = "530100", **fields: Any) -> TrainingBody:
    n = next(_serial)
    values = {
        "name": f"测试培训中心{n}",
        "credit_code": synthetic_credit_code("530199", n),
        "accredited_from": date(2024, 1, 1),
        "accredited_at": AT,
        **fields,
    }
    values.setdefault("accredited_by", fields.get("accredited_by") or make.account())
    return TrainingBody.objects.create(division=make.division(division_code), **values)

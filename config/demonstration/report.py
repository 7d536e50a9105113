"""What anybody needs to script against the demonstration."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings

from audit.models import Entry
from config.demonstration.world import BY, PASSWORD
from core.days import Period
from credentials.models import Certificate, StatusMark
from credentials.rules.state import Mark, MarkKind, state_on
from registry.models import Account, Employment, Facility


def accounts(today: date) -> list[dict[str, Any]]:
    """Whom the demonstration let in, with its password; accounts that people opened since are their own."""
    rows = []
    opened = Entry.objects.filter(actor=BY.actor, act="registry.open_account").values_list(
        "subject", flat=True
    )
    ours = {subject.removeprefix("account:") for subject in opened}
    for account in Account.objects.filter(public_id__in=ours).select_related("person").order_by("pk"):
        duty = account.duties_on(today).select_related("division", "facility").first()
        post = (
            Employment.objects.on(today)
            .filter(person=account.person)
            .select_related("facility__division")
            .first()
        )
        facility = duty.facility if duty and duty.facility else (post.facility if post and not duty else None)
        division = duty.division if duty and duty.division else (facility.division if facility else None)
        kind = "learner" if duty is None else duty.kind
        if duty is not None and duty.kind == "officer" and duty.division is not None:
            kind = duty.division.level
        rows.append(
            {
                "username": account.username,
                "password": PASSWORD,
                "kind": kind,
                "division": division.code if division else None,
                "facility": facility.public_id if facility else None,
                "name": account.display_name,
                "place": (facility.name if facility else division.name if division else ""),
            }
        )
    return rows


def whole(today: date) -> dict[str, Any]:
    """Accounts, certificates, facilities, people."""
    return {
        "as_of": today.isoformat(),
        "accounts": accounts(today),
        "certificates": certificates(today),
        "facilities": facilities(today),
        "people": people(today),
    }


def certificates(today: date) -> list[dict[str, Any]]:
    """`not_yet`: a renewal, "expired" because its validity has not begun, as the verify page tells it."""
    marks: dict[int, list[Mark]] = {}
    for row in StatusMark.objects.all():
        marks.setdefault(row.certificate_id, []).append(
            Mark(MarkKind(row.kind), row.effective_on, row.until, row.lifted_on)
        )
    return [
        {
            "code": code,
            "number": number,
            "state": found.state.value,
            "not_yet": found.not_yet,
            "url": f"{settings.PUBLIC_URL}/C/{code}",
            "person": person,
        }
        for pk, code, number, valid_from, valid_until, person in Certificate.objects.order_by(
            "pk"
        ).values_list("pk", "verify_code", "number", "valid_from", "valid_until", "holder__public_id")
        for found in (state_on(Period(valid_from, valid_until), marks.get(pk, ()), today),)
    ]


def facilities(today: date) -> list[dict[str, Any]]:
    filed = set(Facility.objects.filed_on(today).values_list("pk", flat=True))
    return [
        {
            "public_id": facility.public_id,
            "name": facility.name,
            "credit_code": facility.credit_code,
            "division": facility.division_id,
            "filed": facility.pk in filed,
        }
        for facility in Facility.objects.order_by("pk")
    ]


def people(today: date) -> list[dict[str, Any]]:
    """Those in post, a row for each post, with the (synthetic) document number."""
    rows = []
    posts = (
        Employment.objects.on(today)
        .select_related("person", "facility")
        .prefetch_related("person__documents")
    )
    for post in posts.order_by("pk"):
        document = post.person.documents.all()[0]
        rows.append(
            {
                "public_id": post.person.public_id,
                "name": post.person.name,
                "document_kind": document.kind,
                "document": document.number,
                "occupation": post.occupation,
                "facility": post.facility.public_id,
            }
        )
    return rows

"""What the registry knows of me, and who looked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from registry.models import Employment, Exclusion, IdentityDocument
from registry.queries import looks_at
from registry.views import account_of


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    person, today = account.person, clock.today()
    context: dict[str, object] = {"person": person, "duties": account.current_duties, "today": today}
    if person is not None:
        context |= {
            "documents": IdentityDocument.objects.filter(person_id__in=account.record_ids),
            "posts": Employment.objects.filter(person_id__in=account.record_ids)
            .select_related("facility__division")
            .order_by("-started_on"),
            "exclusions": Exclusion.objects.on(today).filter(person_id__in=account.record_ids),
            "looks": looks_at(person),
        }
    response = render(request, "registry/me.html", context)
    response["Cache-Control"] = "no-store"
    return response

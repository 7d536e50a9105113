"""What the registry knows of me, and who looked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from registry.queries import looks_at
from registry.views import account_of


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    person, today = account.person, clock.today()
    context: dict[str, object] = {"person": person, "duties": account.current_duties, "today": today}
    if person is not None:
        context |= {
            "documents": person.documents.all(),
            "posts": person.employments.select_related("facility__division").order_by("-started_on"),
            "exclusions": person.exclusions.on(today),
            "looks": looks_at(person),
        }
    response = render(request, "registry/me.html", context)
    response["Cache-Control"] = "no-store"
    return response

"""Understanding what an officer asks, and where she may look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from core import clock
from oversight.forms import OnForm
from oversight.permissions import overseen_divisions, overseen_facilities
from oversight.queries.people import Which
from registry.models import Division, Facility
from registry.rules.divisions import chain_of
from registry.rules.standard import Occupation
from registry.views import account_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What the figures of a page are of."""

    on: date
    occupation: Occupation | None = None
    which: Which = Which.ALL

    @property
    def query(self) -> str:
        """The question as it follows an address: empty for today and all occupations."""
        words = {
            "on": "" if self.on == clock.today() else self.on.isoformat(),
            "occupation": self.occupation or "",
        }
        said = urlencode({key: value for key, value in words.items() if value})
        return f"?{said}" if said else ""

    def query_of(self, which: Which) -> str:
        """The same, for a part of the people."""
        return f"{self.query}{'&' if self.query else '?'}which={which}"

    @property
    def is_today(self) -> bool:
        return self.on == clock.today()


def understood(form: OnForm) -> Asked | None:
    """None if the question cannot be understood; the form says why."""
    if not form.is_valid():
        return None
    data: dict[str, Any] = form.cleaned_data
    return Asked(data["on"], data.get("occupation"), data.get("which", Which.ALL))


def not_understood(request: HttpRequest, form: OnForm, title: str) -> HttpResponse:
    """No figures for a question that was not asked: the form again, with what is wrong."""
    return render(request, "oversight/not_understood.html", {"form": form, "title": title}, status=422)


def overseen_division(request: HttpRequest, code: str) -> Division:
    """Raises Http404 for one that is unknown or another officer's."""
    return get_object_or_404(Division.objects.filter(overseen_divisions(account_of(request))), code=code)


def overseen_facility(request: HttpRequest, public_id: str) -> Facility:
    """Raises Http404 likewise."""
    facilities = Facility.objects.filter(overseen_facilities(account_of(request)))
    return get_object_or_404(facilities.select_related("division"), public_id=public_id)


def crumbs(request: HttpRequest, code: str, query: str = "") -> list[tuple[str, str]]:
    """From the officer's own division down to `code`, that one included."""
    prefixes = account_of(request).division_prefixes
    chain = Division.objects.filter(code__in=chain_of(code)).order_by("code")
    return [
        (reverse("oversight:division", args=[division.code]) + query, division.name)
        for division in chain
        if any(division.code.startswith(prefix) for prefix in prefixes)
    ]


def data_of(request: HttpRequest) -> QueryDict:
    """What a form of a page with figures is bound to; an address without a day asks for today."""
    data = request.GET.copy()
    if not data.get("on"):
        data["on"] = clock.today().isoformat()
    return data

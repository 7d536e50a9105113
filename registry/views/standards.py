"""The rulebook, readable for everybody."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import clock
from registry.models import Standard, StandardVersion
from registry.views.standard_words import Demands, demands_of


@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """Every standard under its division, with what is in force today, else what comes or came last."""
    today = clock.today()
    rows = Standard.objects.select_related("division").prefetch_related("versions")
    ordered = sorted((row for row in rows if row.versions.all()), key=lambda row: (row.division_id, row.code))
    groups = [
        (division, [(row, *_nearest(row, today)) for row in members])
        for division, members in groupby(ordered, key=lambda row: row.division)
    ]
    return render(request, "registry/standards.html", {"groups": groups, "today": today})


@require_safe
def standard(request: HttpRequest, code: str) -> HttpResponse:
    """One standard: each version with its days, numbers and source, the newest first."""
    row = get_object_or_404(Standard.objects.select_related("division"), code=code)
    today = clock.today()
    versions = [
        (version, _state(version, today), demands_of(version.rules))
        for version in row.versions.order_by("-number")
    ]
    return render(request, "registry/standard.html", {"standard": row, "versions": versions})


def _nearest(row: Standard, today: date) -> tuple[StandardVersion, str, Demands]:
    """The version in force; without one, the next to come; without that, the last there was."""
    versions = sorted(row.versions.all(), key=lambda version: version.in_force_from)
    open_ones = (version for version in versions if _state(version, today) != "expired")
    version = next(open_ones, versions[-1])
    return version, _state(version, today), demands_of(version.rules)


def _state(version: StandardVersion, today: date) -> str:
    """As the status chip names it."""
    if version.in_force_from > today:
        return "pending"
    if version.in_force_until is not None and version.in_force_until <= today:
        return "expired"
    return "valid"

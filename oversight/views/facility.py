"""A facility as its manager sees it: who is certified today, who is next, what to acknowledge."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from core import clock
from credentials.models import EmployerTask
from credentials.queries.staff import staff_standing
from lms.queries import standings_of
from lms.rules.reasons import category_words
from lms.rules.standing import Standing
from oversight.queries.rates import rate_of
from oversight.queries.staff import staff_today
from oversight.views.rates import sources
from registry.models import Employment, Facility, Person
from registry.views import account_of

TASKS_SHOWN = 5


@require_safe
def facilities(request: HttpRequest) -> HttpResponse:
    """The only one at once; of several a list."""
    mine = list(Facility.objects.managed_by(account_of(request)).select_related("division"))
    if len(mine) == 1:
        return redirect("oversight:facility_home", mine[0].public_id)
    today = clock.today()
    present = Employment.objects.on(today).filter(facility__in=mine).values_list("facility_id", "person_id")
    staff = Counter(facility for facility, _person in present.distinct())
    tasks = Counter(
        EmployerTask.objects.filter(facility__in=mine, acknowledged_at=None).values_list(
            "facility_id", flat=True
        )
    )
    rows = [(facility, staff[facility.pk], tasks[facility.pk]) for facility in mine]
    return render(request, "oversight/facilities.html", {"rows": rows, "today": today})


@require_safe
def facility_home(request: HttpRequest, public_id: str) -> HttpResponse:
    facility = _managed(request, public_id)
    today = clock.today()
    table = rate_of(facility, on=today)
    tasks = EmployerTask.objects.filter(facility=facility, acknowledged_at=None).select_related("person")
    open_tasks = list(tasks.order_by("due_on", "pk"))
    context = {
        "facility": facility,
        "today": today,
        "staff": staff_today(facility, on=today),
        "table": table,
        "sources": sources(table),
        "open_tasks": open_tasks[:TASKS_SHOWN],
        "more_tasks": max(0, len(open_tasks) - TASKS_SHOWN),
    }
    return render(request, "oversight/facility_home.html", context)


@dataclass(frozen=True, slots=True)
class Hours:
    """Where one of her staff stands under one standard, in sums; the lines are the learner's own."""

    where: Standing

    @property
    def title(self) -> str:
        return self.where.cycle.version.name

    @property
    def minutes_each(self) -> int:
        return self.where.cycle.version.rules.class_hour_minutes

    @property
    def minimums(self) -> list[tuple[str, int, int, int]]:
        """(word, needed, counted, pending) of the categories that have a minimum."""
        rows = self.where.hours.categories
        return [
            (category_words(row.category), row.needed, row.counted, row.pending) for row in rows if row.needed
        ]

    @property
    def parts(self) -> list[tuple[str, int, int]]:
        """(word, counted, pending) of the categories that are only counted."""
        rows = [row for row in self.where.hours.categories if not row.needed and (row.counted or row.pending)]
        return [(category_words(row.category), row.counted, row.pending) for row in rows]


@require_safe
def staff_member(request: HttpRequest, facility_id: str, public_id: str) -> HttpResponse:
    """One of the present staff: posts here, certificate, sums of hours; no number, no other facility."""
    facility = _managed(request, facility_id)
    today = clock.today()
    here = Employment.objects.on(today).filter(facility=facility)
    member = get_object_or_404(Person.objects.filter(pk__in=here.values("person_id")), public_id=public_id)
    lines = [one for one in staff_standing(facility, on=today).lines if one.employment.person_id == member.pk]
    occupations = {line.employment.occupation for line in lines}
    context = {
        "facility": facility,
        "person": member,
        "today": today,
        "lines": lines,
        "hours": [
            Hours(one)
            for one in standings_of(member, today)
            if one.version.occupation in occupations and one.in_post
        ],
    }
    return render(request, "oversight/staff_member.html", context)


def _managed(request: HttpRequest, public_id: str) -> Facility:
    mine = Facility.objects.managed_by(account_of(request)).select_related("division")
    return get_object_or_404(mine, public_id=public_id)

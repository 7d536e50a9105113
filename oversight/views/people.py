"""The people behind a figure, one of them, and finding one by her name."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from credentials.models import EmployerTask
from oversight.documents.rates import occupation_name
from oversight.forms import WHICH, OnForm, PeopleForm, SearchForm
from oversight.permissions import overseen_people, overseen_posts
from oversight.queries.counted import Place
from oversight.queries.people import Behind, Which, behind, units
from oversight.queries.person import record_of
from oversight.queries.rates import rate_of
from oversight.views.asking import (
    Asked,
    crumbs,
    data_of,
    not_understood,
    overseen_division,
    overseen_facility,
    understood,
)
from oversight.views.rates import by_occupation, headline, sources
from registry.models import Employment, Facility, Filing, Person
from registry.views import account_of

PAGE = 50


@require_safe
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody behind a figure of a division."""
    place = overseen_division(request, code)
    form = PeopleForm(data_of(request))
    asked = understood(form)
    if asked is None:
        return not_understood(request, form, place.name)
    context = {
        **_listed(request, Place.of(place), asked),
        "place": place,
        "form": form,
        "crumbs": crumbs(request, place.code, asked.query),
        "title": _("People in post in %(name)s") % {"name": place.name},
    }
    return render(request, "oversight/people.html", context)


@require_safe
def facility_people(request: HttpRequest, public_id: str) -> HttpResponse:
    """One facility as its officer sees it: its rate, and everybody in post."""
    facility = overseen_facility(request, public_id)
    form = PeopleForm(data_of(request))
    asked = understood(form)
    if asked is None:
        return not_understood(request, form, facility.name)
    table = rate_of(facility, on=asked.on, occupation=asked.occupation)
    open_tasks = EmployerTask.objects.filter(facility=facility, acknowledged_at=None)
    context = {
        **_listed(request, Place.of(facility), asked),
        "facility": facility,
        "form": form,
        "crumbs": crumbs(request, facility.division_id, asked.query),
        "title": facility.name,
        **headline(table, asked),
        "parts": by_occupation(table),
        "sources": sources(table),
        "filing": _filing(facility, asked),
        "open_tasks": open_tasks.count(),
        "overdue_tasks": open_tasks.filter(due_on__lt=clock.today()).count(),
    }
    return render(request, "oversight/facility_people.html", context)


@require_safe
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """Posts, certificates, hours line by line, measures: as of a day."""
    account = account_of(request)
    visible = Person.objects.filter(overseen_people(account)).prefetch_related("documents")
    found = get_object_or_404(visible, public_id=public_id)
    form = OnForm(data_of(request))
    asked = understood(form)
    if asked is None:
        return not_understood(request, form, found.name)
    record = record_of(found, on=asked.on, by=account)
    context = {
        "record": record,
        "person": found,
        "asked": asked,
        "form": form,
        "crumbs": _crumbs_of(request, record.posts, asked),
        "can_reveal": next((post for post in record.posts), None),
    }
    return render(request, "oversight/person.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """People by name, in post now or once in the officer's divisions."""
    asked = bool(request.GET)
    form = SearchForm(request.GET if asked else None)
    context: dict[str, Any] = {"form": form, "page_obj": None}
    if asked and form.is_valid():
        account = account_of(request)
        posts = Employment.objects.filter(overseen_posts(account)).select_related("facility__division")
        found = (
            Person.objects.filter(overseen_people(account), name_key__contains=form.cleaned_data["q"])
            .prefetch_related(Prefetch("employments", posts.order_by("-started_on"), to_attr="overseen"))
            .annotate(here=Exists(_present().filter(overseen_posts(account))))
            .order_by("-here", "name_key", "pk")
        )
        context["page_obj"] = Paginator(found, PAGE).get_page(request.GET.get("page"))
        context["today"] = clock.today()
    status = 422 if form.errors else 200
    return render(request, "oversight/search.html", context, status=status)


def _present() -> Any:
    return Employment.objects.on(clock.today()).filter(person_id=OuterRef("pk"))


def _listed(request: HttpRequest, place: Place, asked: Asked) -> dict[str, Any]:
    found = units(place, on=asked.on, occupation=asked.occupation, which=asked.which)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lines: list[Behind] = behind(page.object_list, place, on=asked.on)
    return {
        "page_obj": page,
        "lines": lines,
        "asked": asked,
        "part": dict(WHICH)[asked.which] if asked.which is not Which.ALL else "",
        "occupation": occupation_name(asked.occupation) if asked.occupation else "",
        "today": clock.today(),
    }


def _filing(facility: Facility, asked: Asked) -> Filing | None:
    """The filing in force on the day."""
    return next(
        (
            filing
            for filing in facility.filings.order_by("-filed_on")
            if filing.filed_on <= asked.on and (filing.until is None or asked.on < filing.until)
        ),
        None,
    )


def _crumbs_of(request: HttpRequest, posts: tuple[Employment, ...], asked: Asked) -> list[tuple[str, str]]:
    if not posts:
        return [(reverse("oversight:search"), _("Find a person"))]
    facility = posts[0].facility
    here = reverse("oversight:facility_people", args=[facility.public_id]) + asked.query
    return [*crumbs(request, facility.division_id, asked.query), (here, facility.name)]

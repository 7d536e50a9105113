"""Contested lines of hours: the learner's page of one, the officers' list, and their answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from lms.actions.contest import answer_contest, contest_line
from lms.forms import AnswerContestForm, ContestForm
from lms.models import Contest, HourEntry
from lms.queries import standings_of
from lms.rules.contests import may_be_contested
from lms.rules.lines import Line
from lms.rules.reasons import said
from registry.models import Division
from registry.models.division import within_any
from registry.permissions import one_human
from registry.rules.kinds import DutyKind
from registry.views import SeeOther, account_of, posted

ROWS = 50
BOTH = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the learner's list, and what she may say of it. `contest`: her latest one."""

    line: Line
    public_id: str
    may_contest: bool
    contest: Contest | None


def contestable_rows(lines: Iterable[Line], standard_code: str) -> list[Row]:
    """Two queries, whatever the number of lines."""
    lines = list(lines)
    keys = [int(line.entry.id) for line in lines]
    names = dict(HourEntry.objects.filter(pk__in=keys).values_list("pk", "public_id"))
    known = {
        contest.entry_id: contest
        for contest in Contest.objects.filter(entry__in=keys, standard_code=standard_code).order_by("pk")
    }
    return [
        Row(line, names[key], may_be_contested(line), known.get(key))
        for line, key in zip(lines, keys, strict=True)
    ]


@require_http_methods(BOTH)
def contest(request: HttpRequest, public_id: str) -> HttpResponse:
    """One line of hers: contest it, or see how it stands with that."""
    account = account_of(request)
    assert account.person is not None
    entry = get_object_or_404(HourEntry.objects.filter(person=account.person), public_id=public_id)
    standings = standings_of(account.person, clock.today())
    asked = request.GET.get("standard", "")
    stands = [one for one in standings if one.standard_code == asked] or list(standings)
    found = next(((one, line) for one in stands for line in one.lines if line.entry.id == entry.pk), None)
    if found is None:
        raise Http404
    where, line = found
    form = ContestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            contest_line(
                entry=entry,
                standard_code=where.standard_code,
                **form.cleaned_data,
                by=account,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your contest is on record; the time to answer runs."))
            here = reverse("lms:contest", args=[public_id])
            return SeeOther(f"{here}?standard={where.standard_code}")
    past = Contest.objects.filter(entry=entry, standard_code=where.standard_code)
    rows = list(
        past.select_related("division").prefetch_related("steps__division", "steps__remedy").order_by("-pk")
    )
    context = {
        "entry": entry,
        "line": line,
        "title": where.version.name,
        "rows": rows,
        "form": form if may_be_contested(line) and not any(row.closed_at is None for row in rows) else None,
        "today": clock.today(),
    }
    return render(request, "lms/contest.html", context, status=422 if form.errors else 200)


@require_safe
def contests(request: HttpRequest) -> HttpResponse:
    """What lies with the officer's own level, late ones on top; with `?all=1` everything of her divisions."""
    account = account_of(request)
    everything = "all" in request.GET
    rows = Contest.objects.visible_to(account).select_related("person", "facility", "division", "entry")
    if not everything:
        levels = [duty.division_id for duty in account.current_duties if duty.kind == DutyKind.OFFICER]
        rows = rows.open().filter(division_id__in=levels)
    page = Paginator(rows.order_by("answer_before", "pk"), ROWS).get_page(request.GET.get("page"))
    context = {"page_obj": page, "everything": everything, "today": clock.today()}
    return render(request, "lms/contests.html", context)


@require_http_methods(BOTH)
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    account = account_of(request)
    rows = Contest.objects.filter(within_any("facility__division_id", account.division_prefixes))
    row = get_object_or_404(
        rows.select_related("person", "facility", "division", "entry").prefetch_related(
            "steps__division", "steps__remedy", "steps__by__person"
        ),
        public_id=public_id,
    )
    human = one_human(row.person)
    remedies = (
        HourEntry.objects.filter(person__in={row.person, human}, recorded_at__gte=row.opened_at)
        .exclude(pk=row.entry_id)
        .exclude(kind=HourEntry.Kind.REVERSE)
        .order_by("-pk")[:20]
    )
    form = AnswerContestForm(posted(request), remedies=remedies)
    if request.method == "POST" and form.is_valid():
        try:
            answer_contest(
                contest=row,
                words=form.cleaned_data["words"],
                remedy=form.remedy(),
                by=account,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Answered. The learner sees it with your reason."))
            return SeeOther(reverse("lms:answer_contest", args=[public_id]))
    context: dict[str, Any] = {
        "row": row,
        "reasons": [said(data) for data in row.reasons],
        "form": form if row.closed_at is None and _may_answer(request, row.division) else None,
        "today": clock.today(),
    }
    return render(request, "lms/answer_contest.html", context, status=422 if form.errors else 200)


def _may_answer(request: HttpRequest, level: Division) -> bool:
    return level.code.startswith(account_of(request).division_prefixes)

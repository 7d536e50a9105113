"""Where do I stand: one screen for a phone, and every line behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from core.templatetags.yz import day as day_words
from core.templatetags.yz import last_day
from credentials.models import Certificate
from lms.models import Enrolment
from lms.queries import standings_of
from lms.rules.reasons import category_words
from lms.rules.standing import Standing
from lms.views.contests import contestable_rows
from registry.models import Exclusion
from registry.views import account_of

ROWS = 50
SOON = timedelta(days=90)
MOST_COMPLETED = 20


@dataclass(frozen=True, slots=True)
class Card:
    """One standard as the learner sees it. `certificate`: the valid one that lasts longest."""

    where: Standing
    certificate: Certificate | None = None

    @property
    def title(self) -> str:
        return self.where.cycle.version.name

    @property
    def minutes_each(self) -> int:
        return self.where.cycle.version.rules.class_hour_minutes

    @property
    def demands_hours(self) -> bool:
        return self.where.hours.needed > 0

    @property
    def is_withheld(self) -> bool:
        """Earned, and for a reason of ours or of the record not issued."""
        return bool(self.where.awards)

    @property
    def certificate_state(self) -> str:
        until = self.where.valid_until
        return "expiring" if until is not None and until - self.where.day <= SOON else "valid"

    @property
    def certificate_until(self) -> str:
        last: date | None = last_day(self.where.valid_until)
        return _("until %(last)s") % {"last": day_words(last)}

    @property
    def total(self) -> int:
        """Towards the whole: what was carried over counts too."""
        return self.where.hours.counted + self.where.hours.carried

    @property
    def left(self) -> int:
        return self.where.missing_minutes

    @property
    def minimums(self) -> list[tuple[str, int, int, int]]:
        """(word, needed, counted, pending) of the categories that have a minimum."""
        return [
            (category_words(row.category), row.needed, row.counted, row.pending)
            for row in self.where.hours.categories
            if row.needed
        ]

    @property
    def parts(self) -> list[tuple[str, int, int]]:
        """(word, counted, pending) of the others that have minutes."""
        return [
            (category_words(row.category), row.counted, row.pending)
            for row in self.where.hours.categories
            if not row.needed and (row.counted or row.pending)
        ]

    @property
    def steps(self) -> list[tuple[int, list[str]]]:
        """(minutes, words of what they must be); none when nothing particular is asked for."""
        steps = self.where.what_next or ()
        if len(steps) == 1 and not steps[0].categories:
            return []
        return [(step.minutes, [category_words(name) for name in step.categories]) for step in steps]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    person = account.person
    assert person is not None
    day = clock.today()
    valid = {
        certificate.standard_code: certificate
        for certificate in Certificate.objects.filter(holder_id__in=account.record_ids)
        .valid_on(day)
        .order_by("valid_until")
    }
    cards = [Card(where, valid.get(where.standard_code)) for where in standings_of(person, day)]
    enrolments = (
        Enrolment.objects.visible_to(account)
        .select_related("version")
        .defer("version__content")
        .filter(stopped_at=None)
        .annotate(lessons_done=Count("completions"))
    )
    return render(
        request,
        "lms/home.html",
        {
            "person": person,
            "day": day,
            "cards": sorted(cards, key=lambda card: not card.where.in_post),
            "open_courses": [row for row in enrolments if row.completed_at is None],
            "done_courses": [row for row in enrolments if row.completed_at is not None][:MOST_COMPLETED],
            "excluded": Exclusion.objects.on(day)
            .filter(person_id__in=account.record_ids)
            .order_by("kind")
            .first(),  # a ban before a suspension
        },
    )


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Every line with what it counts for and why, newest first."""
    person = account_of(request).person
    assert person is not None
    cards = [Card(where) for where in standings_of(person, clock.today())]
    asked = request.GET.get("standard")
    chosen = next((card for card in cards if card.where.standard_code == asked), cards[0] if cards else None)
    lines: list[Any] = sorted(
        chosen.where.lines if chosen else (),
        key=lambda line: (line.entry.happened_on, line.entry.id),
        reverse=True,
    )
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    code = chosen.where.standard_code if chosen else ""
    context = {
        "cards": cards,
        "chosen": chosen,
        "page_obj": page,
        "rows": contestable_rows(page.object_list, code),
        "title": _("My hours"),
    }
    return render(request, "lms/ledger.html", context)

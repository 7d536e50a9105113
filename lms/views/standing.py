"""Where do I stand: one screen for a phone, and every line behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import clock
from credentials.models import Certificate
from lms.models import Enrolment
from lms.queries import standings_of
from lms.rules.reasons import category_words
from lms.rules.standing import Standing


@dataclass(frozen=True, slots=True)
class Card:
    """One standard as the learner sees it."""

    where: Standing
    certificate: Certificate | None

    @property
    def title(self) -> str:
        return self.where.cycle.version.title

    @property
    def minutes_each(self) -> int:
        return self.where.cycle.version.rules.class_hour_minutes

    @property
    def demands_hours(self) -> bool:
        return self.where.hours.needed > 0

    @property
    def categories(self) -> list[tuple[Any, int, int, int]]:
        """(word, needed, counted, pending) of the categories that have minutes or a minimum."""
        return [
            (category_words(row.category), row.needed, row.counted, row.pending)
            for row in self.where.hours.categories
            if row.counted or row.pending or row.needed
        ]

    @property
    def steps(self) -> list[tuple[int, list[Any]]]:
        return [
            (step.minutes, [category_words(name) for name in step.categories])
            for step in self.where.what_next or ()
        ]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    account: Any = request.user
    person = account.person
    day = clock.today()
    valid = {
        certificate.standard_code: certificate
        for certificate in Certificate.objects.filter(holder=person).valid_on(day).order_by("valid_until")
    }
    cards = [Card(where, valid.get(where.standard_code)) for where in standings_of(person, day)]
    enrolments = (
        Enrolment.objects.visible_to(account)
        .select_related("version")
        .defer("version__content")
        .filter(stopped_at=None)
    )
    return render(
        request,
        "lms/home.html",
        {
            "person": person,
            "day": day,
            "cards": cards,
            "open_courses": [row for row in enrolments if row.completed_at is None],
            "done_courses": [row for row in enrolments if row.completed_at is not None][:10],
            "excluded": person.exclusions.on(day).order_by("kind").first(),  # a ban before a suspension
        },
    )


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Every line with what it counts for and why, newest first."""
    account: Any = request.user
    cards = [Card(where, None) for where in standings_of(account.person, clock.today())]
    chosen = next((card for card in cards if card.where.standard_code == request.GET.get("standard")), None)
    chosen = chosen or (cards[0] if cards else None)
    lines = sorted(
        chosen.where.lines if chosen else (),
        key=lambda line: (line.entry.happened_on, line.entry.id),
        reverse=True,
    )
    return render(
        request, "lms/ledger.html", {"cards": cards, "chosen": chosen, "lines": lines, "title": _("My hours")}
    )

"""What stands on the front page."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms.catalogue import CourseCard, newest_cards
from cms.models import HomePage, NewsPage
from core.days import day_of
from lms.models import Course
from registry.rules.kinds import Kind
from trainers.models import Appointment

KINDS: dict[str, Promise] = {
    Kind.LEARNER.value: _("Learner"),
    Kind.TRAINER.value: _("Trainer"),
    Kind.REVIEWER.value: _("Reviewer"),
    Kind.MANAGER.value: _("Facility manager"),
    Kind.COUNTY.value: _("County officer"),
    Kind.PREFECTURE.value: _("Prefecture officer"),
    Kind.PROVINCE.value: _("Province officer"),
    Kind.ISSUER.value: _("Issuing officer"),
    Kind.EDITOR.value: _("Content editor"),
    Kind.ADMINISTRATOR.value: _("Administrator"),
}
ACCOUNTS = "demonstration.json"  # written by the demo command into VAR


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    password: str
    place: str


@dataclass(frozen=True, slots=True)
class Front:
    title: str  # empty: the usual words
    intro: str
    courses: int
    course_minutes: int
    experts: int
    cards: list[CourseCard]
    news: list[NewsPage]
    accounts: list[tuple[str, list[DemoAccount]]]


def front_of(page: HomePage, at: datetime) -> Front:
    english = (get_language() or "").startswith("en")
    offered = Course.objects.filter(withdrawn_at=None, current__isnull=False)
    return Front(
        title=page.hero_title_en if english else page.hero_title,
        intro=page.intro_en if english else page.intro,
        courses=offered.count(),
        course_minutes=offered.aggregate(total=Sum("current__minutes"))["total"] or 0,
        experts=Appointment.objects.on(day_of(at)).count(),
        cards=newest_cards(3),
        news=list(NewsPage.objects.live().public().order_by("-day", "-pk")[:3]),
        accounts=demo_accounts() if settings.DEMONSTRATION else [],
    )


def demo_accounts() -> list[tuple[str, list[DemoAccount]]]:
    """Accounts by kind, in the order of `Kind`; none while the file is absent or half written."""
    by_kind: dict[str, list[DemoAccount]] = defaultdict(list)
    try:
        for row in json.loads((settings.VAR / ACCOUNTS).read_text(encoding="utf-8"))["accounts"]:
            place = str(row.get("place") or "")
            by_kind[str(row["kind"])].append(DemoAccount(row["username"], row["password"], place))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []
    known = [kind for kind in KINDS if kind in by_kind]
    return [
        (str(KINDS.get(kind, kind)), by_kind[kind]) for kind in [*known, *(by_kind.keys() - KINDS.keys())]
    ]

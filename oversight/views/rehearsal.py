"""A draft of a standard, rehearsed over an officer's own divisions. Nothing is kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.templatetags.yz import day as said
from lms.documents.rehearsal import ORDER, by_division, place_words, verdict_words
from lms.queries import Draft, Rehearsed, draft_of, in_reach, is_too_far, rehearse
from lms.rules.rehearsal import Verdict
from lms.rules.rehearsal_counts import Counts
from oversight.documents.rates import occupation_name
from oversight.forms import RehearsalForm
from oversight.permissions import overseen_divisions
from registry.models import Account, Division
from registry.rules.standard import UnknownKey
from registry.rules.strict_toml import BadRulebook
from registry.views import account_of, posted

MOST_POSTS = 10_000  # about fifteen seconds; who asks of more asks the operator
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Person:
    """One line of a list."""

    found: Rehearsed

    @property
    def occupation(self) -> str:
        return occupation_name(self.found.outcome.occupation)

    @property
    def before(self) -> list[str]:
        return [place_words(place) for place in self.found.outcome.before]

    @property
    def after(self) -> list[str]:
        return [place_words(place) for place in self.found.outcome.after]


@require_http_methods(["GET", "HEAD", "POST"])
def rehearsal(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    form = RehearsalForm(
        posted(request),
        request.FILES if request.method == "POST" else None,
        divisions=Division.objects.filter(overseen_divisions(account)),
    )
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        context |= _rehearsed(form, account)
    return render(request, "oversight/rehearsal.html", context, status=422 if form.errors else 200)


def _rehearsed(form: RehearsalForm, account: Account) -> dict[str, Any]:
    """What the page shows; empty if the form cannot be answered and says why."""
    name, text = form.cleaned_data["file"]
    division: Division | None = form.cleaned_data["division"]
    prefixes = (division.prefix,) if division else account.division_prefixes
    try:
        draft = draft_of(text, name, today=clock.today())
    except UnknownKey as error:
        form.add_error("file", _("This release does not know the key %(key)s.") % {"key": error})
        return {}
    except BadRulebook as error:
        form.add_error("file", _("This is no standard that could be read: %(why)s") % {"why": error})
        return {}
    on: date = form.cleaned_data["on"] or draft.day
    if is_too_far(on, draft.today):
        form.add_error("on", _("%(day)s lies too far ahead. Choose a nearer day.") % {"day": said(on)})
        return {}
    if in_reach(draft, day=on, prefixes=prefixes).count() > MOST_POSTS:
        most = {"most": MOST_POSTS}
        form.add_error("division", _("More than %(most)s posts lie here. Choose a smaller division.") % most)
        return {}
    return _counted(draft, on, prefixes)


def _counted(draft: Draft, on: date, prefixes: tuple[str, ...]) -> dict[str, Any]:
    counts, lists = Counts(), defaultdict[Verdict, list[Person]](list)
    for found in rehearse(draft, day=on, prefixes=prefixes):
        counts.add(found.outcome, found.divisions)
        verdict = found.outcome.verdict
        if verdict is not Verdict.UNCHANGED and len(lists[verdict]) < SHOWN:
            lists[verdict].append(Person(found))
    return {
        "draft": draft,
        "on": on,
        "counts": counts,
        "figures": [(verdict_words(verdict), counts.total[verdict]) for verdict in ORDER],
        "divisions": [
            (name, [numbers[verdict] for verdict in ORDER])
            for _code, name, _level, numbers in by_division(counts, prefixes)
        ],
        "lists": [
            (verdict_words(verdict), lists[verdict], counts.total[verdict] - len(lists[verdict]))
            for verdict in ORDER
            if lists[verdict]
        ],
    }

"""Two records of one human being: find, propose, decide, undo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from registry.actions import decide_merge, propose_merge, propose_undo
from registry.forms import DecideMergeForm, MergeForm, RecordSearch, UndoForm
from registry.models import Account, Employment, Merge, Person
from registry.rules.names import match_key
from registry.views import SeeOther, account_of, posted

PAGE = 25
MOST_CANDIDATES = 50
BOTH = ["GET", "HEAD", "POST"]


@require_safe
def merges(request: HttpRequest) -> HttpResponse:
    """Open proposals first, then what was decided, newest first."""
    rows = Merge.objects.visible_to(account_of(request)).select_related(
        "kept", "absorbed", "proposed_by__person", "decided_by__person"
    )
    undecided = list(rows.undecided())
    decided = Paginator(rows.exclude(accepted=None).order_by("-decided_at", "-pk"), PAGE)
    context = {"undecided": undecided, "page_obj": decided.get_page(request.GET.get("page"))}
    return render(request, "registry/merges.html", context)


@require_safe
def merge_find(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which other record may be hers: all of the same name, or of the name that is typed."""
    account = account_of(request)
    person = _person(account, public_id)
    form = RecordSearch({"q": request.GET.get("q", person.name)})
    found: list[Person] = []
    if form.is_valid():
        seen = _seen(account).filter(name_key__contains=match_key(form.cleaned_data["q"]), merged_into=None)
        found = list(seen.exclude(pk=person.pk).order_by("name_key", "pk")[:MOST_CANDIDATES])
    return render(request, "registry/merge_find.html", {"person": person, "form": form, "found": found})


@require_http_methods(BOTH)
def merge_propose(request: HttpRequest, public_id: str, other_id: str) -> HttpResponse:
    account = account_of(request)
    pair = [_person(account, public_id), _person(account, other_id)]
    labels = [(person.public_id, _label(person)) for person in pair]
    form = MergeForm(posted(request), records=labels, initial={"stays": public_id})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        kept, absorbed = sorted(pair, key=lambda person: person.public_id != data["stays"])
        try:
            merge = propose_merge(
                kept=kept,
                absorbed=absorbed,
                reason=data["reason"],
                evidence=data["evidence"],
                by=account,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Proposed. Another officer decides."))
            return SeeOther(reverse("registry:merge", args=[merge.public_id]))
    return _page(
        request, form, pair, title=_("Two records of one human being"), submit=_("Propose to merge them")
    )


@require_http_methods(BOTH)
def merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """A proposal with both records side by side, and its decision."""
    account = account_of(request)
    row = _merge(account, public_id)
    form = DecideMergeForm(posted(request)) if row.accepted is None else None
    if form is not None and request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            decide_merge(
                proposal=row,
                accept=data["decision"] == "accept",
                reason=data["reason"],
                despite_measure=data["despite_measure"],
                by=account,
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Decided."))
            return SeeOther(reverse("registry:merge", args=[public_id]))
    can_undo = Merge.objects.in_force_on(clock.today()).filter(pk=row.pk).exists()
    return _page(
        request,
        form,
        [row.kept, row.absorbed],
        title=_("Undo a merge") if row.kind == Merge.Kind.UNDO else _("Two records of one human being"),
        submit=_("Decide"),
        merge=row,
        can_undo=can_undo,
    )


@require_http_methods(BOTH)
def merge_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    account = account_of(request)
    row = _merge(account, public_id)
    form = UndoForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            undo = propose_undo(merge=row, **form.cleaned_data, by=account, at=clock.now())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Proposed. Another officer decides."))
            return SeeOther(reverse("registry:merge", args=[undo.public_id]))
    pair = [row.kept, row.absorbed]
    return _page(request, form, pair, title=_("Undo a merge"), submit=_("Propose to undo it"))


def _seen(account: Account) -> Any:
    """Those whom the officer may see, with the posts she may see."""
    posts = Employment.objects.visible_to(account).select_related("facility__division")
    return Person.objects.visible_to(account).prefetch_related(
        "documents", Prefetch("employments", posts.order_by("-started_on"), to_attr="overseen")
    )


def _person(account: Account, public_id: str) -> Person:
    person: Person = get_object_or_404(_seen(account), public_id=public_id)
    return person


def _merge(account: Account, public_id: str) -> Merge:
    rows = Merge.objects.visible_to(account).select_related(
        "kept", "absorbed", "proposed_by__person", "decided_by__person"
    )
    row = get_object_or_404(rows, public_id=public_id)
    seen = {person.pk: person for person in _seen(account).filter(pk__in=[row.kept_id, row.absorbed_id])}
    row.kept, row.absorbed = seen[row.kept_id], seen[row.absorbed_id]
    return row


def _label(person: Person) -> str:
    numbers = ", ".join(document.masked_number for document in person.documents.all())
    return f"{person.name} {numbers}".strip()


def _page(
    request: HttpRequest, form: forms.Form | None, pair: list[Person], *, title: str, submit: str, **more: Any
) -> HttpResponse:
    context = {"form": form, "pair": pair, "title": title, "submit": submit, **more}
    return render(request, "registry/merge.html", context)

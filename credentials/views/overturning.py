"""To overturn a ban: an officer of the place proposes, another person of the province decides."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core import clock
from core.refusals import Refused
from core.templatetags.yz import moment
from credentials.actions import Overturned, decide_overturn, propose_overturn
from credentials.forms import DecideOverturnForm, ProposeOverturnForm
from credentials.models import BanCase, BanSubject
from credentials.rules import number as numbers
from credentials.views.bans import BOTH, done, visible_subject
from credentials.views.decisions import demand_province
from registry.views import account_of


@require_http_methods(BOTH)
def propose(request: HttpRequest, case_id: str, subject_id: str) -> HttpResponse:
    row, subject = visible_subject(request, case_id, subject_id)
    form = ProposeOverturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            propose_overturn(subject=subject, **form.cleaned_data, by=account_of(request), at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(
                request, row, _("Proposed. The ban stands until another officer of the province decides.")
            )
    context = {
        "title": _("Propose to overturn the ban"),
        "message": _("After an appeal, or when new facts show that the ban was wrong."),
        "facts": [(_("Person"), subject.person.name), (_("Decision"), subject.decision_reason)],
        "submit": _("Propose to overturn"),
    }
    return _page(request, form, row, context)


@require_http_methods(BOTH)
def decide(request: HttpRequest, case_id: str, subject_id: str) -> HttpResponse:
    row, subject = visible_subject(request, case_id, subject_id)
    demand_province(request, subject)
    proposals = subject.overturn_proposals.select_related(
        "subject__case", "subject__person", "proposed_by__person"
    )
    form = DecideOverturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            outcome = decide_overturn(
                proposal=get_object_or_404(proposals, public_id=data["proposal"]),
                overturn=data["overturn"] == "yes",
                reason=data["reason"],
                by=account_of(request),
                at=clock.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _decided(request, row, outcome)
    if form.is_bound:
        proposal = get_object_or_404(proposals, public_id=request.POST.get("proposal", ""))
    else:
        proposal = get_object_or_404(proposals, decided_at=None)
        form.initial["proposal"] = proposal.public_id
    context = {
        "title": _("Decide about overturning"),
        "facts": [
            (_("Person"), subject.person.name),
            (_("Decision"), subject.decision_reason),
            (_("Proposed to overturn"), proposal.reason),
            (_("Ruling or new evidence it rests on"), proposal.document),
            (_("Proposed"), f"{moment(proposal.proposed_at)} · {proposal.proposed_by.display_name}"),
        ],
        "consequences": [
            _("The person may work, learn and teach again from today."),
            _("Certificates that this ban revoked count again, except those whose time has run out."),
            _("Employers get a task to acknowledge. The record of the ban stays, with the days it stood."),
        ],
        "submit": _("Sign the decision"),
    }
    return _page(request, form, row, context)


def _decided(request: HttpRequest, row: BanCase, outcome: Overturned) -> HttpResponse:
    if outcome.subject.state == BanSubject.State.BANNED:
        return done(request, row, _("The ban stands."))
    if outcome.expired:
        named = ", ".join(numbers.grouped(certificate.number) for certificate in outcome.expired)
        messages.warning(request, _("Expired meanwhile and not restored: %s") % named)
    back = len(outcome.restored)
    told = ngettext(
        "The ban is overturned; %d certificate counts again.",
        "The ban is overturned; %d certificates count again.",
        back,
    )
    return done(request, row, told % back)


def _page(
    request: HttpRequest,
    form: ProposeOverturnForm | DecideOverturnForm,
    row: BanCase,
    words: Mapping[str, object],
) -> HttpResponse:
    here = reverse("credentials:ban_case", args=[row.public_id])
    crumbs = [(reverse("credentials:bans"), _("Ban cases")), (here, row.public_id)]
    context = {**words, "form": form, "back_to": here, "crumbs": crumbs}
    return render(request, "core/confirm.html", context, status=422 if form.errors else 200)

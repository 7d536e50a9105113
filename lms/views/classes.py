"""Class sessions as a learner meets them: what is coming, her seat, the code."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from lms.actions import attend
from lms.forms import CodeForm
from lms.models import ClassSession, Seat
from registry.models import Account
from registry.views import SeeOther

MOST_WRONG_CODES = 10  # in ten minutes; a guess hits once in half a million
FORGET_WRONG_CODES = 600


@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    """Sessions to come, and those she has a seat in."""
    account: Any = request.user
    mine = (
        Seat.objects.filter(person_id__in=account.record_ids)
        .select_related("session")
        .order_by("-session__starts_at")[:50]
    )
    coming = (
        ClassSession.objects.filter(ends_at__gt=clock.now(), closed_at=None)
        .annotate(taken=Count("seats"))
        .select_related("division")
        .order_by("starts_at")[:50]
    )
    return render(request, "lms/classes.html", {"coming": coming, "mine": mine})


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Book or give up a place; sign in, sign out."""
    account: Any = request.user
    session = get_object_or_404(ClassSession.objects.select_related("division", "body"), public_id=public_id)
    seat = Seat.objects.filter(session=session, person_id__in=account.record_ids).first()
    form = CodeForm(request.POST if "code" in request.POST else None)
    if request.method == "POST":
        try:
            if _acted(request.POST, form, session, seat, account):
                return SeeOther(reverse("lms:sign", args=[public_id]))
        except Refused as refusal:
            if form.is_bound:
                form.add_error("code", str(refusal))
            else:
                messages.warning(request, str(refusal))
                return SeeOther(reverse("lms:sign", args=[public_id]))
    now = clock.now()
    context = {
        "session": session,
        "seat": seat,
        "form": form,
        "taken": session.seats.count(),
        "may_sign": session.closed_at is None
        and session.starts_at - attend.MARGIN <= now <= session.ends_at + attend.MARGIN,
        "is_over": session.closed_at is not None or now >= session.ends_at,
    }
    return render(request, "lms/sign.html", context, status=422 if form.errors else 200)


def _acted(data: Any, form: CodeForm, session: ClassSession, seat: Seat | None, account: Account) -> bool:
    """Do what the form asks for. False when it is not filled in rightly."""
    person, at = account.person, clock.now()
    assert person is not None
    if "book" in data:
        attend.book(session=session, person=person, by=account, at=at)
        return True
    if "give_up" in data and seat is not None:
        attend.give_up_seat(seat=seat, by=account, at=at)
        return True
    if not form.is_valid():
        return False
    _spend_a_try(account)
    verb = attend.sign_out if "leaving" in data else attend.sign_in
    try:
        verb(session=session, person=person, code=form.cleaned_data["code"], by=account, at=at)
    except Refused as refusal:
        if refusal.code != "wrong_code":
            _give_the_try_back(account)
        raise
    _give_the_try_back(account)
    return True


def _spend_a_try(account: Account) -> None:
    """Counted before the code is compared: many guesses sent at once are as many guesses."""
    key = _mistakes(account)
    cache.add(key, 0, FORGET_WRONG_CODES)
    try:
        tries = cache.incr(key)
    except ValueError:  # it expired between the two
        cache.set(key, 1, FORGET_WRONG_CODES)
        tries = 1
    if tries > MOST_WRONG_CODES:
        raise Refused("too_many_codes", _("Too many wrong codes. Wait ten minutes, or ask the trainer."))


def _give_the_try_back(account: Account) -> None:
    with suppress(ValueError):  # forgotten meanwhile
        cache.decr(_mistakes(account))


def _mistakes(account: Account) -> str:
    return f"lms:wrong-codes:{account.pk}"

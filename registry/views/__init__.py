"""The registry's pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect, QueryDict

from registry.models import Account


class SeeOther(HttpResponseRedirect):
    """After an act: look there, with GET."""

    status_code = 303


def account_of(request: HttpRequest) -> Account:
    """Who asks. The policy table lets no visitor this far."""
    account = request.user
    assert isinstance(account, Account)
    return account


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: nothing on a GET, and an empty form on an empty POST."""
    return request.POST if request.method == "POST" else None

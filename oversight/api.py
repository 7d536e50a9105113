"""The rates over HTTP, for officers in their divisions: the same figures as on the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.errors import HttpError

from core import clock
from oversight.documents.rates import as_data
from oversight.permissions import overseen_divisions
from oversight.queries.rates import rate_table
from oversight.rules.rates import EARLIEST
from registry.models import Division
from registry.rules.standard import Occupation
from registry.views import account_of

router = Router(tags=["rates"])


class DivisionOut(Schema):
    """A node of GB/T 2260."""

    code: str
    name: str
    level: str


class RowOut(Schema):
    """One part: `code` of a division below, or `facility`, a public id. `percent` null: nobody is counted."""

    code: str | None = None
    facility: str | None = None
    name: str
    numerator: int
    denominator: int
    percent: float | None


class RatesOut(Schema):
    """People in post with a valid certificate for their occupation ÷ people in post; cut to a tenth.

    Rows may share people and need not add up to the total.
    """

    as_of: date
    division: DivisionOut
    occupation: str | None
    numerator: int
    denominator: int
    percent: float | None
    target_percent: int | None
    no_certificate_demanded: int
    rows: list[RowOut]


@router.get("/rates", response=RatesOut, url_name="rates")
def rates(
    request: HttpRequest, division: str, as_of: date | None = None, occupation: Occupation | None = None
) -> dict[str, Any]:
    """The rate of one of the caller's divisions. 404 for any other, 422 for what cannot be understood."""
    on = as_of or clock.today()
    if not EARLIEST <= on <= clock.today():
        raise HttpError(422, f"as_of must lie between {EARLIEST} and today, {clock.today()}.")
    mine = Division.objects.filter(overseen_divisions(account_of(request)))
    return as_data(rate_table(get_object_or_404(mine, code=division), on=on, occupation=occupation))

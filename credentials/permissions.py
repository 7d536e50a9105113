"""Who may: asked of the duties in force at the moment of the act, never of what a session remembers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from registry.models import Account, Duty, Facility, Person
from registry.models.division import Level
from registry.permissions import one_human
from registry.rules.kinds import DutyKind


def _divisions(account: Account, kind: DutyKind, code: str, on: date) -> list[Duty]:
    if not account.is_active:
        return []
    duties = account.duties_on(on).filter(kind=kind).select_related("division")
    return [duty for duty in duties if duty.division is not None and code.startswith(duty.division.prefix)]


def is_officer(account: Account, *, division: str, on: date) -> bool:
    """County, prefecture or province officer whose place contains the division."""
    return bool(_divisions(account, DutyKind.OFFICER, division, on))


def is_province_officer(account: Account, *, division: str, on: date) -> bool:
    duties = _divisions(account, DutyKind.OFFICER, division, on)
    return any(duty.division is not None and duty.division.level == Level.PROVINCE for duty in duties)


def is_issuer(account: Account, *, division: str, on: date) -> bool:
    return bool(_divisions(account, DutyKind.ISSUER, division, on))


def manages(account: Account, facility: Facility, *, on: date) -> bool:
    duties = account.duties_on(on).filter(kind=DutyKind.MANAGER, facility=facility)
    return account.is_active and duties.exists()


def demand_officer(account: Account, *, division: str, on: date) -> Person:
    """The officer as a person. Raises Refused: no_duty, no_person."""
    if not is_officer(account, division=division, on=on):
        raise Refused("no_duty", _("You oversee another place. An officer of this place can do it."))
    return demand_person(account)


def demand_province_officer(account: Account, *, division: str, on: date) -> Person:
    """The officer as a person. Raises Refused: no_duty, no_person."""
    if not is_province_officer(account, division=division, on=on):
        raise Refused("no_duty", _("Only an officer of the province can decide this."))
    return demand_person(account)


def demand_issuer(account: Account, *, division: str, on: date) -> None:
    """Raises Refused: no_duty."""
    if not is_issuer(account, division=division, on=on):
        raise Refused(
            "no_duty",
            _("You issue certificates for another place. An issuing officer of this place can do it."),
        )


def demand_manager(account: Account, facility: Facility, *, on: date) -> None:
    """Raises Refused: no_duty."""
    if not manages(account, facility, on=on):
        raise Refused("no_duty", _("You do not manage this facility. Its manager can do it."))


def demand_person(account: Account) -> Person:
    """The human being behind the account, merged records resolved. Raises Refused: no_person."""
    if account.person is None:
        raise Refused(
            "no_person",
            _(
                "Your account is not tied to a person, so nobody could be held to it. "
                "Ask the administrator to tie it."
            ),
        )
    return one_human(account.person)

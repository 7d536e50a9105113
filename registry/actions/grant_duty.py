"""Give an account a duty: dated, scoped, by somebody who may, never by oneself."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.days import day_of
from core.refusals import Refused
from registry.actions.exclude import lock_person
from registry.actions.sync_groups import sync_groups
from registry.models import Account, Division, Duty, Exclusion, Facility
from registry.permissions import may_grant, records_of, same_human
from registry.rules.kinds import DutyKind

NEEDS_DIVISION = (DutyKind.OFFICER, DutyKind.ISSUER)
MAY_HAVE_POOL = (DutyKind.TRAINER, DutyKind.REVIEWER)


@act
def grant_duty(
    *,
    account: Account,
    kind: str,
    division: Division | None = None,
    facility: Facility | None = None,
    pool_code: str = "",
    starts_on: date,
    until: date | None = None,
    by: Account | System,
    at: datetime,
) -> Duty:
    """The duty counts from the account's next request on, or from `starts_on`.

    Raises Refused: own_duty, may_not_grant, unknown_kind, wrong_scope, ends_before_start, already_over,
    no_person, excluded, facility_closed, already_granted.
    """
    today = day_of(at)
    if kind not in tuple(DutyKind):
        raise Refused("unknown_kind", _("This kind of duty is not known. Choose one from the list."))
    if isinstance(by, Account):
        if same_human(by, account):
            raise Refused("own_duty", _("Nobody grants a duty to herself. Ask another administrator."))
        if not may_grant(by, kind, facility, today):
            raise Refused(
                "may_not_grant",
                _(
                    "You may not grant this duty. Administrators grant all duties; "
                    "officers those of facility managers in their own division."
                ),
            )
    _demand_scope(kind, division, facility, pool_code)
    if until is not None and until <= starts_on:
        raise Refused("ends_before_start", _("The duty must end after it starts. Check both days."))
    if until is not None and until <= today:
        raise Refused("already_over", _("This duty would be over already. Check the last day."))
    if account.person is None:
        raise Refused(
            "no_person",
            _("This account belongs to no registered person who could answer for the duty."),
        )
    lock_person(account.person)
    barred = Exclusion.objects.filter(person_id__in=records_of(account.person))
    if any(exclusion.in_force_on(day) for exclusion in barred for day in (today, starts_on)):
        raise Refused("excluded", _("This person is excluded from work in childcare and may hold no duty."))
    if (
        facility is not None
        and facility.closed_on is not None
        and facility.closed_on <= max(today, starts_on)
    ):
        raise Refused("facility_closed", _("The facility is closed and needs no manager."))
    same = account.duties.filter(kind=kind, division=division, facility=facility, pool_code=pool_code)
    if until is not None:
        same = same.filter(starts_on__lt=until)
    if same.unrevoked_on(max(today, starts_on)).exists():
        raise Refused("already_granted", _("This account has this duty already. Revoke that one first."))
    duty = Duty.objects.create(
        account=account,
        kind=kind,
        division=division,
        facility=facility,
        pool_code=pool_code,
        starts_on=starts_on,
        until=until,
        granted_by=by if isinstance(by, Account) else None,
        granted_at=at,
    )
    record(
        "registry.grant_duty",
        subject=f"duty:{duty.public_id}",
        by=by,
        at=at,
        to=account.public_id,
        kind=kind,
        division=division.code if division else None,
        facility=facility.public_id if facility else None,
        pool=pool_code or None,
        starts_on=starts_on,
        until=until,
    )
    sync_groups(account=account, on=today)
    return duty


def _demand_scope(kind: str, division: Division | None, facility: Facility | None, pool_code: str) -> None:
    fits = (
        (division is not None) == (kind in NEEDS_DIVISION)
        and (facility is not None) == (kind == DutyKind.MANAGER)
        and (not pool_code or kind in MAY_HAVE_POOL)
    )
    if not fits:
        raise Refused(
            "wrong_scope",
            _(
                "Officers and issuing officers have a division, managers a facility, "
                "trainers and reviewers perhaps a pool, others nothing."
            ),
        )

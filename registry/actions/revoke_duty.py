"""Take a duty away; it is gone at the account's next request."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core.days import day_of
from core.refusals import Refused
from registry.actions.sync_groups import sync_groups
from registry.models import Account, Duty
from registry.permissions import may_grant
from registry.rules.kinds import DutyKind


@act
def revoke_duty(*, duty: Duty, by: Account, at: datetime) -> Duty:
    """Whoever may grant it may revoke it, and its holder may lay it down.

    Raises Refused: may_not_revoke, already_over, last_administrator.
    """
    today = day_of(at)
    if by.pk != duty.account_id and not may_grant(by, duty.kind, duty.facility, today):
        raise Refused("may_not_revoke", _("You may not revoke this duty. Ask an administrator."))
    if duty.kind == DutyKind.ADMINISTRATOR:
        # Two administrators revoke each other at once: the rows are locked, the second is refused.
        all_of_them = Duty.objects.filter(kind=DutyKind.ADMINISTRATOR)
        list(all_of_them.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        if not all_of_them.in_force_on(today).exclude(pk=duty.pk).exists():
            raise Refused(
                "last_administrator", _("This is the last administrator. Grant another one the duty first.")
            )
    if not Duty.objects.unrevoked_on(today).filter(pk=duty.pk).update(revoked_on=today, revoked_by=by):
        raise Refused("already_over", _("This duty is over already."))
    duty.refresh_from_db()
    record("registry.revoke_duty", subject=f"duty:{duty.public_id}", by=by, at=at, kind=duty.kind)
    sync_groups(account=duty.account, on=today)
    return duty

"""A facility says that it has heard."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core.days import day_of
from core.refusals import Refused
from credentials.models import EmployerTask
from credentials.permissions import demand_manager
from registry.models import Account


@act
def acknowledge(*, task: EmployerTask, by: Account, at: datetime) -> EmployerTask:
    """Raises Refused: no_duty (not a manager of that facility today), acknowledged."""
    demand_manager(by, task.facility, on=day_of(at))
    done = EmployerTask.objects.filter(pk=task.pk, acknowledged_at=None).update(
        acknowledged_at=at, acknowledged_by=by
    )
    if not done:
        raise Refused("acknowledged", _("This was acknowledged already."))
    record(
        "credentials.acknowledge",
        subject=f"facility:{task.facility.public_id}",
        by=by,
        at=at,
        task=task.public_id,
    )
    task.refresh_from_db()
    return task

"""What learning hears from the rooms below."""

from __future__ import annotations

from audit.acts import System
from audit.effects import handles
from audit.models import Work
from core import clock
from lms.actions.enrol import leave
from lms.models import Enrolment


@handles("credentials.banned")
def stop_enrolments(work: Work) -> None:
    """A banned person's open courses stop; what she watched stays on record. Hearing it twice is once."""
    open_ones = Enrolment.objects.filter(person_id=work.payload["person"], completed_at=None, stopped_at=None)
    for enrolment in open_ones:
        leave(enrolment=enrolment, reason="excluded", by=System("effects"), at=clock.now())

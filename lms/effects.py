"""What learning hears from the rooms below, and what the world hears from it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from audit.acts import System
from audit.effects import handles
from audit.models import Work
from core import clock
from core.templatetags.yz import day as day_words
from core.templatetags.yz import last_day
from lms.actions.enrol import leave
from lms.actions.settle import settle
from lms.models import Enrolment
from lms.queries.staff_duties import Reminder, staff_duties
from lms.rules.reasons import DUTY_WORDS
from registry.models import Account, Duty, Facility, Person
from registry.permissions import is_excluded, records_of
from registry.rules.kinds import DutyKind


@handles("credentials.banned")
def stop_enrolments(work: Work) -> None:
    """A banned person's open courses stop; what she watched stays on record. Hearing it twice is once."""
    open_ones = Enrolment.objects.filter(
        person_id__in=records_of(work.payload["person"]), completed_at=None, stopped_at=None
    )
    for enrolment in open_ones:
        leave(enrolment=enrolment, reason="excluded", by=System("effects"), at=clock.now())


@handles("lms.duties_due")
def write_to_managers(work: Work) -> None:
    """Tell the managers whose duties are due soon. Payload: {"facility": pk, "reminders": [[…], …]}.

    What was done or fell away meanwhile is left out; managers without an address see it on their page.
    """
    today = clock.today()
    facility = Facility.objects.get(pk=work.payload["facility"])
    told = {(one.person_id, one.kind, one.due_on) for one in map(_reminder, work.payload["reminders"])}
    with translation.override(settings.LANGUAGE_CODE):
        lines = [
            _("%(name)s: %(duty)s, by %(day)s at the latest")
            % {
                "name": row.person.name,
                "duty": DUTY_WORDS.get(duty.kind, duty.kind),
                "day": day_words(last_day(duty.due_on)),
            }
            for row in staff_duties([facility.pk], today).get(facility.pk, ())
            for duty in row.duties
            if not duty.is_overdue and (row.person.pk, duty.kind, duty.due_on.isoformat()) in told
        ]
        subject = _("Duties of your staff are due soon: %(facility)s") % {"facility": facility.name}
        text = _("%(lines)s\n\nRecord what was done, or see who else owes something:\n%(address)s") % {
            "lines": "\n".join(lines),
            "address": settings.PUBLIC_URL + reverse("lms:facility_duties", args=[facility.public_id]),
        }
    if lines:
        for address in _managers(facility, today):  # one letter each: they do not see each other's addresses
            send_mail(subject, text, None, [address])


def _reminder(row: list[Any]) -> Reminder:
    return Reminder(*row)


def _managers(facility: Facility, day: date) -> list[str]:
    duties = Duty.objects.in_force_on(day).filter(kind=DutyKind.MANAGER, facility=facility)
    accounts = Account.objects.filter(pk__in=duties.values("account_id"), is_active=True).exclude(email="")
    return sorted(accounts.values_list("email", flat=True))


@handles("registry.merged")
def settle_the_human(work: Work) -> None:
    """Joined records may meet a cycle together; and where a measure stands, the open courses of all stop."""
    kept = Person.objects.get(pk=work.payload["kept"])
    at = clock.now()
    if is_excluded(kept, clock.today()):
        for enrolment in Enrolment.objects.filter(
            person_id__in=records_of(kept), completed_at=None, stopped_at=None
        ):
            leave(enrolment=enrolment, reason="excluded", by=System("effects"), at=at)
    settle(person=kept, by=System("effects"), at=at)


@handles("registry.unmerged")
def settle_both(work: Work) -> None:
    """Each of the two stands on her own hours again."""
    for person in Person.objects.filter(pk__in=[work.payload["kept"], work.payload["absorbed"]]).order_by(
        "pk"
    ):
        settle(person=person, by=System("effects"), at=clock.now())

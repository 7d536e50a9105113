"""What the world hears from this room, and what this room does when another speaks. By id, safe to repeat."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from audit.acts import System
from audit.effects import handles
from audit.models import Work
from core import clock
from core.days import day_of
from registry.models import Account, Duty, Person
from registry.rules.kinds import DutyKind
from trainers.actions.appoint import unseat_banned
from trainers.models import Appointment

BY = System("bans")


@handles("credentials.banned")
def unseat(work: Work) -> None:
    """A person was banned for life: her seats are empty from today on. Payload: {"person": pk, …}."""
    found = Person.objects.filter(pk=work.payload.get("person"))
    while records := list(found):
        for person in records:
            unseat_banned(person=person, by=BY, at=clock.now())
        found = Person.objects.filter(merged_into__in=records)  # the same human, recorded twice


@handles("trainers.term_ending")
def write_to_officers(work: Work) -> None:
    """Tell the officers of the pool that a seat becomes free. Payload: {"appointment": pk}.

    An appointment that ended meanwhile needs no letter; officers without an address see it on the page.
    """
    appointment = (
        Appointment.objects.select_related("pool__division", "person")
        .filter(pk=work.payload["appointment"])
        .first()
    )
    today = day_of(clock.now())
    if appointment is None or appointment.ended_on is not None or appointment.until <= today:
        return
    duties = Duty.objects.in_force_on(today).filter(
        kind=DutyKind.OFFICER, division_id=appointment.pool.division_id
    )
    addresses = sorted(
        Account.objects.filter(pk__in=duties.values("account_id"), is_active=True)
        .exclude(email="")
        .values_list("email", flat=True)
    )
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("A term in the expert pool ends soon: seat %(seat)d") % {"seat": appointment.seat}
        page = reverse("trainers:appointment", kwargs={"public_id": appointment.public_id})
        text = _(
            "The term of %(name)s on seat %(seat)d of “%(pool)s” ends; from %(day)s on the seat is free.\n"
            "To renew it, nominate the expert again:\n%(address)s"
        ) % {
            "name": appointment.person.name,
            "seat": appointment.seat,
            "pool": appointment.pool.name,
            "day": appointment.until.isoformat(),
            "address": f"{settings.PUBLIC_URL}{page}",
        }
    for address in addresses:  # one letter each: officers do not see each other's addresses
        send_mail(subject, text, None, [address])

"""What happens after an act of this room was committed. Each handler may be called again and does no harm."""

from __future__ import annotations

from django.contrib.sessions.models import Session

from audit.acts import System
from audit.effects import handles
from audit.models import Work
from core import clock
from credentials.actions.extend_measures import extend_measures
from credentials.actions.render import render
from credentials.models import BanSubject, Certificate
from registry.models import Account, Person
from registry.permissions import records_of


@handles("credentials.issued")
def render_pdf(work: Work) -> None:
    """A certificate that was issued gets its printed form."""
    certificate = Certificate.objects.get(pk=work.payload["certificate"])
    render(certificate=certificate, by=System("credentials"), at=clock.now())


@handles("credentials.banned")
def end_sessions(work: Work) -> None:
    """Whoever was banned is signed out everywhere. She may sign in again: to read why, and to appeal."""
    person = BanSubject.objects.values_list("person_id", flat=True).get(pk=work.payload["subject"])
    for pk in Account.objects.filter(person_id__in=records_of(person)).values_list("pk", flat=True):
        end_sessions_of(pk)


@handles("registry.merged")
def measures_follow(work: Work) -> None:
    """Nobody who is banned holds a valid certificate under another record of hers."""
    records = Person.objects.in_bulk([work.payload["kept"], work.payload["absorbed"]])
    kept, absorbed = records[work.payload["kept"]], records[work.payload["absorbed"]]
    extend_measures(kept=kept, absorbed=absorbed, by=System("credentials"), at=clock.now())


def end_sessions_of(account: int) -> int:
    """Delete the sessions of an account; how many there were.

    A session names its account only inside its sealed text, so all live ones are read: 0.1 ms each.
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=clock.now()).iterator(chunk_size=1000):
        if session.get_decoded().get("_auth_user_id") == str(account):
            session.delete()
            ended += 1
    return ended

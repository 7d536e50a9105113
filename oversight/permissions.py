"""What an officer may see: what lies, or lay, in the divisions of her own duty.

Only the duty of an officer counts here. Who issues certificates for a province sees no more of its
people for that.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from registry.models import Account, Division, Employment
from registry.models.division import within_any
from registry.rules.kinds import DutyKind


def divisions_of(account: Account) -> tuple[Division, ...]:
    """The divisions of her duties, each once, without those that lie inside another of them."""
    own = {
        duty.division.prefix: duty.division
        for duty in account.current_duties
        if duty.kind == DutyKind.OFFICER and duty.division is not None
    }
    return tuple(
        own[prefix]
        for prefix in sorted(own)
        if not any(prefix != other and prefix.startswith(other) for other in own)
    )


def overseen_divisions(account: Account) -> Q:
    return within_any("code", account.division_prefixes)


def overseen_facilities(account: Account) -> Q:
    return within_any("division_id", account.division_prefixes)


def overseen_posts(account: Account) -> Q:
    return within_any("facility__division_id", account.division_prefixes)


def overseen_people(account: Account) -> Q:
    """In post, now or once, at a facility in her divisions."""
    posts = Employment.objects.filter(overseen_posts(account), person_id=OuterRef("pk"))
    return Q(Exists(posts))

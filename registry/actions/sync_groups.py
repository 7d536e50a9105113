"""Wagtail asks Django's groups; duties are what counts. The groups follow the duties."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import Group
from django.db.models import Q

from registry.models import Account
from registry.rules.kinds import DutyKind

MIRRORED = (DutyKind.EDITOR, DutyKind.REVIEWER)


def sync_groups(*, account: Account, on: date) -> bool:
    """Make the account's mirrored groups equal to its duties on that day. True if something changed.

    Part of the acts that change duties, not an act of its own: it records nothing that they do not.
    """
    due = {kind for kind in account.duties.in_force_on(on).values_list("kind", flat=True) if kind in MIRRORED}
    held = set(account.groups.filter(name__in=MIRRORED).values_list("name", flat=True))
    for name in sorted(due - held):
        account.groups.add(Group.objects.get_or_create(name=name)[0])
    account.groups.remove(*Group.objects.filter(name__in=held - due))
    return due != held


def sync_all_groups(*, on: date) -> int:
    """For every account that holds a mirrored group or duty; returns how many changed."""
    concerned = Account.objects.filter(Q(groups__name__in=MIRRORED) | Q(duties__kind__in=MIRRORED)).distinct()
    return sum(sync_groups(account=account, on=on) for account in concerned.iterator())

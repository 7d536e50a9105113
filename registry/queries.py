"""What one asks the registry across its tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from core.days import Period
from registry.actions.reveal_number import WHY_NAMES, Why
from registry.models import Account, Person, StandardVersion
from registry.rules.applicable import DatedRules

Words = Promise | str

# Acts on `person:<public id>` by which somebody learnt something about her; rooms above add theirs.
_LOOKS: dict[str, Words] = {"registry.reveal_number": _("saw the whole number of a document")}


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at a person's data. `why` is empty where the act asks for no reason."""

    at: datetime
    who: str
    what: Words
    why: Words


def counts_as_look(act: str, what: Words) -> None:
    """`looks_at` shows this act too; its subject is `person:<public id>`, its reason `detail["why"]`."""
    _LOOKS[act] = what


def looks_at(person: Person, *, most: int = 50) -> list[Look]:
    """Who looked at her, newest first."""
    entries = list(Entry.objects.filter(subject=person.subject, act__in=_LOOKS).order_by("-sequence")[:most])
    keys = {entry.actor.removeprefix("account:") for entry in entries}
    accounts = Account.objects.filter(public_id__in=keys).select_related("person")
    names = {account.actor: account.display_name for account in accounts}
    return [
        Look(
            entry.at,
            names.get(entry.actor, entry.actor),
            _LOOKS[entry.act],
            _why(entry.detail.get("why", "")),
        )
        for entry in entries
    ]


def _why(code: str) -> Words:
    return WHY_NAMES[Why(code)] if code in tuple(Why) else code


def dated_rules() -> tuple[DatedRules, ...]:
    """All dated versions of all standards, in one query."""
    return tuple(
        DatedRules(
            version.standard.code,
            version.number,
            version.standard.division_id,
            version.standard.occupation,
            Period(version.in_force_from, version.in_force_until),
            version.rules,
        )
        for version in StandardVersion.objects.select_related("standard").order_by("standard__code", "number")
    )

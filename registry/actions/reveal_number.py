"""Show a whole identity number, once, to somebody whose duty needs it, and say so to its owner."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core.days import day_of
from core.refusals import Refused
from registry.models import Account, IdentityDocument
from registry.permissions import may_reveal


class Why(StrEnum):
    """The reasons there are; free text would carry names into the audit."""

    COMPARE = "compare"
    CORRECT = "correct"
    AUTHORITY = "authority"
    SUBSIDY = "subsidy"


WHY_NAMES: dict[Why, Promise | str] = {
    Why.COMPARE: _("to compare it with the paper document"),
    Why.CORRECT: _("to correct a record"),
    Why.AUTHORITY: _("to answer an authority's inquiry"),
    Why.SUBSIDY: _("to apply for a training subsidy"),
}


@act
def reveal_number(*, document: IdentityDocument, by: Account, at: datetime, why: str) -> str:
    """The whole number. Raises Refused: no_reason, may_not_see."""
    if why not in tuple(Why):
        raise Refused("no_reason", _("Say why you need the number. Its owner sees the reason."))
    if not may_reveal(by, document.person, day_of(at)):
        raise Refused(
            "may_not_see",
            _("You see the numbers of your present staff or of your division only."),
        )
    record(
        "registry.reveal_number",
        subject=document.person.subject,
        by=by,
        at=at,
        kind=document.kind,
        document=document.public_id,
        why=why,
    )
    number: str = document.number
    return number

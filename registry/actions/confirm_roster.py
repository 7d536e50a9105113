"""Let the good rows of a roster in, once; every other row keeps its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core.refusals import Refused
from registry.actions.employ import Post, employ_all
from registry.actions.end_employment import end_employment
from registry.actions.record_person import PersonRow, record_people
from registry.models import Account, Employment, Person, RosterImport
from registry.rules.roster import RosterRow
from registry.rules.roster_file import RosterFile
from registry.rules.roster_words import Field

# What an act refuses is shown at the cell that has to be mended.
CELL_OF = {
    "name_differs": Field.NAME,
    "excluded": Field.NAME,
    "unknown_occupation": Field.OCCUPATION,
    "ends_before_start": Field.LEFT_ON,
}


@dataclass(slots=True)
class _Outcome:
    counts: Counter[str] = field(default_factory=Counter)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, row: RosterRow, refusal: Refused) -> None:
        self.errors.append(
            {
                "row": row.row,
                "column": "",
                "field": CELL_OF.get(refusal.code, Field.STARTED_ON).value,
                "code": refusal.code,
                "other_row": None,
            }
        )


@act
def confirm_roster(*, roster: RosterImport, by: Account, at: datetime) -> RosterImport:
    """The good rows go in now, each checked again; the report counts what became of every row.

    Confirming twice is confirming once. Raises Refused: discarded.
    """
    waiting = RosterImport.objects.filter(pk=roster.pk, state=RosterImport.State.PREVIEW)
    if not waiting.update(state=RosterImport.State.CONFIRMED, settled_at=at):
        settled = RosterImport.objects.get(pk=roster.pk)
        if settled.state == RosterImport.State.DISCARDED:
            raise Refused("discarded", _("This roster was discarded. Upload it again."))
        return settled
    row = RosterImport.objects.select_related("facility").get(pk=roster.pk)
    file = RosterFile.from_text(row.rows)
    outcome = _let_in(row, file.rows, by, at)
    row.errors = sorted(row.errors + outcome.errors, key=lambda error: error["row"])
    refused = {error["row"] for error in row.errors}
    row.rows = file.only(refused).as_text()
    row.report = row.report | {
        "new_people": outcome.counts["new_people"],
        "hired": outcome.counts["hired"],
        "ended": outcome.counts["ended"],
        "already": outcome.counts["already"],
        "refused": len(refused),
    }
    row.save(update_fields=["errors", "rows", "report"])
    record(
        "registry.confirm_roster",
        subject=f"roster:{row.public_id}",
        by=by,
        at=at,
        facility=row.facility.public_id,
        **{key: row.report[key] for key in ("new_people", "hired", "ended", "already", "refused")},
    )
    return row


def _let_in(imported: RosterImport, rows: tuple[RosterRow, ...], by: Account, at: datetime) -> _Outcome:
    outcome = _Outcome()
    people = record_people(
        rows=[
            PersonRow(row.name.printed, row.document.kind, row.document.number, row.phone or None)
            for row in rows
        ],
        by=by,
        at=at,
    )
    known: list[tuple[RosterRow, Person]] = []
    for row, answer in zip(rows, people, strict=True):
        if answer.person is None:
            assert answer.refusal is not None
            outcome.refuse(row, answer.refusal)
        else:
            known.append((row, answer.person))
            outcome.counts["new_people"] += answer.is_new
    posts = [
        Post(person, imported.facility, row.occupation, row.started_on, row.until) for row, person in known
    ]
    for (row, _person), post, made in zip(known, posts, employ_all(posts=posts, by=by, at=at), strict=True):
        if isinstance(made, Employment):
            outcome.counts["hired"] += 1
        elif made.code == "already_in_post":
            _already_in_post(row, post, outcome, by, at)
        else:
            outcome.refuse(row, made)
    return outcome


def _already_in_post(row: RosterRow, post: Post, outcome: _Outcome, by: Account, at: datetime) -> None:
    """A roster is sent again and again: who stays, stays; who has left since, leaves now."""
    open_post = Employment.objects.filter(
        person=post.person, facility=post.facility, occupation=post.occupation, until=None
    ).first()
    if row.until is None or open_post is None:
        outcome.counts["already"] += 1
        return
    try:
        end_employment(employment=open_post, until=row.until, by=by, at=at)
        outcome.counts["ended"] += 1
    except Refused as refusal:
        outcome.refuse(row, refusal)

"""Join two records of one human being, or part them again: one officer proposes, another person decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.acts import act, owe, record
from core import faults
from core.days import day_of
from core.refusals import Refused
from registry.models import Account, Merge, Person
from registry.permissions import is_of_province, one_human, oversees_person, records_of, under_measure

ROOM = 500  # of a reason and of the evidence


@act
def propose_merge(
    *, kept: Person, absorbed: Person, reason: str, evidence: str, by: Account, at: datetime
) -> Merge:
    """Say that `absorbed` is another record of the human being whom `kept` stands for.

    Raises Refused: no_reason, no_evidence, no_person, no_duty, own_record, same_record, merged,
    has_merged, measure_absorbed, login_absorbed, duties_absorbed, already_proposed.
    """
    people = _locked(kept, absorbed)
    officer = _officer(by, people, day_of(at))
    kept, absorbed = people
    _demand_joinable(kept, absorbed, day_of(at))
    return _propose(Merge.Kind.MERGE, None, kept, absorbed, reason, evidence, officer, by, at)


@act
def propose_undo(*, merge: Merge, reason: str, evidence: str, by: Account, at: datetime) -> Merge:
    """Say that the two records are two human beings after all.

    Raises Refused: no_reason, no_evidence, no_person, no_duty, own_record, not_in_force, already_proposed.
    """
    kept, absorbed = _locked(merge.kept, merge.absorbed)
    officer = _officer(by, (kept, absorbed), day_of(at))
    _demand_in_force(merge, kept, absorbed)
    return _propose(Merge.Kind.UNDO, merge, kept, absorbed, reason, evidence, officer, by, at)


@act
def decide_merge(
    *, proposal: Merge, accept: bool, reason: str, despite_measure: bool = False, by: Account, at: datetime
) -> Merge:
    """Accept or decline a proposal, to merge or to undo; by another person than who proposed.

    From this day on the records are asked for together (or apart again); no row of theirs moves. The
    second login is closed while the merge is in force. Under a measure only an officer of the province
    accepts, and says so by `despite_measure`; the record with the measure is the one that stays.
    Raises Refused: no_reason, decided, no_person, no_duty, own_record, own_proposal, measure, and
    what proposing refuses.
    """
    day, reason = day_of(at), _words(reason, "no_reason", _("Say why you decide so."))
    kept, absorbed = _locked(proposal.kept, proposal.absorbed)
    proposal = Merge.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.accepted is not None:
        raise Refused("decided", _("This proposal is decided already."))
    decider = _officer(by, (kept, absorbed), day)
    if decider == one_human(proposal.proposed_by_person):
        raise Refused("own_proposal", _("You proposed this. Another person has to decide."))
    measured = False
    if accept:
        if proposal.kind == Merge.Kind.MERGE:
            _demand_joinable(kept, absorbed, day)
        else:
            assert proposal.undoes is not None
            _demand_in_force(proposal.undoes, kept, absorbed)
        measured = _demand_supervised(kept, absorbed, despite_measure, by, day)
    closed = _second_login(proposal, kept, absorbed) if accept else None
    faults.point("merge.before_decision")
    Merge.objects.filter(pk=proposal.pk, accepted=None).update(
        accepted=accept,
        decided_on=day,
        decided_at=at,
        decided_by=by,
        decided_by_person=decider,
        decision_reason=reason,
        despite_measure=measured,
        closed_account=closed if proposal.kind == Merge.Kind.MERGE else None,
    )
    if accept:
        is_merge = proposal.kind == Merge.Kind.MERGE
        faults.point("merge.before_pointer")
        Person.objects.filter(pk=absorbed.pk).update(merged_into=kept if is_merge else None)
        if closed is not None:
            faults.point("merge.before_login")
            Account.objects.filter(pk=closed.pk).update(is_active=not is_merge)
        told = {"merge": proposal.pk, "kept": kept.pk, "absorbed": absorbed.pk}
        if is_merge:
            owe("registry.merged", key=f"{proposal.subject}:merged", payload=told, at=at)
        else:
            owe("registry.unmerged", key=f"{proposal.subject}:unmerged", payload=told, at=at)
    record(
        "registry.accept_merge" if accept else "registry.decline_merge",
        subject=proposal.subject,
        by=by,
        at=at,
        kind=proposal.kind,
        kept=kept.public_id,
        absorbed=absorbed.public_id,
        despite_measure=measured,
    )
    proposal.refresh_from_db()
    return proposal


def _propose(
    kind: Merge.Kind,
    undoes: Merge | None,
    kept: Person,
    absorbed: Person,
    reason: str,
    evidence: str,
    officer: Person,
    by: Account,
    at: datetime,
) -> Merge:
    try:
        with transaction.atomic():
            proposal = Merge.objects.create(
                kind=kind,
                undoes=undoes,
                kept=kept,
                absorbed=absorbed,
                reason=_words(reason, "no_reason", _("Say why.")),
                evidence=_words(evidence, "no_evidence", _("Say what you compared: which documents, whom.")),
                proposed_at=at,
                proposed_by=by,
                proposed_by_person=officer,
            )
    except IntegrityError:
        if not Merge.objects.undecided().filter(absorbed=absorbed).exists():
            raise
        raise Refused(
            "already_proposed", _("A proposal about this record is open. Decide it first.")
        ) from None
    record(
        "registry.propose_merge",
        subject=proposal.subject,
        by=by,
        at=at,
        kind=kind,
        kept=kept.public_id,
        absorbed=absorbed.public_id,
    )
    return proposal


def _locked(kept: Person, absorbed: Person) -> tuple[Person, Person]:
    """Both rows as they are now, locked in the order of their keys."""
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=[kept.pk, absorbed.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[kept.pk], found[absorbed.pk]


def _officer(by: Account, people: Sequence[Person], day: date) -> Person:
    if by.person is None:
        raise Refused("no_person", _("Your account is not tied to a person, so nobody could be held to it."))
    if not by.is_active or not all(oversees_person(by, person, day) for person in people):
        raise Refused(
            "no_duty",
            _("You do not oversee both records. An officer of the division above them both can do it."),
        )
    officer = one_human(by.person)
    if officer in {one_human(person) for person in people}:
        raise Refused("own_record", _("Nobody merges or parts her own records."))
    return officer


def _demand_joinable(kept: Person, absorbed: Person, day: date) -> None:
    if kept.pk == absorbed.pk:
        raise Refused("same_record", _("Choose two different records."))
    if kept.merged_into_id is not None or absorbed.merged_into_id is not None:
        raise Refused("merged", _("One of these records is already merged. Choose the record that stands."))
    if Person.objects.filter(merged_into=absorbed).exists():
        raise Refused(
            "has_merged",
            _("Other records were merged into this one. Propose it the other way round, so that it stays."),
        )
    if under_measure([absorbed.pk], day):
        raise Refused(
            "measure_absorbed",
            _(
                "A measure or an open case concerns the record that would go. "
                "Propose it the other way round, so that it stays; an officer of the province decides."
            ),
        )
    logins = {account.person_id: account for account in Account.objects.filter(person__in=[kept, absorbed])}
    second = logins.get(absorbed.pk)
    if second is not None and kept.pk not in logins:
        raise Refused(
            "login_absorbed",
            _("Only the record that would go has a login. Propose it the other way round, so that it stays."),
        )
    if second is not None and second.duties.unrevoked_on(day).exists():
        raise Refused(
            "duties_absorbed",
            _("The login of the record that would go holds duties. Have them revoked first."),
        )


def _demand_in_force(merge: Merge, kept: Person, absorbed: Person) -> None:
    is_merge = merge.kind == Merge.Kind.MERGE and merge.accepted
    undone = Merge.objects.filter(undoes=merge, accepted=True).exists()
    if not is_merge or undone or absorbed.merged_into_id != kept.pk:
        raise Refused("not_in_force", _("This merge is not in force; there is nothing to undo."))


def _demand_supervised(kept: Person, absorbed: Person, despite: bool, by: Account, day: date) -> bool:
    """True if a measure is touched, by somebody who may and says so."""
    if not under_measure({*records_of(kept), absorbed.pk}, day):
        return False
    if not is_of_province(by, day):
        raise Refused(
            "measure",
            _(
                "A measure or an open case concerns one of these records. "
                "Only an officer of the province may decide this."
            ),
        )
    if not despite:
        raise Refused(
            "measure",
            _(
                "A measure or an open case concerns one of these records. "
                "Compare both and confirm that you decide all the same."
            ),
        )
    return True


def _second_login(proposal: Merge, kept: Person, absorbed: Person) -> Account | None:
    """The login that a merge closes, or that undoing it opens again."""
    if proposal.kind == Merge.Kind.UNDO:
        assert proposal.undoes is not None
        return proposal.undoes.closed_account
    return Account.objects.filter(person=absorbed, is_active=True).first()


def _words(text: str, code: str, sentence: object) -> str:
    text = text.strip()
    if not text:
        raise Refused(code, sentence)
    return text[:ROOM]

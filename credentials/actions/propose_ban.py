"""Propose a lifetime ban, change the proposal, record the answer. Each leaves its own wording behind."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core.days import day_of
from core.refusals import Refused
from credentials.actions.interim import suspend_for_case
from credentials.models import BanCase, BanSubject, BanSubjectVersion
from credentials.permissions import demand_officer
from credentials.rules.answering import after_working_days
from registry.actions.exclude import lock_person
from registry.models import Account, Person, StandardVersion
from registry.permissions import one_human
from registry.rules.standard import StandardRules

Change = BanSubjectVersion.Change


@act
def propose_ban(
    *,
    case: BanCase,
    person: Person,
    part: str,
    evidence: str,
    notice_served_on: date | None,
    by: Account,
    at: datetime,
    suspend_until: date | None = None,
) -> BanSubject:
    """Propose to ban `person` for her part; with `suspend_until` she is kept out from today until then.

    The time to answer runs from the notice; without a notice nothing can be decided before an answer.
    Raises Refused: no_duty, no_person, own_case, part, evidence, notice, already_proposed, suspend_until.
    """
    day = day_of(at)
    proposer = demand_officer(by, division=case.division_id, on=day)
    human = one_human(person)
    if human == one_human(proposer):
        raise Refused("own_case", _("Nobody proposes a measure about herself."))
    evidence = _demand(part, evidence, notice_served_on, case, day)
    lock_person(human)
    if BanSubject.objects.filter(case=case, person=human).exists():
        raise Refused("already_proposed", _("This person is already a subject of this case. Open her part."))
    subject = BanSubject.objects.create(
        case=case,
        person=human,
        part=part,
        evidence=evidence,
        proposed_at=at,
        proposed_by=by,
        proposed_by_person=proposer,
        notice_served_on=notice_served_on,
        answer_until=_answer_until(case, notice_served_on),
        suspended_until=suspend_until,
    )
    _keep(subject, Change.PROPOSED, by, proposer, at)
    record(
        "credentials.propose_ban",
        subject=subject.source,
        by=by,
        at=at,
        case=case.public_id,
        person=human.public_id,
        part=part,
        notice_served_on=notice_served_on,
        answer_until=subject.answer_until,
    )
    if suspend_until is not None:
        suspend_for_case(
            subject=subject, person=human, until=suspend_until, reason=case.public_id, by=by, at=at
        )
    return subject


@act
def edit_proposal(
    *,
    subject: BanSubject,
    part: str,
    evidence: str,
    notice_served_on: date | None,
    read_version: int,
    by: Account,
    at: datetime,
) -> BanSubject:
    """Change an undecided proposal; whoever read the version before must read again.

    Raises Refused: no_duty, no_person, own_case, stale, decided, part, evidence, notice.
    """
    day = day_of(at)
    editor = demand_officer(by, division=subject.case.division_id, on=day)
    subject = lock_undecided(subject, read_version)
    if one_human(subject.person) == one_human(editor):
        raise Refused("own_case", _("Nobody writes in a case about herself."))
    subject.evidence = _demand(part, evidence, notice_served_on, subject.case, day)
    subject.part = part
    subject.notice_served_on = notice_served_on
    subject.answer_until = _answer_until(subject.case, notice_served_on)
    return _next(subject, Change.EDITED, by, editor, at)


@act
def record_answer(
    *, subject: BanSubject, answered_on: date, answer: str, by: Account, at: datetime
) -> BanSubject:
    """Put on record what the person answered. It is a change: a decider must have read it.

    Raises Refused: no_duty, no_person, own_case, decided, answered, answer, answered_on.
    """
    day = day_of(at)
    officer = demand_officer(by, division=subject.case.division_id, on=day)
    subject = lock_undecided(subject, None)
    if one_human(subject.person) == one_human(officer):
        raise Refused("own_case", _("Nobody writes in a case about herself."))
    if subject.answered_on is not None:
        raise Refused("answered", _("An answer is on record already. Add what came later to the evidence."))
    if not answer.strip():
        raise Refused("answer", _("Write down what the person answered."))
    if answered_on > day or answered_on < (subject.notice_served_on or subject.case.incident_on):
        raise Refused(
            "answered_on", _("An answer comes after the notice and not in the future. Check the date.")
        )
    subject.answered_on = answered_on
    subject.answer = answer.strip()
    return _next(subject, Change.ANSWERED, by, officer, at)


def lock_undecided(subject: BanSubject, read_version: int | None) -> BanSubject:
    """The row as it is now, locked. Raises Refused: decided, stale (details: the version that stands)."""
    lock_person(subject.person)
    row = (
        BanSubject.objects.select_for_update(of=("self",))
        .select_related("case", "person", "proposed_by_person")
        .get(pk=subject.pk)
    )
    if row.state != BanSubject.State.PROPOSED:
        raise Refused("decided", _("This part of the case is already decided."))
    if read_version is not None and row.edited_version != read_version:
        raise Refused(
            "stale",
            _("The proposal was changed after you opened it. Read what changed, then do it again."),
            version=row.edited_version,
        )
    return row


def _next(subject: BanSubject, change: Change, by: Account, person: Person, at: datetime) -> BanSubject:
    subject.edited_version += 1
    subject.save(
        update_fields=[
            "part",
            "evidence",
            "notice_served_on",
            "answer_until",
            "answered_on",
            "answer",
            "edited_version",
        ]
    )
    _keep(subject, change, by, person, at)
    record(
        f"credentials.ban_{change.value}",
        subject=subject.source,
        by=by,
        at=at,
        version=subject.edited_version,
    )
    return subject


def _keep(subject: BanSubject, change: Change, by: Account, person: Person, at: datetime) -> None:
    BanSubjectVersion.objects.create(
        subject=subject,
        number=subject.edited_version,
        change=change,
        recorded_at=at,
        recorded_by=by,
        recorded_by_person=person,
        part=subject.part,
        evidence=subject.evidence,
        notice_served_on=subject.notice_served_on,
        answered_on=subject.answered_on,
        answer=subject.answer,
    )


def _demand(part: str, evidence: str, notice_served_on: date | None, case: BanCase, day: date) -> str:
    if part not in BanSubject.Part.values:
        raise Refused("part", _("Choose whether she was directly responsible or her manager."))
    if not evidence.strip():
        raise Refused("evidence", _("Name the evidence for this person's own part."))
    if notice_served_on is not None and not case.incident_on <= notice_served_on <= day:
        raise Refused(
            "notice", _("A notice is served after the incident and not in the future. Check the date.")
        )
    return evidence.strip()


def _answer_until(case: BanCase, served_on: date | None) -> date | None:
    """By the kindest rule that is in force in the place of the case."""
    if served_on is None:
        return None
    versions = StandardVersion.objects.in_force_on(served_on).select_related("standard__division")
    days = [
        version.rules.ban_answer_working_days
        for version in versions.filter(standard__division__code__startswith=case.division_id[:2])
        if case.division_id.startswith(version.standard.division.prefix)
    ]
    return after_working_days(served_on, max(days, default=StandardRules().ban_answer_working_days))

"""Contest a line of hours: by the learner, answered by a level above, carried upward when time is over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor, System, act, record
from core.days import day_of
from core.refusals import Refused
from credentials.rules.answering import after_working_days
from lms.models import Contest, ContestStep, HourEntry
from lms.queries import standings_of
from lms.rules.contests import first_level, may_be_contested
from lms.rules.seal import SEALED_STEP, seal
from registry.actions.exclude import lock_person
from registry.models import Account, Division, Duty, Employment, Facility, Person
from registry.permissions import one_human, oversees
from registry.rules.kinds import DutyKind


@act
def contest_line(*, entry: HourEntry, standard_code: str, words: str, by: Account, at: datetime) -> Contest:
    """The learner says why a line that is refused or cut should count. The clock of the first level begins.

    Raises Refused: `not_hers`, `no_words`, `no_such_line`, `counted`, `contested`, `upheld`.
    """
    words, day = words.strip(), day_of(at)
    if by.person is None or by.person_id != entry.person_id:
        raise Refused("not_hers", _("You can contest your own hours only."))
    if not words:
        raise Refused("no_words", _("Say why the line should count."))
    person = lock_person(by.person)
    found = [one for one in standings_of(person, day) if one.standard_code == standard_code]
    line = next((line for one in found for line in one.lines if line.entry.id == entry.pk), None)
    if line is None:
        raise Refused("no_such_line", _("This line does not stand under this standard."))
    if not may_be_contested(line):
        raise Refused("counted", _("This line counts in full or waits to be checked; nothing is refused."))
    same = Contest.objects.filter(entry=entry, standard_code=standard_code)
    if same.open().exists():
        raise Refused("contested", _("You have contested this line already; the answer comes here."))
    reasons = [reason.as_json() for reason in line.reasons]
    if same.filter(steps__kind=ContestStep.Kind.UPHELD, reasons=reasons).exists():
        raise Refused("upheld", _("This was contested and answered, and the line has not changed since."))
    facility = _facility(person, day)
    level = _first_level(entry, facility.division)
    days = found[0].version.rules.contest_answer_working_days
    contest = Contest.objects.create(
        person=person,
        entry=entry,
        standard_code=standard_code,
        facility=facility,
        minutes=line.counted_minutes,
        reasons=reasons,
        opened_at=at,
        working_days=days,
        division=level,
        answer_before=after_working_days(day, days),
    )
    step = _step(
        contest,
        ContestStep.Kind.OPENED,
        at,
        words=words[:1000],
        by=by,
        answer_before=contest.answer_before,
    )
    _record("lms.contest_line", step, by, entry=entry.public_id)
    return contest


@act
def answer_contest(
    *, contest: Contest, words: str, remedy: HourEntry | None, by: Account, at: datetime
) -> Contest:
    """An officer of the level it lies with, or above: the line stays (`remedy` None), or another of her
    lines, recorded since, remedies it. Closes the contest.

    Raises Refused: `no_rights`, `own_hours`, `recorded_it`, `no_words`, `answered`, `no_remedy`.
    """
    words = words.strip()
    row = (
        Contest.objects.select_for_update(of=("self",))
        .select_related("division", "entry", "person")
        .get(pk=contest.pk)
    )
    if not oversees(by, row.division, day_of(at)):
        raise Refused("no_rights", _("This contest lies with another level."))
    if by.person is not None and one_human(by.person) == one_human(row.person):
        raise Refused("own_hours", _("Nobody answers about her own hours."))
    if row.entry.recorded_by == by.actor:
        raise Refused("recorded_it", _("You recorded this line; somebody else answers."))
    if not words:
        raise Refused("no_words", _("Give the reason; she reads it."))
    if row.closed_at is not None:
        raise Refused("answered", _("This contest was answered already."))
    if remedy is not None and not (
        one_human(remedy.person) == one_human(row.person)
        and remedy.recorded_at >= row.opened_at
        and remedy.pk != row.entry_id
    ):
        raise Refused("no_remedy", _("Choose a line of hers that was recorded since she contested."))
    kind = ContestStep.Kind.UPHELD if remedy is None else ContestStep.Kind.REMEDIED
    step = _step(row, kind, at, words=words[:1000], by=by, remedy=remedy)
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    _record("lms.answer_contest", step, by, remedy=remedy.public_id if remedy else None)
    return row


@act
def escalate_contest(*, contest: Contest, by: System, at: datetime) -> bool:
    """Carry a contest to the next level when its time is over; True if it went. At the top it stays, late."""
    row = (
        Contest.objects.select_for_update(of=("self",)).select_related("division__parent").get(pk=contest.pk)
    )
    above = row.division.parent
    if row.closed_at is not None or row.answer_before > day_of(at) or above is None:
        return False
    row.division = above
    row.answer_before = after_working_days(day_of(at), row.working_days)
    row.save(update_fields=["division", "answer_before"])
    step = _step(row, ContestStep.Kind.ESCALATED, at, answer_before=row.answer_before)
    _record("lms.escalate_contest", step, by)
    return True


def _step(
    contest: Contest,
    kind: ContestStep.Kind,
    at: datetime,
    *,
    words: str = "",
    by: Account | None = None,
    answer_before: date | None = None,
    remedy: HourEntry | None = None,
) -> ContestStep:
    return ContestStep.objects.create(
        contest=contest,
        kind=kind,
        division=contest.division,
        answer_before=answer_before,
        words=words,
        remedy=remedy,
        happened_at=at,
        by=by,
    )


def _record(name: str, step: ContestStep, by: Actor, **detail: Any) -> None:
    record(
        name,
        subject=f"contest-step:{step.public_id}",
        by=by,
        at=step.happened_at,
        contest=step.contest.public_id,
        kind=str(step.kind),
        division=step.division_id,
        seal=seal([[getattr(step, field) for field in SEALED_STEP]]),
        **detail,
    )


def _facility(person: Person, day: date) -> Facility:
    """Where she is in post today, the latest joined; else where she was last."""
    posts = Employment.objects.filter(person=person, started_on__lte=day).select_related("facility__division")
    present = posts.on(day).order_by("-started_on", "-pk").first()
    post = present or posts.order_by("-started_on", "-pk").first()
    assert post is not None, "a standard binds whoever has a line under it"
    return post.facility


def _first_level(entry: HourEntry, county: Division) -> Division:
    chain, above = [county], county.parent
    while above is not None:
        chain.append(above)
        above = above.parent
    recorder = Account.objects.filter(public_id=entry.recorded_by.removeprefix("account:"))
    duties = Duty.objects.in_force_on(day_of(entry.recorded_at)).filter(
        account__in=recorder, kind=DutyKind.OFFICER
    )
    code = first_level([one.code for one in chain], set(duties.values_list("division_id", flat=True)))
    return next(one for one in chain if one.code == code)

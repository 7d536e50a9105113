"""Take somebody into a post, unless she may not work with children."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core import faults
from core.days import Period, day_of
from core.refusals import Refused
from registry.models import Account, Employment, Exclusion, Facility, Person
from registry.rules.standard import Occupation

CHUNK = 500
LONGEST_NOTICE = timedelta(days=90)  # a post may be entered this long before it begins

# One sentence for each code; rows of a roster are explained with the same ones.
SENTENCES: dict[str, Promise | str] = {
    "excluded": _("This person may not be employed in childcare and must not begin. The county knows why."),
    "unknown_occupation": _("This occupation is not known. Choose one from the list."),
    "too_far_ahead": _("The first day lies more than 90 days ahead. Check the year."),
    "before_birth": _("The first day lies before the person was born. Check the year."),
    "ends_before_start": _("The post ends before it begins. Check both days."),
    "before_opening": _("The facility was not open yet on the first day. Check the year."),
    "facility_closed": _("The facility is closed and employs nobody any more."),
    "already_in_post": _("This person is already in this post at this facility."),
}


class MayNotEmploy(Refused):
    """A post that is not given. `code` is a key of SENTENCES."""

    def __init__(self, code: str) -> None:
        super().__init__(code, SENTENCES[code])


@dataclass(frozen=True, slots=True)
class Post:
    """A post to be taken up; `until` is known only for posts of the past."""

    person: Person
    facility: Facility
    occupation: str
    started_on: date
    until: date | None = None

    @property
    def period(self) -> Period:
        return Period(self.started_on, self.until)


@act
def employ(
    *,
    person: Person,
    facility: Facility,
    occupation: str,
    started_on: date,
    by: Account | System,
    at: datetime,
) -> Employment:
    """Put the person in post from a day on, without end.

    Raises MayNotEmploy.
    """
    answer = _employ([Post(person, facility, occupation, started_on)], at)[0]
    if isinstance(answer, Refused):
        raise answer
    record(
        "registry.employ",
        subject=person.subject,
        by=by,
        at=at,
        facility=facility.public_id,
        occupation=answer.occupation,
        started_on=started_on,
    )
    return answer


@act
def employ_all(
    *, posts: Sequence[Post], by: Account | System, at: datetime
) -> tuple[Employment | Refused, ...]:
    """One answer per post, in order, by the rules of `employ`; posts of the past may have an end.

    Meant for batches of some thousand posts; one entry in the audit, with counts and a digest.
    """
    answers = _employ(posts, at)
    made = [answer for answer in answers if isinstance(answer, Employment)]
    if made:
        digest = hashlib.sha256("\n".join(row.public_id for row in made).encode()).hexdigest()
        record(
            "registry.employ_all",
            subject=f"batch:{digest[:16]}",
            by=by,
            at=at,
            posts=len(posts),
            made=len(made),
            refused=len(posts) - len(made),
            digest=digest,
        )
    return answers


@dataclass(slots=True)
class _Facts:
    """What is true of everybody concerned, read after the rows were locked."""

    today: date
    facilities: dict[int, Facility] = field(default_factory=dict)
    exclusions: dict[int, list[Exclusion]] = field(default_factory=lambda: defaultdict(list))
    posts: dict[tuple[int, int, str], list[Period]] = field(default_factory=lambda: defaultdict(list))


def _employ(posts: Sequence[Post], at: datetime) -> tuple[Employment | Refused, ...]:
    facts = _locked_facts(posts, day_of(at))
    answers: list[Employment | Refused] = []
    for post in posts:
        refusal = _refusal(post, facts)
        if refusal is not None:
            answers.append(refusal)
            continue
        facts.posts[post.person.pk, post.facility.pk, post.occupation].append(post.period)
        answers.append(
            Employment(
                person=post.person,
                facility=post.facility,
                occupation=Occupation(post.occupation),
                started_on=post.started_on,
                until=post.until,
                recorded_at=at,
            )
        )
    faults.point("employ.before_write")
    Employment.objects.bulk_create(
        [answer for answer in answers if isinstance(answer, Employment)], batch_size=CHUNK
    )
    return tuple(answers)


def _locked_facts(posts: Sequence[Post], today: date) -> _Facts:
    """Facilities first, then persons, each in the order of their keys: two batches cannot deadlock."""
    facts = _Facts(today)
    for keys in _chunks({post.facility.pk for post in posts}):
        locked = Facility.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
        facts.facilities |= {facility.pk: facility for facility in locked}
    for keys in _chunks({post.person.pk for post in posts}):
        people = Person.objects.select_for_update(no_key=True).filter(pk__in=keys)
        list(people.order_by("pk").values_list("pk"))
        for person, exclusion in Exclusion.objects.all().of_people(keys):
            facts.exclusions[person].append(exclusion)
        for person, facility, occupation, started_on, until in Employment.objects.filter(
            person_id__in=keys
        ).values_list("person_id", "facility_id", "occupation", "started_on", "until"):
            facts.posts[person, facility, occupation].append(Period(started_on, until))
    return facts


def _refusal(post: Post, facts: _Facts) -> MayNotEmploy | None:
    code = _why_not(post, facts)
    return MayNotEmploy(code) if code else None


def _why_not(post: Post, facts: _Facts) -> str:
    facility = facts.facilities[post.facility.pk]
    days = (facts.today, post.started_on)
    if any(exclusion.in_force_on(day) for exclusion in facts.exclusions[post.person.pk] for day in days):
        return "excluded"
    if post.occupation not in tuple(Occupation):
        return "unknown_occupation"
    if post.started_on > facts.today + LONGEST_NOTICE:
        return "too_far_ahead"
    if post.person.birth_date and post.started_on <= post.person.birth_date:
        return "before_birth"
    if post.until is not None and post.until < post.started_on:
        return "ends_before_start"
    if post.started_on < facility.opened_on:
        return "before_opening"
    if facility.closed_on is not None and (post.until is None or post.until > facility.closed_on):
        return "facility_closed"
    taken = facts.posts[post.person.pk, post.facility.pk, post.occupation]
    return "already_in_post" if any(period.overlaps(post.period) for period in taken) else ""


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]

"""Who of a facility's staff may do her post today, and whose certificate ends next."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta

from credentials.models import Certificate
from credentials.rules.state import State, StateOn, state_on
from registry.models import Employment, Exclusion, Facility
from registry.queries import dated_rules
from registry.rules.applicable import applicable
from registry.rules.standard import Occupation

SOON = timedelta(days=60)
NONE = "none"  # no certificate for this post

# What one certificate of several says about its holder: the best that stands.
_STRENGTH = {State.VALID: 0, State.SUSPENDED: 1, State.REVOKED: 2, State.EXPIRED: 3, State.REPLACED: 4}


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One post. `state` is a State's value or "none"; `measure` is "ban", "suspension" or empty.

    `demanded`: the rulebook asks whoever holds the post for a certificate on the day.
    """

    employment: Employment
    state: str
    since: date | None
    until: date | None  # first day without validity, for a valid one
    certificate: Certificate | None
    measure: str
    soon: bool
    demanded: bool = True
    other_occupation: str = ""  # holds a valid certificate, but for this post

    @property
    def fit(self) -> bool:
        """May do this post today, as far as certificates and measures go."""
        return not self.measure and (self.state == State.VALID or not self.demanded)


@dataclass(frozen=True, slots=True)
class Standing:
    """All posts of a facility on a day: trouble first, then by who expires next."""

    on: date
    lines: tuple[StaffLine, ...]

    @property
    def counts(self) -> Counter[str]:
        return Counter(line.state for line in self.lines)

    @property
    def fit(self) -> int:
        return sum(line.fit for line in self.lines)

    @property
    def soon(self) -> int:
        return sum(line.soon for line in self.lines)


def staff_standing(facility: Facility, *, on: date) -> Standing:
    """Six queries, whatever the number of staff."""
    demanded = _demanded(facility, on)
    posts = list(Employment.objects.on(on).filter(facility=facility).select_related("person"))
    people = {post.person_id for post in posts}
    measures: dict[int, str] = {}
    for person, row in Exclusion.objects.on(on).of_people(people):
        if measures.get(person) != Exclusion.Kind.BAN:  # the heavier one
            measures[person] = row.kind
    held: dict[int, list[tuple[Certificate, StateOn]]] = defaultdict(list)
    certificates = Certificate.objects.filter(holder_id__in=people).defer("snapshot", "evidence", "signature")
    for certificate in certificates.prefetch_related("marks"):
        marks = [mark.value for mark in certificate.marks.all()]
        held[certificate.holder_id].append((certificate, state_on(certificate.validity, marks, on)))
    lines = [
        replace(
            _line(post, held[post.person_id], measures.get(post.person_id, ""), on),
            demanded=post.occupation in demanded,
        )
        for post in posts
    ]
    return Standing(on, tuple(sorted(lines, key=_rank)))


def _demanded(facility: Facility, on: date) -> frozenset[str]:
    """The occupations that need a certificate there. Where the rulebook asks none, nothing is known of
    the place: then all do."""
    rulebook = dated_rules()
    asked = frozenset(
        occupation.value
        for occupation in Occupation
        if applicable(rulebook, division_code=facility.division_id, occupation=occupation, day=on).certificate
    )
    return asked or frozenset(Occupation)


def _line(post: Employment, held: list[tuple[Certificate, StateOn]], measure: str, on: date) -> StaffLine:
    mine = [pair for pair in held if pair[0].occupation == post.occupation]
    if not mine:
        others = [pair[0].occupation for pair in held if pair[1].is_valid]
        return StaffLine(
            post, NONE, None, None, None, measure, False, other_occupation=others[0] if others else ""
        )
    certificate, state = min(
        mine, key=lambda pair: (_STRENGTH[pair[1].state], -pair[0].valid_until.toordinal())
    )
    until = state.until
    if state.is_valid:  # a renewal that follows without a gap counts as one
        until = _unbroken(mine, until)
    soon = state.is_valid and until is not None and until <= on + SOON
    return StaffLine(post, state.state.value, state.since, until, certificate, measure, soon)


def _unbroken(mine: list[tuple[Certificate, StateOn]], until: date | None) -> date | None:
    for certificate, state in sorted(mine, key=lambda pair: pair[0].valid_from):
        if state.not_yet and until is not None and certificate.valid_from <= until < certificate.valid_until:
            until = certificate.valid_until
    return until


def _rank(line: StaffLine) -> tuple[bool, bool, date, int]:
    return (line.fit, not line.measure, line.until or date.max, line.employment.pk)

"""What a certificate is worth on a day: six honest states, and what may change them.

Every period is half-open. The state of a day follows from the validity and the marks
alone: a mark of today leaves yesterday as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.days import Period


class State(StrEnum):
    """The six answers; no page, list or interface knows a seventh.

    EXPIRED means outside the validity period, after it or before it. A renewal is issued while
    the old certificate still runs and begins where that one ends; on the days between it is
    genuine and gives no right yet. That is no measure against anybody (so not SUSPENDED) and
    nothing is in doubt (so not COULD_NOT_CHECK); a machine that knows only the six then reads
    "not today", which is true. `StateOn.not_yet` tells the two apart for the words on a page.
    """

    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REPLACED = "replaced"
    REVOKED = "revoked"
    COULD_NOT_CHECK = "could_not_check"


class MarkKind(StrEnum):
    """What can be marked on a certificate; the values are those of StatusMark.Kind."""

    SUSPENDED = "suspended"
    REPLACED = "replaced"
    REVOKED = "revoked"


# Strongest first: an earlier one hides the later ones while it is in force.
PRECEDENCE = (MarkKind.REVOKED, MarkKind.REPLACED, MarkKind.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: in force from `effective_on` until `until` (lapses by itself) or `lifted_on`,
    whichever comes first; None means neither is known."""

    kind: MarkKind
    effective_on: date
    until: date | None = None
    lifted_on: date | None = None

    @property
    def period(self) -> Period:
        ends = [day for day in (self.until, self.lifted_on) if day is not None]
        return Period(self.effective_on, max(min(ends), self.effective_on) if ends else None)


@dataclass(frozen=True, slots=True)
class StateOn:
    """The state on `day`, and the whole run of days around it, as is known now.

    `since` is the run's first day (None: since ever), `until` the first day that is no longer
    in it (None: no end is known). `not_yet` is true before the validity begins.
    """

    state: State
    day: date
    since: date | None
    until: date | None
    not_yet: bool = False

    @property
    def is_valid(self) -> bool:
        return self.state is State.VALID


def state_on(validity: Period, marks: Iterable[Mark], day: date) -> StateOn:
    """The state of a certificate on `day`: revoked over replaced over suspended over its validity."""
    marks = tuple(marks)
    edges = {validity.starts_on, validity.until}
    for mark in marks:
        edges |= {mark.period.starts_on, mark.period.until}
    known = sorted(edge for edge in edges if edge is not None)

    here = _plain(validity, marks, day)
    since: date | None = None
    for edge in reversed([edge for edge in known if edge <= day]):
        if _plain(validity, marks, edge) != here:
            break
        since = edge
    else:
        # The same before the first edge: nothing began it.
        if not known or _plain(validity, marks, known[0] - date.resolution) == here:
            since = None
    until = next(
        (edge for edge in known if edge > day and _plain(validity, marks, edge) != here),
        None,
    )
    state, not_yet = here
    return StateOn(state, day, since, until, not_yet)


def could_not_check(day: date) -> StateOn:
    """The answer when the record cannot be read: neither valid nor invalid."""
    return StateOn(State.COULD_NOT_CHECK, day, None, None)


def _plain(validity: Period, marks: tuple[Mark, ...], day: date) -> tuple[State, bool]:
    in_force = {mark.kind for mark in marks if day in mark.period}
    for kind in PRECEDENCE:
        if kind in in_force:
            return State(kind.value), False
    if day in validity:
        return State.VALID, False
    return State.EXPIRED, day < validity.starts_on


class Act(StrEnum):
    """What can be done to a certificate."""

    ISSUE = "issue"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REPLACE = "replace"
    REVOKE = "revoke"
    RESTORE = "restore"
    BAN = "ban"


@dataclass(frozen=True, slots=True)
class Transition:
    """`act` is lawful in the states `from_states` (empty: there is no certificate yet) and sets
    a mark of kind `sets` or lifts one of kind `lifts`."""

    act: Act
    from_states: frozenset[State]
    sets: MarkKind | None = None
    lifts: MarkKind | None = None


_STANDING = frozenset({State.VALID, State.EXPIRED})

TRANSITIONS = (
    Transition(Act.ISSUE, frozenset()),
    # A second suspension with another source may run beside the first.
    Transition(Act.SUSPEND, _STANDING | {State.SUSPENDED}, sets=MarkKind.SUSPENDED),
    Transition(Act.REINSTATE, frozenset({State.SUSPENDED}), lifts=MarkKind.SUSPENDED),
    # Never from SUSPENDED: a corrected edition would come without the measure.
    Transition(Act.REPLACE, _STANDING, sets=MarkKind.REPLACED),
    # An expired one too: what was issued in error was never worth anything.
    Transition(Act.REVOKE, _STANDING | {State.SUSPENDED}, sets=MarkKind.REVOKED),
    Transition(Act.RESTORE, frozenset({State.REVOKED}), lifts=MarkKind.REVOKED),
    # A ban reaches every certificate, also a replaced or an already revoked one: if the older
    # revocation is lifted one day, the ban still stands.
    Transition(
        Act.BAN,
        _STANDING | {State.SUSPENDED, State.REPLACED, State.REVOKED},
        sets=MarkKind.REVOKED,
    ),
)

_BY_ACT = {transition.act: transition for transition in TRANSITIONS}


def may(act: Act, state: State | None) -> bool:
    """True if `act` is lawful on a certificate in `state` (None: there is none yet)."""
    transition = _BY_ACT[act]
    return not transition.from_states if state is None else state in transition.from_states

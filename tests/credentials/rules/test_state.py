"""The table of states. Validity of the example: 2024-03-01 up to, not including, 2029-03-01."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.days import Period
from credentials.rules.state import (
    PRECEDENCE,
    TRANSITIONS,
    Act,
    Mark,
    MarkKind,
    State,
    StateOn,
    could_not_check,
    may,
    state_on,
)


def d(text: str) -> date:
    return date.fromisoformat(text)


VALIDITY = Period(d("2024-03-01"), d("2029-03-01"))
S, R, X = MarkKind.SUSPENDED, MarkKind.REPLACED, MarkKind.REVOKED


@pytest.mark.parametrize(
    ("marks", "day", "state", "since", "until"),
    [
        # the bare validity, at both edges
        ([], "2024-02-29", "expired", None, "2024-03-01"),
        ([], "2024-03-01", "valid", "2024-03-01", "2029-03-01"),
        ([], "2029-02-28", "valid", "2024-03-01", "2029-03-01"),
        ([], "2029-03-01", "expired", "2029-03-01", None),
        # suspended, open
        ([(S, "2025-01-10", None, None)], "2025-01-09", "valid", "2024-03-01", "2025-01-10"),
        ([(S, "2025-01-10", None, None)], "2025-01-10", "suspended", "2025-01-10", None),
        ([(S, "2025-01-10", None, None)], "2030-01-01", "suspended", "2025-01-10", None),
        # suspended, lapses by itself on the first day it is no longer in force
        ([(S, "2025-01-10", "2025-02-10", None)], "2025-02-09", "suspended", "2025-01-10", "2025-02-10"),
        ([(S, "2025-01-10", "2025-02-10", None)], "2025-02-10", "valid", "2025-02-10", "2029-03-01"),
        # lifted before it lapsed, and lifted after
        ([(S, "2025-01-10", "2025-02-10", "2025-01-20")], "2025-01-20", "valid", "2025-01-20", "2029-03-01"),
        ([(S, "2025-01-10", "2025-02-10", "2025-02-20")], "2025-02-15", "valid", "2025-02-10", "2029-03-01"),
        # lifted on its own day: it never was in force
        ([(S, "2025-01-10", None, "2025-01-10")], "2025-01-10", "valid", "2024-03-01", "2029-03-01"),
        # two suspensions that touch are one run; with a gap they are two
        (
            [(S, "2025-01-10", "2025-02-10", None), (S, "2025-02-10", "2025-03-10", None)],
            "2025-02-20", "suspended", "2025-01-10", "2025-03-10",
        ),
        (
            [(S, "2025-01-10", "2025-02-10", None), (S, "2025-02-11", "2025-03-10", None)],
            "2025-02-10", "valid", "2025-02-10", "2025-02-11",
        ),
        # a suspension of an expired certificate is still a suspension; when it ends, expired
        ([(S, "2028-12-01", "2029-06-01", None)], "2029-04-01", "suspended", "2028-12-01", "2029-06-01"),
        ([(S, "2028-12-01", "2029-06-01", None)], "2029-06-01", "expired", "2029-06-01", None),
        # replaced
        ([(R, "2026-05-05", None, None)], "2026-05-04", "valid", "2024-03-01", "2026-05-05"),
        ([(R, "2026-05-05", None, None)], "2026-05-05", "replaced", "2026-05-05", None),
        # revoked: yesterday stays; after the validity it is still revoked
        ([(X, "2026-05-05", None, None)], "2026-05-04", "valid", "2024-03-01", "2026-05-05"),
        ([(X, "2026-05-05", None, None)], "2026-05-05", "revoked", "2026-05-05", None),
        ([(X, "2026-05-05", None, None)], "2031-01-01", "revoked", "2026-05-05", None),
        # overturned on appeal
        ([(X, "2026-05-05", None, "2026-09-01")], "2026-08-31", "revoked", "2026-05-05", "2026-09-01"),
        ([(X, "2026-05-05", None, "2026-09-01")], "2026-09-01", "valid", "2026-09-01", "2029-03-01"),
        # one of two bans overturned
        (
            [(X, "2026-05-05", None, "2026-09-01"), (X, "2026-07-01", None, None)],
            "2026-10-01", "revoked", "2026-05-05", None,
        ),
        # precedence, and what comes to light beneath
        (
            [(S, "2025-01-10", None, None), (X, "2025-03-01", None, None)],
            "2025-02-28", "suspended", "2025-01-10", "2025-03-01",
        ),
        (
            [(S, "2025-01-10", None, None), (X, "2025-03-01", None, None)],
            "2025-03-01", "revoked", "2025-03-01", None,
        ),
        (
            [(S, "2025-01-10", None, None), (X, "2025-03-01", None, "2025-04-01")],
            "2025-04-01", "suspended", "2025-04-01", None,
        ),
        (
            [(R, "2025-01-10", None, None), (S, "2025-01-10", None, None)],
            "2025-01-10", "replaced", "2025-01-10", None,
        ),
        (
            [(R, "2025-01-10", None, None), (X, "2025-01-20", None, None)],
            "2025-01-20", "revoked", "2025-01-20", None,
        ),
        # a revocation before the validity begins
        ([(X, "2024-02-01", None, None)], "2024-02-15", "revoked", "2024-02-01", None),
        ([(X, "2024-02-01", None, None)], "2024-01-31", "expired", None, "2024-02-01"),
    ],
)  # fmt: skip
def test_state(
    marks: list[tuple[MarkKind, str, str | None, str | None]],
    day: str,
    state: str,
    since: str | None,
    until: str | None,
) -> None:
    built = [
        Mark(kind, d(start), until=d(end) if end else None, lifted_on=d(lifted) if lifted else None)
        for kind, start, end, lifted in marks
    ]
    answer = state_on(VALIDITY, built, d(day))
    assert answer == StateOn(
        State(state),
        d(day),
        d(since) if since else None,
        d(until) if until else None,
        not_yet=state == "expired" and d(day) < VALIDITY.starts_on,
    )


def test_before_the_validity_it_is_not_yet_and_after_it_no_longer() -> None:
    before, after = state_on(VALIDITY, [], d("2024-02-01")), state_on(VALIDITY, [], d("2029-04-01"))
    assert (before.state, before.not_yet, before.is_valid) == (State.EXPIRED, True, False)
    assert (after.state, after.not_yet, after.is_valid) == (State.EXPIRED, False, False)


def test_could_not_check_is_neither_valid_nor_anything_else() -> None:
    answer = could_not_check(d("2026-01-01"))
    assert answer == StateOn(State.COULD_NOT_CHECK, d("2026-01-01"), None, None)
    assert not answer.is_valid


days = st.integers(0, 40).map(lambda n: d("2024-01-01") + timedelta(days=n))
marks_ = st.lists(
    st.builds(
        lambda kind, start, length, lift: Mark(
            kind,
            start,
            until=start + timedelta(days=length) if kind is S and length else None,
            lifted_on=start + timedelta(days=lift) if lift is not None else None,
        ),
        st.sampled_from(list(MarkKind)),
        days,
        st.integers(0, 20),
        st.none() | st.integers(0, 20),
    ),
    max_size=4,
)


@given(days, st.integers(1, 25), marks_, st.permutations(range(4)))
def test_a_run_is_exactly_the_days_of_the_same_state(
    start: date, length: int, marks: list[Mark], order: list[int]
) -> None:
    validity = Period(start, start + timedelta(days=length))
    calendar = [d("2023-12-15") + timedelta(days=n) for n in range(90)]

    def plain(day: date) -> tuple[State, bool]:
        """Day by day, without edges or runs."""
        for kind in (X, R, S):
            for mark in marks:
                ends = [end for end in (mark.until, mark.lifted_on) if end]
                if mark.kind is kind and mark.effective_on <= day and all(day < end for end in ends):
                    return State(kind.value), False
        if day < validity.starts_on:
            return State.EXPIRED, True
        return (State.VALID if day < start + timedelta(days=length) else State.EXPIRED), False

    shuffled = [marks[place] for place in order if place < len(marks)]
    for day in calendar:
        answer = state_on(validity, shuffled, day)
        assert (answer.state, answer.not_yet) == plain(day)
        assert answer.since is None or answer.since <= day
        assert answer.until is None or day < answer.until
        if answer.since is not None:
            assert plain(answer.since - timedelta(days=1)) != plain(day)
        if answer.until is not None:
            assert plain(answer.until) != plain(day)
        for other in calendar:
            inside = (answer.since is None or answer.since <= other) and (
                answer.until is None or other < answer.until
            )
            if inside:
                assert plain(other) == plain(day)


LAWFUL = {
    Act.ISSUE: {None},
    Act.SUSPEND: {"valid", "expired", "suspended"},
    Act.REINSTATE: {"suspended"},
    Act.REPLACE: {"valid", "expired"},
    Act.REVOKE: {"valid", "expired", "suspended"},
    Act.RESTORE: {"revoked"},
    Act.BAN: {"valid", "expired", "suspended", "replaced", "revoked"},
}


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("state", [None, *State])
def test_transitions(act: Act, state: State | None) -> None:
    assert may(act, state) == (state in LAWFUL[act])


def test_every_act_has_one_line_and_nothing_follows_from_could_not_check() -> None:
    assert [transition.act for transition in TRANSITIONS] == list(Act)
    assert not any(may(act, State.COULD_NOT_CHECK) for act in Act)


def test_a_mark_is_set_or_lifted_by_some_act() -> None:
    assert {transition.sets for transition in TRANSITIONS} - {None} == set(MarkKind) == set(PRECEDENCE)
    assert {transition.lifts for transition in TRANSITIONS} - {None} == {S, X}

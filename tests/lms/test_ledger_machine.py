"""The ledger under random lives: earned, corrected, merged, parted, broken off and tampered with.

An own model in plain Python says after each step what must be true; eight invariants compare. `FULL=1` runs
20,000 steps and more, the suite 300. The machine has teeth: with a trigger or a constraint dropped it fails.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from audit.models import Entry as Act
from core import faults
from core.days import day_of
from core.refusals import Refused
from lms.actions.correct_hours import decide_correction, propose_correction
from lms.actions.record_hours import OtherHours, left_of, record_hours
from lms.models import Correction, HourEntry
from lms.proof import verify_all_ledgers
from lms.queries import standings_of
from registry.actions import decide_merge, propose_merge, propose_undo
from registry.models import Account, Merge, Person
from registry.queries import verify_merges
from registry.rules.kinds import DutyKind
from registry.rules.standard import StandardRules
from tests.factories import lms as learn
from tests.factories import registry as make

STEPS = 20_000 if os.environ.get("FULL") else 300
LAST_DAY = date(2026, 12, 31)  # of the first cycle: what is counted in one is not counted in the next
PEOPLE = 3
POINTS = (None, None, None, "act.before_trace", "act.before_commit")


@dataclass
class Line:
    """As the model knows it; `target`: what it corrects."""

    person: int
    kind: str
    minutes: int
    day: date
    recorded: date
    target: int | None = None
    reversed: bool = False


@dataclass
class Joined:
    kept: int
    absorbed: int
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass
class Model:
    """The oracle: what the ledger and the joins must be, by its own arithmetic."""

    lines: dict[int, Line] = field(default_factory=dict)
    keys: dict[str, tuple[int, tuple[int, int]]] = field(default_factory=dict)
    joins: list[tuple[int, Joined]] = field(default_factory=list)
    acts: int = 0

    def records(self, person: int, day: date) -> set[int]:
        edges = {join.absorbed: join.kept for _pk, join in self.joins if join.holds(day)}
        root = edges.get(person, person)
        return {root} | {absorbed for absorbed, kept in edges.items() if kept == root}

    def left(self, pk: int) -> int:
        target = self.lines[pk].target
        base = target if self.lines[pk].kind == "adjust" and target is not None else pk
        return sum(
            line.minutes
            for key, line in self.lines.items()
            if not line.reversed and (key == base or (line.kind == "adjust" and line.target == base))
        )

    def may(self, pk: int, kind: str, minutes: int) -> bool:
        line = self.lines[pk]
        if minutes == 0 or line.kind == "reverse" or line.reversed:
            return False
        if kind == "adjust" and line.kind == "adjust":
            return False
        adjusted = any(
            one.kind == "adjust" and one.target == pk and not one.reversed for one in self.lines.values()
        )
        return not (kind == "reverse" and adjusted) and self.left(pk) + minutes >= 0

    def joinable(self, kept: int, absorbed: int, day: date) -> bool:
        alone = len(self.records(absorbed, day)) == 1
        return (
            kept != absorbed
            and alone
            and all(join.absorbed != kept for _pk, join in self.joins if join.holds(day))
        )


class Ledger(RuleBasedStateMachine):
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        make.standard(rules=StandardRules(needed_minutes=10**6))
        facility = make.facility()
        self.people: list[Person] = [make.employment(at=facility).person for _ in range(PEOPLE)]
        self.officers: list[Account] = [make.account() for _ in range(3)]
        for officer in self.officers:
            make.duty(of=officer, kind=DutyKind.OFFICER, division=make.division("530000"))
        self.model = Model()
        self.at: datetime = learn.AT
        self.seen: dict[int, tuple[Any, ...]] = {}
        self.remembered: dict[tuple[int, date], set[int]] = {}
        self.acts_before = Act.objects.count()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @property
    def today(self) -> date:
        return day_of(self.at)

    def done(self, act: Callable[[], Any], point: str | None, *, allowed: bool, acts: int = 1) -> Any:
        """The act's answer; None when it was refused, as the model says, or broken off by the fault."""
        type(self).steps += 1
        try:
            with faults.armed(point) if point else _unarmed():
                answer = act()
        except faults.InjectedFault:
            assert allowed, "a fault was reached by what should have been refused"
            return None
        except Refused as refusal:
            if allowed:
                raise AssertionError(f"refused: {refusal.code}") from refusal
            return None
        assert allowed, "it should have been refused"
        self.model.acts += acts
        return answer

    def pick(self, number: int) -> int | None:
        keys = sorted(self.model.lines)
        return keys[number % len(keys)] if keys else None

    @rule(
        who=st.integers(0, PEOPLE - 1),
        minutes=st.integers(-1, 200),
        ago=st.integers(-1, 400),
        point=st.sampled_from((*POINTS, "hours.before_entry")),
    )
    def earn(self, who: int, minutes: int, ago: int, point: str | None) -> None:
        key, day = f"machine:{len(self.model.keys)}", self.today - timedelta(days=ago)
        entry = self.done(
            lambda: self.record(who, minutes, day, key), point, allowed=minutes > 0 and ago >= 0
        )
        if entry is not None:
            self.model.lines[entry.pk] = Line(self.people[who].pk, "earn", minutes, day, self.today)
            self.model.keys[key] = (entry.pk, (who, minutes))

    @rule(number=st.integers(0, 99), more=st.integers(0, 1))
    def earn_again(self, number: int, more: int) -> None:
        """A retry is the line that stands; other facts under its key are refused."""
        if not self.model.keys:
            return
        type(self).steps += 1
        key = sorted(self.model.keys)[number % len(self.model.keys)]
        pk, (who, minutes) = self.model.keys[key]
        try:
            again = self.record(who, minutes + more, self.model.lines[pk].day, key)
        except OtherHours:
            assert more
        else:
            assert not more
            assert again.pk == pk

    @rule(
        number=st.integers(0, 99),
        kind=st.sampled_from(("reverse", "adjust")),
        minutes=st.integers(-60, 60),
        first=st.integers(0, 2),
        second=st.integers(0, 2),
        point=st.sampled_from((*POINTS, "hours.before_correction", "hours.after_correction",
                               "correction.before_decision")),
    )  # fmt: skip
    def correct(
        self, number: int, kind: str, minutes: int, first: int, second: int, point: str | None
    ) -> None:
        pk = self.pick(number)
        if pk is None or Correction.objects.filter(entry=pk, accepted=None).exists():
            return
        entry = HourEntry.objects.get(pk=pk)
        change = -entry.minutes if kind == "reverse" else minutes
        may = self.model.may(pk, kind, change)
        one, other = self.officers[first], self.officers[second]
        row = self.done(
            lambda: propose_correction(
                entry=entry, kind=kind, minutes=minutes, reason="更正", by=one, at=self.at
            ),
            None,
            allowed=may,
        )
        if row is None:
            return
        answer = self.done(
            lambda: decide_correction(correction=row, accept=True, reason="核实", by=other, at=self.at),
            point,
            allowed=may and first != second,
            acts=2,
        )
        if answer is None:
            third = next(one for place, one in enumerate(self.officers) if place != first)
            decide_correction(correction=row, accept=False, reason="不同意", by=third, at=self.at)
            self.model.acts += 1
            return
        line = answer.line
        self.model.lines[line.pk] = Line(entry.person_id, kind, change, entry.happened_on, self.today, pk)
        if kind == "reverse":
            self.model.lines[pk].reversed = True

    @rule(
        kept=st.integers(0, PEOPLE - 1),
        absorbed=st.integers(0, PEOPLE - 1),
        first=st.integers(0, 2),
        second=st.integers(0, 2),
        point=st.sampled_from((*POINTS, "merge.before_decision", "merge.before_pointer")),
    )
    def merge(self, kept: int, absorbed: int, first: int, second: int, point: str | None) -> None:
        one, other = self.people[kept], self.people[absorbed]
        row = self.done(
            lambda: propose_merge(
                kept=one,
                absorbed=other,
                reason="同一人",
                evidence="证件",
                by=self.officers[first],
                at=self.at,
            ),
            None,
            allowed=self.model.joinable(one.pk, other.pk, self.today),
        )
        if row is not None and self.decided(row, first, second, point):
            self.model.joins.append((row.pk, Joined(one.pk, other.pk, self.today)))

    @rule(
        number=st.integers(0, 9),
        first=st.integers(0, 2),
        second=st.integers(0, 2),
        point=st.sampled_from((*POINTS, "merge.before_decision", "merge.before_pointer")),
    )
    def part(self, number: int, first: int, second: int, point: str | None) -> None:
        if not self.model.joins:
            return
        pk, join = self.model.joins[number % len(self.model.joins)]
        row = self.done(
            lambda: propose_undo(
                merge=Merge.objects.get(pk=pk),
                reason="两人",
                evidence="证件",
                by=self.officers[first],
                at=self.at,
            ),
            None,
            allowed=join.until is None,
        )
        if row is not None and self.decided(row, first, second, point):
            join.until = self.today

    def decided(self, row: Merge, first: int, second: int, point: str | None) -> bool:
        answer = self.done(
            lambda: decide_merge(
                proposal=row, accept=True, reason="核对", by=self.officers[second], at=self.at
            ),
            point,
            allowed=first != second,
        )
        if answer is None:
            third = next(one for place, one in enumerate(self.officers) if place != first)
            decide_merge(proposal=row, accept=False, reason="不同意", by=third, at=self.at)
            self.model.acts += 1
        return answer is not None

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        type(self).steps += 1
        if self.today + timedelta(days=days) > LAST_DAY:
            return
        self.remembered = {(person.pk, self.today): self.ids(person, self.today) for person in self.people}
        self.at += timedelta(days=days)

    @rule(number=st.integers(0, 99), what=st.sampled_from(("edit", "delete", "join", "alone")))
    def tamper(self, number: int, what: str) -> None:
        """By SQL, as the application's role: the database refuses, or an invariant finds it."""
        pk = self.pick(number)
        if pk is None:
            return
        type(self).steps += 1
        one, other = self.people[0].pk, self.people[1].pk
        statement = {
            "edit": f"UPDATE lms_hourentry SET minutes = minutes + 1 WHERE id = {pk}",
            "delete": f"DELETE FROM lms_hourentry WHERE id = {pk}",
            "join": f"UPDATE registry_person SET merged_into_id = {one} WHERE id = {other} "
            "AND merged_into_id IS NULL",
            "alone": "INSERT INTO lms_correction (public_id, kind, entry_id, minutes, reason, about_id, "
            "proposed_at, proposed_by_id, proposed_by_person_id, accepted, decided_at, decided_by_id, "
            f"decided_by_person_id) SELECT 'x{number}-{pk}', 'adjust', {pk}, -1, 'x', {one}, recorded_at, "
            f"{self.officers[0].pk}, {self.officers[0].person_id}, {connection.ops.quote_name('ok')}.f, "
            f"recorded_at, {self.officers[0].pk}, {self.officers[0].person_id} FROM lms_hourentry, "
            f"(SELECT (1 = 0) AS f) AS {connection.ops.quote_name('ok')} WHERE lms_hourentry.id = {pk}",
        }[what]
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        except DatabaseError:
            pass

    def record(self, who: int, minutes: int, day: date, key: str) -> HourEntry:
        return record_hours(
            person=self.people[who], minutes=minutes, content="theory", channel="offline", topic="hygiene",
            source_class="training_body", happened_on=day, title="课", source_key=key,
            by=learn.SYSTEM, at=self.at,
        )  # fmt: skip

    def ids(self, person: Person, day: date) -> set[int]:
        (where,) = standings_of(person, day)
        return {line.entry.id for line in where.lines}  # type: ignore[misc]

    @invariant()
    def the_ledger_is_the_models(self) -> None:
        rows = HourEntry.objects.values_list("pk", "person_id", "kind", "minutes", "reverses", "adjusts")
        assert {pk: (*row, reverses or adjusts) for pk, *row, reverses, adjusts in rows} == {
            pk: (line.person, line.kind, line.minutes, line.target) for pk, line in self.model.lines.items()
        }

    @invariant()
    def no_line_ever_changes(self) -> None:
        now = {row[0]: row for row in HourEntry.objects.values_list()}
        assert {pk: now.get(pk) for pk in self.seen} == self.seen
        self.seen = now

    @invariant()
    def hours_of_a_human_are_exactly_the_unions(self) -> None:
        for person in self.people:
            records = self.model.records(person.pk, self.today)
            mine = {pk: line for pk, line in self.model.lines.items() if line.person in records}
            (where,) = standings_of(person, self.today)
            assert {line.entry.id for line in where.lines} == set(mine)
            assert where.hours.counted == sum(line.minutes for line in mine.values())

    @invariant()
    def what_was_said_of_a_past_day_is_said_for_ever(self) -> None:
        for person in self.people:
            for (pk, day), ids in self.remembered.items():
                if pk == person.pk:
                    assert self.ids(person, day) == ids

    @invariant()
    def two_persons_stand_behind_every_correction(self) -> None:
        rows = Correction.objects.exclude(accepted=None).select_related("line")
        assert all(row.proposed_by_person_id != row.decided_by_person_id for row in rows)
        written = {row.line_id for row in rows if row.accepted}
        assert written == {pk for pk, line in self.model.lines.items() if line.kind != "earn"}

    @invariant()
    def less_than_nothing_is_left_of_no_line(self) -> None:
        earned = [pk for pk, line in self.model.lines.items() if line.kind == "earn"]
        assert all(left_of(entry) >= 0 for entry in HourEntry.objects.filter(pk__in=earned))

    @invariant()
    def records_are_joined_as_two_persons_said(self) -> None:
        assert list(verify_merges()) == []
        pointers = Person.objects.exclude(merged_into=None).values_list("pk", "merged_into")
        assert dict(pointers) == {
            join.absorbed: join.kept for _pk, join in self.model.joins if join.until is None
        }

    @invariant()
    def each_act_left_its_trace_and_what_broke_off_left_none(self) -> None:
        assert Act.objects.count() - self.acts_before == self.model.acts
        assert list(verify_all_ledgers()) == []


@contextmanager
def _unarmed() -> Iterator[None]:
    yield


def run(steps: int) -> None:
    Ledger.steps = 0
    bounds = settings(
        max_examples=10,
        stateful_step_count=40,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        derandomize=False,  # in CI too: other lives each time, not the same ten
        suppress_health_check=list(HealthCheck),
    )
    while Ledger.steps < steps:
        run_state_machine_as_test(Ledger, settings=bounds)


@pytest.mark.django_db
def test_random_lives_break_no_invariant(capsys: pytest.CaptureFixture[str]) -> None:
    run(STEPS)
    with capsys.disabled():
        print(f"\nledger machine: {Ledger.steps} steps, 8 invariants after each, 0 broken")
    assert Ledger.steps >= STEPS


@pytest.mark.django_db
@pytest.mark.parametrize(
    "trigger",
    [
        ("lms_hourentry_no_update", "lms_hourentry"),
        ("lms_hourentry_no_delete", "lms_hourentry"),
        ("registry_person_merge", "registry_person"),
    ],
    ids=lambda trigger: trigger[0],
)
def test_without_a_trigger_the_machine_fails(trigger: tuple[str, str]) -> None:
    name, table = trigger
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {table}"))
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        run(2000)

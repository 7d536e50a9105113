"""The ledger: added to, once per source, taken back by two persons."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from core.refusals import Refused
from lms.actions.record_hours import Line, OtherHours, adjust, record_many, reverse
from lms.models import HourEntry
from lms.proof import verify_all_ledgers
from registry.models import Account
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def test_the_same_source_twice_is_one_line() -> None:
    person = make.person()
    first = learn.hours(of=person, source_key="seat:1")
    again = learn.hours(of=person, source_key="seat:1", title="别的题目", at=learn.after(hours=1))
    assert again == first
    assert Entry.objects.filter(act="lms.record_hours").count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"minutes": 46}, {"content": "practice"}, {"channel": "online"}, {"topic": "sleep"},
     {"happened_on": date(2026, 3, 1)}, {"source_class": "self"}, {"kind": "transfer"}],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_the_same_source_with_other_facts_is_refused_and_the_first_line_stands(
    changed: dict[str, Any],
) -> None:
    person = make.person()
    learn.hours(of=person, source_key="seat:1")
    with pytest.raises(OtherHours):
        learn.hours(of=person, source_key="seat:1", **changed)
    assert [entry.minutes for entry in HourEntry.objects.all()] == [45]


def test_the_same_source_for_another_person_is_refused() -> None:
    learn.hours(of=make.person(), source_key="seat:1")
    with pytest.raises(OtherHours):
        learn.hours(of=make.person(), source_key="seat:1")


@pytest.mark.parametrize(("minutes", "code"), [(0, "no_minutes"), (-45, "no_minutes")])
def test_hours_are_more_than_nothing(minutes: int, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        learn.hours(of=make.person(), minutes=minutes)
    assert refusal.value.code == code


def test_tomorrow_cannot_be_recorded_and_long_ago_can() -> None:
    person = make.person()
    with pytest.raises(Refused) as refusal:
        learn.hours(of=person, happened_on=learn.DAY + timedelta(days=1))
    assert refusal.value.code == "future"
    assert learn.hours(of=person, happened_on=date(2020, 1, 1)).recorded_at == learn.AT


def test_a_line_is_never_edited_or_deleted() -> None:
    entry = learn.hours(of=make.person())
    for change in (
        lambda: HourEntry.objects.filter(pk=entry.pk).update(minutes=450),
        lambda: HourEntry.objects.filter(pk=entry.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def line(key: str, **fields: Any) -> Line:
    values = {
        "person_id": make.person().pk,
        "minutes": 90,
        "content": "practice",
        "channel": "offline",
        "topic": "first_aid",
        "source_class": "training_body",
        "happened_on": date(2025, 6, 1),
        "title": "转入学时",
        "source_key": key,
        **fields,
    }
    return Line(**values)


def test_many_lines_come_in_as_one_act_with_their_own_moment() -> None:
    long_ago = learn.AT - timedelta(days=300)
    lines = [line("old:1"), line("old:2", recorded_at=long_ago, kind="transfer")]
    assert record_many(lines=lines, by=learn.SYSTEM, at=learn.AT) == 2
    rows = HourEntry.objects.order_by("source_key").values_list("kind", "recorded_at", "recorded_by")
    assert list(rows) == [("earn", learn.AT, "system:tests"), ("transfer", long_ago, "system:tests")]
    assert Entry.objects.filter(act="lms.record_many").count() == 1


def test_of_many_lines_with_one_key_taken_none_comes_in() -> None:
    record_many(lines=[line("old:1")], by=learn.SYSTEM, at=learn.AT)
    with pytest.raises(IntegrityError):
        record_many(lines=[line("old:2"), line("old:1")], by=learn.SYSTEM, at=learn.AT)
    assert HourEntry.objects.count() == 1


def test_no_lines_leave_no_trace() -> None:
    assert record_many(lines=[], by=learn.SYSTEM, at=learn.AT) == 0
    assert not Entry.objects.exists()


# ── taking back ─────────────────────────────────────────────────────────────


def take_back(entry: HourEntry, by: Account, confirmed_by: Account, reason: str = "代签") -> HourEntry:
    return reverse(entry=entry, reason=reason, by=by, confirmed_by=confirmed_by, at=learn.AT)


def code_of(*arguments: Any, **named: Any) -> str:
    with pytest.raises(Refused) as refusal:
        take_back(*arguments, **named)
    return refusal.value.code


def test_two_persons_take_a_line_back_and_the_ledger_adds_up() -> None:
    entry = learn.hours(of=make.person(), minutes=45)
    one, two = make.account(), make.account()
    reversal = take_back(entry, one, two)
    assert (reversal.minutes, reversal.reverses, reversal.confirmed_by) == (-45, entry, two)
    assert sum(HourEntry.objects.values_list("minutes", flat=True)) == 0
    assert list(verify_all_ledgers()) == []


def test_a_negative_correction_taken_back_gives_its_minutes_back() -> None:
    adjustment = adjust(
        entry=learn.hours(of=make.person(), minutes=45),
        minutes=-30,
        reason="早退",
        source_key="a:1",
        by=make.account(),
        confirmed_by=make.account(),
        at=learn.AT,
    )
    assert take_back(adjustment, make.account(), make.account()).minutes == 30
    assert list(verify_all_ledgers()) == []


def test_one_person_is_not_two_and_nobody_corrects_her_own_hours() -> None:
    mine = make.account()
    assert mine.person is not None
    entry = learn.hours(of=mine.person)
    other = learn.hours(of=make.person())
    assert code_of(other, mine, mine) == "two_persons"
    assert code_of(entry, mine, make.account()) == "own_hours"
    assert code_of(entry, make.account(), mine) == "own_hours"
    assert HourEntry.objects.filter(kind="reverse").count() == 0


def test_a_line_is_taken_back_once_with_a_reason_and_a_reversal_never() -> None:
    entry = learn.hours(of=make.person())
    one, two = make.account(), make.account()
    assert code_of(entry, one, two, reason="  ") == "no_reason"
    reversal = take_back(entry, one, two)
    assert code_of(entry, one, two) == "already_reversed"
    assert code_of(reversal, one, two) == "reverses_reversal"


def test_two_accounts_of_one_human_being_are_one_person() -> None:
    entry = learn.hours(of=make.person())
    one = make.account()
    again = make.account(of=make.person(merged_into=one.person))
    assert code_of(entry, one, again) == "two_persons"
    assert one.person is not None
    own = learn.hours(of=make.person(merged_into=one.person))
    assert code_of(own, one, make.account()) == "own_hours"
    assert take_back(entry, one, make.account()).kind == "reverse"

"""A contest: one open a line, at a named level, with a clock that carries it upward."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from audit.acts import System
from audit.models import Entry
from core import clock
from core.refusals import Refused
from lms.actions.contest import answer_contest, contest_line, escalate_contest
from lms.actions.record_hours import reverse
from lms.models import Contest, ContestStep, HourEntry
from lms.schedule import escalate
from registry.models import Account, Person
from registry.rules.kinds import DutyKind
from registry.rules.standard import CategoryRule, StandardRules
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.factories.credentials import at

pytestmark = pytest.mark.django_db
FIRST_CLOCK = date(2026, 3, 31)  # the day after twenty working days that follow Monday 2 March


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.code == code


@pytest.fixture
def person(learner: Account) -> Person:
    """In 五华区; the province counts no self-reported hours, and at most 60 minutes of ethics."""
    cap = CategoryRule("ethics", cap_minutes=60)
    make.standard(rules=StandardRules(needed_minutes=5400, categories=(cap,)))
    assert learner.person is not None
    return learner.person


@pytest.fixture
def line(person: Person) -> HourEntry:
    return learn.hours(of=person, source_class="self")


def steps(contest: Contest) -> list[tuple[str, str]]:
    rows: QuerySet[ContestStep] = contest.steps.all()  # type: ignore[attr-defined]
    return [(step.kind, step.division_id) for step in rows]


def test_the_county_of_her_facility_has_twenty_working_days(line: HourEntry, learner: Account) -> None:
    contest = learn.contest(of=line, by=learner)
    assert (contest.division_id, contest.answer_before, contest.minutes) == ("530102", FIRST_CLOCK, 0)
    assert [reason["code"] for reason in contest.reasons] == ["source_not_counted"]
    assert steps(contest) == [("opened", "530102")]
    (entry,) = Entry.objects.filter(act="lms.contest_line")
    assert (entry.actor, entry.detail["entry"]) == (learner.actor, line.public_id)


def test_the_rule_of_the_day_sets_the_clock(learner: Account) -> None:
    make.standard(rules=StandardRules(needed_minutes=5400, contest_answer_working_days=5))
    line = learn.hours(of=learner.person, source_class="self")
    assert learn.contest(of=line, by=learner).answer_before == date(2026, 3, 10)


def test_what_the_county_recorded_goes_to_the_prefecture(
    person: Person, learner: Account, county_officer: Account
) -> None:
    line = learn.hours(of=person, source_class="self", by=county_officer)
    assert learn.contest(of=line, by=learner).division_id == "530100"


@pytest.mark.parametrize("fields", [{}, {"content": "ethics", "minutes": 60}])
def test_what_counts_in_full_is_not_contested(
    fields: dict[str, Any], person: Person, learner: Account
) -> None:
    with refused("counted"):
        learn.contest(of=learn.hours(of=person, **fields), by=learner)


def test_what_a_cap_cuts_may_be_contested(person: Person, learner: Account) -> None:
    contest = learn.contest(of=learn.hours(of=person, content="ethics", minutes=90), by=learner)
    assert (contest.minutes, contest.reasons[-1]["code"]) == (60, "cap_cut")


def test_nobody_elses_line_no_silence_and_no_other_standard(
    line: HourEntry, learner: Account, other_learner: Account, director: Account, county_officer: Account
) -> None:
    for account in (other_learner, director, county_officer):
        with refused("not_hers"):
            learn.contest(of=line, by=account)
    with refused("no_words"):
        learn.contest(of=line, by=learner, words=" \n ")
    with refused("no_such_line"):
        learn.contest(of=line, by=learner, standard_code="songjiang-staff")
    assert not Contest.objects.exists()


def test_one_is_open_at_a_time(line: HourEntry, learner: Account) -> None:
    contest = learn.contest(of=line, by=learner)
    with refused("contested"):
        learn.contest(of=line, by=learner)
    contest.pk, contest.public_id = None, "0" * 16
    with pytest.raises(IntegrityError), transaction.atomic():
        contest.save(force_insert=True)


def answered(contest: Contest, by: Account, **fields: Any) -> Contest:
    values: dict[str, Any] = {"words": "规则不计自报学时", "remedy": None, "at": learn.AT, **fields}
    return answer_contest(contest=contest, by=by, **values)


def test_the_level_or_one_above_answers_once(
    line: HourEntry, learner: Account, county_officer: Account, other_county_officer: Account,
    director: Account, prefecture_officer: Account,
) -> None:  # fmt: skip
    contest = learn.contest(of=line, by=learner)
    for account in (other_county_officer, director, learner):
        with refused("no_rights"):
            answered(contest, account)
    with refused("no_words"):
        answered(contest, county_officer, words="  ")
    assert answered(contest, county_officer).closed_at == learn.AT
    assert steps(contest) == [("opened", "530102"), ("upheld", "530102")]
    for account in (county_officer, prefecture_officer):
        with refused("answered"):
            answered(contest, account)


def test_what_was_upheld_is_contested_again_only_when_the_line_reads_otherwise(
    line: HourEntry,
    learner: Account,
    county_officer: Account,
    province_officer: Account,
    prefecture_officer: Account,
) -> None:
    answered(learn.contest(of=line, by=learner), county_officer)
    with refused("upheld"):
        learn.contest(of=line, by=learner)
    reverse(entry=line, reason="重复", by=province_officer, confirmed_by=prefecture_officer, at=learn.AT)
    assert learn.contest(of=line, by=learner).closed_at is None


def test_nobody_answers_about_herself_or_about_what_she_recorded(
    line: HourEntry, person: Person, learner: Account, county_officer: Account, province_officer: Account
) -> None:
    own = make.person(merged_into=person)
    other = make.account(of=own)
    make.duty(of=other, kind=DutyKind.OFFICER, division=make.division("530102"))
    contest = learn.contest(of=line, by=learner)
    with refused("own_hours"):
        answered(contest, other)
    theirs = learn.hours(of=person, source_class="self", by=province_officer)
    contest = learn.contest(of=theirs, by=learner)
    assert contest.division_id == "530000"
    with refused("recorded_it"):
        answered(contest, province_officer)


def test_a_remedy_is_another_line_of_hers_recorded_since(
    line: HourEntry, person: Person, learner: Account, county_officer: Account, other_learner: Account
) -> None:
    before = learn.hours(of=person)
    at_noon = learn.after(hours=3)
    contest = learn.contest(of=line, by=learner, at=learn.after(hours=1))
    theirs = learn.hours(of=other_learner.person, at=learn.after(hours=2))
    for wrong in (before, line, theirs):
        with refused("no_remedy"):
            answered(contest, county_officer, remedy=wrong, at=at_noon)
    anew = learn.hours(of=person, at=learn.after(hours=2))
    answered(contest, county_officer, remedy=anew, at=at_noon)
    step = ContestStep.objects.get(kind="remedied")
    assert (step.remedy, step.by, step.words) == (anew, county_officer, "规则不计自报学时")


def test_when_the_clock_has_run_out_it_goes_up_until_the_top_and_stays(
    line: HourEntry, learner: Account, county_officer: Account, prefecture_officer: Account
) -> None:
    contest = learn.contest(of=line, by=learner)

    def nights(day: date) -> tuple[str, date]:
        with clock.set_to(at(day)):
            escalate()
            escalate()
        contest.refresh_from_db()
        return contest.division_id, contest.answer_before

    assert nights(FIRST_CLOCK - timedelta(days=1)) == ("530102", FIRST_CLOCK)
    assert nights(FIRST_CLOCK) == ("530100", date(2026, 4, 29))
    with refused("no_rights"):
        answered(contest, county_officer, at=at(FIRST_CLOCK))
    assert nights(date(2026, 4, 29)) == ("530000", date(2026, 5, 28))
    assert nights(date(2026, 7, 1)) == ("530000", date(2026, 5, 28))
    assert steps(contest) == [("opened", "530102"), ("escalated", "530100"), ("escalated", "530000")]


def test_an_answered_contest_goes_nowhere(line: HourEntry, learner: Account, county_officer: Account) -> None:
    contest = answered(learn.contest(of=line, by=learner), county_officer)
    late: datetime = at(date(2026, 7, 1))
    assert escalate_contest(contest=contest, by=System("tests"), at=late) is False
    assert steps(contest) == [("opened", "530102"), ("upheld", "530102")]


def test_steps_are_never_edited(line: HourEntry, learner: Account) -> None:
    contest_line(entry=line, standard_code="yunnan-caregiver", words="x", by=learner, at=learn.AT)
    for change in ({"words": "y"}, {"kind": "upheld"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContestStep.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContestStep.objects.all()._raw_delete("default")  # type: ignore[attr-defined]

"""Hours of merged records are exactly the union's, and parted they are what they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit.models import Work
from core.refusals import Refused
from lms.actions import watch
from lms.actions.enrol import enrol
from lms.actions.settle import settle
from lms.effects import settle_both, settle_the_human
from lms.models import Enrolment, HourEntry
from lms.queries import facts_of, standings_of
from lms.rules.entries import Entry
from registry.actions import decide_merge, propose_merge, propose_undo
from registry.models import Account, Merge, Person
from registry.rules.kinds import DutyKind
from tests.factories import credentials as cred
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
WHY = {"reason": "同一人", "evidence": "两份证件"}
LATER = timedelta(days=10)


def officer() -> Account:
    account = make.account()
    make.duty(of=account, kind=DutyKind.OFFICER, division=make.division("530000"))
    return account


def join(kept: Person, absorbed: Person, *, at: Any = learn.AT) -> Merge:
    proposal = propose_merge(kept=kept, absorbed=absorbed, **WHY, by=officer(), at=at)
    return decide_merge(proposal=proposal, accept=True, reason="已核对", by=officer(), at=at)


def part(merge: Merge, *, at: Any = learn.AT + LATER) -> Merge:
    proposal = propose_undo(merge=merge, **WHY, by=officer(), at=at)
    return decide_merge(proposal=proposal, accept=True, reason="两个人", by=officer(), at=at)


def pair() -> tuple[Person, Person]:
    facility = make.facility()
    return tuple(make.employment(at=facility).person for _ in range(2))  # type: ignore[return-value]


def lines(person: Person, on: date) -> set[Entry]:
    return set(facts_of(person, on).entries)


def minutes(person: Person, on: date) -> int:
    return sum(line.minutes for line in facts_of(person, on).entries)


LINES = st.lists(
    st.tuples(
        st.integers(min_value=1, max_value=3000),
        st.integers(min_value=0, max_value=1500),
        st.sampled_from(["theory", "practice", "ethics"]),
    ),
    max_size=6,
)


class TestTheUnion(TestCase):
    @settings(max_examples=60)
    @given(one=LINES, other=LINES, since=LINES)
    def test_hours_before_are_hours_after_and_undoing_restores_both(
        self, one: list[Any], other: list[Any], since: list[Any]
    ) -> None:
        make.standard()
        kept, absorbed = pair()
        self.earn(kept, one)
        self.earn(absorbed, other)
        day, after = learn.DAY, learn.DAY + LATER
        before = {person: lines(person, day) for person in (kept, absorbed)}
        rows = list(HourEntry.objects.order_by("pk").values())
        merge = join(kept, absorbed)
        for person in (kept, absorbed):
            assert lines(person, day) == before[kept] | before[absorbed]
            assert len(facts_of(person, day).entries) == len(one) + len(other)
            assert minutes(person, day) == sum(line[0] for line in [*one, *other])
            assert lines(person, day - timedelta(days=1)) == before[person]
        assert standings_of(kept, day) == standings_of(absorbed, day)
        assert list(HourEntry.objects.order_by("pk").values()) == rows
        self.earn(absorbed, since)
        assert minutes(kept, day) == sum(line[0] for line in [*one, *other, *since])
        part(merge)
        assert lines(kept, after) == before[kept]
        assert minutes(kept, after) == sum(line[0] for line in one)
        assert minutes(absorbed, after) == sum(line[0] for line in [*other, *since])
        assert minutes(kept, after - timedelta(days=1)) == minutes(absorbed, day)

    def earn(self, person: Person, rows: Sequence[tuple[int, int, str]]) -> None:
        for length, ago, content in rows:
            learn.hours(
                of=person, minutes=length, happened_on=learn.DAY - timedelta(days=ago), content=content
            )


@pytest.fixture
def standard(db: None) -> None:
    make.standard()


@pytest.mark.usefixtures("standard")
class TestCertificates:
    def test_what_the_union_earns_is_issued_to_the_record_that_stays(self) -> None:
        kept, absorbed = pair()
        for person in (kept, absorbed):
            learn.hours(of=person, minutes=60 * 45)
            assert settle(person=person, by=learn.SYSTEM, at=learn.AT) == []
        join(kept, absorbed)
        work = Work.objects.get(topic="registry.merged")
        settle_the_human(work)
        settle_the_human(work)
        assert cred.Certificate.objects.get().holder == kept
        assert settle(person=absorbed, by=learn.SYSTEM, at=learn.AT) == []

    def test_parted_nothing_more_is_issued(self) -> None:
        kept, absorbed = pair()
        learn.hours(of=kept, minutes=60 * 45)
        learn.hours(of=absorbed, minutes=59 * 45)
        part(join(kept, absorbed))
        settle_both(Work.objects.get(topic="registry.unmerged"))
        assert not cred.Certificate.objects.exists()

    def test_a_certificate_of_either_counts_for_both(self) -> None:
        kept, absorbed = pair()
        cred.certificate(of=absorbed)
        join(kept, absorbed)
        day = learn.DAY
        assert [where.valid_until for where in standings_of(kept, day)] == [
            where.valid_until for where in standings_of(absorbed, day)
        ]
        assert len(facts_of(kept, day).issued) == 1


class TestLearning:
    def test_one_human_spends_her_time_once_over_both_records(self) -> None:
        kept, absorbed = pair()
        one, other = learn.enrolment(of=kept), learn.enrolment(of=absorbed)
        join(kept, absorbed)
        fields: dict[str, Any] = {"lesson_key": "watch", "take_over": False, "by": learn.SYSTEM}
        watch.open_lesson(enrolment=one, device="a" * 16, at=learn.AT, **fields)
        with pytest.raises(Refused) as refusal:
            watch.open_lesson(enrolment=other, device="b" * 16, at=learn.after(5), **fields)
        assert refusal.value.code == "active_elsewhere"

    def test_her_open_course_goes_on_under_the_record_it_was_begun_under(self) -> None:
        kept, absorbed = pair()
        begun = learn.enrolment(of=absorbed)
        join(kept, absorbed)
        again = enrol(person=kept, course=begun.course, by=learn.SYSTEM, at=learn.AT)
        assert again == begun
        account = make.account(of=kept)
        assert list(Enrolment.objects.visible_to(account)) == [begun]

    def test_a_course_completed_under_one_record_is_not_earned_again_under_the_other(self) -> None:
        kept, absorbed = pair()
        done = learn.enrolment(of=absorbed)
        Enrolment.objects.filter(pk=done.pk).update(completed_at=learn.AT)
        join(kept, absorbed)
        with pytest.raises(Refused) as refusal:
            enrol(person=kept, course=done.course, by=learn.SYSTEM, at=learn.AT)
        assert refusal.value.code == "completed"

    def test_a_measure_of_the_one_stops_the_other(self) -> None:
        kept, absorbed = pair()
        course = learn.course()
        join(kept, absorbed)
        make.exclusion(of=kept)
        with pytest.raises(Refused) as refusal:
            enrol(person=absorbed, course=course, by=learn.SYSTEM, at=learn.AT)
        assert refusal.value.code == "excluded"

    def test_her_page_and_her_lines_are_those_of_both(self, client_of: Any) -> None:
        kept, absorbed = pair()
        make.standard()
        learn.hours(of=kept, title="第一份档案的课")
        learn.hours(of=absorbed, title="第二份档案的课")
        account = make.account(of=kept)
        join(kept, absorbed, at=learn.AT)
        browser: Client = client_of(account)
        page = browser.get("/learn/hours/").content.decode()
        assert "第一份档案的课" in page
        assert "第二份档案的课" in page
        assert HourEntry.objects.visible_to(account).count() == 2

"""Yearly duties and those of joining, as Anshan and Xinyu demand them, lived through the pages."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from lms.models import DutyRecord
from registry.actions.load_divisions import load_divisions
from registry.actions.load_rulebook import load_rulebook
from registry.models import Account, Division, Facility, Person
from registry.rules.kinds import DutyKind
from registry.rules.standard import StandardRules, YearlyDuty
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.factories.credentials import at
from tests.journeys.watched import AUDIT, Watched, plain

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account | None], Client]
LEDGER = {"lms_dutyrecord", *AUDIT}


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with clock.set_to(learn.AT):
        yield


class Town:
    """A facility with its manager, the officers above it, and two people in post; rules as shipped."""

    def __init__(self, county: str, prefecture: str, since: date, client_of: ClientOf) -> None:
        load_divisions(by=learn.SYSTEM, at=learn.AT)
        load_rulebook(by=learn.SYSTEM, at=learn.AT)
        self.facility = Facility.objects.create(
            name="春芽托育园", credit_code="TEST00000000000001", division=Division.objects.get(code=county),
            places=60, opened_on=date(2020, 1, 1),
        )  # fmt: skip
        self.people = [make.person(name=name) for name in ("李小禾", "王小满")]
        for person in self.people:
            make.employment(of=person, at=self.facility, started_on=since)
        self.manager = self._account(DutyKind.MANAGER, facility=self.facility)
        self.county = self._account(DutyKind.OFFICER, division=self.facility.division)
        self.prefecture = self._account(DutyKind.OFFICER, division=Division.objects.get(code=prefecture))
        self.learner = make.account(of=self.people[0], username="xiaohe")
        self.browsers: dict[Account, Client] = {}
        self.open = client_of
        self.url = reverse("lms:facility_duties", args=[self.facility.public_id])

    def client_of(self, account: Account) -> Client:
        """One browser for each, so that it keeps what it is told."""
        return self.browsers.setdefault(account, self.open(account))

    def _account(self, kind: DutyKind, **scope: Any) -> Account:
        account = make.account()
        make.duty(of=account, kind=kind, **scope)
        return account

    def record(self, by: Account, kind: str, on: date, *people: Person, **fields: str) -> Any:
        values = {
            "kind": kind, "done_on": on.isoformat(), "reference": "签到表 7",
            "people": [person.public_id for person in people or self.people], **fields,
        }  # fmt: skip
        return self.client_of(by).post(self.url, values)

    def seen(self, by: Account, url: str = "") -> str:
        answer = self.client_of(by).get(url or self.url)
        assert answer.status_code == 200
        return plain(answer)

    def stands(self, on: date) -> dict[str, Any]:
        out = io.StringIO()
        call_command("standing", "xiaohe", "--as-of", on.isoformat(), "--format", "json", stdout=out)
        standings = json.loads(out.getvalue())["standings"]
        return {
            duty["kind"]: (duty["due_on"], duty["overdue"]) for one in standings for duty in one["duties"]
        }


@pytest.fixture
def anshan(client_of: ClientOf) -> Town:
    return Town("210302", "210300", date(2025, 3, 20), client_of)


@pytest.fixture
def xinyu(client_of: ClientOf) -> Town:
    return Town("360502", "360500", date(2026, 2, 20), client_of)


def test_a_year_in_anshan(anshan: Town) -> None:
    home = reverse("oversight:facility_home", args=[anshan.facility.public_id])
    first = "Hygiene and health training: to be done for the first time before 20 Mar 2026."
    for page in (
        anshan.seen(anshan.learner, "/learn/"),
        anshan.seen(anshan.manager, home),
        anshan.seen(anshan.manager),
    ):
        assert f"In 18 days {first}" in page
        assert "Health check: to be done for the first time before 20 Mar 2026." in page
    page = anshan.seen(anshan.learner, "/learn/")
    assert "Done" not in page  # nothing is done, and no hours are demanded that could be met
    assert "Ask your facility for the next date" in anshan.seen(anshan.learner, "/learn/")

    answer = anshan.record(anshan.manager, "hygiene_training", learn.DAY)
    assert (answer.status_code, answer["Location"]) == (303, anshan.url)
    assert "Recorded for 2 people." in anshan.seen(anshan.manager)
    anshan.record(anshan.manager, "health_check", date(2026, 2, 16), anshan.people[0])
    page = anshan.seen(anshan.learner, "/learn/")
    assert "Done Hygiene and health training: last on 2 Mar 2026, to be renewed before 2 Mar 2027." in page
    assert "Done Health check: last on 16 Feb 2026, to be renewed before 16 Feb 2027." in page
    assert "Ask your facility" not in page
    assert "李小禾" not in anshan.seen(anshan.manager, home).partition("Staff today")[0]
    assert anshan.stands(learn.DAY) == {
        "hygiene_training": ("2027-03-02", False),
        "health_check": ("2027-02-16", False),
    }
    assert anshan.stands(learn.DAY - timedelta(days=1))["hygiene_training"] == ("2026-03-20", False)

    with clock.set_to(at(date(2027, 2, 16))):
        page = anshan.seen(anshan.learner, "/learn/")
        assert "Overdue Health check: overdue since 16 Feb 2027." in page
        assert "In 14 days Hygiene and health training: last on 2 Mar 2026" in page


def test_joining_in_xinyu(xinyu: Town) -> None:
    assert "Owed Entry training: owed since joining on 20 Feb 2026." in xinyu.seen(xinyu.learner, "/learn/")
    xinyu.record(xinyu.manager, "entry_training", date(2026, 1, 20))
    assert "Owed Entry training" in xinyu.seen(xinyu.learner, "/learn/")  # 31 days before: too early
    xinyu.record(xinyu.manager, "entry_training", date(2026, 1, 21))
    xinyu.record(xinyu.county, "entry_assessment", learn.DAY, xinyu.people[0], reference="")
    page = xinyu.seen(xinyu.learner, "/learn/")
    assert "Done Entry training: done on 21 Jan 2026." in page
    assert "Done Entry assessment: done on 2 Mar 2026." in page
    member = reverse("oversight:staff_member", args=[xinyu.facility.public_id, xinyu.people[1].public_id])
    assert "Owed Entry assessment: owed since joining on 20 Feb 2026." in xinyu.seen(xinyu.manager, member)
    person = reverse("oversight:person", args=[xinyu.people[1].public_id])
    assert "Owed Entry assessment: owed since joining on 20 Feb 2026." in xinyu.seen(xinyu.prefecture, person)


def test_a_line_that_was_taken_back_counts_from_then_on_for_nothing(anshan: Town) -> None:
    anshan.record(anshan.manager, "health_check", date(2026, 2, 16), anshan.people[0])
    line = DutyRecord.objects.get()
    later = learn.AT + timedelta(days=2)
    url = reverse("lms:take_back_duty", args=[anshan.facility.public_id, line.public_id])
    with clock.set_to(later):
        browser = Watched(anshan.client_of(anshan.manager))
        assert browser.post(url, {"reason": " "}).status_code == 422
        assert browser.changed == set()
        assert browser.post(url, {"reason": "记错了人"}).status_code == 303
        assert browser.changed == LEDGER
        assert browser.post(url, {"reason": "记错了人"}).status_code == 422
        assert browser.changed == set()
        assert "Taken back4 Mar 2026 记错了人" in anshan.seen(anshan.manager)
        assert anshan.stands(date(2026, 3, 4))["health_check"] == ("2026-03-20", False)
        assert anshan.stands(date(2026, 3, 3))["health_check"] == (
            "2027-02-16",
            False,
        )  # as it was known then


def test_an_officer_sees_whose_word_it_is_and_confirms(anshan: Town) -> None:
    anshan.record(anshan.manager, "health_check", learn.DAY, anshan.people[0])
    assert "The facility" in anshan.seen(anshan.county)
    line = DutyRecord.objects.get()
    url = reverse("lms:confirm_duty", args=[anshan.facility.public_id, line.public_id])
    assert anshan.client_of(anshan.manager).post(url).status_code == 403
    browser = Watched(anshan.client_of(anshan.county))
    assert browser.post(url).status_code == 303
    assert browser.changed == LEDGER
    assert browser.post(url).status_code == 303
    assert browser.changed == set()
    page = anshan.seen(anshan.county)
    assert ("The authority" in page, "stands behind this line already" in page) == (True, True)
    assert "Take back" not in anshan.seen(anshan.manager)


def test_the_form_sent_twice_writes_once(anshan: Town) -> None:
    browser = Watched(anshan.client_of(anshan.manager))
    values = {
        "kind": "health_check", "done_on": "2026-03-02", "reference": "x",
        "people": [person.public_id for person in anshan.people],
    }  # fmt: skip
    assert browser.post(anshan.url, values).status_code == 303
    assert browser.changed == LEDGER
    assert browser.post(anshan.url, values).status_code == 303
    assert browser.changed == set()
    assert "2 were on record already." in anshan.seen(anshan.manager)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"done_on": "2026-03-03"}, "A duty cannot be recorded before the day on which it is done."),
        ({"done_on": "0226-03-02"}, "Check the year."),
        ({"done_on": "2026-02-30"}, "Enter a valid date."),
        ({"kind": "entry_training"}, "entry_training is not one of the available choices."),
        ({"reference": "  "}, "This field is required."),
        ({"people": []}, "This field is required."),
        ({"people": ["nobody"]}, "nobody is not one of the available choices."),
    ],
)
def test_what_is_typed_wrong_is_said_and_nothing_is_written(
    wrong: dict[str, Any], sentence: str, anshan: Town
) -> None:
    browser = Watched(anshan.client_of(anshan.manager))
    values = {"kind": "health_check", "done_on": "2026-03-02", "reference": "健康证 1"}
    answer = browser.post(anshan.url, {**values, "people": [anshan.people[0].public_id], **wrong})
    assert (answer.status_code, sentence in plain(answer)) == (422, True)
    assert browser.changed == set()


def test_a_manager_who_is_staff_cannot_tick_herself(anshan: Town) -> None:
    assert anshan.manager.person is not None
    make.employment(of=anshan.manager.person, at=anshan.facility, started_on=date(2025, 3, 20))
    assert "Your own duties are recorded by your county" in anshan.seen(anshan.manager)
    answer = anshan.record(anshan.manager, "health_check", learn.DAY, anshan.manager.person)
    assert answer.status_code == 422
    assert anshan.record(anshan.county, "health_check", learn.DAY, anshan.manager.person).status_code == 303


def test_another_place_is_not_found(
    anshan: Town,
    other_director: Account,
    other_county_officer: Account,
    learner: Account,
    client_of: ClientOf,
) -> None:
    anshan.record(anshan.manager, "health_check", learn.DAY)
    line = DutyRecord.objects.all()[0]
    take_back = reverse("lms:take_back_duty", args=[anshan.facility.public_id, line.public_id])
    for account in (other_director, other_county_officer):
        for url in (anshan.url, take_back):
            assert client_of(account).get(url).status_code == 404
            assert client_of(account).post(url, {"reason": "x"}).status_code == 404
    for url in (anshan.url, take_back):
        assert client_of(learner).get(url).status_code == 403
    elsewhere = reverse("lms:take_back_duty", args=[make.facility().public_id, line.public_id])
    assert client_of(anshan.manager).get(elsewhere).status_code == 404


def test_where_no_rule_demands_anything_nothing_can_be_recorded(
    home_facility: Facility, learner: Account, director: Account, client_of: ClientOf
) -> None:
    make.standard()
    url = reverse("lms:facility_duties", args=[home_facility.public_id])
    page = plain(client_of(director).get(url))
    assert ("No rule demands duties of this staff today" in page, "Record it" in page) == (True, False)
    assert client_of(director).post(url, {"kind": "health_check"}).status_code == 422


def test_a_rule_may_want_the_authority_and_then_the_facility_alone_is_not_enough(
    home_facility: Facility, learner: Account, director: Account, county_officer: Account, client_of: ClientOf
) -> None:
    duty = YearlyDuty("health_check", by_authority=True)
    make.standard(code="strict", division_code="530102", rules=StandardRules(yearly_duties=(duty,)))
    line = learn.duty_record(of=learner.person, at=home_facility, by=director)
    page = plain(client_of(learner).get("/learn/"))
    assert "Reported by the facility for 2 Mar 2026; it counts once the supervising authority has" in page
    assert "Overdue" in page
    client_of(county_officer).post(
        reverse("lms:confirm_duty", args=[home_facility.public_id, line.public_id])
    )
    page = plain(client_of(learner).get("/learn/"))
    assert ("last on 2 Mar 2026" in page, "Reported by" in page) == (True, False)


def test_the_page_costs_the_same_with_1_and_4_people_and_lines(anshan: Town) -> None:
    browser = anshan.client_of(anshan.manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(anshan.url).status_code == 200
        return len(asked)

    anshan.record(anshan.manager, "health_check", learn.DAY, anshan.people[0])
    browser.get(anshan.url)
    one = queries()
    for _more in range(2):
        person = make.person()
        make.employment(of=person, at=anshan.facility, started_on=date(2025, 3, 20))
        anshan.record(anshan.manager, "hygiene_training", learn.DAY, person)
    browser.get(anshan.url)
    assert queries() == one

"""Where she stands: needed, counted, missing, and every line with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client

from core import clock
from lms.actions.complete import complete_lesson
from lms.actions.settle import settle
from registry.models import Account, Person
from registry.rules.standard import CategoryRule, StandardRules, YearlyDuty
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.lms.views.looking import look

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account | None], Client]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with clock.set_to(learn.AT):
        yield


@pytest.fixture
def person(learner: Account) -> Person:
    """In post since 2022 under 120 class hours, 20 of them practice."""
    assert learner.person is not None
    minimum = CategoryRule("practice", minimum_minutes=20 * 45)
    make.standard(rules=StandardRules(needed_minutes=5400, categories=(minimum,)))
    return learner.person


def home(client_of: ClientOf, account: Account) -> str:
    return look(client_of(account), "/learn/")[0]


def test_needed_counted_and_missing_stand_on_one_screen(
    client_of: ClientOf, learner: Account, person: Person
) -> None:
    learn.hours(of=person, minutes=100 * 45)
    page = home(client_of, learner)
    assert "<strong>100</strong> of 120 class hours" in page
    assert "<strong>0</strong> of 20 class hours" in page
    assert "20 class hours are still missing." in page
    assert "Last day of this cycle: 31 Dec 2026." in page


def test_a_met_cycle_shows_its_certificate(client_of: ClientOf, learner: Account, person: Person) -> None:
    learn.hours(of=person, minutes=5400, content="practice")
    (certificate,) = settle(person=person, by=learn.SYSTEM, at=learn.AT)
    page = home(client_of, learner)
    assert certificate.public_id in page
    assert "until 1 Mar 2031" in page
    assert "not issued yet" not in page


def test_hours_that_are_met_without_a_certificate_say_so(
    client_of: ClientOf, learner: Account, person: Person
) -> None:
    learn.hours(of=person, minutes=5400, content="practice")
    assert "The hours are met, the certificate is not issued yet" in home(client_of, learner)


def test_a_banned_learner_reads_a_plain_sentence_and_finds_no_way_to_begin(
    client_of: ClientOf, learner: Account, person: Person
) -> None:
    make.exclusion(of=person, kind="suspension", until=date(2026, 4, 1))
    assert "Up to and including 31 Mar 2026" in home(client_of, learner)
    make.exclusion(of=person)
    page = home(client_of, learner)
    assert "You are banned for life" in page
    assert "Find a course" not in page


def test_nobody_in_post_is_told_why_nothing_is_here(client_of: ClientOf) -> None:
    assert "No standard binds you yet" in home(client_of, make.account())


def test_overdue_duties_are_said(client_of: ClientOf, learner: Account) -> None:
    make.standard(rules=StandardRules(yearly_duties=(YearlyDuty("health_check"),)))
    assert "Health check: overdue since 1 Jan 2023" in home(client_of, learner)


def test_courses_open_and_completed_and_none_that_were_left(
    client_of: ClientOf, learner: Account, person: Person
) -> None:
    learn.enrolment(learn.reading_lesson(), of=person, title="开着的课")
    done = learn.enrolment(learn.reading_lesson(), of=person, title="学完的课")
    complete_lesson(enrolment=done, lesson_key="read", by=learn.SYSTEM, at=learn.AT)
    page = home(client_of, learner)
    assert page.index("开着的课") < page.index("Completed courses") < page.index("学完的课")


@pytest.mark.parametrize("address", ["/learn/", "/learn/hours/"])
def test_the_page_costs_the_same_queries_with_1_and_3_rows(
    client_of: ClientOf, learner: Account, other_learner: Account, person: Person, address: str
) -> None:
    counts = []
    for account, number in ((learner, 1), (other_learner, 3)):
        assert account.person is not None
        for _ in range(number):
            learn.hours(of=account.person)
            learn.enrolment(learn.reading_lesson(), of=account.person)
        counts.append(look(client_of(account), address)[1])
    assert counts[0] == counts[1]


# ── the ledger ──────────────────────────────────────────────────────────────


def test_every_line_says_what_it_counts_and_why(
    client_of: ClientOf, learner: Account, person: Person
) -> None:
    learn.hours(of=person, minutes=90, title="急救面授")
    learn.hours(of=person, minutes=45, title="自学", source_class="self")
    page, _ = look(client_of(learner), "/learn/hours/")
    assert "Counts for cycle 1" in page
    assert "this standard does not accept hours that are reported by the learner alone" in page


def test_a_long_ledger_has_pages(client_of: ClientOf, learner: Account, person: Person) -> None:
    for number in range(51):
        learn.hours(of=person, minutes=1, title=f"第{number}课")
    client = client_of(learner)
    first, second = (look(client, f"/learn/hours/?page={page}")[0] for page in (1, 2))
    assert ("第50课" in first, "第0课" in first, "第0课" in second) == (True, False, True)
    assert look(client, "/learn/hours/?page=nonsense&standard=nonsense")[0].count("第50课") == 1


def test_two_standards_are_two_tabs(client_of: ClientOf, learner: Account, person: Person) -> None:
    make.standard(code="directors", occupation="director", rules=StandardRules(needed_minutes=2700))
    make.employment(of=person, at=make.facility(), occupation="director")
    learn.hours(of=person)
    page, _ = look(client_of(learner), "/learn/hours/?standard=yunnan-caregiver")
    assert page.count('aria-current="page"') == 2  # the tab, and the place in the masthead


def test_an_empty_ledger_teaches(client_of: ClientOf, learner: Account) -> None:
    assert "No hours yet" in look(client_of(learner), "/learn/hours/")[0]


@pytest.mark.parametrize("address", ["/learn/", "/learn/hours/", "/learn/classes/"])
def test_a_visitor_is_asked_to_sign_in(client_of: ClientOf, address: str) -> None:
    answer = client_of(None).get(address)
    assert (answer.status_code, answer["Location"].startswith("/accounts/login/?next=")) == (302, True)

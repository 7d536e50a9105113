"""Sent twice, or from a page that is no longer true: once is done, nothing is lost, the page says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core import clock
from credentials.actions import edit_proposal, open_case, propose_ban
from credentials.models import BanSubject
from lms.models import Enrolment, QuizAttempt
from registry.models import Account, Employment, Facility, RosterImport
from tests.factories import credentials as cred
from tests.factories import lms as learn
from tests.journeys.watched import Watched, file, text
from tests.lms.actions.test_take_quiz import answers_to
from tests.registry.roster_files import row, xlsx
from tests.trainers import files
from trainers.models import Material, MaterialVersion

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account | None], Client]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    cache.clear()
    with clock.set_to(learn.AT):
        yield


# ── the same thing twice ────────────────────────────────────────────────────


def test_a_roster_confirmed_twice_and_then_discarded_in_another_tab(
    client_of: ClientOf, director: Account, home_facility: Facility
) -> None:
    browser = Watched(client_of(director))
    address, _roster = preview(browser, home_facility)
    assert browser.post(address("roster_confirm")).status_code == 303
    assert {"registry_person", "registry_employment"} <= browser.changed
    assert browser.post(address("roster_confirm")).status_code == 303
    assert browser.changed == set()
    assert Employment.objects.count() == 1
    stale = browser.post(address("roster_discard"))
    assert stale.status_code == 409
    assert "This roster was confirmed. End the posts that should not be there." in text(stale)
    assert browser.changed == set()


def test_a_roster_confirmed_after_another_tab_discarded_it(
    client_of: ClientOf, director: Account, home_facility: Facility
) -> None:
    browser = Watched(client_of(director))
    address, roster = preview(browser, home_facility)
    browser.post(address("roster_discard"))
    stale = browser.post(address("roster_confirm"))
    assert stale.status_code == 409
    assert "This roster was discarded. Upload it again." in text(stale)
    assert browser.changed == set()
    roster.refresh_from_db()
    assert (roster.state, Employment.objects.count()) == ("discarded", 0)


def preview(browser: Watched, facility: Facility) -> tuple[Callable[[str], str], RosterImport]:
    content = xlsx(row("李一", 12))
    url = reverse("registry:roster_upload", args=[facility.public_id])
    assert browser.post(url, {"file": file(content, "花名册.xlsx")}).status_code == 303
    roster = RosterImport.objects.get()
    return lambda name: reverse(f"registry:{name}", args=[facility.public_id, roster.public_id]), roster


def test_a_course_begun_twice(client_of: ClientOf, learner: Account) -> None:
    course = learn.course()
    browser = Watched(client_of(learner))
    url = reverse("lms:enrol", args=[course.public_id])
    first = browser.post(url)
    assert "lms_enrolment" in browser.changed
    again = browser.post(url)
    assert (again.status_code, again["Location"]) == (303, first["Location"])
    assert browser.changed == set()
    assert Enrolment.objects.count() == 1


def test_a_quiz_handed_in_twice_and_with_other_answers_from_another_tab(
    client_of: ClientOf, learner: Account
) -> None:
    enrolment = learn.enrolment(learn.quiz_lesson(attempts=2), learn.reading_lesson(), of=learner.person)
    browser = Watched(client_of(learner))
    browser.post(reverse("lms:begin_attempt", args=[enrolment.public_id, "quiz"]))
    attempt = QuizAttempt.objects.get()
    url = reverse("lms:attempt", args=[attempt.public_id])
    right, wrong = (
        {f"q{key}": letters for key, letters in answers_to(attempt, wrong=missed).items()}
        for missed in (0, 2)
    )
    assert browser.post(url, right).status_code == 303
    assert "lms_quizattempt" in browser.changed
    for answers in (right, wrong):
        again = browser.post(url, answers)
        assert (again.status_code, again["Location"]) == (303, url)
        assert browser.changed == set()
        assert "2 of 2 right, 100%." in text(browser.get(url))
    attempt.refresh_from_db()
    assert attempt.score_percent == 100


def test_a_task_acknowledged_twice(client_of: ClientOf, director: Account, home_facility: Facility) -> None:
    task = cred.employer_task(at_facility=home_facility)
    browser = Watched(client_of(director))
    url = reverse("credentials:acknowledge", args=[home_facility.public_id, task.public_id])
    assert browser.post(url).status_code == 303
    assert "credentials_employertask" in browser.changed
    again = browser.post(url)
    assert again.status_code == 303
    assert browser.changed == set()
    assert "acknowledged already" in text(browser.get(again["Location"]))


def test_the_same_bytes_uploaded_twice(client_of: ClientOf, trainer: Account) -> None:
    browser = Watched(client_of(trainer))
    first = browser.post(reverse("trainers:upload"), {"title": "洗手", "file": file(files.pdf(), "a.pdf")})
    assert first.status_code == 302
    assert "trainers_materialversion" in browser.changed
    again = browser.post(reverse("trainers:upload"), {"title": "洗手", "file": file(files.pdf(), "a.pdf")})
    assert again.status_code == 422
    assert "You uploaded this file already, as “洗手”." in text(again)
    assert 'value="洗手"' in text(again)
    assert browser.changed == set()
    material = Material.objects.get()
    version = browser.post(
        reverse("trainers:upload_version", args=[material.public_id]), {"file": file(files.pdf(), "b.pdf")}
    )
    assert version.status_code == 422
    assert "This file is version 1 already. Change it before you upload it again." in text(version)
    assert browser.changed == set()
    assert MaterialVersion.objects.count() == 1


# ── a ban decided from a page that is no longer true ────────────────────────


@pytest.fixture
def subject(learner: Account, county_officer: Account, home_facility: Facility) -> BanSubject:
    """Proposed three weeks ago: the time to answer is over."""
    assert learner.person is not None
    at = learn.AT - timedelta(days=21)
    case = open_case(
        division=home_facility.division, facility=home_facility, incident_on=at.date(),
        summary="午睡时体罚幼儿", by=county_officer, at=at,
    )  # fmt: skip
    return propose_ban(
        case=case, person=learner.person, part="person", evidence="监控录像", notice_served_on=at.date(),
        by=county_officer, at=at,
    )  # fmt: skip


DECISION = {"ban": "yes", "reason": "事实清楚，证据确凿", "sure": "on", "read_version": "1"}


def test_a_ban_decided_twice(client_of: ClientOf, subject: BanSubject, province_officer: Account) -> None:
    browser = Watched(client_of(province_officer))
    url = reverse("credentials:ban_decide", args=[subject.case.public_id, subject.public_id])
    assert browser.post(url, DECISION).status_code == 303
    assert {"credentials_bansubject", "registry_exclusion"} <= browser.changed
    again = browser.post(url, DECISION)
    assert again.status_code == 422
    assert "already decided" in text(again)
    assert "事实清楚，证据确凿" in text(again)
    assert browser.changed == set()


def test_a_ban_decided_after_its_proposal_was_edited(
    client_of: ClientOf, subject: BanSubject, province_officer: Account, county_officer: Account
) -> None:
    edit_proposal(
        subject=subject, part="person", evidence="改写后的证据", notice_served_on=subject.notice_served_on,
        read_version=1, by=county_officer, at=learn.AT,
    )  # fmt: skip
    browser = Watched(client_of(province_officer))
    url = reverse("credentials:ban_decide", args=[subject.case.public_id, subject.public_id])
    stale = browser.post(url, DECISION)
    assert stale.status_code == 422
    for words in ("What changed since you read it", "改写后的证据", "事实清楚，证据确凿"):
        assert words in text(stale)
    assert browser.changed == set()
    assert browser.post(url, {**DECISION, "read_version": "2"}).status_code == 303

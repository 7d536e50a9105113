"""A course's public page shows what learners get, and one next step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cms.actions.publish_course import author_course
from cms.models import CoursePage
from lms.actions.enrol import enrol
from lms.models import Course, Enrolment
from registry.models import Account
from tests.factories import cms as make

pytestmark = pytest.mark.django_db
Browser = Callable[[Account | None], Client]


@pytest.fixture
def page(editor: Account, reviewer: Account) -> CoursePage:
    return make.course_page(slug="fire", by=editor, checked_by=reviewer)


def test_the_page_shows_the_frozen_version_and_not_the_draft(client_of: Browser, page: CoursePage) -> None:
    frozen = page.title
    page.title = "还没审核的新标题"
    page.save_revision(user=page.owner)
    CoursePage.objects.filter(pk=page.pk).update(title="直接改库的标题")
    html = client_of(None).get("/courses/fire/").content.decode()
    assert (frozen in html, "还没审核的新标题" in html, "直接改库的标题" in html) == (True, False, False)
    assert "1, published 2 Mar 2026" in html


def test_the_answers_of_the_quiz_are_not_on_it(client_of: Browser, page: CoursePage) -> None:
    html = client_of(None).get("/courses/fire/").content.decode()
    assert "测验" in html
    assert "呼喊报警" not in html


def test_a_visitor_is_led_to_the_sign_in_door_and_back(client_of: Browser, page: CoursePage) -> None:
    html = client_of(None).get("/courses/fire/").content.decode()
    assert "/accounts/login/?next=/courses/fire/" in html
    assert "/enrol/" not in html


def test_a_learner_begins_and_continues(client_of: Browser, page: CoursePage, learner: Account) -> None:
    browser = client_of(learner)
    action = f'action="/learn/courses/{Course.objects.get().public_id}/enrol/"'
    assert action in browser.get("/courses/fire/").content.decode()
    browser.post(action.split('"')[1])
    enrolment = Enrolment.objects.get()
    html = browser.get("/courses/fire/").content.decode()
    assert (action in html, f"/learn/course/{enrolment.public_id}/" in html) == (False, True)


def test_a_learner_of_an_earlier_version_is_told(
    client_of: Browser, page: CoursePage, learner: Account, editor: Account, reviewer: Account
) -> None:
    assert learner.person is not None
    enrol(person=learner.person, course=Course.objects.get(), by=learner, at=make.AT)
    author_course(
        slug="fire", draft=make.draft(), by=editor, reviewer=reviewer, at=make.AT + timedelta(days=1)
    )
    html = client_of(learner).get("/courses/fire/").content.decode()
    assert "You learn version 1 and finish it; this page shows version 2." in html


def test_whoever_completed_the_current_version_does_not_begin_again(
    client_of: Browser, page: CoursePage, learner: Account
) -> None:
    assert learner.person is not None
    enrolment = enrol(person=learner.person, course=Course.objects.get(), by=learner, at=make.AT)
    Enrolment.objects.filter(pk=enrolment.pk).update(completed_at=make.AT)
    html = client_of(learner).get("/courses/fire/").content.decode()
    assert ("You completed version 1" in html, "/enrol/" in html) == (True, False)


def test_a_page_without_a_version_offers_nothing(client_of: Browser, learner: Account) -> None:
    draft = make.unreviewed_page(slug="bare")
    CoursePage.objects.filter(pk=draft.pk).update(live=True)  # past every door
    response: Any = client_of(learner).get("/courses/bare/")
    html = response.content.decode()
    assert (response.status_code, "/enrol/" in html) == (200, False)
    assert "not published yet" in html
    assert draft.title not in client_of(None).get("/courses/").content.decode()


def test_a_withdrawn_course_is_gone_from_the_shelf(client_of: Browser, page: CoursePage) -> None:
    page.unpublish()
    assert client_of(None).get("/courses/fire/").status_code == 404
    assert page.title not in client_of(None).get("/courses/").content.decode()

"""The reviewer's list and the whole draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cms.models import CoursePage, CourseReview
from registry.models import Account
from tests.factories import cms as make

pytestmark = pytest.mark.django_db
Browser = Callable[[Account | None], Client]


def url(page: CoursePage) -> str:
    return f"/cms-reviews/{page.pk}/"


def digest_on(response: Any) -> str:
    return str(response.context["form"].initial["digest"])


def test_a_draft_fit_for_review_is_listed_and_shown_whole(client_of: Browser, reviewer: Account) -> None:
    video = make.approved_material("video")
    watch = make.LessonDraft("w", make.LessonKind.VIDEO, "看一看", class_minutes=1, material=make.ref(video))
    page = make.unreviewed_page(lessons=(watch, make.reading(), make.quiz()))
    make.unreviewed_page(topic="", title="还不完整")
    browser = client_of(reviewer)
    listed = browser.get("/cms-reviews/").content.decode()
    assert (page.title in listed, "还不完整" in listed) == (True, False)
    html = browser.get(url(page)).content.decode()
    assert all(text in html for text in ("看一看", "<video", make.TEXT[:20], "呼喊报警", "先救人，再救物。"))
    assert html.count("option-right") == 2


def test_an_approval_is_recorded_and_leaves_the_list(client_of: Browser, reviewer: Account) -> None:
    page = make.unreviewed_page()
    browser = client_of(reviewer)
    response = browser.post(
        url(page), {"digest": digest_on(browser.get(url(page))), "verdict": "approved", "note": ""}
    )
    assert (response.status_code, response["Location"]) == (302, "/cms-reviews/")
    assert CourseReview.objects.get().reviewer == reviewer
    assert f'href="{url(page)}"' not in browser.get("/cms-reviews/").content.decode()


def test_a_stale_form_keeps_the_note_and_shows_the_newest_draft(
    client_of: Browser, reviewer: Account
) -> None:
    page = make.unreviewed_page()
    browser = client_of(reviewer)
    stale = digest_on(browser.get(url(page)))
    page.summary = "作者刚改过"
    page.save_revision(user=page.owner)
    response = browser.post(url(page), {"digest": stale, "verdict": "refused", "note": "第三题"})
    html = response.content.decode()
    assert (response.status_code, "作者刚改过" in html, "第三题" in html) == (409, True, True)
    assert stale not in html
    assert not CourseReview.objects.exists()


def test_whoever_edited_the_draft_gets_no_form(client_of: Browser, reviewer: Account) -> None:
    page = make.unreviewed_page(by=reviewer)
    browser = client_of(reviewer)
    html = browser.get(url(page)).content.decode()
    assert ("Somebody else must review it" in html, 'name="verdict"' in html) == (True, False)
    response = browser.post(url(page), {"digest": page.draft_digest, "verdict": "approved"})
    assert (response.status_code, CourseReview.objects.count()) == (409, 0)


@pytest.mark.parametrize(
    "who", ["learner", "editor", "trainer", "director", "county_officer", "administrator"]
)
def test_others_are_refused(client_of: Browser, request: pytest.FixtureRequest, who: str) -> None:
    page = make.unreviewed_page()
    browser = client_of(request.getfixturevalue(who))
    assert [browser.get(path).status_code for path in ("/cms-reviews/", url(page))] == [403, 403]


def test_a_visitor_is_led_to_the_sign_in_door(client_of: Browser) -> None:
    response = client_of(None).get("/cms-reviews/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=%2Fcms-reviews%2F")


def test_there_is_nothing_to_review_in_what_is_published(client_of: Browser, reviewer: Account) -> None:
    assert client_of(reviewer).get(url(make.course_page())).status_code == 404


def test_the_list_keeps_its_query_count(
    client_of: Browser, reviewer: Account, django_assert_max_num_queries: Any
) -> None:
    browser = client_of(reviewer)
    make.unreviewed_page()
    browser.get("/cms-reviews/")
    with django_assert_max_num_queries(9) as one:
        browser.get("/cms-reviews/")
    make.unreviewed_page()
    make.unreviewed_page()
    with django_assert_max_num_queries(len(one)):
        browser.get("/cms-reviews/")

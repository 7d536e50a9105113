"""The authoring desk: an editor publishes only what was reviewed, and nothing else of Wagtail is open."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from audit.models import Entry
from cms.actions.review_course import review_course
from cms.drafts import content_digest, draft_of, lessons_of
from cms.models import CatalogueIndexPage, CoursePage, HomePage
from core import clock
from lms.actions.publish import CourseNotReady
from lms.models import Course
from registry.actions.revoke_duty import revoke_duty
from registry.models import Account
from tests.cms.conftest import posted
from tests.factories import cms as make
from tests.factories import trainers as make_trainers

pytestmark = pytest.mark.django_db
Browser = Callable[[Account | None], Client]
PUBLISH = {"action-publish": "1"}


def edit(page: CoursePage) -> str:
    return f"/cms/pages/{page.pk}/edit/"


def told(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_an_editor_writes_and_previews_and_sees_what_is_missing(client_of: Browser, editor: Account) -> None:
    page = make.unreviewed_page(by=editor)
    browser = client_of(editor)
    html = browser.get(edit(page)).content.decode()
    assert "Have the course reviewed by someone else." in html
    preview = f"{edit(page)}preview/"
    assert browser.post(preview, posted(page, title="预览标题")).json()["is_valid"]
    assert "预览标题" in browser.get(f"{preview}?mode=").content.decode()


def directives(response: Any) -> dict[str, list[str]]:
    rows = [one.split() for one in response["Content-Security-Policy"].split(";")]
    return {name: sorted(sources) for name, *sources in rows}


def test_the_desk_runs_its_own_scripts_and_frames_its_own_previews(
    client_of: Browser, editor: Account
) -> None:
    page = make.unreviewed_page(by=editor)
    browser = client_of(editor)
    preview = f"{edit(page)}preview/"
    browser.post(preview, posted(page))
    desk, shown, public = (
        directives(browser.get(address)) for address in (edit(page), f"{preview}?mode=", "/")
    )
    assert desk["default-src"] == shown["default-src"] == public["default-src"] == ["'self'"]
    assert desk["script-src"] == ["'self'", "'unsafe-inline'"]
    assert (desk["frame-ancestors"], shown["frame-ancestors"]) == (["'self'"], ["'self'"])
    assert browser.get(f"{preview}?mode=")["X-Frame-Options"] == "SAMEORIGIN"
    assert (public["script-src"], public["frame-ancestors"]) == (["'self'"], ["'none'"])


def test_the_stream_survives_the_form(client_of: Browser, editor: Account) -> None:
    page = make.unreviewed_page(by=editor)
    before = draft_of(page)
    client_of(editor).post(edit(page), posted(page))
    after = draft_of(CoursePage.objects.get().get_latest_revision_as_object())
    assert after == before


def test_a_new_course_is_written_from_nothing(client_of: Browser, editor: Account) -> None:
    content = make.draft()
    blank = CoursePage(title=content.title, slug="fresh", summary="s", topic="sleep", category="theory")
    catalogue = CatalogueIndexPage.objects.get()
    response = client_of(editor).post(
        f"/cms/pages/add/cms/coursepage/{catalogue.pk}/",
        posted(blank, occupations=["caregiver"], lessons=lessons_of(content)),
    )
    page = CoursePage.objects.get()
    assert (response.status_code, page.live, page.owner, page.slug) == (302, False, editor, "fresh")
    assert page.draft_digest != ""


BROKEN = [
    ({"topic": ""}, ["Choose a topic."]),
    ({"category": ""}, ["Choose whether the course counts as theory, practice or professional ethics."]),
    ({"occupations": []}, ["Choose at least one occupation the course is for."]),
    ({"lessons": ()}, ["Add at least one lesson."]),
    (
        {"lessons": (make.reading(class_minutes=30), make.quiz())},
        ["每天要看的: The lesson credits 30 minutes but takes at most 2; credit less or add more."],
    ),
    (
        {"lessons": (make.reading(), make.quiz(draw=9))},
        ["测验: The quiz draws 9 questions but its pool has 2; it must draw at least one."],
    ),
    (
        {"lessons": (make.reading(), make.quiz(questions=(make.question(right=()),), draw=1))},
        ["测验: Mark which option of “起火以后先做什么？（q1）” is right."],
    ),
    (
        {"topic": "", "lessons": (make.reading(class_minutes=0), make.quiz())},
        ["Choose a topic.", "Say how many minutes the lessons credit; now it is none."],
    ),
]


@pytest.mark.parametrize(("changes", "sentences"), BROKEN)
def test_every_problem_is_said_and_nothing_is_published(
    client_of: Browser, editor: Account, changes: dict[str, Any], sentences: list[str]
) -> None:
    page = make.unreviewed_page(
        by=editor, **({"lessons": changes["lessons"]} if changes.get("lessons") else {})
    )
    form = {name: value for name, value in changes.items() if name != "lessons" or not value}
    response = client_of(editor).post(edit(page), {**posted(page, **form), **PUBLISH}, follow=True)
    said = told(response)
    assert set(sentences) | {"Have the course reviewed by someone else."} <= set(said)
    assert said[-1] == "Saved as a draft. It was not published, for the reasons above."
    page.refresh_from_db()
    assert (page.live, Course.objects.count()) == (False, 0)
    assert response.redirect_chain == [(edit(page), 302)]


def test_a_material_refused_since_is_named(editor: Account, reviewer: Account) -> None:
    version = make.approved_material("pdf")
    paper = make.LessonDraft("p", make.LessonKind.PDF, "讲义", class_minutes=1, material=make.ref(version))
    page = make.unreviewed_page(by=editor, lessons=(make.reading(), paper))
    digest = content_digest(draft_of(page))
    review_course(page=page, digest=digest, verdict="approved", by=reviewer, at=make.AT)
    make_trainers.material_review(of=version, verdict="refused")
    revision = page.get_latest_revision()
    with pytest.raises(CourseNotReady) as refused:
        revision.publish(user=editor)
    assert [problem.code for problem in refused.value.details["problems"]] == ["material_not_approved"]
    page.refresh_from_db()
    assert (page.live, Course.objects.count()) == (False, 0)


def test_a_reviewed_course_goes_live_and_an_edit_after_it_does_not(
    client_of: Browser, editor: Account, reviewer: Account
) -> None:
    page = make.unreviewed_page(by=editor)
    browser = client_of(editor)
    digest = content_digest(draft_of(page))
    review_course(page=page, digest=digest, verdict="approved", by=reviewer, at=make.AT)
    browser.post(edit(page), {**posted(page), **PUBLISH})
    page.refresh_from_db()
    assert (page.live, Course.objects.get().current.number) == (True, 1)
    response = browser.post(edit(page), {**posted(page, summary="悄悄改了"), **PUBLISH}, follow=True)
    assert "Have the course reviewed by someone else." in told(response)
    page.refresh_from_db()
    assert (page.summary == "悄悄改了", Course.objects.get().versions.count()) == (False, 1)


def test_a_schedule_is_checked_when_it_is_made(
    client_of: Browser, editor: Account, reviewer: Account
) -> None:
    page = make.unreviewed_page(by=editor)
    browser = client_of(editor)
    tomorrow = {"go_live_at": f"{clock.now() + timedelta(days=1):%Y-%m-%d %H:%M}"}
    response = browser.post(edit(page), {**posted(page, **tomorrow), **PUBLISH}, follow=True)
    assert "Have the course reviewed by someone else." in told(response)
    assert not page.revisions.exclude(approved_go_live_at=None).exists()
    digest = content_digest(draft_of(page))
    review_course(page=page, digest=digest, verdict="approved", by=reviewer, at=make.AT)
    browser.post(edit(page), {**posted(page, **tomorrow), **PUBLISH})
    assert page.revisions.exclude(approved_go_live_at=None).count() == 1
    assert Course.objects.count() == 0


def test_an_editor_takes_a_course_off_in_her_name(client_of: Browser, editor: Account) -> None:
    page = make.course_page()
    client_of(editor).post(f"/cms/pages/{page.pk}/unpublish/")
    page.refresh_from_db()
    assert (page.live, Entry.objects.get(act="lms.withdraw_course").actor) == (False, editor.actor)


def test_the_structure_stands(client_of: Browser, editor: Account) -> None:
    browser, catalogue = client_of(editor), CatalogueIndexPage.objects.get()
    browser.post(f"/cms/pages/{catalogue.pk}/delete/")
    browser.post(f"/cms/pages/{catalogue.pk}/unpublish/")
    browser.post(edit(catalogue), {**posted_structure(catalogue), "slug": "elsewhere", **PUBLISH})
    catalogue.refresh_from_db()
    assert (catalogue.live, catalogue.slug) == (True, "courses")


def posted_structure(page: Any) -> dict[str, Any]:
    comments = {f"comments-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    return {"title": page.title, "intro": "新的引言", "go_live_at": "", "expire_at": "", **comments}


def test_an_editor_whose_duty_ended_is_shut_out_on_the_next_request(
    client_of: Browser, editor: Account, administrator: Account
) -> None:
    browser = client_of(editor)
    home = HomePage.objects.get()
    paths = ("/cms/", f"/cms/pages/{home.pk}/", f"/cms/pages/{home.pk}/edit/", "/cms/images/")
    assert [browser.get(path).status_code for path in paths] == [200] * 4
    revoke_duty(duty=editor.duties.get(), by=administrator, at=clock.now())
    assert [browser.get(path).status_code for path in paths] == [403] * 4


@pytest.mark.parametrize(
    "path",
    [
        "users/",
        "users/new/",
        "groups/",
        "sites/",
        "collections/",
        "workflows/list/",
        "reports/site-history/",
        "password_reset/",
        "bulk/wagtailcore/page/publish/",
        "snippets/",
        "choose-email-link/",
    ],
)
def test_what_an_editor_does_not_need_is_closed(client_of: Browser, editor: Account, path: str) -> None:
    assert client_of(editor).get(f"/cms/{path}").status_code == 403


@pytest.mark.parametrize("who", ["learner", "trainer", "director", "province_officer", "administrator"])
def test_the_desk_is_closed_to_others(client_of: Browser, request: pytest.FixtureRequest, who: str) -> None:
    browser = client_of(request.getfixturevalue(who))
    assert [browser.get(path).status_code for path in ("/cms/", "/cms/pages/", "/cms/images/")] == [403] * 3


def test_a_reviewer_sees_the_desk_and_no_page_of_it(client_of: Browser, reviewer: Account) -> None:
    browser = client_of(reviewer)
    assert [browser.get(path).status_code for path in ("/cms/", "/cms/pages/", "/cms/images/")] == [
        200,
        403,
        403,
    ]
    assert "/cms-reviews/" in browser.get("/cms/").content.decode()


def test_wagtails_doors_lead_to_the_one_door(client_of: Browser, editor: Account) -> None:
    visitor, browser = client_of(None), client_of(editor)
    assert (
        visitor.get("/cms/login/?next=/cms/pages/")["Location"] == "/accounts/login/?next=%2Fcms%2Fpages%2F"
    )
    assert visitor.get("/cms/login/?next=//evil.example/")["Location"] == "/accounts/login/?next=%2Fcms%2F"
    assert browser.get("/cms/account/")["Location"] == "/accounts/password/change/"
    assert browser.post("/cms/logout/")["Location"] == "/"
    assert browser.get("/cms/").status_code == 302


def test_the_desk_asks_nothing_of_other_hosts(client_of: Browser, editor: Account) -> None:
    browser = client_of(editor)
    page = make.unreviewed_page(by=editor)
    for path in ("/cms/", f"/cms/pages/{page.pk}/edit/", "/cms/images/add/"):
        html = browser.get(path).content.decode()
        loaded = re.findall(
            r"""<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=["'](https?:)?//([^"'/]+)""", html
        )
        assert loaded == []
        assert "gravatar" not in html

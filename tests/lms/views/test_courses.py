"""A course from its first tap to its last page: begin, read, answer, leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from core import clock
from lms.actions.complete import complete_lesson
from lms.actions.publish import withdraw
from lms.actions.watch import intervals_of
from lms.models import Enrolment, QuizAttempt
from registry.models import Account
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.lms.actions.test_take_quiz import answers_to
from tests.lms.views.looking import look, went_to

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account | None], Client]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with clock.set_to(learn.AT):
        yield


@pytest.fixture
def enrolment(learner: Account) -> Enrolment:
    """A video, a text, a PDF and a quiz."""
    lessons = (
        learn.video_lesson(),
        learn.reading_lesson(),
        learn.pdf_lesson(),
        learn.quiz_lesson(attempts=2),
    )
    return learn.enrolment(*lessons, of=learner.person)


def page_of(enrolment: Enrolment, key: str = "") -> str:
    return f"/learn/course/{enrolment.public_id}/" + (f"lessons/{key}/" if key else "")


# ── beginning and leaving ───────────────────────────────────────────────────


def test_one_tap_begins_and_a_second_one_leads_to_the_same_place(
    client_of: ClientOf, learner: Account
) -> None:
    course = learn.course()
    places = [went_to(client_of(learner).post(f"/learn/courses/{course.public_id}/enrol/")) for _ in range(2)]
    assert places == [page_of(Enrolment.objects.get())] * 2


def test_an_excluded_learner_is_told_in_a_plain_sentence(client_of: ClientOf, learner: Account) -> None:
    course = learn.course()
    make.exclusion(of=learner.person)  # type: ignore[arg-type]
    answer = client_of(learner).post(f"/learn/courses/{course.public_id}/enrol/")
    assert answer.status_code == 409
    assert "A measure is in force against you; you cannot begin a course." in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_a_withdrawn_course_and_one_that_never_was(client_of: ClientOf, learner: Account) -> None:
    course = learn.course()
    withdraw(course=course, by=learn.SYSTEM, at=learn.AT)
    client = client_of(learner)
    assert client.post(f"/learn/courses/{course.public_id}/enrol/").status_code == 409
    assert client.post("/learn/courses/NOTHING/enrol/").status_code == 404
    assert client.get(f"/learn/courses/{course.public_id}/enrol/").status_code == 405


def test_leaving_asks_first(client_of: ClientOf, learner: Account, enrolment: Enrolment) -> None:
    client = client_of(learner)
    assert "Leave this course?" in look(client, page_of(enrolment) + "leave/")[0]
    assert went_to(client.post(page_of(enrolment) + "leave/")) == "/learn/"
    enrolment.refresh_from_db()
    assert enrolment.stopped_at == learn.AT
    assert "You left this course." in look(client, page_of(enrolment))[0]


# ── the pages of a course ───────────────────────────────────────────────────


def test_lessons_stand_in_order_with_what_is_done_and_what_is_next(
    client_of: ClientOf, learner: Account, enrolment: Enrolment
) -> None:
    learn.lesson_completion(of=enrolment, key="watch")
    page, _ = look(client_of(learner), page_of(enrolment))
    assert "1 of 4 lessons completed" in page
    assert page.count("is-done") == page.count("is-next") == 1
    assert f'<a class="button" href="{page_of(enrolment, "read")}">Continue</a>' in page


def test_a_completed_course_says_what_it_earned(client_of: ClientOf, learner: Account) -> None:
    enrolment = learn.enrolment(learn.reading_lesson(minutes=2), of=learner.person)
    complete_lesson(enrolment=enrolment, lesson_key="read", by=learn.SYSTEM, at=learn.AT)
    page, _ = look(client_of(learner), page_of(enrolment))
    assert "You completed this course on 2 Mar 2026." in page
    assert "2 minutes are in your ledger." in page


def test_the_video_is_played_from_its_first_gap(
    client_of: ClientOf, learner: Account, enrolment: Enrolment
) -> None:
    learn.watched_interval(of=enrolment, to_ms=30_000)
    answer = client_of(learner).get(page_of(enrolment, "watch"))
    assert answer.context["player"]["resume_ms"] == 30_000
    assert "/content/" in answer.content.decode()


def test_a_text_is_shown_as_text_never_as_markup(client_of: ClientOf, learner: Account) -> None:
    from dataclasses import replace

    from lms.rules.course import Block, BlockKind

    lesson = learn.reading_lesson()
    evil = replace(
        lesson, blocks=(*lesson.blocks, Block(BlockKind.PARAGRAPH, text="<script>alert(1)</script>"))
    )
    enrolment = learn.enrolment(evil, of=learner.person)
    page, _ = look(client_of(learner), page_of(enrolment, "read"))
    assert "&lt;script&gt;alert(1)" in page
    assert "<li>饭前</li>" in page


def test_a_pdf_is_shown_page_by_page(client_of: ClientOf, learner: Account, enrolment: Enrolment) -> None:
    page, _ = look(client_of(learner), page_of(enrolment, "handout"))
    assert [f"Page {n} of 3" in page for n in (1, 2, 3, 4)] == [True, True, True, False]


def test_opening_a_page_watches_nothing(client_of: ClientOf, learner: Account, enrolment: Enrolment) -> None:
    for key in ("watch", "read", "handout", "quiz"):
        look(client_of(learner), page_of(enrolment, key))
    assert intervals_of(enrolment, "read") == ()


def test_an_excluded_learner_finds_no_player(
    client_of: ClientOf, learner: Account, enrolment: Enrolment
) -> None:
    make.exclusion(of=enrolment.person)
    for key in ("watch", "read", "handout", "quiz"):
        page, _ = look(client_of(learner), page_of(enrolment, key))
        assert "A measure is in force against you; you cannot continue this course." in page
        assert "player.js" not in page
    assert "cannot continue this course" in look(client_of(learner), page_of(enrolment))[0]


@pytest.mark.parametrize("key", ["nothing", "leave", "a b", "课"])
def test_a_lesson_that_is_not_there_is_not_found(
    client_of: ClientOf, learner: Account, enrolment: Enrolment, key: str
) -> None:
    assert client_of(learner).get(page_of(enrolment, key)).status_code == 404


def test_another_learner_finds_nothing_and_a_visitor_signs_in_first(
    client_of: ClientOf, other_learner: Account, enrolment: Enrolment
) -> None:
    attempt = learn.attempt(of=enrolment)
    pages = [page_of(enrolment), page_of(enrolment) + "leave/", f"/learn/attempt/{attempt.public_id}/"]
    pages += [page_of(enrolment, key) for key in ("watch", "read", "handout", "quiz")]
    for address in pages:
        assert client_of(other_learner).get(address).status_code == 404
        assert client_of(None).get(address)["Location"].startswith("/accounts/login/")
    posts = [page_of(enrolment) + "leave/", page_of(enrolment, "quiz") + "begin/", pages[2]]
    posts += [page_of(enrolment, "watch") + verb for verb in ("open/", "beat/")]
    for address in posts:
        assert client_of(other_learner).post(address).status_code == 404
    enrolment.refresh_from_db()
    assert (enrolment.stopped_at, QuizAttempt.objects.count()) == (None, 1)


def test_a_course_page_costs_the_same_queries_with_1_and_3_lessons(
    client_of: ClientOf, learner: Account
) -> None:
    counts = []
    for keys in (("one",), ("one", "two", "three")):
        enrolment = learn.enrolment(*(learn.reading_lesson(key=key) for key in keys), of=learner.person)
        look(client_of(learner), page_of(enrolment))  # the frozen content is read once
        counts.append([look(client_of(learner), page_of(enrolment, key))[1] for key in ("", "one")])
    assert counts[0] == counts[1]


# ── the quiz ────────────────────────────────────────────────────────────────


def begun(client: Client, enrolment: Enrolment) -> QuizAttempt:
    address = went_to(client.post(page_of(enrolment, "quiz") + "begin/"))
    attempt = QuizAttempt.objects.get(submitted_at=None)
    assert address == f"/learn/attempt/{attempt.public_id}/"
    return attempt


def filled_in(attempt: QuizAttempt, **more: str) -> dict[str, object]:
    return {**{f"q{number}": letters for number, letters in answers_to(attempt).items()}, **more}


def test_a_quiz_is_begun_answered_and_explained(
    client_of: ClientOf, learner: Account, enrolment: Enrolment
) -> None:
    client = client_of(learner)
    assert "Begin the quiz" in look(client, page_of(enrolment, "quiz"))[0]
    attempt = begun(client, enrolment)
    address = f"/learn/attempt/{attempt.public_id}/"
    page, _ = look(client, address)
    assert page.count("<fieldset") == 2
    assert "流动水下" not in page  # no explanation before the answer
    assert went_to(client.post(address, filled_in(attempt))) == address
    page, _ = look(client, address)
    assert "2 of 2 right, 100%. Needed: 60%." in page
    assert "流动水下至少二十秒。" in page
    assert "You have passed this quiz." in look(client, page_of(enrolment, "quiz"))[0]


def test_unanswered_questions_are_named_and_what_was_chosen_stays(
    client_of: ClientOf, learner: Account, enrolment: Enrolment
) -> None:
    client = client_of(learner)
    attempt = begun(client, enrolment)
    address = f"/learn/attempt/{attempt.public_id}/"
    half = {"q1": answers_to(attempt)["1"]}
    answer = client.post(address, half)
    page = answer.content.decode()
    assert (answer.status_code, page.count(" checked")) == (422, len(half["q1"]))
    assert 'href="#question-2"' in page
    assert went_to(client.post(address, {**half, "anyway": "yes"})) == address
    attempt.refresh_from_db()
    assert attempt.score_percent == 50


def test_a_second_hand_in_shows_the_first_result(
    client_of: ClientOf, learner: Account, enrolment: Enrolment
) -> None:
    client = client_of(learner)
    attempt = begun(client, enrolment)
    address = f"/learn/attempt/{attempt.public_id}/"
    client.post(address, {"anyway": "yes"})
    assert went_to(client.post(address, filled_in(attempt))) == address
    attempt.refresh_from_db()
    assert attempt.score_percent == 0
    assert "0 of 2 right" in look(client, address)[0]


def test_an_answer_nobody_asked_for_is_refused_and_the_rest_is_kept(
    client_of: ClientOf, learner: Account, enrolment: Enrolment
) -> None:
    client = client_of(learner)
    attempt = begun(client, enrolment)
    answer = client.post(
        f"/learn/attempt/{attempt.public_id}/", {"q1": ["Z"], "q2": answers_to(attempt)["2"], "anyway": "yes"}
    )
    page = answer.content.decode()
    assert (answer.status_code, page.count(" checked")) == (409, len(answers_to(attempt)["2"]))
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_when_the_attempts_are_used_up_the_page_says_so(
    client_of: ClientOf, learner: Account, enrolment: Enrolment
) -> None:
    client = client_of(learner)
    for _ in range(2):
        attempt = begun(client, enrolment)
        client.post(f"/learn/attempt/{attempt.public_id}/", {"anyway": "yes"})
    assert "All 2 attempts are used" in look(client, page_of(enrolment, "quiz"))[0]
    assert client.post(page_of(enrolment, "quiz") + "begin/").status_code == 409


def test_only_a_quiz_is_begun(client_of: ClientOf, learner: Account, enrolment: Enrolment) -> None:
    client = client_of(learner)
    assert client.post(page_of(enrolment, "read") + "begin/").status_code == 409
    assert client.post(page_of(enrolment, "nothing") + "begin/").status_code == 404

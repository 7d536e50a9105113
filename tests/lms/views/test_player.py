"""The player in a real browser: what it tells the server, and what it does when the world is unkind."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import av
import numpy
import pytest

from lms.actions.watch import intervals_of
from lms.models import Enrolment, LessonCompletion
from lms.proof import verify_all_ledgers
from registry.models import Account
from tests.factories import lms as learn
from tests.plugins.browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def video(seconds: int) -> bytes:
    """A small H.264 film of a grey that grows lighter."""
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for number in range(seconds * 10):
            shade = numpy.full((90, 160, 3), number * 2 % 255, dtype=numpy.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(shade, format="rgb24")))
        container.mux(stream.encode(None))
    return file.getvalue()


def enrolment_in_film(learner: Account, seconds: int) -> Enrolment:
    version = learn.approved(
        content=video(seconds),
        duration_ms=seconds * 1000,
        pages=None,
        mime="video/mp4",
        file_name="film.mp4",
        width=160,
        height=90,
    )
    return learn.enrolment(
        learn.video_lesson(version=version, minutes=0), learn.reading_lesson(), of=learner.person
    )


@pytest.fixture
def at_player(learner: Account, page: Any, phone: Any, live_server: Any) -> Any:
    """Opens a film of some seconds in the browser, ready to play."""

    def go(seconds: int) -> Enrolment:
        enrolment = enrolment_in_film(learner, seconds)
        sign_in(phone, learner, live_server.url)
        page.goto(f"{live_server.url}/learn/course/{enrolment.public_id}/lessons/watch/")
        page.wait_for_selector("#player[data-state=ready]")
        until(page, "readyState >= 2")
        return enrolment

    return go


def play(page: Any) -> None:
    page.evaluate("document.querySelector('video').play()")


def until(page: Any, state: str) -> None:
    """Wait for a state of the video. The policy of the site forbids the waiting that evaluates text."""
    for _ in range(150):
        if page.evaluate(f"document.querySelector('video').{state}"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the video never was {state}")


def credited(enrolment: Enrolment) -> int:
    return sum(end - start for start, end in intervals_of(enrolment, "watch"))


def test_a_film_played_to_its_end_is_completed(at_player: Any, page: Any) -> None:
    enrolment = at_player(6)
    assert page.locator("#next").is_hidden()
    play(page)
    page.wait_for_selector("#done:not([hidden])", timeout=20_000)
    assert page.locator("#next").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert LessonCompletion.objects.get().lesson_key == "watch"
    assert 4_500 <= credited(enrolment) <= 6_000
    assert list(verify_all_ledgers()) == []


def test_skipping_to_the_end_completes_nothing_and_offers_the_gap(at_player: Any, page: Any) -> None:
    enrolment = at_player(30)
    play(page)
    until(page, "currentTime > 1")
    page.evaluate("document.querySelector('video').currentTime = 29.5")
    until(page, "ended")
    gap = page.locator("#missing button").first
    gap.wait_for()
    assert page.locator("#done").is_hidden()
    assert not LessonCompletion.objects.exists()
    gap.click()
    until(page, "currentTime < 28")
    assert credited(enrolment) < 6_000


def test_a_second_tab_is_told_and_may_take_over(at_player: Any, page: Any, phone: Any) -> None:
    at_player(30)
    play(page)
    second = phone.new_page()
    second.goto(page.url)
    second.wait_for_selector("#player[data-state=elsewhere]")
    assert "另一台设备" in second.locator("[data-say=elsewhere]").inner_text()
    second.get_by_role("button", name="在这里继续").click()
    second.wait_for_selector("#player[data-state=ready]")
    page.evaluate("document.querySelector('video').pause()")  # its next beat learns of it
    page.wait_for_selector("#player[data-state=taken]")
    assert page.evaluate("document.querySelector('video').paused")


def test_eight_seconds_without_network_lose_nothing(at_player: Any, page: Any, phone: Any) -> None:
    enrolment = at_player(14)
    play(page)
    until(page, "currentTime > 2")
    phone.set_offline(True)
    page.evaluate("document.querySelector('video').pause()")
    play(page)
    page.wait_for_selector("#player[data-state=offline]")
    until(page, "currentTime > 10")
    phone.set_offline(False)
    page.wait_for_selector("#done:not([hidden])", timeout=25_000)
    assert credited(enrolment) >= 12_000
    assert list(verify_all_ledgers()) == []

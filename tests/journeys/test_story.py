"""The one story, in a real browser at 360 px, from a fresh province: learn, certificate, scan, ban, rate."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from config.demonstration.content import load_courses
from config.demonstration.learners import LAST_COURSE
from tests.journeys.served import ROOT, Served, served
from tests.plugins.environment import CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = ROOT / "ci-output" / "journey"
COUNTY = "530102"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--mute-audio",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("province")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Walk:
    """One person's phone: her own cookies, pictures of what she sees, no page that failed or called out."""

    def __init__(self, browser: Browser, province: Served, name: str) -> None:
        context = browser.new_context(
            viewport={"width": 360, "height": 740},
            device_scale_factor=2,
            locale="zh-CN",
            base_url=province.address,
        )
        self.page: Page = context.new_page()
        self.name, self.count = name, 0
        self.foreign: list[str] = []
        self.failed: list[str] = []
        self.page.on("request", lambda request: self._asked(request.url, province.address))
        self.page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _asked(self, url: str, home: str) -> None:
        if not url.startswith((home, "data:", "blob:")):
            self.foreign.append(url)

    def _answered(self, status: int, url: str) -> None:
        if status >= 500:
            self.failed.append(f"{status} {url}")

    def sign_in(self, account: dict[str, Any], to: str) -> None:
        self.page.goto(f"/accounts/login/?next={to}")
        self.page.fill("[name=login]", account["username"])
        self.page.fill("[name=password]", account["password"])
        self.page.click("main form button")
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)

    def picture(self, what: str) -> bytes:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.count += 1
        return self.page.screenshot(path=PICTURES / f"{self.name}-{self.count:02}-{what}.png", full_page=True)

    def fits(self) -> None:
        """Nothing to scroll sideways on a phone."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 360, self.page.url

    def done(self) -> None:
        assert (self.foreign, self.failed) == ([], [])
        self.page.context.close()


@contextmanager
def walking(browser: Browser, province: Served, name: str) -> Iterator[Walk]:
    walk = Walk(browser, province, name)
    yield walk
    walk.done()


def rate(province: Served, day: date) -> tuple[int, int]:
    text = province.manage("rates", "--as-of", day.isoformat(), "--division", COUNTY, "--format", "json")
    figures = json.loads(text)
    return figures["numerator"], figures["denominator"]


def right_answers() -> dict[str, set[str]]:
    """What the course's author marked as right, by the words of the question."""
    (course,) = [course for course in load_courses() if course.slug == LAST_COURSE]
    (quiz,) = [lesson for lesson in course.lessons if lesson.kind == "quiz"]
    return {
        question.stem: {text for key, text in question.options if key in question.right}
        for question in quiz.questions
    }


def answer(page: Page) -> None:
    key = right_answers()
    for question in page.locator("fieldset").all():
        stem = re.sub(r"^\d+\.\s*", "", question.locator("legend").inner_text().strip())
        for choice in question.locator("label").all():
            text = re.sub(r"^[A-Z]\.\s*", "", choice.inner_text().strip())
            if text in key[stem]:
                choice.locator("input").check()


def scan(picture: bytes) -> str:
    """Read the QR code with a library that did not draw it."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return found.text


def test_the_one_story(province: Served, browser: Browser) -> None:
    today = date.fromisoformat(province.report["as_of"])
    yesterday = today - timedelta(days=1)
    before, begun = rate(province, yesterday), rate(province, today)

    # a learner finishes her last lesson and quiz, and sees her cycle complete
    learner = Walk(browser, province, "learner")
    page = learner.page
    learner.sign_in(province.account("learner"), "/learn/")
    learner.picture("standing")
    learner.fits()
    assert page.locator("main section.panel a[href*='/certificates/']").count() == 0, "none of hers yet"
    page.click("main .actions a.button")
    learner.picture("course")
    learner.fits()
    page.click("main .actions a.button")
    page.wait_for_selector("#player video")
    learner.picture("lesson")
    learner.fits()
    page.evaluate("document.querySelector('video').play()")
    page.wait_for_selector("#player[data-completed=yes]", timeout=150_000)
    learner.picture("lesson-done")
    page.click("#next")
    page.click("main .actions button")
    answer(page)
    learner.picture("quiz")
    learner.fits()
    page.click("#quiz .actions button:last-child")
    page.wait_for_selector("main .actions a.button")
    learner.picture("passed")
    learner.fits()
    page.click("main .actions a.button")
    page.wait_for_url("**/learn/")
    learner.picture("complete")
    mine = page.locator("main section.panel a[href*='/certificates/']").first
    expect(mine).to_be_visible()

    # her certificate, its QR code decoded from what is on the screen
    mine.click()
    page.wait_for_url("**/certificates/*/")
    learner.fits()
    address = scan(learner.picture("certificate"))
    assert address == address.upper()
    assert address.startswith(province.address.upper() + "/C/")

    # anybody's phone: valid
    with walking(browser, province, "parent") as parent:
        parent.page.goto(address)
        assert parent.page.locator(".verdict.tone-good").count() == 1
        parent.picture("valid")
        parent.fits()
    with_her = rate(province, today)
    assert with_her == (begun[0] + 1, begun[1])

    # two officers ban her
    with walking(browser, province, "county") as county:
        propose(county, province)
    with walking(browser, province, "province") as decider:
        decide(decider, province)

    # the same address, her account, her employer
    with walking(browser, province, "parent-again") as parent:
        parent.page.goto(address)
        assert parent.page.locator(".verdict.tone-stop").count() == 1
        parent.picture("revoked")
        parent.fits()
    page.goto("/courses/")
    assert "/accounts/login/" in page.goto("/learn/").url, "her sessions ended with the ban"  # type: ignore[union-attr]
    learner.sign_in(province.account("learner"), "/learn/")
    learner.picture("banned")
    page.goto("/courses/fire-safety/")
    page.click("main form[action*='/enrol/'] button")
    assert page.locator("main").inner_text().strip()
    learner.picture("refused")
    page.goto("/learn/")
    assert page.locator("a[href*='/learn/course/']", has_text="消防").count() == 0
    learner.done()
    with walking(browser, province, "manager") as manager:
        manager.sign_in(province.account("manager"), "/facility/")
        facility = province.account("manager")["facility"]
        manager.page.goto(f"/facility/{facility}/tasks/")
        assert name_of_learner(province) in manager.page.locator("main").inner_text()
        manager.picture("task")
        manager.fits()

    # the rate of today fell, yesterday's did not
    assert rate(province, today) == begun
    assert rate(province, yesterday) == before
    with walking(browser, province, "oversight") as officer:
        officer.sign_in(province.account("wuhua"), "/oversight/")
        officer.picture("rate-today")
        officer.page.goto(f"/oversight/?on={yesterday.isoformat()}")
        officer.picture("rate-yesterday")

    # and everything still adds up
    assert "0 mismatches" in province.manage("verify_all")


def name_of_learner(province: Served) -> str:
    return str(province.account("learner")["name"])


def propose(county: Walk, province: Served) -> None:
    """The county opens a case, proposes, and records her answer."""
    page = county.page
    facility = next(
        row
        for row in province.report["facilities"]
        if row["public_id"] == province.account("manager")["facility"]
    )
    person = next(
        row
        for row in province.report["people"]
        if row["name"] == name_of_learner(province) and row["facility"] == facility["public_id"]
    )
    today = province.report["as_of"]
    county.sign_in(province.account("wuhua"), "/oversight/bans/")
    page.goto("/oversight/bans/open/")
    page.fill("[name=credit_code]", facility["credit_code"])
    page.fill("[name=incident_on]", today)
    page.fill("[name=summary]", "（演示）监控显示其多次粗暴对待孩子。")
    county.picture("open-case")
    county.fits()
    page.click("main form button[type=submit], main form .actions button")
    page.wait_for_url(re.compile(r"/oversight/bans/[0-9A-Z]{16}/$"))
    page.click("a[href$='/propose/']")
    page.fill("[name=document_number]", person["document"])
    page.check("[name=part][value=person]")
    page.fill("[name=evidence]", "（演示）监控录像三段。")
    page.fill("[name=notice_served_on]", today)
    county.picture("propose")
    page.click("main form .actions button")
    page.wait_for_url(re.compile(r"/oversight/bans/[0-9A-Z]{16}/(#.*)?$"))
    page.click("a[href$='/answer/']")
    page.fill("[name=answered_on]", today)
    page.fill("[name=answer]", "（演示）本人承认，放弃进一步申辩。")
    page.click("main form .actions button")
    page.wait_for_url(re.compile(r"/oversight/bans/[0-9A-Z]{16}/(#.*)?$"))
    county.picture("case")
    county.fits()


def decide(decider: Walk, province: Served) -> None:
    """The province decides: another person, who has read it."""
    page = decider.page
    decider.sign_in(province.account("province2"), "/oversight/bans/")
    page.locator("main a[href*='/oversight/bans/']:not([href$='/open/'])").first.click()
    page.locator("a[href$='/decide/']").first.click()
    decider.picture("decide")
    decider.fits()
    page.check("[name=ban][value=yes]")
    page.fill("[name=reason]", "（演示）事实清楚，证据确凿。")
    page.check("[name=sure]")
    page.click("main form .actions button")
    page.wait_for_url(re.compile(r"/oversight/bans/[0-9A-Z]{16}/(#.*)?$"))
    decider.picture("decided")


@pytest.fixture(autouse=True)
def _empty_pictures() -> None:
    for old in Path(PICTURES).glob("*.png"):
        old.unlink()

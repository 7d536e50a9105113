"""The contest button: from the learner's line to the officer's answer and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from lms.models import Contest, HourEntry
from lms.schedule import escalate
from registry.models import Account, Facility
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.factories.credentials import at
from tests.journeys.watched import AUDIT, Watched, plain, text

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account | None], Client]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with clock.set_to(learn.AT):
        yield


@pytest.fixture
def line(learner: Account) -> HourEntry:
    make.standard()
    return learn.hours(of=learner.person, source_class="self", title="自学笔记")


def address(line: HourEntry) -> str:
    return reverse("lms:contest", args=[line.public_id]) + "?standard=yunnan-caregiver"


def test_from_the_line_to_the_answer(
    line: HourEntry, learner: Account, county_officer: Account, client_of: ClientOf
) -> None:
    hers = Watched(client_of(learner))
    counted = learn.hours(of=learner.person)
    page = text(hers.get("/learn/hours/"))
    assert (address(line) in page, reverse("lms:contest", args=[counted.public_id]) in page) == (True, False)
    silent = hers.post(address(line), {"words": "  "})
    assert (silent.status_code, hers.changed) == (422, set())
    sent = hers.post(address(line), {"words": "我有签到照片"})
    assert (sent.status_code, sent["Location"]) == (303, address(line))
    assert hers.changed == {"lms_contest", "lms_conteststep", *AUDIT}
    again = hers.post(address(line), {"words": "我有签到照片"})
    assert (again.status_code, hers.changed) == (422, set())
    page = plain(hers.get(address(line)))
    assert "It lies with 五华区, which answers by 30 Mar 2026." in page
    assert "Contested: waits for the answer" in plain(hers.get("/learn/hours/"))

    desk = Watched(client_of(county_officer))
    listed = plain(desk.get(reverse("lms:contests")))
    assert all(words in listed for words in ("李小禾", "自学笔记", "五华区", "30 Mar 2026"))
    case = reverse("lms:answer_contest", args=[Contest.objects.get().public_id])
    page = plain(desk.get(case))
    assert "我有签到照片" in page
    assert "this standard does not accept hours that are reported by the learner alone" in page
    assert desk.post(case, {"answer": "upheld", "words": ""}).status_code == 422
    assert desk.post(case, {"answer": "somebody", "words": "x"}).status_code == 422
    assert desk.changed == set()
    assert desk.post(case, {"answer": "upheld", "words": "自报学时不计入"}).status_code == 303
    assert desk.changed == {"lms_contest", "lms_conteststep", *AUDIT}
    assert desk.post(case, {"answer": "upheld", "words": "自报学时不计入"}).status_code == 422
    assert desk.changed == set()
    assert "Nothing is contested" in plain(desk.get(reverse("lms:contests")))
    page = plain(hers.get(address(line)))
    assert ("自报学时不计入" in page, "the line stays as it is" in page) == (True, True)


def test_a_remedy_is_offered_once_it_is_recorded(
    line: HourEntry, learner: Account, county_officer: Account, client_of: ClientOf
) -> None:
    contest = learn.contest(of=line, by=learner)
    anew = learn.hours(of=learner.person, at=learn.after(hours=1), title="面授补录")
    case = reverse("lms:answer_contest", args=[contest.public_id])
    with clock.set_to(learn.after(hours=2)):
        browser = client_of(county_officer)
        assert "Remedied by the line “面授补录” of 2 Mar 2026, 45 minutes" in plain(browser.get(case))
        assert browser.post(case, {"answer": anew.public_id, "words": "已补录"}).status_code == 303
        assert "remedied by another line" in plain(client_of(learner).get(address(line)))


def test_when_the_county_is_silent_the_prefecture_has_it_and_she_sees_that(
    line: HourEntry, learner: Account, county_officer: Account, prefecture_officer: Account,
    province_officer: Account, client_of: ClientOf,
) -> None:  # fmt: skip
    contest = learn.contest(of=line, by=learner)
    case, desk = reverse("lms:answer_contest", args=[contest.public_id]), reverse("lms:contests")
    for account, has in ((county_officer, True), (prefecture_officer, False), (province_officer, False)):
        assert ("自学笔记" in plain(client_of(account).get(desk))) is has
        assert "自学笔记" in plain(client_of(account).get(f"{desk}?all=1"))
    with clock.set_to(at(date(2026, 3, 31))):
        escalate()
        for account, has in ((county_officer, False), (prefecture_officer, True), (province_officer, False)):
            assert ("自学笔记" in plain(client_of(account).get(desk))) is has
        assert "It lies with 昆明市 now." in plain(client_of(county_officer).get(case))
        assert client_of(county_officer).post(case, {"answer": "upheld", "words": "x"}).status_code == 422
        page = plain(client_of(learner).get(address(line)))
        assert (
            "went to the next level, for the time was over · 昆明市 · to be answered by 28 Apr 2026" in page
        )


def test_nobody_else_reaches_it(
    line: HourEntry, learner: Account, other_learner: Account, other_county_officer: Account,
    director: Account, client_of: ClientOf,
) -> None:  # fmt: skip
    contest = learn.contest(of=line, by=learner)
    case = reverse("lms:answer_contest", args=[contest.public_id])
    assert client_of(other_learner).get(address(line)).status_code == 404
    assert client_of(director).post(address(line), {"words": "x"}).status_code == 404
    assert client_of(director).get(case).status_code == 403
    assert client_of(other_county_officer).get(case).status_code == 404
    assert client_of(other_county_officer).post(case, {"answer": "upheld", "words": "x"}).status_code == 404
    assert "自学笔记" not in plain(client_of(other_county_officer).get(reverse("lms:contests") + "?all=1"))


def test_the_lists_cost_the_same_with_1_and_3_contests(
    home_facility: Facility, line: HourEntry, learner: Account, county_officer: Account, client_of: ClientOf
) -> None:
    hers, desk = client_of(learner), client_of(county_officer)

    def queries() -> list[int]:
        counts = []
        for browser, url in ((hers, "/learn/hours/"), (desk, reverse("lms:contests"))):
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(url).status_code == 200
            counts.append(len(asked))
        return counts

    learn.contest(of=line, by=learner)
    queries()
    one = queries()
    for _more in range(2):
        learn.contest(of=learn.hours(of=learner.person, source_class="self"), by=learner)
    assert queries() == one

"""An officer rehearses a draft over her own divisions; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import clock
from oversight.views import rehearsal as page
from registry.models import Account, Facility, Person
from registry.rules.standard import Anchor, StandardRules
from tests.factories import credentials as credential
from tests.factories import registry as make
from tests.lms.test_rehearse_command import HARDER, draft, version

pytestmark = pytest.mark.django_db
Doors = Callable[[Account | None], Client]
Asking = Callable[..., Any]
DAY = date(2026, 3, 2)
YEARLY = StandardRules(needed_minutes=60 * 45, anchor=Anchor.CALENDAR, cycle_years=1, certificate_years=1)


@pytest.fixture(autouse=True)
def _frozen() -> Any:
    with clock.set_to(credential.at(DAY)):
        yield


@pytest.fixture
def staffed(home_facility: Facility, other_facility: Facility) -> list[Person]:
    """Two caregivers in 五华区, one in 大理市."""
    make.standard(rules=YEARLY)
    people = [make.person(name=name) for name in ("王一", "王二", "赵大理")]
    for person, facility in zip(people, (home_facility, home_facility, other_facility), strict=True):
        make.employment(of=person, at=facility)
    return people


@pytest.fixture
def ask(client_of: Doors) -> Asking:
    def asked(by: Account, text: str | bytes = HARDER, **fields: str) -> Any:
        content = text if isinstance(text, bytes) else text.encode()
        file = SimpleUploadedFile("draft.toml", content)
        return client_of(by).post(
            reverse("oversight:rehearsal"), {"file": file, **fields}, headers={"accept-language": "en"}
        )

    return asked


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_province_sees_everybody_with_before_and_after(
    staffed: list[Person], province_officer: Account, ask: Asking
) -> None:
    answer = ask(province_officer)
    shown = words(answer)
    assert answer.status_code == 200
    assert answer.context["counts"].bound == 3
    assert [name for name in ("王一", "王二", "赵大理") if name not in shown] == []
    assert "More is missing: 3600 minutes instead of 2700." in shown
    assert reverse("oversight:person", args=[staffed[0].public_id]) in shown
    assert [name for name, _numbers in answer.context["divisions"]] == [
        "云南省",
        "昆明市",
        "五华区",
        "大理白族自治州",
        "大理市",
    ]


def test_a_county_sees_its_own_people_and_no_other_division(
    staffed: list[Person], county_officer: Account, ask: Asking
) -> None:
    answer = ask(county_officer)
    shown = words(answer)
    assert ("王一" in shown, "赵大理" in shown, "大理市" in shown) == (True, False, False)
    assert [name for name, _numbers in answer.context["divisions"]] == ["五华区"]
    assert answer.context["counts"].bound == 2


def test_another_officers_division_cannot_be_asked_for(
    staffed: list[Person], county_officer: Account, province_officer: Account, ask: Asking
) -> None:
    refused = ask(county_officer, division="532901")
    assert (refused.status_code, "draft" in refused.context, list(refused.context["form"].errors)) == (
        422,
        False,
        ["division"],
    )
    assert ask(province_officer, division="532901").context["counts"].bound == 1


def test_another_day_may_be_asked_for_but_none_too_far(
    staffed: list[Person], province_officer: Account, ask: Asking
) -> None:
    today = ask(province_officer, on="2026-03-02")
    assert [number for _word, number in today.context["figures"]] == [0, 0, 3, 0]
    for far in ("2046-03-03", "9999-12-31"):
        assert list(ask(province_officer, on=far).context["form"].errors) == ["on"]


def test_what_could_not_be_published_is_told_beside_the_figures(
    staffed: list[Person], province_officer: Account, ask: Asking
) -> None:
    shown = words(ask(province_officer, draft(version(1, "2021-01-01", 50))))
    assert "It cannot be published so" in shown
    assert "A published version does not change" in shown


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (HARDER.replace("anchor", "angle"), "angle"),
        ("[[standards", "is no TOML"),
        (b"title = '\xff'", "UTF-8"),
        (b"#" * 200_001, "200 KB"),
    ],
)
def test_a_file_that_cannot_be_understood_is_told_at_its_field(
    text: str | bytes, named: str, staffed: list[Person], province_officer: Account, ask: Asking
) -> None:
    answer = ask(province_officer, text)
    assert (answer.status_code, "draft" in answer.context) == (422, False)
    assert named in str(answer.context["form"].errors["file"])


def test_a_province_too_large_for_a_page_is_asked_to_choose(
    staffed: list[Person], province_officer: Account, ask: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_POSTS", 2)
    assert list(ask(province_officer).context["form"].errors) == ["division"]
    assert ask(province_officer, division="530102").status_code == 200


def test_a_long_list_says_how_many_more(
    staffed: list[Person], province_officer: Account, ask: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "SHOWN", 1)
    answer = ask(province_officer)
    assert "and 2 more" in words(answer)
    assert answer.context["counts"].bound == 3


def test_nothing_is_kept(staffed: list[Person], province_officer: Account, ask: Asking) -> None:
    def rows() -> dict[str, int]:
        return {
            model._meta.label: model._default_manager.count()
            for model in apps.get_models()
            if model._meta.app_label != "sessions"
        }

    client_rows = rows()
    ask(province_officer)
    assert rows() == client_rows


def test_an_empty_form_is_told_and_a_visit_shows_no_figures(
    staffed: list[Person], province_officer: Account, client_of: Doors
) -> None:
    browser = client_of(province_officer)
    visit = browser.get(reverse("oversight:rehearsal"))
    assert (visit.status_code, "draft" in visit.context) == (200, False)
    assert browser.post(reverse("oversight:rehearsal")).status_code == 422
    assert reverse("oversight:rehearsal") in words(browser.get(reverse("oversight:home")))


def test_who_is_no_officer_is_not_let_in(director: Account, learner: Account, client_of: Doors) -> None:
    for account in (director, learner):
        assert client_of(account).get(reverse("oversight:rehearsal")).status_code in (403, 404)

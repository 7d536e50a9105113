"""The kept form says byte for byte what the template says, whoever's certificate made it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from credentials.rules.snapshot import CertificateFacts
from credentials.rules.state import State, StateOn
from credentials.views import plain_scan
from credentials.views.plain_scan import STAND_IN, TEMPLATE, fill
from credentials.views.public import WORDS

TODAY = date(2026, 6, 1)
STATES = [
    StateOn(State.VALID, TODAY, date(2026, 3, 2), date(2031, 3, 2)),
    StateOn(State.VALID, TODAY, None, None),
    StateOn(State.EXPIRED, TODAY, date(2026, 5, 1), None),
    StateOn(State.EXPIRED, TODAY, None, date(2026, 7, 1), not_yet=True),
    StateOn(State.SUSPENDED, TODAY, date(2026, 5, 20), date(2026, 7, 1)),
    StateOn(State.SUSPENDED, TODAY, date(2026, 5, 20), None),
    StateOn(State.REPLACED, TODAY, date(2026, 5, 20), None),
    StateOn(State.REVOKED, TODAY, date(2026, 5, 20), None),
]


def facts(place: int) -> CertificateFacts:
    """Two that share no word, the second one with all that HTML minds."""
    name, authority = (
        ("李*禾", "云南省卫生健康委员会"),
        ("<b>&*'\"", "<script>alert(1)</script> [name] [code]"),
    )
    return replace(
        STAND_IN,
        masked_name=(name[0], authority[0])[place],
        authority=(name[1], authority[1])[place],
        occupation_title=("保育人员", "[post in English]")[place],
        occupation_title_en=("Caregiver", "Director & head")[place],
        minutes=(5400, 2701)[place],
        class_hour_minutes=(45, 40)[place],
        issued_on=date(2026, 3, 2) + timedelta(days=place),
        valid_from=date(2026, 3, 3) + timedelta(days=place),
        valid_until=date(2031, 3, 3) + timedelta(days=place),
    )


def context(state: StateOn, place: int) -> dict[str, Any]:
    return {
        "state": state,
        "facts": facts(place),
        "words": WORDS["not_yet" if state.not_yet else state.state],
        "code": ("4K7P 0QXM 9ATB", "<code>")[place],
        "number": ("53 26 B 0012345 K", "[number]")[place],
        "on": TODAY,
        "is_today": True,
        "today": TODAY,
        "day_refused": False,
        "checked_at": datetime(2026, 6, 1, 1 + place, 30, tzinfo=UTC),
        "host": "yuzheng.example",
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: f"{state.state}-{state.since}-{state.until}")
def test_it_says_what_the_template_says(state: StateOn, language: str) -> None:
    plain_scan._forms.clear()
    request = RequestFactory().get("/C/4K7P0QXM9ATB")
    with translation.override(language):
        for place in (0, 1, 0):
            rendered = render_to_string(TEMPLATE, context(state, place), request)
            assert fill(request, context(state, place)) == rendered
    assert len(plain_scan._forms) == 1


def test_another_day_is_another_form_and_old_ones_go() -> None:
    plain_scan._forms.clear()
    request = RequestFactory().get("/C/4K7P0QXM9ATB")
    for number in range(plain_scan.MOST_FORMS + 1):
        today = TODAY + timedelta(days=number)
        page = fill(request, {**context(STATES[0], 0), "today": today, "on": today})
        assert f'max="{today.isoformat()}"' in page
    assert len(plain_scan._forms) == 1

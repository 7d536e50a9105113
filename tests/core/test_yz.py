"""Numbers and days in words, and the shapes the parts are drawn from."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from core.icons import ICONS
from core.templatetags import yz


@pytest.mark.parametrize(
    ("minutes", "each", "words"),
    [
        (540, 45, "12"),
        (562, 45, "12.4"),  # 12.488…: cut
        (563, 45, "12.5"),
        (44, 45, "0.9"),  # one minute short of a class hour is not one
        (5399, 45, "119.9"),
        (5400, 45, "120"),
        (0, 45, "0"),
        (4, 45, "0"),
        (-45, 45, "-1"),
        (-4, 45, "0"),
        (90, 60, "1.5"),
        (None, 45, "–"),
    ],
)
def test_minutes_become_class_hours_and_are_never_rounded_up(
    minutes: int | None, each: int, words: str
) -> None:
    assert yz.class_hours(minutes, each) == words


@pytest.mark.parametrize(
    ("minutes", "each", "words"),
    [
        (4, 45, "0.1"),
        (1, 45, "0.1"),
        (45, 45, "1"),
        (46, 45, "1.1"),
        (0, 45, "0"),
        (-3, 45, "0"),
        (90, 60, "1.5"),
    ],
)
def test_what_is_missing_is_never_rounded_down(minutes: int, each: int, words: str) -> None:
    assert yz.hours_missing(minutes, each) == words


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [
        (85, 100, "85.0%"),
        (8496, 10000, "84.9%"),  # below a target of 85, and says so
        (1999, 2000, "99.9%"),
        (2000, 2000, "100.0%"),
        (0, 7, "0.0%"),
        (0, 0, "–"),
        (None, 5, "–"),
        (3, None, "–"),
    ],
)
def test_a_rate_is_cut_and_never_rounded_up(
    numerator: int | None, denominator: int | None, words: str
) -> None:
    assert yz.percent(numerator, denominator) == words


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "2026年11月22日"), ("en", "22 Nov 2026")])
def test_a_day_is_written_in_the_readers_language(language: str, words: str) -> None:
    with translation.override(language):
        assert yz.day(date(2026, 11, 22)) == words
        assert yz.day(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == words  # midnight in Beijing
        assert yz.moment(datetime(2026, 11, 21, 16, 5, tzinfo=UTC)) == f"{words} 00:05"


def test_no_day_is_a_dash_and_a_period_ends_the_day_before_its_bound() -> None:
    assert yz.day(None) == "–"
    assert yz.moment(None) == "–"
    assert yz.last_day(date(2028, 3, 1)) == date(2028, 2, 29)
    assert yz.last_day(None) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [("53019919900229001X", "530*************1X"), ("H12345678", "H******78"), ("AB12", "****"), ("", "–")],
)
def test_a_number_is_masked(text: str, shown: str) -> None:
    assert yz.masked(text) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (75, "1:15"), (3675, "1:01:15")])
def test_a_place_in_a_video(seconds: int, shown: str) -> None:
    assert yz.clock(seconds) == shown


# ── parts ───────────────────────────────────────────────────────────────────


def test_every_state_has_an_icon_that_is_drawn_and_a_word() -> None:
    for tone, drawn, word in yz.STATES.values():
        assert tone in {"good", "warn", "stop", "wait", "past", "none"}
        assert drawn in ICONS
        assert str(word)


def test_red_is_for_revoked_and_banned_only() -> None:
    assert {state for state, (tone, _, _) in yz.STATES.items() if tone == "stop"} == {"revoked", "banned"}


def test_a_status_shows_icon_word_day_and_reason_and_escapes_them() -> None:
    with translation.override("en"):
        shown = Template('{% load yz %}{% status "suspended" on=on note=note %}').render(
            Context({"on": date(2026, 11, 22), "note": "<b>"})
        )
    assert "<svg" in shown
    assert "Suspended" in shown
    assert "22 Nov 2026" in shown
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown


def test_a_state_nobody_knows_looks_unknown_and_keeps_its_own_word() -> None:
    assert yz.status("sleeping", label="Sleeping")["tone"] == "none"
    assert yz.status("sleeping", label="Sleeping")["word"] == "Sleeping"


def test_a_bar_half_full_with_some_waiting() -> None:
    drawn = yz.bar("Theory", 900, 450, 90)
    assert (drawn["counted_width"], drawn["pending_start"], drawn["pending_width"]) == (
        "50.0%",
        "50.0%",
        "10.0%",
    )
    assert (drawn["missing"], drawn["met"]) == (450, False)


def test_a_bar_never_leaves_its_track() -> None:
    more = yz.bar("Theory", 900, 1000, 500)
    assert (more["counted_width"], more["pending_width"], more["missing"], more["met"]) == (
        "100.0%",
        "0.0%",
        0,
        True,
    )
    assert yz.bar("Theory", 900, 810, 400)["pending_width"] == "10.0%"


def test_a_category_that_needs_nothing_is_met() -> None:
    assert yz.bar("Extra", 0, 0)["met"] is True
    assert yz.bar("Extra", 0, 0)["counted_width"] == "100%"


def test_a_timeline_joins_what_touches_and_names_the_gaps() -> None:
    drawn = yz.timeline([(470, 655), (0, 200), (230, 480), (650, 652)], 1000)
    assert drawn["gaps"] == [(200, 230), (655, 1000)]
    assert [(span["x"], span["width"]) for span in drawn["spans"]] == [("0.0%", "20.0%"), ("23.0%", "42.5%")]
    assert drawn["seen"] == 625


def test_a_timeline_cuts_what_lies_outside_the_recording() -> None:
    assert yz.timeline([(-5, 2000)], 1000)["gaps"] == []
    assert yz.timeline([], 1000)["gaps"] == [(0, 1000)]
    assert yz.timeline([(50, 50)], 1000)["seen"] == 0


def test_rates_below_the_target_say_so_and_an_empty_place_has_no_rate() -> None:
    rows = [
        {"label": "A", "numerator": 849, "denominator": 1000},
        {"label": "B", "numerator": 850, "denominator": 1000},
        {"label": "C", "numerator": 0, "denominator": 0},
    ]
    drawn = yz.rate_bars(rows, target=85)["rows"]
    assert [row["below"] for row in drawn] == [True, False, False]
    assert [row["rate"] for row in drawn] == ["84.9%", "85.0%", "–"]
    assert [row["step"] for row in drawn] == [3, 4, 1]
    assert drawn[2]["width"] is None


def test_no_rates_teach_instead_of_an_empty_table() -> None:
    with translation.override("en"):
        shown = Template("{% load yz %}{% rate_bars rows %}").render(Context({"rows": [], "url": "/leak/"}))
    assert "No figures yet" in shown
    assert "<table" not in shown
    assert "/leak/" not in shown


def test_seats_count_who_sits() -> None:
    drawn = yz.seats([{"number": 1, "holder": "钱宁一", "field": "Law"}, {"number": 2, "holder": ""}])
    assert drawn["held"] == 1
    assert [seat["tone"] for seat in drawn["seats"]] == ["good", "none"]


def test_a_notice_takes_no_word_from_the_page() -> None:
    shown = render_to_string(
        "core/refused.html", {"title": "Of the page", "refusal": {"message": "No.", "code": "no"}}
    )
    assert "No." in shown
    assert "Of the page" not in shown

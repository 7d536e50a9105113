"""Sums, caps, reversals, sources: every minute of every line is somewhere, with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.entries import Entry, Issued, Kind, State, is_within
from lms.rules.lines import Line, Outcome
from lms.rules.reasons import Code
from lms.rules.standing import Standing, standing
from registry.rules.standard import Anchor, CategoryRule, SourceClass
from tests.lms.rules.facts import adjust, day, earn, issued, pending, post, reverse, version

ON = "2012-01-01"


def stand(entries: list[Entry], on: str = ON, **rules: Any) -> Standing:
    (found,) = standing(entries, [post("2010-05-01")], [version(**rules)], [], day(on))
    return found


def line_of(found: Standing, entry: Entry) -> Line:
    (line,) = [line for line in found.lines if line.entry is entry]
    return line


def row(found: Standing, category: str) -> tuple[int, int, int]:
    """(counted, cut, remaining) of one category."""
    (one,) = [one for one in found.hours.categories if one.category == category]
    return one.counted, one.cut, one.remaining


def test_whole_minutes_are_compared_exactly() -> None:
    assert stand([earn("2011-01-01", 99)]).cycles[0].met_on is None
    assert stand([earn("2011-01-01", 99), earn("2011-01-02", 1)]).cycles[0].met_on == day("2011-01-02")


def test_categories_are_counted_apart_from_the_first_day() -> None:
    found = stand([earn("2011-01-01", 30, content="practice", channel="online"), earn("2011-01-02", 20)])
    assert {one.category: one.counted for one in found.hours.categories} == {
        "theory": 20,
        "practice": 30,
        "ethics": 0,
        "online": 30,
        "offline": 20,
    }


def test_a_minimum_unmet_keeps_the_cycle_open_though_the_total_is_reached() -> None:
    ethics = CategoryRule("ethics", minimum_minutes=20)
    found = stand([earn("2011-01-01", 150)], categories=(ethics,))
    assert (found.is_met, found.hours.remaining, found.hours.missing) == (False, 0, (("ethics", 20),))
    closed = stand([earn("2011-01-01", 150), earn("2011-02-01", 20, content="ethics")], categories=(ethics,))
    assert closed.cycles[0].met_on == day("2011-02-01")


def test_a_cap_cuts_the_line_that_crosses_it_and_says_by_how_much() -> None:
    first, second, third = (earn(f"2011-01-0{n}", 30, channel="online") for n in (1, 2, 3))
    found = stand([first, second, third], categories=(CategoryRule("online", cap_minutes=40),))
    assert [(line.counted_minutes, line.cut_minutes) for line in found.lines] == [(30, 0), (10, 20), (0, 30)]
    assert [[reason.code for reason in line.reasons] for line in found.lines] == [
        [Code.IN_CYCLE],
        [Code.IN_CYCLE, Code.CAP_CUT],
        [Code.IN_CYCLE, Code.CAP_FULL],
    ]
    assert dict(line_of(found, second).reasons[1].facts) == {
        "cycle": 1,
        "cap": 40,
        "category": "online",
        "cut": 20,
    }
    assert row(found, "online") == (40, 50, 0)
    assert found.hours.counted == 40


def test_a_topic_may_have_bounds_of_its_own() -> None:
    fire = CategoryRule("topic:fire", minimum_minutes=10, cap_minutes=15)
    found = stand([earn("2011-01-01", 20, topic="fire"), earn("2011-01-02", 85)], categories=(fire,))
    assert (found.cycles[0].met_on, row(stand([], categories=(fire,)), "topic:fire")) == (
        day("2011-01-02"),
        (0, 0, 10),
    )


def test_what_is_recorded_later_takes_nothing_from_what_was_counted_before() -> None:
    caps = (CategoryRule("online", cap_minutes=40), CategoryRule("ethics", cap_minutes=40))
    known = [earn("2011-02-01", 40, content="ethics"), earn("2011-02-02", 40, channel="online")]
    late = earn("2011-01-01", 40, content="ethics", channel="online", recorded="2011-03-01")
    assert stand(known, needed_minutes=200, categories=caps).hours.counted == 80
    assert stand([*known, late], needed_minutes=200, categories=caps).hours.counted == 80


def test_a_correction_frees_the_room_it_takes_away() -> None:
    cap = (CategoryRule("online", cap_minutes=40),)
    first, second = (earn(f"2011-01-0{n}", 30, channel="online") for n in (1, 2))
    minus = adjust("2011-02-01", -15, channel="online")
    found = stand([first, second, minus], categories=cap)
    assert [line_of(found, one).counted_minutes for one in (first, second, minus)] == [30, 25, -15]
    assert row(found, "online") == (40, 5, 0)


def test_a_reversal_cancels_its_target_exactly() -> None:
    kept, wrong = earn("2011-01-01", 60), earn("2011-01-02", 50)
    back = reverse(wrong, "2011-06-01")
    assert stand([kept, wrong, back], "2011-05-31").cycles[0].met_on == day("2011-01-02")
    found = stand([kept, wrong, back], "2011-06-01")
    assert (found.cycles[0].met_on, found.hours.counted) == (None, 60)
    assert [(line_of(found, one).outcome, line_of(found, one).code) for one in (wrong, back)] == [
        (Outcome.REVERSED, Code.REVERSED),
        (Outcome.REVERSED, Code.REVERSES),
    ]


def test_reversals_without_effect_say_so() -> None:
    wrong = earn("2011-01-02", 50)
    back = reverse(wrong, "2011-06-01")
    again, of_back, stray = (
        reverse(wrong, "2011-06-02"),
        reverse(back, "2011-06-03"),
        reverse(earn("2011-01-01", 1), "2011-06-04"),
    )
    waiting = pending(reverse(earn("2011-01-03", 5), "2011-06-05"))
    found = stand([wrong, back, again, of_back, stray, waiting])
    assert [line_of(found, one).code for one in (again, of_back, stray, waiting)] == [
        Code.ALREADY_REVERSED,
        Code.REVERSES_REVERSAL,
        Code.REVERSES_NOTHING,
        Code.PENDING,
    ]
    assert found.hours.counted == 0


def test_pending_and_refused_lines_do_not_count_and_are_shown() -> None:
    claim = earn("2011-01-01", 30, source=SourceClass.SELF)
    waiting, turned_down = (
        pending(earn("2011-01-02", 40)),
        replace(earn("2011-01-03", 20), state=State.REFUSED),
    )
    found = stand([claim, waiting, turned_down])
    hours = found.hours
    assert (hours.counted, hours.pending, hours.refused, hours.remaining) == (0, 40, 50, 100)
    assert [line_of(found, one).code for one in (claim, waiting, turned_down)] == [
        Code.SOURCE_NOT_COUNTED,
        Code.PENDING,
        Code.NOT_ACCEPTED,
    ]


def test_the_rule_says_which_sources_count() -> None:
    claim = earn("2011-01-01", 100, source=SourceClass.SELF)
    found = stand([claim], counted_sources=(SourceClass.SELF,))
    assert found.cycles[0].met_on == day("2011-01-01")


def test_songjiang_asks_for_skills_and_ethics_on_one_ledger() -> None:
    """88 class hours of skills and 40 of ethics each year: ethics is capped at its minimum."""
    rules = {
        "needed_minutes": 128 * 45,
        "categories": (CategoryRule("ethics", 40 * 45, 40 * 45),),
        "anchor": Anchor.CALENDAR,
        "cycle_years": 1,
        "certificate_years": None,
    }
    skills, ethics = earn("2011-02-01", 88 * 45), earn("2011-03-01", 50 * 45, content="ethics")
    assert stand([skills, ethics], "2011-12-31", **rules).met_on == day("2011-03-01")
    only_ethics = earn("2011-03-01", 128 * 45, content="ethics")
    found = stand([only_ethics], "2011-12-31", **rules)
    assert (found.is_met, found.hours.remaining) == (False, 88 * 45)


def test_an_award_carries_the_evidence_from_which_it_can_be_derived_again() -> None:
    first, second = earn("2011-01-01", 60), earn("2011-02-01", 50)
    (award,) = stand([first, second, earn("2011-02-02", 5)]).awards
    assert award.evidence() == {
        "standard": "YN",
        "version": 1,
        "citation": "a source",
        "cycle": 1,
        "starts_on": "2010-05-01",
        "met_on": "2011-02-01",
        "needed_minutes": 100,
        "carried_minutes": 0,
        "counted_minutes": 110,
        "lines": [{"entry": first.id, "minutes": 60}, {"entry": second.id, "minutes": 50}],
    }


@pytest.mark.parametrize(
    ("code", "above", "within"),
    [
        ("530102", "530000", True),
        ("530102", "530100", True),
        ("530102", "530102", True),
        ("530102", "530200", False),
        ("310117", "530000", False),
        ("530100", "530102", False),
        ("532901", "532900", True),
    ],
)
def test_a_division_lies_within_the_prefix_of_its_code(code: str, above: str, within: bool) -> None:
    assert is_within(code, above) is within


entry_lists = st.lists(
    st.builds(
        lambda offset, minutes, content, channel, topic, source, lag, state, kind: earn(
            day("2010-04-01") + timedelta(days=offset),
            -minutes if kind is Kind.ADJUST and minutes % 2 else minutes,
            kind=kind,
            content=content,
            channel=channel,
            topic=topic,
            source=source,
            state=state,
            recorded=day("2010-04-01") + timedelta(days=offset + lag),
        ),
        st.integers(0, 6_000),
        st.integers(1, 80),
        st.sampled_from(("theory", "practice", "ethics")),
        st.sampled_from(("online", "offline")),
        st.sampled_from((None, "fire")),
        st.sampled_from(SourceClass),
        st.sampled_from((0, 0, 0, 3, 400)),
        st.sampled_from((State.ACCEPTED, State.ACCEPTED, State.PENDING, State.REFUSED)),
        st.sampled_from((Kind.EARN, Kind.EARN, Kind.TRANSFER, Kind.ADJUST)),
    ),
    max_size=25,
)
rulebooks = st.builds(
    lambda anchor, minimum, cap, topic_cap, carry: version(
        anchor=anchor,
        carry_over=carry,
        categories=(
            CategoryRule("ethics", minimum),
            CategoryRule("online", 0, cap),
            CategoryRule("topic:fire", 0, topic_cap),
        ),
    ),
    st.sampled_from((Anchor.CERTIFICATE, Anchor.TAKE_UP, Anchor.CALENDAR)),
    st.sampled_from((0, 20)),
    st.sampled_from((None, 30)),
    st.sampled_from((None, 25)),
    st.booleans(),
)
days = st.integers(31, 7_000).map(lambda offset: day("2010-04-01") + timedelta(days=offset))


@settings(max_examples=200, deadline=None)
@given(entry_lists, rulebooks, days, st.data())
def test_every_known_minute_is_in_exactly_one_place(
    entries: list[Entry], rules: Any, on: Any, data: st.DataObject
) -> None:
    victims = [one for one in entries if data.draw(st.booleans())][:3]
    entries = entries + [
        reverse(one, "2012-01-01", recorded=one.recorded_on + timedelta(5)) for one in victims
    ]
    (found,) = standing(entries, [post("2010-05-01")], [rules], [], on)

    known = [
        one
        for one in entries
        if one.recorded_on <= on and (one.kind is Kind.REVERSE or one.happened_on <= on)
    ]
    assert sorted(line.entry.id for line in found.lines) == sorted(one.id for one in known)
    for line in found.lines:
        if line.outcome is Outcome.COUNTED:
            assert line.counted_minutes + line.cut_minutes == line.entry.minutes
            assert line.cut_minutes >= 0
        else:
            assert (line.counted_minutes, line.cut_minutes) == (0, 0)
        assert line.reasons
    for cycle in found.cycles:
        online = [line for line in found.lines_in(cycle) if line.entry.channel == "online"]
        cap = rules.rules.categories[1].cap_minutes
        assert cap is None or sum(line.counted_minutes for line in online) <= cap
    in_cycle = found.lines_in(found.cycle)
    assert found.hours.counted == sum(line.counted_minutes for line in in_cycle)
    assert found.hours.counted <= sum(max(0, line.entry.minutes) for line in in_cycle)
    starts = [cycle.starts_on for cycle in found.cycles]
    assert starts == sorted(starts)
    for one, after in zip(found.cycles, found.cycles[1:], strict=False):
        assert one.until == after.starts_on


@settings(max_examples=100, deadline=None)
@given(entry_lists, entry_lists, rulebooks, days)
def test_merging_two_ledgers_is_their_union_in_any_order(
    left: list[Entry], right: list[Entry], rules: Any, on: Any
) -> None:
    posts = [post("2010-05-01")]
    one = standing([*left, *right], posts, [rules], [], on)
    other = standing([*reversed(right), *reversed(left)], posts, [rules], [], on)
    assert one == other
    assert {line.entry.id for line in one[0].lines} == {
        line.entry.id for part in (left, right) for line in standing(part, posts, [rules], [], on)[0].lines
    }


@settings(max_examples=100, deadline=None)
@given(entry_lists, rulebooks, st.integers(31, 3_000))
def test_what_a_past_day_said_it_says_for_ever(entries: list[Entry], rules: Any, offset: int) -> None:
    """Records of later days change nothing of an earlier one."""
    on = day("2010-04-01") + timedelta(days=offset)
    before = [one for one in entries if one.recorded_on <= on]
    posts = [post("2010-05-01")]
    assert standing(before, posts, [rules], [], on) == standing(entries, posts, [rules], [], on)


@settings(max_examples=100, deadline=None)
@given(entry_lists, st.integers(1_000, 6_000))
def test_issuing_what_was_awarded_changes_no_cycle(entries: list[Entry], offset: int) -> None:
    """Day by day: as soon as an award appears it is issued; dates stay, and none is awarded twice."""
    on = day("2010-04-01") + timedelta(days=offset)
    posts, rules = [post("2010-05-01")], version()
    given_out: list[Issued] = []
    for moment in sorted({max(one.happened_on, one.recorded_on) for one in entries}):
        if day("2010-05-01") <= moment <= on:
            (then,) = standing(entries, posts, [rules], given_out, moment)
            for award in then.awards:
                given_out.append(
                    issued(
                        award.valid_from.isoformat(),
                        award.cycle.starts_on.isoformat(),
                        valid_until=award.valid_until,
                        issued_on=moment,
                    )
                )
            (after,) = standing(entries, posts, [rules], given_out, moment)
            assert after.awards == ()
            assert [(one.starts_on, one.until) for one in after.cycles] == [
                (one.starts_on, one.until) for one in then.cycles
            ]

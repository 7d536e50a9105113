"""The cheapest way out is lawful, is enough, and nothing shorter can be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.counting import Item, Tally
from lms.rules.what_next import Step, cheapest
from registry.rules.standard import CategoryRule, StandardRules
from tests.lms.rules.facts import day, earn

AXES = (("theory", "practice", "ethics"), ("online", "offline"), ("topic:fire", "topic:feeding"))


def test_nothing_but_hours_is_missing() -> None:
    assert cheapest(StandardRules(needed_minutes=100), {}, 30) == (Step(70),)


def test_nothing_is_missing() -> None:
    assert cheapest(StandardRules(needed_minutes=100), {}, 130) == ()


def test_minimums_of_different_axes_are_met_by_the_same_minutes() -> None:
    rules = StandardRules(
        needed_minutes=100,
        categories=(CategoryRule("ethics", 40), CategoryRule("offline", 30), CategoryRule("topic:fire", 20)),
    )
    assert cheapest(rules, {}, 0) == (
        Step(20, "ethics", "offline", "fire"),
        Step(10, "ethics", "offline"),
        Step(10, "ethics"),
        Step(60),
    )


def test_a_minimum_is_owed_though_the_total_is_full() -> None:
    rules = StandardRules(needed_minutes=100, categories=(CategoryRule("practice", 40),))
    assert cheapest(rules, {"practice": 10}, 500) == (Step(30, "practice"),)


def test_a_full_cap_is_named_as_what_to_avoid() -> None:
    rules = StandardRules(needed_minutes=100, categories=(CategoryRule("online", 0, 60),))
    assert cheapest(rules, {"online": 60}, 60) == (Step(40, avoid=("online",)),)
    assert cheapest(rules, {"online": 20}, 60) == (Step(40),)


def test_caps_may_leave_no_lawful_way() -> None:
    rules = StandardRules(
        needed_minutes=100, categories=(CategoryRule("online", 0, 30), CategoryRule("offline", 0, 50))
    )
    assert cheapest(rules, {}, 0) is None
    assert cheapest(StandardRules(categories=(CategoryRule("ethics", 50, 40),)), {}, 0) is None


bounds = st.one_of(st.none(), st.integers(0, 40))


@st.composite
def cycles(draw: st.DrawFn) -> tuple[StandardRules, Tally]:
    names = draw(st.lists(st.sampled_from([name for axis in AXES for name in axis]), unique=True, max_size=5))
    rows = tuple(CategoryRule(name, draw(st.sampled_from((0, 0, 10, 25))), draw(bounds)) for name in names)
    rules = StandardRules(needed_minutes=draw(st.integers(0, 80)), categories=rows)
    tally = Tally(rules)
    for _ in range(draw(st.integers(0, 5))):
        tally.add(Item.of(done(draw, draw(st.integers(1, 30)))))
    return rules, tally


def done(draw: Any, minutes: int, step: Step | None = None) -> Any:
    """Minutes of any kind the step allows, chosen by whoever wants to prove it wrong."""
    step = step or Step(minutes)

    def pick(names: tuple[str | None, ...]) -> Any:
        return draw(st.sampled_from([name for name in names if name not in step.avoid]))

    topic = step.topic or pick((None, *AXES[2]))
    return earn(
        day("2011-01-01") + timedelta(days=1),
        minutes,
        content=step.content or pick(AXES[0]),
        channel=step.channel or pick(AXES[1]),
        topic=topic.removeprefix("topic:") if topic else None,
    )


@settings(max_examples=400, deadline=None)
@given(cycles(), st.data())
def test_following_the_steps_meets_the_cycle_with_the_fewest_minutes(
    given_cycle: tuple[StandardRules, Tally], data: st.DataObject
) -> None:
    rules, tally = given_cycle
    steps = cheapest(rules, tally.by_category, tally.total)
    if steps is None:  # only a cap can be in the way: below its minimum, or on a whole axis
        capped = {row.category: row for row in rules.categories if row.cap_minutes is not None}
        below = [row for row in capped.values() if row.minimum_minutes > (row.cap_minutes or 0)]
        assert below or any(set(axis) <= set(capped) for axis in AXES[:2])
        return
    assert (steps == ()) is tally.is_met()
    missing = {
        row.category: max(0, row.minimum_minutes - tally.by_category.get(row.category, 0))
        for row in rules.categories
    }
    floor = max(
        rules.needed_minutes - tally.total, *(sum(missing.get(name, 0) for name in axis) for axis in AXES), 0
    )
    for step in steps:
        entry = done(data.draw, step.minutes, step)
        item = Item.of(entry)
        tally.add(item)
        assert item.cut == 0, "a step was cut by a cap"
    assert tally.is_met()
    assert sum(step.minutes for step in steps) == floor

"""Fill the province in one transaction, so that an interrupted build leaves nothing behind; let it grow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from audit.acts import System, act, record
from audit.models import Entry
from config.demonstration import cases, cast, contests, history, learners, people, teaching
from config.demonstration.world import BY, MOST, World
from registry.actions.load_divisions import load_divisions
from registry.actions.load_rulebook import load_rulebook

BUILT = "demonstration.build"
GROWN = "demonstration.grow"


def is_built() -> bool:
    return Entry.objects.filter(act=BUILT).exists()


def seed() -> int:
    """What it was built with. Call it once it is built."""
    return int(Entry.objects.get(act=BUILT).subject.removeprefix("seed:"))


def scale() -> int:
    """How many times the province is there: 1, and one more for each step grown."""
    return 1 + Entry.objects.filter(act=GROWN).count()


@act
def build(*, seed: int, by: System, at: datetime, say: Callable[[str], None]) -> World:
    """The whole demonstration, through the acts that people use."""
    world = World(seed=seed, at=at)
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("divisions and rulebook", lambda: (load_divisions(by=BY, at=at), load_rulebook(by=BY, at=at))),
        ("offices", lambda: cast.give_offices(world)),
        ("facilities", lambda: people.open_all(world)),
        ("people in post", lambda: people.staff_all(world)),
        ("managers", lambda: cast.give_managers(world)),
        ("experts", lambda: teaching.seat_experts(world)),
        ("courses", lambda: teaching.publish_courses(world)),
        ("five years of hours", lambda: history.record_all(world)),
        ("learners", lambda: learners.prepare(world)),
        ("certificates", lambda: history.issue_all(world)),
        ("open courses", lambda: learners.admit(world)),
        ("contested hours", lambda: contests.contest_two(world)),
        ("suspensions and revocations", lambda: cases.mark_some(world)),
        ("ban cases", lambda: cases.decide_some(world)),
    )
    for number, (name, step) in enumerate(steps, 1):
        say(f"  {number:>2}/{len(steps)} {name}")
        step()
    record(BUILT, subject=f"seed:{seed}", by=by, at=at)
    return world


@act
def grow(*, seed: int, step: int, by: System, at: datetime) -> World:
    """As many facilities and people again, with their hours and certificates, for benchmarks.

    `step` 2 to MOST. A transaction of its own: an interrupted growth goes on where it was. Offices,
    experts, courses and ban cases stay as many as they are.
    """
    if not 2 <= step <= MOST:
        raise ValueError(f"a step is 2 to {MOST}, not {step}")
    world = World(seed=seed, at=at, step=step)
    people.open_all(world)
    people.staff_all(world)
    history.record_all(world)
    history.issue_all(world)
    record(GROWN, subject=f"seed:{seed}", by=by, at=at, step=step)
    return world

"""Fill the province: one transaction, so that an interrupted build leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from audit.acts import System, act, record
from audit.models import Entry
from config.demonstration import cases, cast, history, learners, people, teaching
from config.demonstration.world import BY, World
from registry.actions.load_divisions import load_divisions
from registry.actions.load_rulebook import load_rulebook

BUILT = "demonstration.build"


def is_built() -> bool:
    return Entry.objects.filter(act=BUILT).exists()


def built_as() -> str:
    """The seed and the scale it was built with. Call it once it is built."""
    entry = Entry.objects.get(act=BUILT)
    return f"{entry.subject}, scale {entry.detail['scale']}"


@act
def build(*, seed: int, scale: int, by: System, at: datetime, say: Callable[[str], None]) -> World:
    """The whole demonstration, through the acts that people use.

    `scale` multiplies facilities, people, hours and certificates by bulk paths alone: about eleven
    processor seconds and 40 MB of memory for each step (the one transaction keeps its audit entries
    until it ends). Offices, experts, courses and ban cases stay as many as they are.
    """
    world = World(seed=seed, at=at)
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("divisions and rulebook", lambda: (load_divisions(by=BY, at=at), load_rulebook(by=BY, at=at))),
        ("offices", lambda: cast.give_offices(world)),
        ("facilities", lambda: people.open_all(world, scale=scale)),
        ("people in post", lambda: people.staff_all(world)),
        ("managers", lambda: cast.give_managers(world)),
        ("experts", lambda: teaching.seat_experts(world)),
        ("courses", lambda: teaching.publish_courses(world)),
        ("five years of hours", lambda: history.record_all(world)),
        ("learners", lambda: learners.prepare(world)),
        ("certificates", lambda: history.issue_all(world)),
        ("open courses", lambda: learners.admit(world)),
        ("suspensions and revocations", lambda: cases.mark_some(world)),
        ("ban cases", lambda: cases.decide_some(world)),
    )
    for number, (name, step) in enumerate(steps, 1):
        say(f"  {number:>2}/{len(steps)} {name}")
        step()
    record(BUILT, subject=f"seed:{seed}", by=by, at=at, scale=scale)
    return world

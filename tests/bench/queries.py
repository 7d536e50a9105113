"""In this process: a learner's standing and the province's rates, against SQL they cannot do without."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db import connection

from lms.queries import facts_of, rulebook, standings_of
from lms.rules.standing import standing
from oversight.queries import rate_table
from registry.models import Division
from tests.bench.rows import Row, compare
from tests.bench.sizes import LEDGER_LINES
from tests.bench.timing import fetch, timed
from tests.bench.world import PROVINCE, World

LEDGER = (
    "SELECT person_id, id, kind, minutes, content, channel, source_class, happened_on, recorded_at, "
    "topic, title, reverses_id FROM lms_hourentry WHERE person_id = %s ORDER BY happened_on, id"
)
POSTS = "SELECT COUNT(*) FROM registry_employment"
RATE_BOUNDS = {"sqlite": 0.000_02, "postgresql": 0.001}  # SQLite counts whole pages of its smallest index


def rows(world: World) -> Iterator[Row]:
    yield from standings(world)
    yield rates(world)


def standings(world: World) -> Iterator[Row]:
    size = world.size
    same = {"engine": connection.vendor, "rounds": size.rounds, "yardstick": "bare SQL of the same rows"}
    person, today = world.learner, world.today
    facts, rules = facts_of(person, today), rulebook()
    if len(facts.entries) != LEDGER_LINES:
        raise RuntimeError(f"the ledger has {len(facts.entries)} lines")
    found = standings_of(person, today)
    if not any(line.counted_minutes for one in found for line in one.lines):
        raise RuntimeError("no line of the ledger counts")
    bare = timed(partial(fetch, LEDGER, person.pk), 20 * size.repeats)
    yield compare(
        "standing", what=f"standing, {LEDGER_LINES} lines", bound=0.03,
        ours=timed(partial(standings_of, person, today), 4 * size.repeats), theirs=bare, **same,
    )  # fmt: skip

    def by_rules() -> None:
        standing(facts.entries, facts.posts, rules, facts.issued, today)

    yield compare(
        "standing_rules", what="the rules alone", bound=0.04,
        ours=timed(by_rules, 4 * size.repeats), theirs=bare, **same,
    )  # fmt: skip


def rates(world: World) -> Row:
    size = world.size
    province = Division.objects.get(code=PROVINCE)
    total = rate_table(province, on=world.today).whole.total
    if not 0 < total.certified < total.in_post:
        raise RuntimeError(f"{total} is no rate of this world")
    return compare(
        "rate_table", engine=connection.vendor, rounds=size.rounds, bound=RATE_BOUNDS[connection.vendor],
        what=f"rate table, {size.people:,} in post", yardstick="SELECT COUNT(*) of posts",
        ours=timed(lambda: rate_table(province, on=world.today), size.repeats),
        theirs=timed(partial(fetch, POSTS), 4 * size.repeats),
    )  # fmt: skip

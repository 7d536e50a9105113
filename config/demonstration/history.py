"""Five years of hours, and the certificates that follow from them by the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from config.demonstration.world import BY, World, at_ten
from credentials.actions.issue import Order, issue_many
from lms.actions.record_hours import Line, record_many
from lms.actions.settle import breakdown
from lms.models import HourEntry
from lms.queries import facts_of_many, rulebook
from lms.rules.cycles import Cycle
from lms.rules.standing import Award, Standing, standing
from registry.models import Division, Employment, Person, StandardVersion
from registry.rules.standard import Occupation

CHUNK = 400
ONLINE = (
    ("消防安全知识更新", "fire_safety", "theory"),
    ("气道异物梗阻急救", "first_aid", "theory"),
    ("手卫生与清洁消毒", "hygiene", "theory"),
    ("回应性喂养", "nutrition", "theory"),
    ("婴幼儿睡眠安全", "sleep", "theory"),
    ("常见传染病预防", "infection", "theory"),
    ("职业道德与行为规范", "ethics", "ethics"),
    ("与家长沟通", "communication", "theory"),
)
OFFLINE = (
    ("急救实操训练", "first_aid", "practice"),
    ("消防疏散演练", "fire_safety", "practice"),
    ("一日照护流程跟岗", "care_routine", "practice"),
    ("婴幼儿喂养实操", "nutrition", "practice"),
    ("师德师风专题面授", "ethics", "ethics"),
)
EARLY = timedelta(days=120)
NEEDS = {Occupation.DIRECTOR.value: 60 * 45, Occupation.CAREGIVER.value: 120 * 45}


def record_all(world: World) -> None:
    """Lines of the ledger for everybody whose occupation demands hours; most keep pace, some never do."""
    chance = world.chance("hours")
    lines: list[Line] = []
    posts = (
        Employment.objects.filter(occupation__in=NEEDS, facility__in=world.facilities)
        .order_by("pk")
        .values_list("pk", "person_id", "occupation", "started_on", "until")
    )
    for pk, person_id, occupation, started_on, until in posts.iterator(chunk_size=CHUNK):
        first = max(started_on, world.since)
        is_early = first < world.since + EARLY and chance.random() < 0.1
        of_post = _lines(
            chance, pk, person_id, NEEDS[occupation], first, until or world.today, is_early=is_early
        )
        lines.extend(of_post)
        if len(lines) > 20_000:
            record_many(lines=lines, by=BY, at=world.at)
            lines = []
    record_many(lines=lines, by=BY, at=world.at)


def _lines(
    chance: Random, post: int, person_id: int, needed: int, first: date, until: date, *, is_early: bool
) -> Iterator[Line]:
    """`is_early`: done within the first months, and never again; her certificate has run out by now."""
    zeal = 6.0 if is_early else chance.choices((0.25, 0.6, 1.0, 1.5), (12, 18, 40, 30))[0]
    mean_gap = 540 / zeal * 400 / needed  # days between lines: the usual person is done in a year and a half
    day, earned, number = first + timedelta(days=chance.randint(5, 90)), 0, 0
    while day < until:
        number += 1
        offline = chance.random() < 0.45
        title, topic, content = chance.choice(OFFLINE if offline else ONLINE)
        minutes = chance.choice((180, 360, 360, 540)) if offline else chance.choice((45, 90, 135, 180, 225))
        if earned < needed:
            minutes = min(minutes, max(45, needed - earned))
        yield Line(
            person_id=person_id,
            minutes=minutes,
            content=content,
            channel="offline" if offline else "online",
            topic=topic,
            source_class=HourEntry.Source.TRAINING_BODY if offline else HourEntry.Source.PLATFORM,
            happened_on=day,
            title=title,
            source_key=f"demonstration:{post}:{number}",
            recorded_at=at_ten(day),
        )
        earned += minutes
        if is_early and earned >= needed:
            return
        slower = 1.0 if earned < needed else 2.6  # the next cycle begins at leisure
        day += timedelta(days=max(1, round(chance.expovariate(1 / (mean_gap * slower)))))


def issue_all(world: World) -> int:
    """Every certificate that the ledger earned, on the day it was earned. Returns how many."""
    rules = rulebook()
    versions = {
        (version.standard.code, version.number): version
        for version in StandardVersion.objects.select_related("standard__division")
    }
    here = Employment.objects.filter(facility__in=world.facilities).values("person_id")
    with_hours = HourEntry.objects.filter(person_id__in=here).order_by("person_id")
    ids = list(with_hours.values_list("person_id", flat=True).distinct())
    issued = 0
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        known = {person.pk: person for person in Person.objects.filter(pk__in=chunk)}
        places = _places(chunk)
        orders = []
        for pk, facts in facts_of_many(chunk, world.today).items():
            for where in standing(facts.entries, facts.posts, rules, facts.issued, world.today):
                for cycle in where.cycles:
                    order = _order(where, cycle, known[pk], places[pk], versions)
                    if order is not None:
                        orders.append(order)
        for answer in issue_many(orders=orders, by=BY, at=world.at):
            if isinstance(answer, Exception):
                raise answer
            issued += 1
    return issued


def _order(
    where: Standing,
    cycle: Cycle,
    person: Person,
    places: dict[str, Division],
    versions: dict[tuple[str, int], StandardVersion],
) -> Order | None:
    if (
        cycle.certificate is not None
        or cycle.award_from is None
        or cycle.award_until is None
        or cycle.met_on is None
    ):
        return None
    issued_at = at_ten(cycle.met_on)
    lines = tuple(line for line in where.lines_in(cycle) if line.entry.recorded_at <= issued_at)
    award = Award(where.standard_code, cycle, cycle.award_from, cycle.award_until, lines)
    version = versions[where.standard_code, cycle.version.number]
    return Order(
        holder=person,
        standard_version=version,
        division=places[version.standard.occupation],
        cycle_starts_on=cycle.named_on,
        valid_from=award.valid_from,
        valid_until=award.valid_until,
        minutes=sum(line.counted_minutes for line in award.lines),
        breakdown=breakdown(award),
        evidence=award.evidence(),
        issued_at=issued_at,
    )


def _places(people: list[int]) -> dict[int, dict[str, Division]]:
    """The division of each person's latest post, by occupation."""
    places: dict[int, dict[str, Division]] = defaultdict(dict)
    posts = Employment.objects.filter(person_id__in=people).select_related("facility__division")
    for post in posts.order_by("person_id", "started_on"):
        places[post.person_id][post.occupation] = post.facility.division
    return places

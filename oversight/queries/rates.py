"""The certification rate as of any day, counted by the database.

Written by hand because each (person, occupation) must be counted once in each place and once in the whole,
and the ORM would join certificates to posts once for each question. A test holds it against an independent
count over random worlds, on both engines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db import connection

from oversight.queries.counted import Place, counted_sql, demanded_in
from oversight.rules.demand import Demand, common_target, speaking
from oversight.rules.rates import SOON_DAYS, Counted, Figures, Rate
from registry.models import Division, Facility
from registry.queries import dated_rules
from registry.rules.applicable import DatedRules
from registry.rules.standard import Occupation

WHOLE = ""  # the key of the whole place among its parts

# `unit` is a person in an occupation, with the first and the last part of the place in which she holds it.
# Nearly all lie in one part and are summed by the database. Those few that do not come as sums of two
# different parts: these are passed over, and asked for one by one.
POSTS = """
    SELECT post.person_id, post.occupation, {part} AS part, CASE WHEN {demanded} THEN 1 ELSE 0 END AS demanded
    FROM registry_employment post JOIN registry_facility facility ON facility.id = post.facility_id
    WHERE post.started_on <= %s AND (post.until IS NULL OR post.until > %s) AND {place}{occupation}
"""
UNITS = """
    SELECT person_id, occupation, demanded, MIN(part) AS part, MAX(part) AS other
    FROM ({posts}) posts GROUP BY person_id, occupation, demanded
"""
# Whether a certificate is valid on the day, and 90 days later: inside its validity and under no mark.
HELD = """
    SELECT certificate.holder_id, certificate.occupation,
           MAX(CASE WHEN {valid_now} THEN 1 ELSE 0 END) AS now,
           MAX(CASE WHEN {valid_later} THEN 1 ELSE 0 END) AS later
    FROM credentials_certificate certificate
    LEFT JOIN credentials_statusmark mark_now ON {mark_now}
    LEFT JOIN credentials_statusmark mark_later ON {mark_later}
    WHERE certificate.valid_until > %s AND certificate.valid_from <= %s{holders}
    GROUP BY certificate.holder_id, certificate.occupation
"""
HOLDERS = " AND certificate.holder_id IN (SELECT person_id FROM ({posts}) posts)"
SUMS = """
SELECT unit.part, unit.other, unit.occupation, unit.demanded, COUNT(*),
       COUNT(CASE WHEN held.now = 1 THEN 1 END), COUNT(CASE WHEN held.now = 1 AND held.later = 0 THEN 1 END)
FROM ({units}) unit
LEFT JOIN ({held}) held ON held.holder_id = unit.person_id AND held.occupation = unit.occupation
GROUP BY unit.part, unit.other, unit.occupation, unit.demanded
"""
APART = """
SELECT DISTINCT posts.part, unit.person_id, unit.occupation, unit.demanded,
       COALESCE(held.now, 0), COALESCE(held.now * (1 - held.later), 0)
FROM ({units} HAVING MIN(part) <> MAX(part)) unit
JOIN ({posts}) posts ON posts.person_id = unit.person_id AND posts.occupation = unit.occupation
 AND posts.demanded = unit.demanded
LEFT JOIN ({held}) held ON held.holder_id = unit.person_id AND held.occupation = unit.occupation
"""
VALID = "certificate.valid_from <= %s AND certificate.valid_until > %s AND mark_{when}.id IS NULL"
MARK = (
    "mark_{when}.certificate_id = certificate.id AND mark_{when}.effective_on <= %s "
    "AND (mark_{when}.until IS NULL OR mark_{when}.until > %s) "
    "AND (mark_{when}.lifted_on IS NULL OR mark_{when}.lifted_on > %s)"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One part of the place: a division below it, or a facility. `code` is its division code or public id."""

    code: str
    name: str
    counted: Counted
    facility: Facility | None = None

    @property
    def figures(self) -> Figures:
        return self.counted.total

    @property
    def rate(self) -> Rate:
        return self.counted.total.rate


@dataclass(frozen=True, slots=True)
class RateTable:
    """One place on one day: the whole, and its parts. Parts may share people; only `whole` is the total.

    `occupations`: those counted somewhere in the place; `target`: percent, if one is set for all of them.
    """

    place: Division | Facility
    on: date
    occupation: Occupation | None
    whole: Counted
    rows: tuple[Row, ...]
    occupations: tuple[Occupation, ...]
    target: int | None
    rules: tuple[DatedRules, ...]

    @property
    def rate(self) -> Rate:
        return self.whole.total.rate


def rate_table(division: Division, *, on: date, occupation: Occupation | None = None) -> RateTable:
    """The rate of a division and of each division below it, or of each facility where there is none.

    Five queries, six if somebody works in two parts; whatever is counted.
    """
    rulebook = dated_rules()
    place = Place.of(division)
    demanded = demanded_in(place, rulebook, on)
    below = list(Division.objects.filter(parent=division).order_by("code"))
    row_of = _row_of(division, below) if below else None
    counts = count(place, demanded, on=on, occupation=occupation, row_of=row_of)
    rows = _divisions(division, below, counts) if below else _facilities(place, counts, on)
    whole = counts.get(WHOLE, Counted())
    return _table(division, on, occupation, whole, rows, demanded, rulebook)


def rate_of(place: Division | Facility, *, on: date, occupation: Occupation | None = None) -> RateTable:
    """The same without parts: of a facility, or of a division alone."""
    rulebook = dated_rules()
    demanded = demanded_in(Place.of(place), rulebook, on)
    whole = count(Place.of(place), demanded, on=on, occupation=occupation).get(WHOLE, Counted())
    return _table(place, on, occupation, whole, (), demanded, rulebook)


def count(
    place: Place,
    demanded: Demand,
    *,
    on: date,
    occupation: Occupation | None = None,
    row_of: Callable[[str], str] | None = None,
) -> dict[str, Counted]:
    """Counts by row, and of the whole place under WHOLE. One query, a second if somebody is in two rows.

    `row_of` names the row of a division's code; without it rows are facilities, by primary key.
    """
    day, later = (connection.ops.adapt_datefield_value(d) for d in (on, on + timedelta(days=SOON_DAYS)))
    demanded_sql, demanded_values = counted_sql(demanded)
    place_sql, place_values = place.sql
    posts = POSTS.format(
        part="facility.division_id" if row_of else "CAST(facility.id AS VARCHAR(20))",
        demanded=demanded_sql,
        place=place_sql,
        occupation=" AND post.occupation = %s" if occupation else "",
    )
    post_values: list[str | int | None] = [
        *demanded_values,
        day,
        day,
        *place_values,
        *([occupation.value] if occupation else []),
    ]
    held = HELD.format(
        valid_now=VALID.format(when="now"),
        valid_later=VALID.format(when="later"),
        mark_now=MARK.format(when="now"),
        mark_later=MARK.format(when="later"),
        # A whole province reads its certificates faster than it looks up each holder.
        holders="" if place.is_wide else HOLDERS.format(posts=posts),
    )
    held_values: list[str | int | None] = [day, day, later, later, *[day] * 3, *[later] * 3, day, later]
    held_values += [] if place.is_wide else post_values
    units = UNITS.format(posts=posts)
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(units=units, held=held), [*post_values, *held_values])
        sums = cursor.fetchall()
        apart: list[Any] = []
        if any(part != other for part, other, *_figures in sums):
            cursor.execute(
                APART.format(units=units, posts=posts, held=held),
                [*post_values, *post_values, *held_values],
            )
            apart = cursor.fetchall()
    return _summed(sums, apart, row_of or str)


def _summed(
    lines: Iterable[Sequence[Any]], apart: Iterable[Sequence[Any]], row_of: Callable[[str], str]
) -> dict[str, Counted]:
    """Counts by row. Whoever stands in several parts is one in each row and one in the whole."""
    sums: defaultdict[tuple[str, str, int], Figures] = defaultdict(Figures)
    for part, other, occupation, is_demanded, in_post, certified, expiring in lines:
        if part == other:
            for key in (row_of(part), WHOLE):
                sums[key, occupation, is_demanded] += Figures(certified, in_post, expiring)
    single = {
        (key, occupation, is_demanded, person): Figures(certified, 1, expiring)
        for part, person, occupation, is_demanded, certified, expiring in apart
        for key in (row_of(part), WHOLE)
    }
    for (key, occupation, is_demanded, _person), figures in single.items():
        sums[key, occupation, is_demanded] += figures
    counts: dict[str, Counted] = {}
    for key in {key for key, _occupation, _demanded in sums}:
        mine = [(Occupation(name), yes, f) for (row, name, yes), f in sums.items() if row == key]
        counts[key] = Counted(
            {name: figures for name, yes, figures in mine if yes},
            {name: figures.in_post for name, yes, figures in mine if not yes},
        )
    return counts


def _row_of(division: Division, below: Sequence[Division]) -> Callable[[str], str]:
    """Which division below holds a code. What hangs on the place itself, beside its divisions, is its own."""
    prefixes = {part.prefix: part.code for part in below}

    @cache
    def row_of(code: str) -> str:
        return prefixes.get(code) or prefixes.get(code[:4]) or division.code

    return row_of


def _divisions(division: Division, below: Sequence[Division], counts: dict[str, Counted]) -> tuple[Row, ...]:
    """Every division below, also those without anybody; the place's own facilities, if any, at the end."""
    own = [division] if division.code in counts else []
    return tuple(Row(part.code, part.name, counts.get(part.code, Counted())) for part in (*below, *own))


def _facilities(place: Place, counts: dict[str, Counted], on: date) -> tuple[Row, ...]:
    """Every facility that is open on the day or has somebody in post."""
    within = Facility.objects.within(place.division)
    shown = within.open_on(on) | within.filter(pk__in=[int(key) for key in counts if key != WHOLE])
    return tuple(
        Row(facility.public_id, facility.name, counts.get(str(facility.pk), Counted()), facility)
        for facility in shown.order_by("name", "pk")
    )


def _table(
    place: Division | Facility,
    on: date,
    occupation: Occupation | None,
    whole: Counted,
    rows: tuple[Row, ...],
    demanded: Demand,
    rulebook: Sequence[DatedRules],
) -> RateTable:
    code = Place.of(place).division
    asked = demanded if occupation is None else demanded.only(occupation)
    return RateTable(
        place,
        on,
        occupation,
        whole,
        rows,
        asked.occupations,
        common_target(rulebook, division=code, demanded=asked, day=on),
        speaking(rulebook, division=code, demanded=asked, day=on),
    )

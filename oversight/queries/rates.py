"""The certification rate as of any day, counted by the database in one statement.

Written by hand because each (person, occupation) must be counted once in each place and once in the whole,
which the ORM would ask in two statements. tests/oversight/queries/test_rates.py holds it against an
independent count over random worlds, on both engines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from oversight.queries.counted import Place, counted_sql, demanded_in, read_rulebook
from oversight.rules.demand import Demand, common_target, speaking
from oversight.rules.rates import SOON_DAYS, Counted, Figures, Rate
from registry.models import Division, Facility
from registry.models.division import Level
from registry.rules.applicable import DatedRules
from registry.rules.standard import Occupation

WHOLE = ""  # the key of the whole place among its parts
UNDIVIDED = ("'-'", ())

# A certificate of a holder for an occupation, valid on a day: inside its validity and under no mark.
HELD = """
    SELECT DISTINCT certificate.holder_id, certificate.occupation
    FROM credentials_certificate certificate
    WHERE certificate.valid_from <= %s AND certificate.valid_until > %s
      AND certificate.holder_id IN (SELECT person_id FROM counted)
      AND NOT EXISTS (
        SELECT 1 FROM credentials_statusmark mark
        WHERE mark.certificate_id = certificate.id AND mark.effective_on <= %s
          AND (mark.until IS NULL OR mark.until > %s) AND (mark.lifted_on IS NULL OR mark.lifted_on > %s))
"""
STATEMENT = """
WITH counted AS (
    SELECT DISTINCT {part} AS part, post.person_id, post.occupation,
           CASE WHEN {demanded} THEN 1 ELSE 0 END AS demanded
    FROM registry_employment post JOIN registry_facility facility ON facility.id = post.facility_id
    WHERE post.started_on <= %s AND (post.until IS NULL OR post.until > %s) AND {place}{occupation}
), held AS ({held}), later AS ({held}), unit AS (
    SELECT part, person_id, occupation, demanded FROM counted
    UNION ALL
    SELECT DISTINCT '' AS part, person_id, occupation, demanded FROM counted
)
SELECT unit.part, unit.occupation, unit.demanded, COUNT(*), COUNT(held.holder_id),
       COUNT(CASE WHEN later.holder_id IS NULL THEN held.holder_id END)
FROM unit
LEFT JOIN held ON held.holder_id = unit.person_id AND held.occupation = unit.occupation
LEFT JOIN later ON later.holder_id = unit.person_id AND later.occupation = unit.occupation
GROUP BY unit.part, unit.occupation, unit.demanded
"""


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

    Five queries, whatever is counted.
    """
    rulebook = read_rulebook()
    place = Place.of(division)
    demanded = demanded_in(place, rulebook, on)
    below = list(Division.objects.filter(parent=division).order_by("code"))
    counts = count(place, demanded, on=on, occupation=occupation, part=_part(below))
    rows = _divisions(division, below, counts) if below else _facilities(place, counts, on)
    whole = counts.get(WHOLE, Counted())
    return _table(division, on, occupation, whole, rows, demanded, rulebook)


def rate_of(place: Division | Facility, *, on: date, occupation: Occupation | None = None) -> RateTable:
    """The same without parts: of a facility, or of a division alone."""
    rulebook = read_rulebook()
    demanded = demanded_in(Place.of(place), rulebook, on)
    whole = count(Place.of(place), demanded, on=on, occupation=occupation).get(WHOLE, Counted())
    return _table(place, on, occupation, whole, (), demanded, rulebook)


def count(
    place: Place,
    demanded: Demand,
    *,
    on: date,
    occupation: Occupation | None = None,
    part: tuple[str, Sequence[object]] = UNDIVIDED,
) -> dict[str, Counted]:
    """Counts by part; the whole place under WHOLE. One query. `part` is SQL that names a post's part."""
    day, later = (connection.ops.adapt_datefield_value(d) for d in (on, on + timedelta(days=SOON_DAYS)))
    part_sql, part_values = part
    demanded_sql, demanded_values = counted_sql(demanded)
    place_sql, place_values = place.sql
    statement = STATEMENT.format(
        part=part_sql,
        demanded=demanded_sql,
        place=place_sql,
        occupation=" AND post.occupation = %s" if occupation else "",
        held=HELD,
    )
    values = [
        *part_values,
        *demanded_values,
        *(day, day),
        *place_values,
        *([occupation.value] if occupation else []),
        *[day] * 5,
        *[later] * 5,
    ]
    figures: dict[str, dict[Occupation, Figures]] = defaultdict(dict)
    undemanded: dict[str, dict[Occupation, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for key, name, is_demanded, in_post, certified, expiring in cursor.fetchall():
            if is_demanded:
                figures[key][Occupation(name)] = Figures(certified, in_post, expiring)
            else:
                undemanded[key][Occupation(name)] = in_post
    return {key: Counted(figures[key], undemanded[key]) for key in {*figures, *undemanded}}


def _part(below: Sequence[Division]) -> tuple[str, Sequence[object]]:
    """SQL for the key of the part in which a post lies: the code of a division below, or the facility.

    A facility that hangs on the place itself, beside its divisions, keeps its own code.
    """
    if not below:
        return "CAST(facility.id AS VARCHAR(20))", ()
    prefectures = [division.prefix for division in below if division.level == Level.PREFECTURE]
    if not prefectures:
        return "facility.division_id", ()
    marks = ", ".join(["%s"] * len(prefectures))
    sql = (
        f"CASE WHEN SUBSTR(facility.division_id, 1, 4) IN ({marks}) "
        "THEN SUBSTR(facility.division_id, 1, 4) || '00' ELSE facility.division_id END"
    )
    return sql, prefectures


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


def _table(  # noqa: PLR0917
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

"""The rate at the end of each of the last months, counted in one statement and kept for an hour."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db import connection

from oversight.queries.counted import Place, counted_sql, demanded_in, read_rulebook
from oversight.rules.demand import Demand
from oversight.rules.rates import Rate, month_ends
from registry.rules.standard import Occupation

KEPT_SECONDS = 3600
STATEMENT = """
WITH day (day) AS ({days}), counted AS (
    SELECT DISTINCT day.day, post.person_id, post.occupation
    FROM day JOIN registry_employment post
      ON post.started_on <= day.day AND (post.until IS NULL OR post.until > day.day)
    JOIN registry_facility facility ON facility.id = post.facility_id
    WHERE {place} AND ({demanded}){occupation}
), held AS (
    SELECT DISTINCT day.day, certificate.holder_id, certificate.occupation
    FROM day JOIN credentials_certificate certificate
      ON certificate.valid_from <= day.day AND certificate.valid_until > day.day
    LEFT JOIN credentials_statusmark mark
      ON mark.certificate_id = certificate.id AND mark.effective_on <= day.day
     AND (mark.until IS NULL OR mark.until > day.day) AND (mark.lifted_on IS NULL OR mark.lifted_on > day.day)
    WHERE mark.id IS NULL
)
SELECT counted.day, COUNT(*), COUNT(held.holder_id)
FROM counted LEFT JOIN held
  ON held.day = counted.day AND held.holder_id = counted.person_id AND held.occupation = counted.occupation
GROUP BY counted.day
"""


@dataclass(frozen=True, slots=True)
class Point:
    """The rate of one day."""

    on: date
    rate: Rate


def trend(
    place: Place, *, on: date, now: Rate, occupation: Occupation | None = None, months: int = 24
) -> tuple[Point, ...]:
    """The last days of the months before `on`, oldest first, and `on` itself with the rate `now`.

    Past month ends may be up to an hour old; the day that is asked never is.
    """
    *past, last = month_ends(on, months)
    key = f"oversight:trend:{place.division}:{place.facility}:{occupation}:{last}:{months}"
    kept: dict[date, tuple[int, int]] | None = cache.get(key)
    if kept is None:
        kept = count_days(place, tuple(past), occupation=occupation)
        cache.set(key, kept, KEPT_SECONDS)
    return (*(Point(day, Rate(*kept.get(day, (0, 0)))) for day in past), Point(last, now))


def count_days(
    place: Place, days: tuple[date, ...], *, occupation: Occupation | None = None
) -> dict[date, tuple[int, int]]:
    """(certified, in post) by day; days without anybody are left out. One statement for each rulebook.

    The rules of the days may differ; days under the same rules are counted together.
    """
    rulebook = read_rulebook()
    alike: defaultdict[tuple[object, ...], list[date]] = defaultdict(list)
    demands: dict[tuple[object, ...], Demand] = {}
    for day in days:
        in_force = tuple(index for index, rules in enumerate(rulebook) if day in rules.in_force)
        if in_force not in demands:
            demands[in_force] = demanded_in(place, rulebook, day)
        alike[in_force].append(day)
    counts: dict[date, tuple[int, int]] = {}
    for in_force, same in alike.items():
        counts |= _count(place, demands[in_force], same, occupation)
    return counts


def _count(
    place: Place, demanded: Demand, days: list[date], occupation: Occupation | None
) -> dict[date, tuple[int, int]]:
    by_value = {connection.ops.adapt_datefield_value(day): day for day in days}
    one = "SELECT CAST(%s AS date)" if connection.vendor == "postgresql" else "SELECT %s"
    place_sql, place_values = place.sql
    demanded_sql, demanded_values = counted_sql(demanded)
    statement = STATEMENT.format(
        days=" UNION ALL ".join([one] * len(days)),
        place=place_sql,
        demanded=demanded_sql,
        occupation=" AND post.occupation = %s" if occupation else "",
    )
    values = [*by_value, *place_values, *demanded_values, *([occupation.value] if occupation else [])]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {by_value[day]: (certified, in_post) for day, in_post, certified in cursor.fetchall()}

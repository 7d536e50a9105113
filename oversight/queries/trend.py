"""The rate at the end of each of the last months, in one pass over posts and certificates."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Q

from credentials.models import Certificate, StatusMark
from oversight.queries.counted import Place, demanded_in
from oversight.rules.rates import Rate, month_ends
from registry.models import Employment
from registry.queries import dated_rules
from registry.rules.standard import Occupation

KEPT_SECONDS = 3600


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
    kept: dict[date, Rate] | None = cache.get(key)
    if kept is None:
        kept = rates_on(place, past, occupation=occupation)
        cache.set(key, kept, KEPT_SECONDS)
    return (*(Point(day, kept[day]) for day in past), Point(last, now))


def rates_on(place: Place, days: Sequence[date], *, occupation: Occupation | None = None) -> dict[date, Rate]:
    """The rate on each of several days, in ascending order. Four queries, and one for each change of rules.

    A set of days is an integer, one bit for each: in post on them, holding a certificate on them.
    """
    calendar = tuple(days)
    counted = _counted_days(place, calendar)
    in_post: defaultdict[tuple[int, str], int] = defaultdict(int)
    for person, name, division, since, until in _posts(place, calendar, occupation):
        in_post[person, name] |= _bits(calendar, since, until) & counted.get((name, division), 0)
    held = _held(place, calendar, occupation)
    # Thousands of people share a few hundred patterns of days.
    posts, certified = Counter(in_post.values()), Counter(bits & held[unit] for unit, bits in in_post.items())
    return {
        day: Rate(_on(certified, place_of_day), _on(posts, place_of_day))
        for place_of_day, day in enumerate(calendar)
    }


def _counted_days(place: Place, calendar: tuple[date, ...]) -> dict[tuple[str, str], int]:
    """On which of the days posts of an (occupation, division) are counted, by the rules of each day."""
    rulebook = dated_rules()
    alike: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for number, day in enumerate(calendar):
        alike[tuple(n for n, rules in enumerate(rulebook) if day in rules.in_force)].append(number)
    counted: defaultdict[tuple[str, str], int] = defaultdict(int)
    for numbers in alike.values():
        bits = sum(1 << number for number in numbers)
        for occupation, codes in demanded_in(place, rulebook, calendar[numbers[0]]).where.items():
            for code in codes:
                counted[occupation.value, code] |= bits
    return counted


def _posts(
    place: Place, calendar: tuple[date, ...], occupation: Occupation | None
) -> list[tuple[int, str, str, date, date | None]]:
    rows = Employment.objects.filter(place.posts, started_on__lte=calendar[-1])
    rows = rows.filter(Q(until=None) | Q(until__gt=calendar[0]))
    if occupation:
        rows = rows.filter(occupation=occupation)
    return list(
        rows.order_by().values_list("person_id", "occupation", "facility__division_id", "started_on", "until")
    )


def _held(
    place: Place, calendar: tuple[date, ...], occupation: Occupation | None
) -> defaultdict[tuple[int, str], int]:
    """On which of the days a holder has a valid certificate for an occupation."""
    valid = Certificate.objects.filter(valid_from__lte=calendar[-1], valid_until__gt=calendar[0])
    if occupation:
        valid = valid.filter(occupation=occupation)
    if not place.is_wide:
        valid = valid.filter(holder_id__in=Employment.objects.filter(place.posts).values("person_id"))
    marked: defaultdict[int, int] = defaultdict(int)
    for certificate, effective_on, until, lifted_on in StatusMark.objects.filter(
        certificate__in=valid.values("pk"), effective_on__lte=calendar[-1]
    ).values_list("certificate_id", "effective_on", "until", "lifted_on"):
        ends = min((day for day in (until, lifted_on) if day is not None), default=None)
        marked[certificate] |= _bits(calendar, effective_on, ends)
    held: defaultdict[tuple[int, str], int] = defaultdict(int)
    for certificate, holder, name, since, until in valid.order_by().values_list(
        "pk", "holder_id", "occupation", "valid_from", "valid_until"
    ):
        held[holder, name] |= _bits(calendar, since, until) & ~marked.get(certificate, 0)
    return held


def _bits(calendar: tuple[date, ...], since: date, until: date | None) -> int:
    """The days of the calendar in the half-open period."""
    first = bisect_left(calendar, since)
    after = len(calendar) if until is None else max(first, bisect_left(calendar, until))
    return (1 << after) - (1 << first)


def _on(patterns: Counter[int], number: int) -> int:
    return sum(many for bits, many in patterns.items() if bits >> number & 1)

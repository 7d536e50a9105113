"""The same figures, counted slowly from plain Python values. Shares no line with what it checks."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from credentials.models import Certificate
from registry.models import Employment
from registry.rules.standard import Occupation

Key = tuple[str, str]  # part, occupation


def holds(person: int, occupation: str, day: date) -> bool:
    for certificate in Certificate.objects.filter(holder_id=person):
        if certificate.occupation != occupation:
            continue
        if not certificate.valid_from <= day < certificate.valid_until:
            continue
        in_force = [
            mark
            for mark in certificate.marks.all()
            if mark.effective_on <= day
            and (mark.until is None or day < mark.until)
            and (mark.lifted_on is None or day < mark.lifted_on)
        ]
        if not in_force:
            return True
    return False


def naive(
    prefix: str, day: date, demanded: dict[str, set[str]], *, part_length: int | None
) -> tuple[dict[Key, tuple[int, int, int]], dict[Key, int]]:
    """((part, occupation): (certified, in post, expiring)) and the undemanded. Part "" is the whole.

    `part_length`: digits of a division's code that name a part; None: parts are facilities.
    """
    units: defaultdict[Key, set[int]] = defaultdict(set)
    others: defaultdict[Key, set[int]] = defaultdict(set)
    for post in Employment.objects.select_related("facility"):
        code = post.facility.division_id
        if not code.startswith(prefix) or post.started_on > day:
            continue
        if post.until is not None and post.until <= day:
            continue
        part = post.facility.public_id if part_length is None else code[:part_length].ljust(6, "0")
        chosen = units if code in demanded.get(post.occupation, set()) else others
        chosen[part, post.occupation].add(post.person_id)
        chosen["", post.occupation].add(post.person_id)
    later = day + timedelta(days=90)
    figures = {
        key: (
            sum(holds(person, key[1], day) for person in people),
            len(people),
            sum(holds(person, key[1], day) and not holds(person, key[1], later) for person in people),
        )
        for key, people in units.items()
    }
    return figures, {key: len(people) for key, people in others.items()}


ALL = {occupation.value for occupation in Occupation}

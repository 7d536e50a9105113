"""Which standards bind a person, from when, and whether they do on a day.

The same choice as the rulebook's (docs/rules/standards.md): of standards that
demand hours only the most specific division's binds a post on a day; duties add
up, but each kind is owed once, as the strictest standard demands it. A standard
that demands nothing of a person (a target rate alone) binds nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lms.rules.counting import demands_hours
from lms.rules.entries import Post, VersionInForce, is_within, stem_of
from lms.rules.reasons import Code


@dataclass(frozen=True, slots=True)
class Binding:
    """A standard that has bound the person since `begins`.

    `post`: one it binds on the day asked about, the latest joined; `is_superseded`: she is in that
    occupation on the day, and another standard of hours binds her instead.
    """

    versions: tuple[VersionInForce, ...]
    begins: date
    opened_by: Code
    post: Post | None
    is_superseded: bool


def bindings(posts: Sequence[Post], versions: Iterable[VersionInForce], day: date) -> dict[str, Binding]:
    """The standards that have bound a person by a day, by code; `posts` have all begun by then."""
    by_code: dict[str, list[VersionInForce]] = {}
    for version in versions:
        if _demands(version) and any(version.occupation == post.occupation for post in posts):
            by_code.setdefault(version.standard_code, []).append(version)
    every = [version for dated in by_code.values() for version in dated]
    found: dict[str, Binding] = {}
    for code in sorted(by_code):
        dated = sorted(by_code[code], key=lambda version: version.in_force.starts_on)
        first: tuple[date, Code] | None = None
        now: Post | None = None
        is_in_occupation = False
        for version in dated:
            rivals = _rivals(version, every)
            for post in posts:
                is_in_occupation |= post.occupation == version.occupation and day in post.period
                if not version.governs(post):
                    continue
                begins = _first_day(post, version, rivals)
                if begins is not None and begins <= day and (first is None or begins < first[0]):
                    taken_up = begins == post.period.starts_on
                    first = (begins, Code.OPENED_TAKE_UP if taken_up else Code.OPENED_RULE)
                if day in post.period and day in version.in_force and not _covering(rivals, post, day):
                    now = post if now is None else max(now, post, key=lambda one: one.period.starts_on)
        if first is not None:
            superseded = now is None and is_in_occupation and demands_hours(dated[-1].rules)
            found[code] = Binding(tuple(dated), *first, now, superseded)
    return found


def duty_owners(found: dict[str, Binding], day: date) -> dict[str, str]:
    """Of each repeated duty owed on the day, the code of the standard that demands it most often."""
    owners: dict[str, tuple[float, int, str]] = {}
    for code, binding in found.items():
        if binding.post is None:
            continue
        for version in binding.versions:
            if day in version.in_force:
                for duty in version.rules.yearly_duties:
                    rank = (duty.times / duty.every_months, len(stem_of(version.division_code)), code)
                    owners[duty.kind] = max(rank, owners.get(duty.kind, rank), key=lambda one: one[:2])
    return {kind: rank[2] for kind, rank in owners.items()}


def _demands(version: VersionInForce) -> bool:
    rules = version.rules
    return demands_hours(rules) or bool(rules.yearly_duties or rules.entry_duties)


def _rivals(version: VersionInForce, every: Sequence[VersionInForce]) -> list[VersionInForce]:
    """Versions of more specific standards of hours, which bind in this one's stead."""
    if not demands_hours(version.rules):
        return []
    return [
        other
        for other in every
        if other.standard_code != version.standard_code
        and other.occupation == version.occupation
        and len(stem_of(other.division_code)) > len(stem_of(version.division_code))
        and is_within(other.division_code, version.division_code)
        and demands_hours(other.rules)
    ]


def _first_day(post: Post, version: VersionInForce, rivals: Sequence[VersionInForce]) -> date | None:
    """The first day on which the version binds the post; None if it never does."""
    begins = max(post.period.starts_on, version.in_force.starts_on)
    while begins in post.period and begins in version.in_force:
        rival = _covering(rivals, post, begins)
        if rival is None:
            return begins
        if rival.in_force.until is None:
            return None
        begins = rival.in_force.until
    return None


def _covering(rivals: Sequence[VersionInForce], post: Post, day: date) -> VersionInForce | None:
    return next((rival for rival in rivals if rival.governs(post) and day in rival.in_force), None)

"""Who is counted: the posts for which the rulebook demands a certificate, by division and day.

A post is counted where, on that day, a standard that issues certificates binds its occupation, or a
target rate is set for it: a city that aims at 85 % certified staff counts its staff. docs/rules/rates.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from registry.rules.applicable import DatedRules, applicable
from registry.rules.divisions import chain_of
from registry.rules.standard import Occupation


@dataclass(frozen=True, slots=True)
class Demand:
    """`where[occupation]`: the divisions whose posts are counted; `divisions`: all that were asked about."""

    divisions: frozenset[str]
    where: Mapping[Occupation, frozenset[str]]

    @property
    def occupations(self) -> tuple[Occupation, ...]:
        """Those counted somewhere, in the order policies name them."""
        return tuple(occupation for occupation in Occupation if self.where[occupation])

    def only(self, occupation: Occupation) -> Demand:
        """The same for one occupation."""
        where = {one: codes if one == occupation else frozenset() for one, codes in self.where.items()}
        return Demand(self.divisions, where)

    def is_everywhere(self, occupation: Occupation) -> bool:
        return self.where[occupation] == self.divisions


def demand(rulebook: Sequence[DatedRules], *, divisions: Iterable[str], day: date) -> Demand:
    """Which posts count on `day` in each of the divisions."""
    asked = frozenset(divisions)
    speaking = {rules.division_code for rules in rulebook}
    known: dict[tuple[str, ...], frozenset[Occupation]] = {}
    where: dict[Occupation, set[str]] = {occupation: set() for occupation in Occupation}
    for code in asked:
        # Two counties that hear the same standards demand the same; asked once.
        heard = tuple(above for above in chain_of(code) if above in speaking)
        if heard not in known:
            known[heard] = frozenset(
                occupation
                for occupation in Occupation
                if heard
                and applicable(rulebook, division_code=heard[0], occupation=occupation, day=day).certificate
            )
        for occupation in known[heard]:
            where[occupation].add(code)
    return Demand(asked, {occupation: frozenset(codes) for occupation, codes in where.items()})


def targets(
    rulebook: Sequence[DatedRules], *, division: str, occupations: Iterable[Occupation], day: date
) -> dict[Occupation, DatedRules]:
    """The version that sets a target rate for each occupation, where one does."""
    found = {
        occupation: applicable(rulebook, division_code=division, occupation=occupation, day=day).target
        for occupation in occupations
    }
    return {occupation: rules for occupation, rules in found.items() if rules is not None}


def common_target(
    rulebook: Sequence[DatedRules], *, division: str, demanded: Demand, day: date
) -> int | None:
    """The target in percent, if one and the same is set for every occupation that is counted."""
    found = targets(rulebook, division=division, occupations=demanded.occupations, day=day)
    percents = {rules.rules.target_rate_percent for rules in found.values()}
    if len(percents) == 1 and len(found) == len(demanded.occupations):
        return percents.pop()
    return None


def speaking(
    rulebook: Sequence[DatedRules], *, division: str, demanded: Demand, day: date
) -> tuple[DatedRules, ...]:
    """The versions behind the figures of a place: those that certify, and those that set a target."""
    found: dict[tuple[str, int], DatedRules] = {}
    for occupation in demanded.occupations:
        demands = applicable(rulebook, division_code=division, occupation=occupation, day=day)
        for rules in (demands.hours, demands.target):
            if rules is not None:
                found[rules.code, rules.number] = rules
    return tuple(found.values())

"""Which standards bind a person: by where her facility lies, her occupation and the day.

Standards of hours and targets replace each other: the most specific division that has one speaks, alone,
for a wider one would demand the same hours twice. Duties (yearly, on entry) add up along the chain of
divisions: the county's health check does not undo the province's. docs/rules/standards.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from core.days import Period
from registry.rules.divisions import chain_of
from registry.rules.rulebook import StandardText
from registry.rules.standard import StandardRules, YearlyDuty


@dataclass(frozen=True, slots=True)
class DatedRules:
    """One version as the choice needs it; `code` and `number` lead back to the version."""

    code: str
    number: int
    division_code: str
    occupation: str
    in_force: Period
    rules: StandardRules


@dataclass(frozen=True, slots=True)
class Demands:
    """What binds one occupation in one division on one day. `hours` and `target` are one version or none.

    Duties come with the version that demands them, the most specific division first. A kind of duty
    demanded by several divisions is owed once, as the strictest of them demands it.
    """

    hours: DatedRules | None
    target: DatedRules | None
    yearly_duties: tuple[tuple[DatedRules, YearlyDuty], ...]
    entry_duties: tuple[tuple[DatedRules, str], ...]

    @property
    def certificate(self) -> bool:
        """Whether the post is one for the certified: a standard certifies for it, or a target counts it."""
        certifies = self.hours is not None and self.hours.rules.certificate_years is not None
        return certifies or self.target is not None


def dated(standards: Iterable[StandardText]) -> list[DatedRules]:
    """All versions of the rulebook's files, ready to choose from."""
    return [
        DatedRules(s.code, v.number, s.division_code, s.occupation, v.in_force, v.rules)
        for s in standards
        for v in s.versions
    ]


def applicable(
    candidates: Iterable[DatedRules], *, division_code: str, occupation: str, day: date
) -> Demands:
    """What binds on that day. Raises BadDivision for a code that is none."""
    chain = {code: distance for distance, code in enumerate(chain_of(division_code))}
    bound = sorted(
        (
            candidate
            for candidate in candidates
            if candidate.division_code in chain
            and candidate.occupation == occupation
            and day in candidate.in_force
        ),
        key=lambda candidate: (chain[candidate.division_code], candidate.code),
    )
    return Demands(
        hours=_first(bound, lambda rules: rules.needed_minutes > 0),
        target=_first(bound, lambda rules: rules.target_rate_percent is not None),
        yearly_duties=_once_each(bound),
        entry_duties=_each_entry(bound),
    )


def _first(bound: list[DatedRules], names: Callable[[StandardRules], bool]) -> DatedRules | None:
    return next((version for version in bound if names(version.rules)), None)


def _once_each(bound: list[DatedRules]) -> tuple[tuple[DatedRules, YearlyDuty], ...]:
    """Of each kind the stricter demand; between equals the more specific division's."""
    strictest: dict[str, tuple[DatedRules, YearlyDuty]] = {}
    for version in bound:
        for duty in version.rules.yearly_duties:
            kept = strictest.get(duty.kind)
            if kept is None or _per_month(duty) > _per_month(kept[1]):
                strictest[duty.kind] = (version, duty)
    return tuple(strictest.values())


def _each_entry(bound: list[DatedRules]) -> tuple[tuple[DatedRules, str], ...]:
    first: dict[str, tuple[DatedRules, str]] = {}
    for version in bound:
        for duty in version.rules.entry_duties:
            first.setdefault(duty, (version, duty))
    return tuple(first.values())


def _per_month(duty: YearlyDuty) -> float:
    return duty.times / duty.every_months

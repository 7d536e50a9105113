"""When a cycle opens, when it must be met, what meeting it earns, and what follows.

Anchors are the rule's (docs/rules/cycles.md): the take-up of the occupation, the
validity of the last certificate, calendar periods, or once on entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.days import add_years
from lms.rules.counting import demands_hours
from lms.rules.entries import Issued, VersionInForce
from lms.rules.reasons import Code
from registry.rules.standard import Anchor


@dataclass(slots=True)
class Opening:
    """What is known when a cycle opens. A certificate earned before is valid `held_from` to
    `held_until`; `held` is the one issued for it, None while it still is to be issued."""

    starts_on: date
    reason: Code
    until: date | None = None  # where the validity of a certificate is the cycle
    floor: date | None = None  # lines before this day belong to no cycle
    held: Issued | None = None
    held_from: date | None = None
    held_until: date | None = None
    carried: int = 0
    previous_met_on: date | None = None

    def renews_on(self, day: date) -> bool:
        """True if a certificate is held on the day, so that what is earned then begins where it ends."""
        if self.held_from is None or self.held_until is None or not self.held_from <= day < self.held_until:
            return False
        return self.held is None or not self.held.is_void_on(day)


def governing(versions: Sequence[VersionInForce], on: date) -> VersionInForce | None:
    """The version in force on a day: it governs the whole of a cycle that opens then."""
    return next((version for version in reversed(versions) if on in version.in_force), None)


def calendar_period(first_year: int, years: int, on: date) -> tuple[date, date]:
    """The period of whole calendar years that holds a day; periods are counted from `first_year`."""
    begins = first_year + (on.year - first_year) // years * years
    return date(begins, 1, 1), date(begins + years, 1, 1)


def first_opening(
    versions: Sequence[VersionInForce],
    issued: Sequence[Issued],
    taken_up_on: date,
    opened_by: Code,
    known_on: date,
) -> Opening:
    version = governing(versions, taken_up_on)
    if version is not None and version.rules.anchor is Anchor.CALENDAR and version.rules.cycle_years:
        first_year = versions[0].in_force.starts_on.year
        begins, until = calendar_period(first_year, version.rules.cycle_years, taken_up_on)
        return Opening(begins, Code.OPENED_CALENDAR, until=until, floor=begins)
    if version is not None and version.rules.anchor is Anchor.CERTIFICATE:
        for held in issued:
            if held.issued_on < taken_up_on and held.stands_on(known_on) and held.is_valid_on(taken_up_on):
                begins, until = held.valid_from, held.valid_until
                return Opening(
                    starts_on=begins,
                    reason=Code.OPENED_CERTIFICATE,
                    until=until,
                    floor=begins,
                    held=held,
                    held_from=begins,
                    held_until=until,
                )
    return Opening(taken_up_on, opened_by, floor=taken_up_on)


def restarts(version: VersionInForce) -> bool:
    """True if meeting the hours ends the cycle and opens the next, in which the certificate is valid."""
    return version.rules.anchor is Anchor.CERTIFICATE and demands_hours(version.rules)


def governing_later(versions: Sequence[VersionInForce], opening: Opening) -> VersionInForce | None:
    """For a first cycle that began before the rule: the first version that begins inside it."""
    if opening.until is None:
        return None
    period = (opening.starts_on, opening.until)
    return next((one for one in versions if period[0] <= one.in_force.starts_on < period[1]), None)


def deadline(version: VersionInForce, versions: Sequence[VersionInForce], opening: Opening) -> date | None:
    """The deadline: the first day after the cycle if its hours are not met before."""
    rules = version.rules
    if rules.anchor is Anchor.CERTIFICATE and opening.until is not None:
        return max(opening.until, opening.starts_on)
    if rules.cycle_years is None:
        return None
    if rules.anchor is Anchor.CALENDAR:
        return calendar_period(versions[0].in_force.starts_on.year, rules.cycle_years, opening.starts_on)[1]
    return add_years(opening.starts_on, rules.cycle_years)


def award(
    opening: Opening,
    version: VersionInForce,
    *,
    until: date | None,
    met_on: date | None,
    certificate: Issued | None,
) -> tuple[date | None, date | None]:
    """The validity that meeting the cycle earns: from that day, or from where the held one ends.

    Met by late records, it begins on the day they were recorded and ends as if the cycle
    had been met on its last day: late work gains no time, and yesterday keeps what it said.
    """
    if certificate is not None:
        return certificate.valid_from, certificate.valid_until
    years = version.rules.certificate_years
    if met_on is None or years is None or not demands_hours(version.rules):
        return None, None
    if until is not None and met_on >= until:
        begins, ends = met_on, add_years(until, years)
        return (begins, ends) if begins < ends else (None, None)
    begins = opening.held_until if opening.renews_on(met_on) and opening.held_until else met_on
    return begins, add_years(begins, years)


def following(
    opening: Opening,
    version: VersionInForce,
    *,
    until: date | None,
    met_on: date | None,
    certificate: Issued | None,
    validity: tuple[date | None, date | None],
) -> tuple[Opening | None, date | None]:
    """The cycle that follows, if any, and the first day that no longer belongs to this one."""
    rules = version.rules
    award_from, award_until = validity
    is_late = until is not None and met_on is not None and met_on >= until
    if restarts(version) and met_on is not None and not is_late:
        renews = opening.renews_on(met_on)
        begins = max(award_from or (opening.held_until if renews else None) or met_on, opening.starts_on)
        ends = award_until or (add_years(begins, rules.cycle_years) if rules.cycle_years else None)
        if ends is None:
            return None, until
        after = Opening(
            starts_on=begins,
            reason=Code.OPENED_CERTIFICATE if award_from else Code.OPENED_PERIOD,
            until=ends,
            held=certificate,
            held_from=begins,
            held_until=ends,
            previous_met_on=None if renews else met_on,
        )
        return after, begins
    if until is None or rules.anchor is Anchor.ENTRY:
        return None, until
    reason = Code.OPENED_PERIOD if met_on is not None and not is_late else Code.OPENED_UNMET
    if rules.anchor is Anchor.CALENDAR:
        reason = Code.OPENED_CALENDAR
    after = Opening(
        until, reason, held=opening.held, held_from=opening.held_from, held_until=opening.held_until
    )
    if award_until is not None:
        after.held, after.held_from, after.held_until = certificate, award_from, award_until
    return after, until

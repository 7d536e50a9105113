"""Rehearsal of a rule: where a person stands under today's rulebook and under one with a draft in it.

One line for each occupation in which either book binds her. What a draft does to somebody is said in
reasons; each is a gain, a loss, or waits until her next cycle opens, for the cycle that runs keeps its
version. Every decision here is explained in docs/rules/standards.md, "Rehearsal".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import zip_longest

from lms.rules.cycles import Closed, Cycle
from lms.rules.demands import is_harder
from lms.rules.entries import VersionInForce
from lms.rules.opening import governing
from lms.rules.reasons import Code, Reason
from lms.rules.standing import Standing
from registry.rules.rulebook import StandardText
from registry.rules.standard import StandardRules


class Verdict(StrEnum):
    """What a draft does to one person in one occupation; the graver of two."""

    LOSES = "loses"
    GAINS = "gains"
    LATER = "later"
    UNCHANGED = "unchanged"


GAINS = frozenset(
    {
        Code.BECOMES_MET,
        Code.LESS_MISSING,
        Code.ENDS_LATER,
        Code.NO_LONGER_BOUND,
        Code.DUTY_LIFTED,
        Code.DUTY_LATER,
    }
)
Books = tuple[Sequence[VersionInForce], Sequence[VersionInForce]]  # today's, and with the draft; by number
NOTHING = StandardRules(cycle_years=None)
NEXT = frozenset({Code.NEXT_HARDER, Code.NEXT_EASIER, Code.NEXT_OTHER, Code.NEXT_NONE})


@dataclass(frozen=True, slots=True)
class Place:
    """One standing in the figures that are compared, of the cycle that is compared."""

    standard_code: str
    version: int
    cycle: int
    starts_on: date
    until: date | None
    state: Closed
    needed: int
    counted: int
    missing: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One person in one occupation, before and after; several places where she has posts under several
    standards. `moved`: closed cycles that would not stay as they are, by number."""

    occupation: str
    before: tuple[Place, ...]
    after: tuple[Place, ...]
    effects: tuple[Reason, ...]
    moved: int = 0

    @property
    def verdict(self) -> Verdict:
        codes = {effect.code for effect in self.effects}
        now = codes - NEXT - {Code.OTHER_STANDARD, Code.CLOSED_CYCLE_MOVED}
        if now:
            return Verdict.GAINS if now <= GAINS else Verdict.LOSES
        if codes & NEXT:
            return Verdict.LATER
        return Verdict.LOSES if self.moved else Verdict.UNCHANGED


def book_of(standards: Iterable[StandardText]) -> tuple[VersionInForce, ...]:
    """A rulebook as the rules of cycles read it."""
    return tuple(
        VersionInForce(
            standard_code=text.code,
            number=version.number,
            title=text.title,
            title_en=text.title_en,
            occupation=text.occupation,
            division_code=text.division_code,
            in_force=version.in_force,
            rules=version.rules,
            citation=f"{version.citation.document} {version.citation.article}".strip(),
        )
        for text in standards
        for version in text.versions
    )


def compare(
    before: Sequence[Standing], after: Sequence[Standing], books: Books, *, closed_by: date
) -> list[Outcome]:
    """One person's standings of one day under the two books, by occupation.

    `closed_by`: the day of the rehearsal, after which a cycle may close differently.
    """
    old, new = ({one.standard_code: one for one in side if one.in_post} for side in (before, after))
    duties = _duties(old.values(), new.values())
    outcomes = []
    for occupation in sorted({one.version.occupation for one in (*old.values(), *new.values())}):
        places, effects = _hours(
            [one for one in old.values() if one.version.occupation == occupation],
            [one for one in new.values() if one.version.occupation == occupation],
            books,
        )
        moved = sum(
            _moved(
                one, next((two for two in after if two.standard_code == one.standard_code), None), closed_by
            )
            for one in before
            if one.version.occupation == occupation
        )
        if moved:
            effects.append(Reason(Code.CLOSED_CYCLE_MOVED, number=moved))
        effects += [reason for owner, reason in duties if owner == occupation]
        outcomes.append(
            Outcome(
                occupation,
                tuple(pair[0] for pair in places if pair[0]),
                tuple(pair[1] for pair in places if pair[1]),
                tuple(effects),
                moved,
            )
        )
    return outcomes


def _hours(
    old: list[Standing], new: list[Standing], books: Books
) -> tuple[list[tuple[Place | None, Place | None]], list[Reason]]:
    """Standings of hours, each with its fellow: the same standard, else the one that takes its place."""
    olds, news = ([one for one in side if _demands(one)] for side in (old, new))
    both = [(one, two) for one in olds for two in news if one.standard_code == two.standard_code]
    same = {one.standard_code for one, _two in both}
    left = [one for one in olds if one.standard_code not in same]
    came = [two for two in news if two.standard_code not in same]
    places: list[tuple[Place | None, Place | None]] = []
    effects: list[Reason] = []
    for one, two in both:
        pair = (one, _common(one, two)), (two, _common(two, one))
        places.append((_place(*pair[0]), _place(*pair[1])))
        found = list(_effects(*pair[0], *pair[1]))
        effects += found or list(_next(two, books))
    for gone, come in zip_longest(left, came):
        places.append(
            (_place(gone, gone.cycle) if gone else None, _place(come, come.cycle) if come else None)
        )
        if gone and come:
            effects.append(Reason(Code.OTHER_STANDARD, before=gone.standard_code, after=come.standard_code))
            effects += _effects(gone, gone.cycle, come, come.cycle)
        elif come:
            effects.append(Reason(Code.NEWLY_BOUND, after=come.standard_code))
        elif gone:
            effects.append(Reason(Code.NO_LONGER_BOUND, before=gone.standard_code))
    return places, effects


def _demands(one: Standing) -> bool:
    return one.cycle.version.rules.needed_minutes > 0


def _common(one: Standing, other: Standing) -> Cycle:
    """The cycle to compare: the first that only one of the books sees met, else the last that both have."""
    pairs = list(zip(one.cycles, other.cycles, strict=False))
    return next(
        (a for a, b in pairs if (a.closed_as is Closed.MET) is not (b.closed_as is Closed.MET)), pairs[-1][0]
    )


def _place(one: Standing, cycle: Cycle) -> Place:
    hours = one.hours_in(cycle)
    return Place(
        one.standard_code,
        cycle.version.number,
        cycle.number,
        cycle.starts_on,
        cycle.until,
        cycle.closed_as,
        hours.needed,
        hours.counted + hours.carried,
        one.missing_in(cycle),
    )


def _effects(one: Standing, old: Cycle, two: Standing, new: Cycle) -> Iterator[Reason]:
    is_met = [cycle.closed_as is Closed.MET for cycle in (old, new)]
    if is_met == [False, True]:
        yield Reason(Code.BECOMES_MET, cycle=new.number, met_on=new.met_on)
        return
    if is_met == [True, False]:
        yield Reason(Code.NO_LONGER_MET, cycle=new.number, minutes=two.missing_in(new))
        return
    before, after = one.missing_in(old), two.missing_in(new)
    if before != after:
        code = Code.LESS_MISSING if after < before else Code.MORE_MISSING
        yield Reason(code, minutes_before=before, minutes_after=after)
    if old.until != new.until:
        is_later = new.until is None or (old.until is not None and new.until > old.until)
        code = Code.ENDS_LATER if is_later else Code.ENDS_EARLIER
        yield Reason(code, until_before=old.until, until_after=new.until)


def _next(two: Standing, books: Books) -> Iterator[Reason]:
    """What will be demanded when the cycle that runs is over, where the books differ."""
    opens_on = two.cycle.until
    if opens_on is None:
        return
    was, comes = (
        governing([version for version in book if version.standard_code == two.standard_code], opens_on)
        for book in books
    )
    if comes is None:
        if was is not None:
            yield Reason(Code.NEXT_NONE, opens_on=opens_on)
        return
    old, new = was.rules if was else NOTHING, comes.rules
    more, less = is_harder(old, new), is_harder(new, old)
    if old.anchor is not new.anchor or (more and less):
        code = Code.NEXT_OTHER
    elif more or less:
        code = Code.NEXT_HARDER if more else Code.NEXT_EASIER
    else:
        return
    yield Reason(code, opens_on=opens_on, minutes_before=old.needed_minutes, minutes_after=new.needed_minutes)


def _duties(old: Iterable[Standing], new: Iterable[Standing]) -> list[tuple[str, Reason]]:
    """(occupation, what changes) of the duties beside the hours; each kind is owed once by a person."""
    before, after = _owed(old), _owed(new)
    found = []
    for kind in sorted(before.keys() | after.keys()):
        if kind not in before:
            found.append((after[kind][0], Reason(Code.DUTY_ADDED, duty=kind)))
        elif kind not in after:
            found.append((before[kind][0], Reason(Code.DUTY_LIFTED, duty=kind)))
        elif before[kind][1] != after[kind][1]:
            was, due_on = before[kind][1], after[kind][1]
            code = Code.DUTY_LATER if due_on > was else Code.DUTY_SOONER
            found.append((after[kind][0], Reason(code, duty=kind, until_before=was, until_after=due_on)))
    return found


def _owed(standings: Iterable[Standing]) -> dict[str, tuple[str, date]]:
    """Kinds owed, with the occupation and the day; a duty of joining is owed until it is done."""
    owed: dict[str, tuple[str, date]] = {}
    for one in standings:
        dues = [(duty.kind, duty.due_on) for duty in one.duties]
        dues += [(duty.kind, duty.joined_on) for duty in one.entry_duties if duty.done_on is None]
        for kind, due_on in dues:
            owed[kind] = min(
                (one.version.occupation, due_on), owed.get(kind, (one.version.occupation, due_on))
            )
    return owed


def _closed_cycles(one: Standing, by: date) -> dict[int, tuple[object, ...]]:
    """What must never move: the cycles met by a day, or ended by it, each with all that was said of it."""
    return {
        cycle.number: (
            cycle.starts_on,
            cycle.until,
            cycle.closed_as,
            cycle.met_on,
            cycle.carried_minutes,
            cycle.certificate,
            (cycle.award_from, cycle.award_until),
        )
        for cycle in one.cycles
        if (cycle.met_on is not None and cycle.met_on <= by)
        or (cycle.closed_as is Closed.UNMET and cycle.until is not None and cycle.until <= by)
    }


def _moved(one: Standing, two: Standing | None, closed_by: date) -> int:
    """How many closed cycles of the first the second does not say the same of."""
    kept = _closed_cycles(two, closed_by) if two else {}
    return sum(kept.get(number) != said for number, said in _closed_cycles(one, closed_by).items())

"""Where a person stands, as data and as lines of text: the figures of the page and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lms.documents.both import in_both
from lms.rules.cycles import Closed, Cycle
from lms.rules.hours import Hours
from lms.rules.lines import Line
from lms.rules.reasons import Reason, category_words
from lms.rules.standing import Standing
from lms.rules.what_next import Step
from registry.models import Exclusion, Person


@dataclass(frozen=True, slots=True)
class Page:
    """All that is printed. `known_on` is the last day whose records are used; `measure`: the ban or
    suspension in force on the day."""

    person: Person
    on: date
    known_on: date
    standings: tuple[Standing, ...]
    measure: Exclusion | None


def as_data(page: Page) -> dict[str, Any]:
    """Plain data for `manage.py standing --format json`; words in Chinese and English."""
    measure, standings = page.measure, page.standings
    return {
        "person": page.person.public_id,
        "as_of": page.on.isoformat(),
        "known_on": page.known_on.isoformat(),
        "excluded": measure
        and {"kind": measure.kind, "from": _iso(measure.from_day), "until": _iso(measure.until)},
        "standings": [_standing(one) for one in standings],
    }


def _standing(one: Standing) -> dict[str, Any]:
    version = one.cycle.version
    return {
        "standard": one.standard_code,
        "title": in_both(lambda: version.name),
        "occupation": version.occupation,
        "division": version.division_code,
        "version": version.number,
        "version_in_force": one.version.number,
        "citation": version.citation,
        "class_hour_minutes": version.rules.class_hour_minutes,
        "in_post": one.in_post,
        "cycle": {**_cycle(one.cycle), "opened_by": _reason(one.cycle.opened_by)},
        "cycles": [_cycle(cycle) for cycle in one.cycles],
        **_sums(one.hours),
        "missing_minutes": one.missing_minutes,
        "categories": [
            {
                "category": row.category,
                "words": in_both(lambda name=row.category: category_words(name)),  # type: ignore[misc]
                "needed_minutes": row.needed,
                "cap_minutes": row.cap,
                "counted_minutes": row.counted,
                "pending_minutes": row.pending,
                "refused_minutes": row.refused,
                "cut_minutes": row.cut,
                "missing_minutes": row.remaining,
            }
            for row in one.hours.categories
        ],
        "cheapest_way": None if one.what_next is None else [_step(step) for step in one.what_next],
        "valid_until": _iso(one.valid_until),
        "certificates_owed": [
            {
                "cycle": award.cycle.number,
                "valid_from": _iso(award.valid_from),
                "valid_until": _iso(award.valid_until),
            }
            for award in one.awards
        ],
        "duties": [
            {
                "kind": duty.kind,
                "last_done_on": _iso(duty.last_done_on),
                "due_on": _iso(duty.due_on),
                "overdue": duty.is_overdue,
                "reminder": duty.reminder,
                "outstanding": duty.outstanding,
                "reason": _reason(duty.reason),
                "unconfirmed": _reason(duty.unconfirmed) if duty.unconfirmed else None,
            }
            for duty in one.duties
        ],
        "entry_duties": [
            {
                "kind": duty.kind,
                "joined_on": _iso(duty.joined_on),
                "done_on": _iso(duty.done_on),
                "reason": _reason(duty.reason),
            }
            for duty in one.entry_duties
        ],
        "lines": [_line(line) for line in ordered(one)],
    }


def _cycle(cycle: Cycle) -> dict[str, Any]:
    return {
        "number": cycle.number,
        "version": cycle.version.number,
        "starts_on": _iso(cycle.starts_on),
        "until": _iso(cycle.until),
        "state": str(cycle.closed_as),
        "met_on": _iso(cycle.met_on),
    }


def _sums(hours: Hours) -> dict[str, int]:
    return {
        "needed_minutes": hours.needed,
        "counted_minutes": hours.counted,
        "carried_minutes": hours.carried,
        "pending_minutes": hours.pending,
        "refused_minutes": hours.refused,
        "cut_minutes": hours.cut,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "minutes": step.minutes,
        "categories": list(step.categories),
        "avoid": list(step.avoid),
        "words": in_both(lambda: step_words(step)),
    }


def _line(line: Line) -> dict[str, Any]:
    entry = line.entry
    return {
        "entry": entry.id,
        "kind": str(entry.kind),
        "happened_on": _iso(entry.happened_on),
        "recorded_on": _iso(entry.recorded_on),
        "title": entry.title,
        "categories": list(entry.categories),
        "source": str(entry.source),
        "minutes": entry.minutes,
        "counted_minutes": line.counted_minutes,
        "cut_minutes": line.cut_minutes,
        "outcome": str(line.outcome),
        "cycle": line.cycle.number if line.cycle else None,
        "reasons": [_reason(reason) for reason in line.reasons],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {**reason.as_json(), "words": in_both(lambda: reason.words)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def ordered(one: Standing) -> list[Line]:
    """The lines by the day they happened, the oldest first."""
    return sorted(one.lines, key=lambda line: (line.entry.happened_on, str(line.entry.id)))


def step_words(step: Step) -> str:
    """What the minutes of one step must be, in the active language."""
    must = " · ".join(category_words(name) for name in step.categories) or _("of any kind")
    if not step.avoid:
        return _("%(minutes)s minutes: %(must)s") % {"minutes": step.minutes, "must": must}
    avoid = " · ".join(category_words(name) for name in step.avoid)
    return _("%(minutes)s minutes: %(must)s, but not %(avoid)s") % {
        "minutes": step.minutes,
        "must": must,
        "avoid": avoid,
    }


STATES = {
    Closed.OPEN: lambda: _("still running"),
    Closed.MET: lambda: _("met"),
    Closed.UNMET: lambda: _("ended without being met"),
}


def as_text(page: Page) -> str:
    """The same for a terminal, in the active language; each reason in Chinese and in English."""
    person = page.person
    lines = [f"{person.name} ({person.public_id})  " + _("as of %(day)s") % {"day": page.on}]
    if page.known_on != page.on:
        lines.append(_("as it was known on %(day)s") % {"day": page.known_on})
    if page.measure:
        lines.append(
            f"{page.measure.get_kind_display()}: {page.measure.from_day} – {page.measure.until or '…'}"
        )
    if not page.standings:
        lines.append(_("No standard binds this person on this day."))
    for one in page.standings:
        lines += ["", *_text(one)]
    return "\n".join(lines)


def _text(one: Standing) -> Iterator[str]:
    cycle, version = one.cycle, one.cycle.version
    yield f"{version.name}  ({one.standard_code} v{version.number})"
    yield f"  {version.citation}"
    if not one.in_post:
        yield "  " + _("Not in this post on this day; the hours are kept.")
    yield "  " + _("Cycle %(number)s: from %(start)s until %(until)s (first day outside), %(state)s") % {
        "number": cycle.number,
        "start": cycle.starts_on,
        "until": cycle.until or "…",
        "state": STATES[cycle.closed_as]() + (f" {cycle.met_on}" if cycle.met_on else ""),
    }
    yield from _said(cycle.opened_by, "  ")
    if one.valid_until:
        yield "  " + _("Certified until %(day)s (first day outside)") % {"day": one.valid_until}
    for award in one.awards:
        yield "  " + _("A certificate is earned and not issued yet: valid from %(start)s until %(until)s") % {
            "start": award.valid_from,
            "until": award.valid_until,
        }
    if one.hours.needed:
        yield from _hours(one)
    reasons = [duty.reason for duty in one.duties] + [duty.reason for duty in one.entry_duties]
    reasons += [duty.unconfirmed for duty in one.duties if duty.unconfirmed]
    for reason in reasons:
        yield from _said(reason, "  ")
    for line in ordered(one):
        entry = line.entry
        yield f"  {entry.happened_on}  {entry.minutes:>6} → {line.counted_minutes:>6}  {entry.title}"
        for reason in line.reasons:
            yield from _said(reason, "      ")


def _hours(one: Standing) -> Iterator[str]:
    hours = one.hours
    sums = _("needed %(needed)s, counted %(counted)s, pending %(pending)s, refused %(refused)s")
    total = {
        "needed": hours.needed,
        "counted": hours.counted,
        "pending": hours.pending,
        "refused": hours.refused,
    }
    yield "  " + _("All minutes") + _(": ") + sums % total
    if hours.carried:
        yield "    " + _("carried from the cycle before: %(minutes)s") % {"minutes": hours.carried}
    if hours.cut:
        yield "    " + _("cut by a cap: %(minutes)s") % {"minutes": hours.cut}
    for row in hours.categories:
        figures = {
            "needed": row.needed,
            "counted": row.counted,
            "pending": row.pending,
            "refused": row.refused,
        }
        if any(figures.values()):
            yield f"    {category_words(row.category)}" + _(": ") + sums % figures
    if one.is_met:
        return
    yield "  " + _("Missing: %(minutes)s minutes") % {"minutes": one.missing_minutes}
    if one.what_next is None:
        yield "  " + _("The caps of this rule leave no lawful way to close the cycle.")
    elif one.what_next:
        yield "  " + _("The shortest way there") + _(": ").rstrip()
        for step in one.what_next:
            yield f"    {step_words(step)}"


def _said(reason: Reason, indent: str) -> Iterator[str]:
    for words in in_both(lambda: reason.words).values():
        yield indent + words

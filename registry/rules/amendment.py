"""What a file would change in the published rulebook, and why it may not be published as it is.

What was published stays as it was read: a version keeps its words, and a change begins after the day on
which it is published. So no cycle that has opened, and none that is closed, is ever judged by another
rule than that of its day. docs/rules/standards.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.days import Period
from registry.rules.divisions import contains
from registry.rules.rulebook import StandardText, VersionText, check_together

SENTENCES: dict[str, Promise | str] = {
    "standard_changed": _("A published standard keeps its division and occupation: write another one."),
    "version_changed": _("A published version does not change: end it and write the next version."),
    "version_missing": _("A published version is missing in the file. Published versions stay."),
    "begins_in_the_past": _("A change begins after the day it is published: write a later first day."),
    "ends_in_the_past": _("A version ends after the day its end is published: write a later day."),
}


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a standard may not be published so. `code` is a key of SENTENCES; `details` name the place."""

    code: str
    details: tuple[tuple[str, str | int], ...]

    @property
    def words(self) -> str:
        """In the active language, with the place."""
        place = [f"v{value}" if key == "version" else str(value) for key, value in self.details]
        return f"{SENTENCES[self.code]} {' · '.join(place)}"


def amended(published: Iterable[StandardText], draft: Iterable[StandardText]) -> tuple[StandardText, ...]:
    """The rulebook with the draft's standards in the place of those that have their codes.

    Raises BadRulebook where two standards then demand the same kind of thing at once.
    """
    whole = {text.code: text for text in published}
    new = list(draft)
    check_together([*new, *(text for code, text in whole.items() if code not in {one.code for one in new})])
    whole.update((text.code, text) for text in new)
    return tuple(whole[code] for code in sorted(whole))


def changes(before: Iterable[StandardText], after: Iterable[StandardText]) -> dict[str, date]:
    """The codes of standards that demand something else, each with the first day on which it does."""
    old, new = ({text.code: text for text in book} for book in (before, after))
    found = {}
    for code in sorted({*old, *new}):
        days = list(_differing(old.get(code), new.get(code)))
        if days:
            found[code] = min(days)
    return found


def objections(
    published: Iterable[StandardText], draft: Iterable[StandardText], *, on: date
) -> Iterator[Objection]:
    """All that speaks against publishing the draft on a day; nothing: it may be published."""
    known = {text.code: text for text in published}
    for text in draft:
        old = known.get(text.code)
        if old is None:
            yield from _reaching_back(text, known.values(), on)
            continue
        for field in ("division_code", "occupation"):
            if getattr(old, field) != getattr(text, field):
                yield _objection("standard_changed", text, field=field.removesuffix("_code"))
        versions = {version.number: version for version in text.versions}
        for version in old.versions:
            new = versions.get(version.number)
            if new is None:
                yield _objection("version_missing", text, version=version.number)
            else:
                yield from _touched(text, version, new, on)
        numbers = {version.number for version in old.versions}
        for version in text.versions:
            if version.number not in numbers and version.in_force.starts_on <= on:
                yield _objection("begins_in_the_past", text, version=version.number)


def _touched(text: StandardText, old: VersionText, new: VersionText, on: date) -> Iterator[Objection]:
    """Of a published version only the missing end may be filled in, with a day to come."""
    until = new.in_force.until
    differences = {
        "in_force_from": old.in_force.starts_on != new.in_force.starts_on,
        "rules": old.rules != new.rules,
        "citation": old.citation != new.citation,
        "in_force_until": old.in_force.until is not None and old.in_force.until != until,
    }
    for field, differs in differences.items():
        if differs:
            yield _objection("version_changed", text, version=old.number, field=field)
    if old.in_force.until is None and until is not None and until <= on:
        yield _objection("ends_in_the_past", text, version=old.number)


def _reaching_back(text: StandardText, known: Iterable[StandardText], on: date) -> Iterator[Objection]:
    """A new standard of hours takes the place of a wider one's: only from a day to come."""
    wider = [
        version
        for other in known
        if other.occupation == text.occupation
        and other.division_code != text.division_code
        and contains(other.division_code, text.division_code)
        for version in other.versions
        if version.rules.needed_minutes
    ]
    for version in text.versions:
        starts_on, until = version.in_force.starts_on, version.in_force.until
        if not version.rules.needed_minutes or starts_on > on:
            continue
        past = Period(starts_on, min(until or date.max, on + timedelta(days=1)))
        if any(past.overlaps(one.in_force) for one in wider):
            yield _objection("begins_in_the_past", text, version=version.number)


def _differing(old: StandardText | None, new: StandardText | None) -> Iterator[date]:
    """Days from which the two do not demand the same."""
    place = [(text.division_code, text.occupation) for text in (old, new) if text]
    moved = len(set(place)) > 1
    before, after = ({v.number: v for v in text.versions} if text else {} for text in (old, new))
    for number in before.keys() | after.keys():
        pair = [version for version in (before.get(number), after.get(number)) if version]
        starts = [version.in_force.starts_on for version in pair]
        if len(pair) == 1 or moved or pair[0].rules != pair[1].rules or starts[0] != starts[1]:
            yield min(starts)
        elif pair[0].in_force != pair[1].in_force:
            yield min(version.in_force.until for version in pair if version.in_force.until)


def _objection(code: str, text: StandardText, **details: str | int) -> Objection:
    return Objection(code, (("standard", text.code), *details.items()))

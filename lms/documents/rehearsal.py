"""A rehearsal as data and as lines of text, piece by piece: it may be of a whole province."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from lms.documents.both import in_both
from lms.queries.rehearsal import Draft, Rehearsed
from lms.rules.cycles import Closed
from lms.rules.rehearsal import Place, Verdict
from lms.rules.rehearsal_counts import Counts
from registry.models import Division
from registry.rules.divisions import prefix_of

BEFORE, AFTER = pgettext_lazy("rehearsal", "before"), pgettext_lazy("rehearsal", "after")
ORDER = (Verdict.LOSES, Verdict.GAINS, Verdict.LATER, Verdict.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was rehearsed: a file, on a day, in a division or everywhere."""

    file: str
    draft: Draft
    day: date
    division: str | None

    @property
    def prefixes(self) -> tuple[str, ...] | None:
        return (prefix_of(self.division),) if self.division else None


def verdict_words(verdict: Verdict) -> str:
    """In the active language."""
    return {
        Verdict.LOSES: lambda: pgettext("rehearsal", "loses"),
        Verdict.GAINS: lambda: pgettext("rehearsal", "gains"),
        Verdict.LATER: lambda: pgettext("rehearsal", "from the next cycle"),
        Verdict.UNCHANGED: lambda: pgettext("rehearsal", "unchanged"),
    }[verdict]()


def json_pieces(asked: Asked, found: Iterable[Rehearsed]) -> Iterator[str]:
    """One JSON object: the draft, every person touched, then the counts of all, which are known last."""
    head = {
        "file": asked.file,
        "as_of": asked.day.isoformat(),
        "division": asked.division,
        "changes": [
            {"standard": code, "first_day": day.isoformat()} for code, day in asked.draft.changed.items()
        ],
        "objections": [
            {"code": one.code, **dict(one.details), "words": in_both(lambda one=one: one.words)}  # type: ignore[misc]
            for one in asked.draft.objections
        ],
    }
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "people": ['
    counts, mark = Counts(), "\n  "
    for one in found:
        counts.add(one.outcome, one.divisions)
        if one.outcome.verdict is not Verdict.UNCHANGED:
            yield mark + json.dumps(_person(one), ensure_ascii=False)
            mark = ",\n  "
    tail = {
        "counts": {"bound": counts.bound, **_numbers(counts.total)},
        "closed_cycles_moved": counts.cycles_moved,
        "divisions": [
            {"code": code, "name": name, "level": level, **_numbers(numbers)}
            for code, name, level, numbers in by_division(counts, asked.prefixes)
        ],
    }
    yield "\n ],\n" + json.dumps(tail, ensure_ascii=False, indent=1).removeprefix("{\n")


def by_division(
    counts: Counts, prefixes: tuple[str, ...] | None = None
) -> list[tuple[str, str, str, Counter[Verdict]]]:
    """(code, name, level, numbers), each division before those below it; of these prefixes, if given, for
    what lies above them was not counted whole. One query."""
    codes = [code for code in counts.by_division if prefixes is None or code.startswith(prefixes)]
    rows = Division.objects.filter(code__in=codes).order_by("code")
    return [(row.code, row.name, row.level, counts.by_division[row.code]) for row in rows]


def _numbers(numbers: Counter[Verdict]) -> dict[str, int]:
    return {verdict.value: numbers[verdict] for verdict in ORDER}


def _person(one: Rehearsed) -> dict[str, Any]:
    outcome = one.outcome
    return {
        "person": one.person,
        "occupation": outcome.occupation,
        "divisions": list(one.divisions),
        "verdict": outcome.verdict.value,
        "effects": [
            {**effect.as_json(), "words": in_both(lambda effect=effect: effect.words)}  # type: ignore[misc]
            for effect in outcome.effects
        ],
        "before": [_place(place) for place in outcome.before],
        "after": [_place(place) for place in outcome.after],
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "standard": place.standard_code,
        "version": place.version,
        "cycle": place.cycle,
        "starts_on": place.starts_on.isoformat(),
        "until": place.until.isoformat() if place.until else None,
        "state": place.state.value,
        "needed_minutes": place.needed,
        "counted_minutes": place.counted,
        "missing_minutes": place.missing,
    }


def text_lines(asked: Asked, found: Iterable[Rehearsed]) -> Iterator[str]:
    """The same for a terminal, in the active language; the counts stand last, where the eye is."""
    yield _("Rehearsal of %(file)s, as of %(day)s; nothing is written.") % {
        "file": asked.file,
        "day": asked.day,
    }
    for code, day in asked.draft.changed.items():
        yield _("%(code)s demands something else from %(day)s.") % {"code": code, "day": day}
    if not asked.draft.changed:
        yield _("The draft demands what is demanded already.")
    for objection in asked.draft.objections:
        yield _("It cannot be published so") + _(": ") + objection.words
    counts = Counts()
    for one in found:
        counts.add(one.outcome, one.divisions)
        if one.outcome.verdict is not Verdict.UNCHANGED:
            yield ""
            yield from _person_lines(one)
    yield ""
    yield from _table(counts, asked.prefixes)
    yield ""
    yield _("Closed cycles moved: %(number)s") % {"number": counts.cycles_moved}


def _person_lines(one: Rehearsed) -> Iterator[str]:
    outcome = one.outcome
    where = " ".join(one.divisions)
    yield f"{one.person}  {outcome.occupation}  {where}  {verdict_words(outcome.verdict)}"
    for word, places in ((BEFORE, outcome.before), (AFTER, outcome.after)):
        for place in places:
            yield f"    {word}" + _(": ") + place_words(place)
    for effect in outcome.effects:
        yield f"    · {effect.words}"


def place_words(place: Place) -> str:
    """One standing in one line, in the active language."""
    state = {
        Closed.OPEN: lambda: _("still running"),
        Closed.MET: lambda: _("met"),
        Closed.UNMET: lambda: _("ended without being met"),
    }[place.state]()
    words = _(
        "%(standard)s v%(version)s, cycle %(cycle)s (%(start)s – %(until)s), %(state)s; "
        "needed %(needed)s, counted %(counted)s, missing %(missing)s minutes"
    )
    return words % {
        "standard": place.standard_code,
        "version": place.version,
        "cycle": place.cycle,
        "start": place.starts_on,
        "until": place.until or "…",
        "state": state,
        "needed": place.needed,
        "counted": place.counted,
        "missing": place.missing,
    }


def _table(counts: Counts, prefixes: tuple[str, ...] | None) -> Iterator[str]:
    rows = [[_("Division"), "", *(verdict_words(verdict) for verdict in ORDER)]]
    rows += [
        [code, name, *(str(numbers[verdict]) for verdict in ORDER)]
        for code, name, _level, numbers in by_division(counts, prefixes)
    ]
    rows.append([_("In all"), "", *(str(counts.total[verdict]) for verdict in ORDER)])
    widths = [max(_wide(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        pads = [" " * (width - _wide(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = [
            cell + pad if place < 2 else pad + cell
            for place, (cell, pad) in enumerate(zip(row, pads, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)

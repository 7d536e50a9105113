"""花名册: from a sheet of text to people in post, and a reason for every row that is none.

A row is taken whole or not at all; the others go in. What is wrong with the file as a whole (merged
header, missing column) is refused before any row is looked at. Nothing here holds a number that a
list of errors could leak.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from core.days import Period, add_years, day_after
from registry.rules.day_text import read_day
from registry.rules.documents import DocumentKind, DocumentNumber, Sex, detect_kind, read
from registry.rules.names import PersonName, match_key, read_name
from registry.rules.roster_header import Header, find_header
from registry.rules.roster_refusals import CELL_REFUSALS, BadCell, BadRoster, RosterError
from registry.rules.roster_words import DOCUMENT_KIND_OF, NOTHING, OCCUPATION_OF, Field, word_key
from registry.rules.standard import Occupation
from registry.rules.table import Line, Table

MINIMUM_WORKING_AGE = 16  # Labour Law, article 15
EARLIEST_START = date(1950, 1, 1)
LEAVING_ENTERED_AHEAD = timedelta(days=90)  # a leaving may be entered this long before it happens
# Kinds whose numbers tell what they are; the others need to be named.
_SPEAKING = (
    DocumentKind.RESIDENT_ID,
    DocumentKind.HMT_RESIDENCE_PERMIT,
    DocumentKind.FOREIGN_PERMANENT_RESIDENCE,
)

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person in one post. `until` is the first day no longer in post: the day after 离职日期."""

    row: int
    name: PersonName
    document: DocumentNumber
    occupation: Occupation
    started_on: date
    until: date | None = None
    phone: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain data for sealed storage; `from_json` gives back an equal value."""
        data = asdict(self)
        data["document"]["birth_date"] = _day_text(self.document.birth_date)
        return {**data, "started_on": self.started_on.isoformat(), "until": _day_text(self.until)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> RosterRow:
        """The row that `as_json` wrote."""
        document = data["document"]
        return cls(
            row=data["row"],
            name=PersonName(**data["name"]),
            document=DocumentNumber(
                kind=DocumentKind(document["kind"]),
                number=document["number"],
                birth_date=_day(document["birth_date"]),
                sex=Sex(document["sex"]) if document["sex"] else None,
                division_code=document["division_code"],
            ),
            occupation=Occupation(data["occupation"]),
            started_on=date.fromisoformat(data["started_on"]),
            until=_day(data["until"]),
            phone=data["phone"],
        )

    @property
    def period(self) -> Period:
        """The days in post."""
        return Period(self.started_on, self.until)


@dataclass(frozen=True, slots=True)
class RosterPreview:
    """What would go in, what would not and why. `row_count` counts rows with text below the header."""

    rows: tuple[RosterRow, ...]
    errors: tuple[RosterError, ...]
    header: Header
    row_count: int


def preview(table: Table, *, on: date) -> RosterPreview:
    """Read a roster as of a day. Raises BadRoster when no row can be read."""
    header = find_header(table)
    lines = [line for line in table.lines if line.number > header.row and _says_something(line, header)]
    if not lines:
        raise BadRoster("no_rows")
    rows: list[RosterRow] = []
    errors: list[RosterError] = []
    for line in lines:
        reader = _RowReader(table, header, line, on)
        row = reader.read()
        errors += reader.errors
        if row is not None:
            rows.append(row)
    rows = _without_suspects(rows, errors, header)
    rows = _without_repeats(rows, errors, header)
    errors.sort(key=lambda error: (error.row, error.field))
    return RosterPreview(tuple(rows), tuple(errors), header, len(lines))


class _RowReader:
    """Reads one line cell by cell and gathers every error of it, not only the first."""

    def __init__(self, table: Table, header: Header, line: Line, on: date) -> None:
        self.table, self.header, self.line, self.on = table, header, line, on
        self.errors: list[RosterError] = []

    def read(self) -> RosterRow | None:
        """None if anything in the line is wrong."""
        name = self._cell(Field.NAME, read_name)
        document = self._document()
        occupation = self._cell(Field.OCCUPATION, _occupation)
        started_on = self._cell(Field.STARTED_ON, self._start)
        left_on = self._optional(Field.LEFT_ON, self._leaving)
        phone = self._optional(Field.PHONE, _phone)
        if started_on and left_on and left_on < started_on:
            self._refuse(Field.LEFT_ON, "order")
        born_on = document.birth_date if document else None
        if started_on and born_on and started_on < add_years(born_on, MINIMUM_WORKING_AGE):
            self._refuse(Field.STARTED_ON, "too_young")
        if self.errors or name is None or document is None or occupation is None or started_on is None:
            return None
        until = day_after(left_on) if left_on else None
        return RosterRow(self.line.number, name, document, occupation, started_on, until, phone or "")

    def _document(self) -> DocumentNumber | None:
        kind = self._optional(Field.DOCUMENT_KIND, _document_kind)
        if any(error.field is Field.DOCUMENT_KIND for error in self.errors):
            return None
        raw = self._text(Field.DOCUMENT_NUMBER)
        if raw and kind is None:
            kind = detect_kind(raw) or DocumentKind.RESIDENT_ID
            if kind not in _SPEAKING:
                self._refuse(Field.DOCUMENT_NUMBER, "kind_unsaid")
                return None
        return self._cell(
            Field.DOCUMENT_NUMBER, lambda text: read(kind or DocumentKind.RESIDENT_ID, text, on=self.on)
        )

    def _start(self, text: str) -> date:
        day = read_day(text)
        if day > self.on:
            raise BadCell("not_yet")
        if day < EARLIEST_START:
            raise BadCell("too_early")
        return day

    def _leaving(self, text: str) -> date:
        day = read_day(text)
        if day_after(day) > self.on + LEAVING_ENTERED_AHEAD:
            raise BadCell("leaving_far_ahead")
        return day

    def _cell(self, field: Field, reader: Callable[[str], Read]) -> Read | None:
        text = self._text(field)
        if not text:
            self._refuse(field, "merged" if self._is_merged(field) else "empty")
            return None
        return self._attempt(field, reader, text)

    def _optional(self, field: Field, reader: Callable[[str], Read]) -> Read | None:
        text = self._text(field)
        return None if word_key(text) in NOTHING else self._attempt(field, reader, text)

    def _attempt(self, field: Field, reader: Callable[[str], Read], text: str) -> Read | None:
        try:
            return reader(text)
        except CELL_REFUSALS as refusal:
            self._refuse(field, refusal.code)
            return None

    def _text(self, field: Field) -> str:
        return self.header.text_of(self.line, field)

    def _is_merged(self, field: Field) -> bool:
        column = self.header.columns[field]
        return any(merge.covers(self.line.number, column) for merge in self.table.merges)

    def _refuse(self, field: Field, code: str) -> None:
        self.errors.append(self.header.error(self.line.number, field, code))


def _without_suspects(rows: list[RosterRow], errors: list[RosterError], header: Header) -> list[RosterRow]:
    """Where Excel damaged one number it damaged the column: one in eleven still passes its check."""
    if not any(error.code == "lost_digits" for error in errors):
        return rows
    kept: list[RosterRow] = []
    for row in rows:
        if len(row.document.number) == 18 and row.document.number.endswith("000"):
            errors.append(header.error(row.row, Field.DOCUMENT_NUMBER, "lost_digits"))
        else:
            kept.append(row)
    return kept


def _without_repeats(rows: list[RosterRow], errors: list[RosterError], header: Header) -> list[RosterRow]:
    """One document is one person: a second name for it, or the same post again, is an error there."""
    kept: list[RosterRow] = []
    earlier: defaultdict[tuple[DocumentKind, str], list[RosterRow]] = defaultdict(list)
    for row in rows:
        before = earlier[row.document.kind, row.document.number]
        stranger = next((other for other in before if other.name.match_key != row.name.match_key), None)
        repeat = next(
            (o for o in before if o.occupation is row.occupation and o.period.overlaps(row.period)), None
        )
        if stranger:
            errors.append(header.error(row.row, Field.NAME, "other_name", stranger.row))
        elif repeat:
            errors.append(header.error(row.row, Field.DOCUMENT_NUMBER, "repeated", repeat.row))
        else:
            before.append(row)
            kept.append(row)
    return kept


def _says_something(line: Line, header: Header) -> bool:
    """A line whose known columns are all empty is a remark, and one that repeats the header is no person."""
    texts = {field: header.text_of(line, field) for field in header.columns}
    repeats = match_key(texts[Field.NAME]) == match_key(header.titles[Field.NAME])
    return any(texts.values()) and not repeats


def _occupation(text: str) -> Occupation:
    try:
        return OCCUPATION_OF[word_key(text)]
    except KeyError:
        raise BadCell("occupation") from None


def _document_kind(text: str) -> DocumentKind:
    try:
        return DOCUMENT_KIND_OF[word_key(text)]
    except KeyError:
        raise BadCell("document_kind") from None


def _phone(text: str) -> str:
    digits = "".join(char for char in text if char not in " -()（）\u3000").removeprefix("+86")
    if not (digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15):
        raise BadCell("phone")
    return digits


def _day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

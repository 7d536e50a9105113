"""Identity documents: one canonical number for one document, whatever was typed.

The canonical number is what is encrypted, hashed for search and compared. A 15-digit
resident ID becomes its 18-digit form and an 11-character Hong Kong or Macau travel permit
its lifelong nine, so that old and new spellings find the same person. Unknown county
codes are accepted: counties are founded and abolished, their people keep their numbers.
Source of the 18-digit form: GB 11643; docs/rules/documents.md says the rest.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused


class DocumentKind(StrEnum):
    """证件类型. The labels for people are `KIND_NAMES`."""

    RESIDENT_ID = "resident_id"
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit"
    FOREIGN_PERMANENT_RESIDENCE = "foreign_permanent_residence"
    PASSPORT = "passport"
    HMT_TRAVEL_PERMIT = "hmt_travel_permit"
    TAIWAN_TRAVEL_PERMIT = "taiwan_travel_permit"


class Sex(StrEnum):
    """As the document says it; the values are those of Person.Sex."""

    MALE = "M"
    FEMALE = "F"


KIND_NAMES: dict[DocumentKind, Promise | str] = {
    DocumentKind.RESIDENT_ID: _("Resident ID card"),
    DocumentKind.HMT_RESIDENCE_PERMIT: _("Residence permit for Hong Kong, Macau and Taiwan residents"),
    DocumentKind.FOREIGN_PERMANENT_RESIDENCE: _("Foreign permanent resident ID card"),
    DocumentKind.PASSPORT: _("Passport"),
    DocumentKind.HMT_TRAVEL_PERMIT: _("Mainland travel permit for Hong Kong and Macau residents"),
    DocumentKind.TAIWAN_TRAVEL_PERMIT: _("Mainland travel permit for Taiwan residents"),
}

# One sentence for each code; rows of a roster are explained with the same ones.
SENTENCES: dict[str, Promise | str] = {
    "empty": _("The document number is missing. Type it as it is printed on the document."),
    "kind": _("This number belongs to another kind of document. Choose the kind that is printed on it."),
    "length": _("The number has too many or too few characters. Compare it with the document."),
    "characters": _("The number contains a character that this kind of document cannot have."),
    "lookalike": _(
        "One character only looks like X: it is a Cyrillic or Greek letter or a multiplication sign. "
        "Type the last character again on a Latin keyboard."
    ),
    "checksum": _(
        "The last character does not fit the others, so one is mistyped. Compare it with the document."
    ),
    "birth_date": _("The birth date inside the number does not exist. Compare the number with the document."),
    "future": _("The birth date inside the number has not come yet. Compare the number with the document."),
    "lost_digits": _(
        "Excel has stored this number as an amount and lost its last digits. "
        "Format the column as text and type the number again from the document."
    ),
}


class BadDocument(Refused):
    """A document number that cannot be one. `code` is a key of SENTENCES; never carries the number."""

    def __init__(self, code: str, message: Any = None, **details: Any) -> None:
        super().__init__(code, SENTENCES[code] if message is None else message, **details)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A number that was read. What its kind does not tell is None.

    `division_code` is the county that first issued a resident ID: where its holder was
    registered then, not where she lives.
    """

    kind: DocumentKind
    number: str
    birth_date: date | None = None
    sex: Sex | None = None
    division_code: str | None = None

    def __repr__(self) -> str:
        # A repr ends in logs and error pages; the number must not.
        return f"DocumentNumber({self.kind.value}, {masked(self.number)})"


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
HMT_DIVISIONS = ("810000", "820000", "830000")
EARLIEST_BIRTH_YEAR = 1900

_X_LOOKALIKES = frozenset("ХхΧχ×✕✖✗✘╳⨯")
_AMOUNT = re.compile(r"\d+\.?\d*E\+\d+|\d+\.\d*(E\d+)?")
_EIGHTEEN = re.compile(r"\d{17}[\dX]", re.ASCII)
_OLD_RESIDENT = re.compile(r"\d{15}", re.ASCII)
_OLD_FOREIGN = re.compile(r"[A-Z]{3}\d{12}", re.ASCII)
_HMT_TRAVEL = re.compile(r"[HM]\d{8}(\d{2})?", re.ASCII)
_TAIWAN_TRAVEL = re.compile(r"\d{8}", re.ASCII)
_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{5,12}", re.ASCII)


def check_character(first_seventeen: str) -> str:
    """The eighteenth character of an 18-digit number: ISO 7064 MOD 11-2."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def normalise(kind: DocumentKind | str, raw: str) -> str:
    """The bare characters of a number: half-width, upper case, no spaces, dashes or invisible ones.

    Does not judge whether they are a number of that kind; `read` does.
    Raises BadDocument: empty, lookalike.
    """
    DocumentKind(kind)
    kept: list[str] = []
    for char in unicodedata.normalize("NFKC", raw):
        category = unicodedata.category(char)
        if char.isspace() or category in ("Cf", "Pd") or char == "\N{MINUS SIGN}":
            continue
        if char in _X_LOOKALIKES:
            raise BadDocument("lookalike")
        kept.append(char)
    # Excel's mark for “this is text” sometimes travels along with the text.
    number = "".join(kept).lstrip("'’`").upper()
    if not number:
        raise BadDocument("empty")
    return number


def read(kind: DocumentKind | str, raw: str, *, on: date | None = None) -> DocumentNumber:
    """Read a number as a document of this kind; acts hand in the day they happen `on`.

    Without `on` a birth date in the future is not noticed. Raises BadDocument.
    """
    kind = DocumentKind(kind)
    number = normalise(kind, raw)
    if _AMOUNT.fullmatch(number):
        raise BadDocument("lost_digits")
    match kind:
        case DocumentKind.RESIDENT_ID:
            return _read_resident(number, on)
        case DocumentKind.HMT_RESIDENCE_PERMIT:
            return _read_hmt_residence(number, on)
        case DocumentKind.FOREIGN_PERMANENT_RESIDENCE:
            return _read_foreign(number, on)
        case DocumentKind.PASSPORT:
            return DocumentNumber(kind, _shaped(number, _PASSPORT, range(5, 13)))
        case DocumentKind.HMT_TRAVEL_PERMIT:
            # Cards issued before 2013 print two more digits: how often the card was renewed.
            return DocumentNumber(kind, _shaped(number, _HMT_TRAVEL, (9, 11))[:9])
        case DocumentKind.TAIWAN_TRAVEL_PERMIT:
            return DocumentNumber(kind, _shaped(number, _TAIWAN_TRAVEL, (8,)))


def detect_kind(raw: str) -> DocumentKind | None:
    """The most likely kind by shape alone; None when the shape is nobody's.

    A suggestion for a form or a roster without a kind column: a foreign passport may be
    shaped like a travel permit, so what a person chose goes before what was detected.
    """
    try:
        number = normalise(DocumentKind.RESIDENT_ID, raw)
    except BadDocument:
        return None
    if _AMOUNT.fullmatch(number):
        return DocumentKind.RESIDENT_ID
    if _EIGHTEEN.fullmatch(number):
        if number[0] == "9":
            return DocumentKind.FOREIGN_PERMANENT_RESIDENCE
        return DocumentKind.HMT_RESIDENCE_PERMIT if number[:6] in HMT_DIVISIONS else DocumentKind.RESIDENT_ID
    for shape, kind in (
        (_OLD_RESIDENT, DocumentKind.RESIDENT_ID),
        (_OLD_FOREIGN, DocumentKind.FOREIGN_PERMANENT_RESIDENCE),
        (_HMT_TRAVEL, DocumentKind.HMT_TRAVEL_PERMIT),
        (_TAIWAN_TRAVEL, DocumentKind.TAIWAN_TRAVEL_PERMIT),
        (_PASSPORT, DocumentKind.PASSPORT),
    ):
        if shape.fullmatch(number):
            return kind
    return None


def masked(number: str) -> str:
    """For eyes without the duty to know: '530*************1X'.

    The first three characters say no more than the province and a group of prefectures, the
    last two let a clerk tell two rows apart; the birth date, which with a name identifies,
    is hidden whole. Short numbers show one and two characters, tiny ones none.
    """
    if len(number) < 6:
        return "*" * len(number)
    head = 3 if len(number) >= 15 else 1
    return number[:head] + "*" * (len(number) - head - 2) + number[-2:]


def _read_resident(number: str, on: date | None) -> DocumentNumber:
    if _OLD_RESIDENT.fullmatch(number):
        longer = f"{number[:6]}19{number[6:]}"
        number = longer + check_character(longer)
    _demand_eighteen(number)
    if number[0] == "9" or number[:6] in HMT_DIVISIONS:
        raise BadDocument("kind")
    return _read_eighteen(DocumentKind.RESIDENT_ID, number, on, division=number[:6])


def _read_hmt_residence(number: str, on: date | None) -> DocumentNumber:
    _demand_eighteen(number)
    if number[:6] not in HMT_DIVISIONS:
        raise BadDocument("kind")
    return _read_eighteen(DocumentKind.HMT_RESIDENCE_PERMIT, number, on, division=number[:6])


def _read_foreign(number: str, on: date | None) -> DocumentNumber:
    kind = DocumentKind.FOREIGN_PERMANENT_RESIDENCE
    if len(number) == 15:
        # The card of 2004 and 2017: its six birth digits have no century, so no date is read.
        return DocumentNumber(kind, _shaped(number, _OLD_FOREIGN, (15,)))
    _demand_eighteen(number)
    if number[0] != "9":
        raise BadDocument("kind")
    return _read_eighteen(kind, number, on, division=None)


def _demand_eighteen(number: str) -> None:
    if len(number) != 18:
        raise BadDocument("length", length=len(number), expected=18)
    if not _EIGHTEEN.fullmatch(number) or number[0] == "0":
        raise BadDocument("characters")


def _read_eighteen(kind: DocumentKind, number: str, on: date | None, division: str | None) -> DocumentNumber:
    if number[17] != check_character(number[:17]):
        # A cell of Excel holds fifteen digits: the last three of an ID come back as zeros.
        raise BadDocument("lost_digits" if number.endswith("000") else "checksum")
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadDocument("birth_date") from None
    if birth.year < EARLIEST_BIRTH_YEAR:
        raise BadDocument("birth_date")
    if on is not None and birth > on:
        raise BadDocument("future")
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return DocumentNumber(kind, number, birth, sex, division)


def _shaped(number: str, shape: re.Pattern[str], lengths: range | tuple[int, ...]) -> str:
    if len(number) not in lengths:
        raise BadDocument("length", length=len(number), expected=list(lengths))
    if not shape.fullmatch(number):
        raise BadDocument("characters")
    return number

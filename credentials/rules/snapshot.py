"""What a certificate says, in its own words, for ever: the text that is signed.

Canonical JSON: keys sorted, no white space, UTF-8, integers and strings only. For such
values it is what RFC 8785 (JCS) gives. A reader of a later version reads this one too;
a text this release does not wholly understand is refused, never half read.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

KIND = "yuzheng/certificate"
VERSION = 1


class BadSnapshot(ValueError):
    """The bytes are not a certificate's canonical text. The message names what is wrong."""


@dataclass(frozen=True, slots=True)
class HourLine:
    """Minutes counted in one category, and the category's name as printed."""

    category: str
    title: str
    minutes: int

    def __post_init__(self) -> None:
        if not isinstance(self.category, str) or not isinstance(self.title, str):
            raise BadSnapshot("a category is not text")
        if type(self.minutes) is not int or self.minutes < 0:
            raise BadSnapshot(f"minutes of {self.category}: {self.minutes!r} is not a count")


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Everything printed on the certificate, as it was on the day of issue.

    `number` and `verify_code` are compact (no spaces). `document_tail` is the last four
    characters of the identity document. `minutes` are all that counted toward it; `hours` break
    them down. Categories of different axes overlap, so the lines need not add up to `minutes`.
    `valid_until` is the first invalid day. `replaces` is the number of the edition before, or None.
    """

    number: str
    verify_code: str
    edition: int
    replaces: str | None
    title: str
    title_en: str
    holder_name: str
    masked_name: str
    document_tail: str
    occupation: str
    occupation_title: str
    occupation_title_en: str
    standard_code: str
    standard_version: int
    standard_title: str
    citation: str
    minutes: int
    class_hour_minutes: int
    hours: tuple[HourLine, ...]
    cycle_starts_on: date
    issued_on: date
    valid_from: date
    valid_until: date
    authority: str
    division_code: str
    facility: str = ""

    def __post_init__(self) -> None:
        for name in (
            "number",
            "verify_code",
            "title",
            "holder_name",
            "masked_name",
            "authority",
            "standard_title",
        ):
            if not getattr(self, name):
                raise BadSnapshot(f"{name} is empty")
        for name in ("edition", "standard_version", "minutes", "class_hour_minutes"):
            if type(getattr(self, name)) is not int:
                raise BadSnapshot(f"{name} is not an integer")
        if self.class_hour_minutes < 1 or self.minutes < 0:
            raise BadSnapshot("minutes are not a count")
        if (self.edition == 1) != (self.replaces is None) or self.edition < 1:
            raise BadSnapshot("a later edition names what it replaces, the first one nothing")
        if self.valid_until <= self.valid_from:
            raise BadSnapshot("valid on no day")

    @property
    def class_hours(self) -> int:
        """Whole class hours; a started one is not counted."""
        return self.minutes // self.class_hour_minutes

    def canonical_bytes(self) -> bytes:
        """The text that is hashed, signed and attached; equal facts give equal bytes."""
        data = {name: getattr(self, name) for name in _NAMES} | {"type": KIND, "version": VERSION}
        data["hours"] = [
            {"category": line.category, "title": line.title, "minutes": line.minutes} for line in self.hours
        ]
        for name in _DAYS:
            data[name] = data[name].isoformat()
        text = json.dumps(
            data,
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
            allow_nan=False,
        )
        try:
            return text.encode()
        except UnicodeEncodeError as error:
            raise BadSnapshot(f"not Unicode text: {error.object[error.start : error.end]!r}") from error

    @property
    def sha256(self) -> str:
        """64 hexadecimal digits over `canonical_bytes`."""
        return hashlib.sha256(self.canonical_bytes()).hexdigest()

    @classmethod
    def from_bytes(cls, raw: bytes) -> CertificateFacts:
        """The facts again; `from_bytes(b).canonical_bytes() == b`. Raises BadSnapshot."""
        try:
            data = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise BadSnapshot("not JSON") from error
        if not isinstance(data, dict) or data.pop("type", None) != KIND:
            raise BadSnapshot("not a certificate")
        version = data.pop("version", None)
        if version != VERSION:
            raise BadSnapshot(f"version {version!r} is unknown to this release")
        facts = cls(**_values(data))
        if facts.canonical_bytes() != bytes(raw):
            raise BadSnapshot("not in canonical form")
        return facts


_DAYS = tuple(field.name for field in fields(CertificateFacts) if field.type == "date")
_NAMES = frozenset(field.name for field in fields(CertificateFacts))
_TEXTS = frozenset(field.name for field in fields(CertificateFacts) if field.type == "str")


def _values(data: dict[str, Any]) -> dict[str, Any]:
    for name in sorted(_NAMES ^ data.keys()):
        raise BadSnapshot(f"{name} is {'missing' if name in _NAMES else 'unknown'}")
    for name in sorted(_TEXTS):
        if not isinstance(data[name], str):
            raise BadSnapshot(f"{name} is not text")
    if not isinstance(data["replaces"], str | None):
        raise BadSnapshot("replaces is not text")
    try:
        days = {name: date.fromisoformat(data[name]) for name in _DAYS}
        hours = tuple(HourLine(**line) for line in data["hours"])
    except (TypeError, ValueError) as error:
        raise BadSnapshot(str(error)) from error
    return data | days | {"hours": hours}

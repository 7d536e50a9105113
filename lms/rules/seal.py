"""The seal of lines of the ledger, of duties and contests: one digest, kept by the act that wrote them.

The audit chain holds the seals. Whoever rules the database can edit, delete or add a line;
then no seal on the chain fits it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

# All that a line says, in this order. A later field goes to the end, with a seal of another version.
SEALED = (
    "public_id",
    "person_id",
    "kind",
    "minutes",
    "content",
    "channel",
    "topic",
    "source_class",
    "happened_on",
    "recorded_at",
    "recorded_by",
    "title",
    "source_key",
    "reverses_id",
    "note",
    "confirmed_by_id",
)

SEALED_DUTY = (
    "public_id",
    "person_id",
    "facility_id",
    "what",
    "kind",
    "done_on",
    "edition",
    "source",
    "reference",
    "about_id",
    "note",
    "recorded_at",
    "recorded_by",
)

SEALED_STEP = (
    "public_id",
    "contest_id",
    "kind",
    "division_id",
    "answer_before",
    "words",
    "remedy_id",
    "happened_at",
    "by_id",
)


def seal(lines: Iterable[Sequence[Any]]) -> str:
    """64 hexadecimal digits over the lines' sealed values, in the order given."""
    digest = hashlib.sha256()
    for line in lines:
        text = json.dumps([_plain(value) for value in line], separators=(",", ":"), ensure_ascii=False)
        digest.update(text.encode("utf-8", "surrogatepass"))
        digest.update(b"\n")
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    """As the database gives it back: the same moment in any time zone, the same day from either engine."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value

"""What one asks the audit."""

from __future__ import annotations

from dataclasses import dataclass

from audit.acts import digest_of
from audit.models import ChainHead, Entry


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold."""

    sequence: int
    why: str


def broken_links(*, most: int = 20) -> list[Break]:
    """Walk the whole chain in order; at most `most` breaks, none when it is whole."""
    breaks: list[Break] = []
    expected, digest = 1, "0" * 64
    for entry in Entry.objects.order_by("sequence").iterator(chunk_size=5000):
        if entry.sequence != expected:
            breaks.append(Break(entry.sequence, f"entry {expected} is missing"))
            expected = entry.sequence
            digest = entry.previous_digest
        if entry.previous_digest != digest:
            breaks.append(Break(entry.sequence, "does not follow the entry before it"))
        if digest_of(entry) != entry.digest:
            breaks.append(Break(entry.sequence, "was edited"))
        digest = entry.digest
        expected += 1
        if len(breaks) >= most:
            return breaks
    head = ChainHead.objects.get(pk=1)
    if head.sequence != expected - 1 or head.digest != digest:
        breaks.append(Break(head.sequence, "the end of the chain was cut or added to"))
    return breaks

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


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end of the chain as it was once seen, kept where whoever rules the database does not."""

    sequence: int
    digest: str


def end_of_chain() -> Checkpoint:
    """Worth keeping only if `broken_links` found none."""
    head = ChainHead.objects.get(pk=1)
    return Checkpoint(head.sequence, head.digest)


def broken_links(*, most: int = 20, since: Checkpoint | None = None) -> list[Break]:
    """Walk the whole chain in order; at most `most` breaks, none when it is whole and leads by `since`.

    A chain that was cut, or written anew from some entry on, holds by itself: only `since` tells.
    """
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
        if since is not None and entry.sequence == since.sequence and entry.digest != since.digest:
            breaks.append(Break(entry.sequence, "is not the entry that the checkpoint saw"))
        digest = entry.digest
        expected += 1
        if len(breaks) >= most:
            return breaks
    if since is not None and since.sequence >= expected:
        breaks.append(Break(since.sequence, "the chain does not reach its checkpoint any more"))
    return [*breaks, *_broken_end(expected - 1, digest)]


def _broken_end(sequence: int, digest: str) -> list[Break]:
    """Whether the chain ends with the entry that was walked last; acts may have gone on meanwhile."""
    head = ChainHead.objects.filter(pk=1).first()
    if head is None:
        return [Break(sequence, "the end of the chain is lost")]
    if head.sequence > sequence:
        whole = Entry.objects.filter(sequence=sequence + 1, previous_digest=digest).exists()
    else:
        whole = (head.sequence, head.digest) == (sequence, digest)
    return [] if whole else [Break(head.sequence, "the end of the chain was cut or added to")]

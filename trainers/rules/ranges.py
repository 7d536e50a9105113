"""Which bytes of a file a browser asks for: one range of RFC 9110, as a player seeks in a film."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` to before `end`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


class Unsatisfiable(ValueError):
    """A range that begins after the end of the file: 416."""


def read_range(header: str, size: int) -> Span | None:
    """The span asked for; None when the whole file is the answer (no, several or senseless ranges).

    Raises Unsatisfiable.
    """
    match = _ONE.fullmatch(header.strip())
    if match is None:
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    if not first:  # the last so many bytes
        length = min(int(last), size)
        if length == 0:
            raise Unsatisfiable(header)
        return Span(size - length, size)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise Unsatisfiable(header)
    return Span(start, min(int(last) + 1, size) if last else size)

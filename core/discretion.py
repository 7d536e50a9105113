"""What an error may say in a log or a row: enough to mend it, and nothing of whom it was about.

A database names the whole row that it refuses ("DETAIL: Failing row contains (…)"): names, numbers, evidence.
"""

from __future__ import annotations

import logging
import re
from types import TracebackType

_DETAIL = re.compile(r"^(?:DETAIL|CONTEXT|HINT):.*$\n?", re.MULTILINE)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def told(error: BaseException) -> str:
    """Its class and the first line of its message."""
    first, _newline, _rest = str(error).strip().partition("\n")
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


class DiscreetFormatter(logging.Formatter):
    """Tracebacks without the rows that a database quotes."""

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the name the standard library calls
        return _DETAIL.sub("", super().formatException(ei))

"""Everything that can be re-derived, re-derived: each room offers its own check."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from audit.queries import broken_links
from core import clock


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that is not what it should be."""

    check: str
    subject: str
    why: str


def checks() -> dict[str, Callable[[], Iterable[Any]]]:
    """Name → a function that yields problems with `subject` and `why`."""
    from credentials.queries import verify_all_certificates
    from lms.queries import verify_all_ledgers
    from trainers.proof import verify_all_materials

    return {
        "audit": lambda: (Mismatch("audit", str(link.sequence), link.why) for link in broken_links()),
        "certificates": lambda: verify_all_certificates(on=clock.today()),
        "ledgers": verify_all_ledgers,
        "materials": verify_all_materials,
    }


def mismatches() -> list[Mismatch]:
    """All of them, over all checks."""
    return [
        Mismatch(name, str(problem.subject), str(problem.why))
        for name, check in checks().items()
        for problem in check()
    ]

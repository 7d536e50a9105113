"""Everything that can be re-derived, re-derived: each room offers its own check.

The end of the audit chain is kept in a file beside the database (`keep_checkpoint`), since whoever rules the
database can cut the chain and join it again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings

from audit.queries import Checkpoint, broken_links, end_of_chain
from core import clock


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that is not what it should be."""

    check: str
    subject: str
    why: str


def checks() -> dict[str, Callable[[], Iterable[Any]]]:
    """Name → a function that yields problems with `subject` and `why`."""
    from credentials.queries import verify_all_acts, verify_all_certificates
    from lms.proof import verify_all_ledgers
    from registry.queries import verify_merges
    from trainers.proof import verify_all_materials

    return {
        "audit": _audit,
        "certificates": lambda: chain(verify_all_certificates(on=clock.today()), verify_all_acts()),
        "ledgers": verify_all_ledgers,
        "materials": verify_all_materials,
        "merges": verify_merges,
    }


def _audit() -> Iterable[Mismatch]:
    try:
        since = kept_checkpoint()
    except (ValueError, TypeError) as error:
        yield Mismatch("audit", str(_file()), f"the checkpoint cannot be read: {error}")
        since = None
    for link in broken_links(since=since):
        yield Mismatch("audit", str(link.sequence), link.why)


def _file() -> Path:
    path: Path = settings.VAR / "audit-checkpoint.json"
    return path


def kept_checkpoint() -> Checkpoint | None:
    """What `keep_checkpoint` left; None if it never did. Raises ValueError, TypeError."""
    return Checkpoint(**json.loads(_file().read_text())) if _file().exists() else None


def keep_checkpoint() -> None:
    """Remember the end of the chain. Only after `mismatches` named nothing of the audit."""
    whole = _file().with_suffix(".new")
    whole.write_text(json.dumps(asdict(end_of_chain())))
    whole.replace(_file())


def mismatches() -> list[Mismatch]:
    """All of them, over all checks."""
    return [
        Mismatch(name, str(problem.subject), str(problem.why))
        for name, check in checks().items()
        for problem in check()
    ]

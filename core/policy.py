"""The policy table: which kind of account may enter which route.

Each room lists its routes in `policy.py`; `config.policy` gathers them with the frameworks' own.
The table is the coarse door: the middleware enforces it before any view runs, and a route
without a line is closed. The fine door (which division, facility, person) is in the query:
a line with `placed=True` says that the same kind from another place is refused there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table. `allow` holds kinds of account; `why` is demanded for public lines."""

    allow: frozenset[str]
    placed: bool = False
    why: str = ""
    any_account: bool = False

    @property
    def public(self) -> bool:
        return VISITOR in self.allow

    def admits(self, kinds: frozenset[str]) -> bool:
        """True if an account of these kinds (empty: a visitor) may enter."""
        if self.public:
            return True
        if self.any_account and kinds:
            return True
        return bool(self.allow & kinds)


def everyone(*, why: str) -> Line:
    """Open without signing in; the reason is part of the line."""
    if not why:
        raise ValueError("a public route needs its reason")
    return Line(allow=frozenset({VISITOR}), why=why)


def signed_in(*, placed: bool = False, why: str = "") -> Line:
    """Any account."""
    return Line(allow=frozenset(), placed=placed, why=why, any_account=True)


def only(*kinds: str, placed: bool = False, why: str = "") -> Line:
    """These kinds of account and no other; `placed`: and only for what lies in their place."""
    if not kinds:
        raise ValueError("a line that admits nobody is a dead route")
    return Line(allow=frozenset(str(kind) for kind in kinds), placed=placed, why=why)


def gather(*tables: Mapping[str, Line]) -> dict[str, Line]:
    """One table. Raises ValueError when two rooms claim one route."""
    whole: dict[str, Line] = {}
    for table in tables:
        for route, line in table.items():
            if route in whole:
                raise ValueError(f"route {route} has two lines")
            whole[route] = line
    return whole

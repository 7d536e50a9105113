"""Numbers that pass every check and belong to nobody: for demonstrations and tests.

The division code 530199 (and 99 at the end of any county block) was never issued, so no
resident ID and no credit code of a real holder can be equal to one made here.
"""

from __future__ import annotations

from datetime import date

from registry.rules.documents import check_character

UNISSUED = "99"


def synthetic_resident_id(division: str, birth: date, sequence: int) -> str:
    """An 18-digit ID; `sequence` 1–999, odd for a man. Raises ValueError for a division people live in."""
    refuse_issued(division)
    if not 1 <= sequence <= 999:
        raise ValueError(f"a sequence is 1 to 999, not {sequence}")
    first = f"{division}{birth:%Y%m%d}{sequence:03}"
    return first + check_character(first)


def is_synthetic(number: str) -> bool:
    """True for an 18-digit number of a division that was never issued."""
    return len(number) == 18 and number[4:6] == UNISSUED


def refuse_issued(division: str) -> None:
    """Raise ValueError unless the six-digit code is one that no division bears."""
    if len(division) != 6 or not (division.isascii() and division.isdigit()):
        raise ValueError("a division code has six digits")
    if division[4:] != UNISSUED or division[2:4] in ("00", "99"):
        raise ValueError(
            f"{division} may be issued to people; use a code ending in {UNISSUED}, such as 530199"
        )

"""统一社会信用代码 (GB 32100): the eighteen characters every organisation has.

The check character is python-stdnum's; the shape is ours, because stdnum refuses the letters that
the standard allows in the first two places (village collectives are N1…).
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from core.refusals import Refused
from registry.rules.synthetic import refuse_issued

_ALPHABET = "0-9A-HJ-NPQRTUWXY"  # without I, O, S, V, Z, which look like digits and U
_SHAPE = re.compile(rf"[1-9A-HJ-NPQRTUWXY][{_ALPHABET}][0-9]{{6}}[{_ALPHABET}]{{10}}", re.ASCII)
_AMOUNT = re.compile(r"\d+\.?\d*E\+\d+|\d+\.\d*(E\d+)?")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

SENTENCES: dict[str, Promise | str] = {
    "empty": _(
        "The unified social credit code is missing. It is printed on the licence of the organisation."
    ),
    "length": _("A unified social credit code has 18 characters. Compare it with the licence."),
    "characters": _(
        "A unified social credit code has digits and capital letters, never I, O, S, V or Z: "
        "those are 1, 0, 5, U and 2. Compare it with the licence."
    ),
    "checksum": _(
        "The last character does not fit the others, so one is mistyped. Compare it with the licence."
    ),
    "lost_digits": _(
        "Excel has stored this code as an amount and lost its last digits. "
        "Format the column as text and type the code again from the licence."
    ),
}


class BadCreditCode(Refused):
    """A text that is no credit code. `code` is a key of SENTENCES."""

    def __init__(self, code: str, **details: int) -> None:
        super().__init__(code, SENTENCES[code], **details)


def normalise(raw: str) -> str:
    """Half-width capitals without spaces, dashes or invisible characters. Raises BadCreditCode: empty."""
    kept = [
        char
        for char in unicodedata.normalize("NFKC", raw)
        if not char.isspace() and unicodedata.category(char) not in ("Cf", "Pd")
    ]
    code = "".join(kept).lstrip("'").upper()
    if not code:
        raise BadCreditCode("empty")
    return code


def read(raw: str) -> str:
    """The canonical code. Raises BadCreditCode; county codes inside it are not looked up."""
    code = normalise(raw)
    if _AMOUNT.fullmatch(code):
        raise BadCreditCode("lost_digits")
    if len(code) != 18:
        raise BadCreditCode("length", length=len(code))
    if not _SHAPE.fullmatch(code):
        raise BadCreditCode("characters")
    if code[-1] != uscc.calc_check_digit(code[:-1]):
        raise BadCreditCode("lost_digits" if code.isdigit() and code.endswith("000") else "checksum")
    return code


def synthetic_credit_code(division: str, serial: int) -> str:
    """A valid code of a private non-enterprise unit (52) in a division never issued; `serial` 0–99,999,999.

    Raises ValueError for a division that organisations are registered in.
    """
    refuse_issued(division)
    if not 0 <= serial <= 99_999_999:
        raise ValueError(f"a serial has at most eight digits, not {serial}")
    number = f"{serial:08}"
    total = sum(int(digit) * weight for digit, weight in zip(number, _ORGANISATION_WEIGHTS, strict=True))
    first = f"52{division}{number}{'0123456789X'[(11 - total % 11) % 11]}"
    return first + uscc.calc_check_digit(first)

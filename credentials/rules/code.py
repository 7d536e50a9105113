"""验证码: 12 random symbols (59 bits) that open the public page of one certificate.

With a million live codes and a thousand guesses a second the first hit takes 25 years.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from core.alphabet import VALUES, forgive
from core.ids import random_symbols
from core.refusals import Refused

LENGTH = 12
GROUP = 4

# Somebody may paste the whole address that the camera showed.
_IN_ADDRESS = re.compile(r"^\s*https?://[^/]+/c/([^/?#]+)", re.IGNORECASE)


def new_code() -> str:
    """A code nobody can guess. Uniqueness is the database's to hold."""
    return random_symbols(LENGTH)


def grouped(code: str) -> str:
    """As it is printed: `4K7P 0QXM 9ATB`."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def parse_code(text: str) -> str:
    """The code a person typed or pasted, spaces, dashes, case and look-alikes forgiven.

    Raises Refused with code `code_empty`, `code_length` or `code_symbol`.
    """
    address = _IN_ADDRESS.match(text)
    typed = forgive(address[1] if address else text)
    if not typed:
        raise Refused(
            "code_empty",
            _("Type the 12-character code that stands beside the QR code."),
        )
    strange = next((symbol for symbol in typed if symbol not in VALUES), None)
    if strange is not None:
        raise Refused(
            "code_symbol",
            _("A code has digits and Latin letters only. Compare it with the certificate."),
            symbol=strange,
        )
    if len(typed) != LENGTH:
        raise Refused(
            "code_length",
            _("A code has 12 digits and letters. Compare it with the certificate."),
            length=len(typed),
        )
    return typed

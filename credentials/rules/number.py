"""证书编号: `53 26 B 0012345 K`, public and countable; it opens nothing.

Province of GB/T 2260 (2 digits), year of issue (2 digits), letter of the occupation,
serial of that province, year and letter (7 digits), check character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.alphabet import VALUES, check_character, forgive
from core.refusals import Refused

LENGTH = 13
LAST_SERIAL = 9_999_999
CENTURY = 2000

# 负责人, 保育人员, 卫生保健, 安保: the initial of each word that people say.
LETTERS = {"director": "F", "caregiver": "B", "health": "W", "security": "A"}

_FORM = re.compile(r"([1-9]\d)(\d{2})([A-Z])(\d{7})([0-9A-Z])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Number:
    """The parts of a certificate number. `year` is the full year, 2000 to 2099."""

    province: str
    year: int
    letter: str
    serial: int

    @property
    def prefix(self) -> str:
        """What has one series of serials: `5326B`."""
        return f"{self.province}{self.year - CENTURY:02d}{self.letter}"

    @property
    def compact(self) -> str:
        """The 13 symbols that are stored and compared."""
        body = f"{self.prefix}{self.serial:07d}"
        return body + check_character(body)


def series(*, province: str, year: int, letter: str) -> str:
    """The key of a series of serials, `5326B`. Raises ValueError for parts no number can have."""
    return _number(province, year, letter, 1).prefix


def format_number(*, province: str, year: int, letter: str, serial: int) -> str:
    """The 13 symbols of a new number. Raises ValueError for parts no number can have."""
    return _number(province, year, letter, serial).compact


def grouped(compact: str) -> str:
    """As it is printed: `53 26 B 0012345 K`."""
    return " ".join((compact[:2], compact[2:4], compact[4:5], compact[5:12], compact[12:]))


def parse_number(text: str) -> Number:
    """The number a person typed, spaces, dashes, case and look-alikes forgiven.

    Raises Refused with code `number_empty`, `number_length`, `number_form` or `number_check`.
    """
    typed = forgive(text)
    if not typed:
        raise Refused(
            "number_empty",
            _("Type the certificate number as it is printed on the certificate."),
        )
    if len(typed) != LENGTH:
        raise Refused(
            "number_length",
            _("A certificate number has 13 digits and letters. Compare it with the certificate."),
            length=len(typed),
        )
    form = _FORM.fullmatch(typed)
    if form is None or form[3] not in VALUES or form[5] not in VALUES or int(form[4]) == 0:
        raise Refused(
            "number_form",
            _("This is not how a certificate number is built. It looks like 53 26 B 0012345 K."),
        )
    if check_character(typed[:-1]) != typed[-1]:
        raise Refused(
            "number_check",
            _("One character of the certificate number is wrong. Compare it with the certificate."),
        )
    return Number(form[1], CENTURY + int(form[2]), form[3], int(form[4]))


def _number(province: str, year: int, letter: str, serial: int) -> Number:
    if not re.fullmatch(r"[1-9]\d", province, re.ASCII):
        raise ValueError(f"{province!r} is not the code of a province")
    if not CENTURY <= year < CENTURY + 100:
        raise ValueError(f"{year} is not a year that a number can say")
    if len(letter) != 1 or letter not in VALUES or letter.isdigit():
        raise ValueError(f"{letter!r} is not a letter of the alphabet")
    if not 1 <= serial <= LAST_SERIAL:
        raise ValueError(f"{serial} is not a serial of seven digits")
    return Number(province, year, letter, serial)

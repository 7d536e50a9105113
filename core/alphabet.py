"""The 31 symbols that people read aloud, type and copy from paper, and their check character.

The symbols and the weights are those of GB 32100: digits and capital letters without
I, O, S, V and Z, weight 3^i modulo 31. The check character is always one of the 31. For texts of
up to 14 symbols it finds every single wrong symbol, every swap of neighbours and of
next-but-one neighbours, and every twin (AA for BB); of two independent errors it misses about 1 in 31.
"""

from __future__ import annotations

import unicodedata

from core.ids import SYMBOLS

BASE = len(SYMBOLS)
VALUES = {symbol: value for value, symbol in enumerate(SYMBOLS)}

# What a hand writes or an eye reads for a symbol that the alphabet leaves out.
LOOKALIKES = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}

# Characters between groups: they carry nothing.
_SEPARATORS = frozenset("-_.·・/,")


class UnknownSymbol(ValueError):
    """A character outside the 31. `symbol` names it, `position` counts from 1."""

    def __init__(self, symbol: str, position: int) -> None:
        super().__init__(f"{symbol!r} at position {position} is not one of the 31 symbols")
        self.symbol = symbol
        self.position = position


def check_character(text: str) -> str:
    """The symbol that belongs behind `text`. Raises UnknownSymbol."""
    total, weight = 0, 1
    for position, symbol in enumerate(text, start=1):
        if symbol not in VALUES:
            raise UnknownSymbol(symbol, position)
        total += VALUES[symbol] * weight
        weight = weight * 3 % BASE
    return SYMBOLS[-total % BASE]


def checks(text: str) -> bool:
    """True if the last symbol of `text` is the check character of those before it."""
    return len(text) > 1 and all(s in VALUES for s in text) and check_character(text[:-1]) == text[-1]


def forgive(text: str) -> str:
    """What the person who typed `text` meant: NFKC, upper case, without spaces, dashes, dots and slashes.

    I is read as 1, O as 0, S as 5, Z as 2 and V as U, because none of the five is ever printed.
    Other characters stay, so that a refusal can name them.
    """
    kept = []
    for char in _plain(text):
        category = unicodedata.category(char)
        if (
            char.isspace()
            or category in ("Cf", "Cc", "Pd")
            or char in _SEPARATORS
            or char == "\N{MINUS SIGN}"
        ):
            continue
        kept.append(LOOKALIKES.get(char, char))
    return "".join(kept)


def _plain(text: str) -> str:
    # Upper case can undo the normal form, so it comes between two of them.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())

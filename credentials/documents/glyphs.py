"""Which characters the certificate can be printed with: asked before a name is accepted, not after."""

from __future__ import annotations

import unicodedata
from functools import cache

from fontTools.ttLib import TTFont

from credentials.documents.fonts import FILES, NAME_FACE, TEXT_FACE


@cache
def characters(family: str) -> frozenset[int]:
    """The code points a vendored font draws. Private ones do not count: nobody agrees on their shape."""
    with TTFont(FILES[family], lazy=True) as font:
        return frozenset(point for point in font.getBestCmap() if unicodedata.category(chr(point)) != "Co")


def undrawable(text: str) -> list[str]:
    """The characters of `text` that no vendored font can draw, each once, in order. Empty: all can.

    A line break, a tab and every other control character count as undrawable: a name has none.
    """
    return [
        char
        for char in dict.fromkeys(text)
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        or not any(ord(char) in characters(family) for family in FILES)
    ]


def faces_for(name: str) -> tuple[str, ...]:
    """Fonts for a person's name, the first one that can draw all of it in front.

    A name is set in one hand wherever one font has all its characters; only if none has do two share it.
    """
    points = {ord(char) for char in name}
    for family in (NAME_FACE, TEXT_FACE):
        if points <= characters(family):
            return (family, *(other for other in FILES if other != family))
    return tuple(FILES)

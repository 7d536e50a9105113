"""Colours and type of drawn media: the identity of the platform, outside the browser."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

Colour = tuple[int, int, int]

JADE: Colour = (0x0F, 0x6B, 0x5C)
DEEP_JADE: Colour = (0x0A, 0x4A, 0x40)
APRICOT: Colour = (0xE0, 0x8A, 0x2E)
AMBER: Colour = (0x8A, 0x5A, 0x00)
INK: Colour = (0x1B, 0x24, 0x30)
PAPER: Colour = (0xFF, 0xFF, 0xFF)
MIST: Colour = (0xF6, 0xF8, 0xF7)
MINT: Colour = (0xD9, 0xEA, 0xE5)
HAIRLINE: Colour = (0xD5, 0xDD, 0xDA)

NO_LINE_START = "，。；：！？、）》”’」』%·,.;:!?)"
NO_LINE_END = "（《“‘「『("


def hexadecimal(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file; `index` picks it inside a collection."""

    path: Path
    index: int
    family: str

    def sized(self, pixels: int) -> ImageFont.FreeTypeFont:
        return _sized(self.path, self.index, pixels)


@cache
def _sized(path: Path, index: int, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), pixels, index=index)


@cache
def face_of(path: Path) -> Face:
    """The face of the file; of a collection, the one for Simplified Chinese. Raises OSError if unreadable."""
    first = Face(path, 0, _family(path, 0))
    if path.suffix.lower() not in (".ttc", ".otc"):
        return first
    index = 1
    while True:
        try:
            family = _family(path, index)
        except OSError:  # past the last face
            return first
        if family.endswith(" SC") and " Mono " not in family:
            return Face(path, index, family)
        index += 1


def _family(path: Path, index: int) -> str:
    return str(ImageFont.truetype(str(path), 16, index=index).getname()[0])


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Break text into lines of at most `width` pixels; none begins with a closing mark."""
    lines: list[str] = []
    line = ""
    for part in _parts(text):
        if line and font.getlength(line + part.rstrip()) > width:
            carried = ""
            if part[0] in NO_LINE_START or line[-1] in NO_LINE_END:
                line, carried = line[:-1], line[-1]
            lines.append(line.rstrip())
            line = carried + part.lstrip()
        else:
            line += part
    return [*lines, line.rstrip()] if line.strip() else lines


def titled(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """A title in lines of about equal length, broken before “and” where that fits."""
    lines = wrapped(text, font, width)
    if len(lines) == 2:
        for link in ("与", "和"):
            head, found, tail = text.partition(link)
            if found and head and max(font.getlength(head), font.getlength(link + tail)) <= width:
                return [head, link + tail]
    narrow = width
    while len(lines) > 1 and len(tighter := wrapped(text, font, narrow - font.size)) == len(lines):
        narrow -= font.size
        lines = tighter
    return lines


def _parts(text: str) -> list[str]:
    """Ideographs one by one, words of other scripts whole with the blank that follows."""
    parts: list[str] = []
    for character in text:
        glued = parts and ord(character) < 0x2E80 and ord(parts[-1][-1]) < 0x2E80 and parts[-1][-1] != " "
        if glued:
            parts[-1] += character
        else:
            parts.append(character)
    return parts

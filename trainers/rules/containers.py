"""Is a film or document whole? Its own table of contents says how long it should be.

A player shows a cut film until it stops; a learner would lose minutes there. So a file that ends before
its last box, segment or end mark is refused at the door.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from trainers.rules.forms import MP4, PDF, WEBM, Form, Unfit

MOST_BOXES = 100_000
_SEGMENT = b"\x18\x53\x80\x67"
_TAIL_BYTES = 2048


def demand_whole(file: BinaryIO, *, size: int, form: Form) -> None:
    """Raises Unfit("damaged") for a file that says it is longer than `size` bytes, or has no end."""
    if form is MP4:
        whole = _boxes_fit(file, size)
    elif form is WEBM:
        whole = _segment_fits(file, size)
    elif form is PDF:
        file.seek(max(0, size - _TAIL_BYTES))
        whole = b"%%EOF" in file.read(_TAIL_BYTES)
    else:
        return  # the decoder of pictures and the directory of a ZIP know by themselves
    if not whole:
        raise Unfit("damaged")


def _boxes_fit(file: BinaryIO, size: int) -> bool:
    """MP4: boxes of a length and a name, end to end, among them one with the index and one with the film."""
    place = 0
    names: set[bytes] = set()
    for _number in range(MOST_BOXES):
        if place == size:
            return b"moov" in names and bool({b"mdat", b"moof"} & names)
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            return False
        length = int(struct.unpack(">I", head[:4])[0])
        least = 8
        if length == 1:
            if len(head) < 16:
                return False
            length, least = int(struct.unpack(">Q", head[8:16])[0]), 16
        elif length == 0:  # until the end of the file
            length = size - place
        if length < least or place + length > size:
            return False
        names.add(head[4:8])
        place += length
    return False


def _segment_fits(file: BinaryIO, size: int) -> bool:
    """WebM: the header, then one segment that ends inside the file (a recorder may leave its length open)."""
    file.seek(0)
    head = file.read(4096)
    place = 4
    header_length, used = _number(head, place)
    if header_length is None:
        return False
    place += used + header_length
    while head[place : place + 1] == b"\xec":  # padding
        length, used = _number(head, place + 1)
        if length is None:
            return False
        place += 1 + used + length
    if head[place : place + 4] != _SEGMENT:
        return False
    length, used = _number(head, place + 4)
    if used == 0:
        return False
    return length is None or place + 4 + used + length <= size


def _number(data: bytes, place: int) -> tuple[int | None, int]:
    """An EBML length and how many bytes it took; None for “unknown”, (None, 0) for nonsense."""
    if place >= len(data) or data[place] == 0:
        return None, 0
    width = 9 - data[place].bit_length()
    raw = data[place : place + width]
    if len(raw) < width:
        return None, 0
    value = int.from_bytes(raw, "big") & ((1 << 7 * width) - 1)
    return (None if value == (1 << 7 * width) - 1 else value), width

"""The QR code of a certificate: text, modules, and their drawing as SVG or PNG.

The text is an address in capitals, so that a symbol of the alphanumeric mode costs 5.5 bits:
`HTTPS://HOST/C/4K7P0QXM9ATB` fits version 2 or 3. The offline issue appends `#` and digits; those
take one byte and the numeric mode, as segments of their own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from itertools import groupby
from urllib.parse import urlsplit

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, MODE_NUMBER, QRData

QUIET_ZONE = 4  # modules of paper that the standard wants on every side

Matrix = Sequence[Sequence[bool]]

# A change of mode costs up to 18 bits: worth it for long runs only.
_ALNUM = r"[0-9A-Z $%*+\-./:]"
_LONG_RUNS = re.compile(rf"([0-9]{{16,}}|{_ALNUM}{{16,}})")


def qr_text(base_url: str, code: str) -> str:
    """The address of a certificate's public page, in capitals. `base_url` is scheme, host and port.

    Raises ValueError for a base with a path, a query or anything that capitals would change.
    """
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(f"{base_url!r} is not the address of a site")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"{base_url!r} has more than scheme, host and port; only those may be in capitals")
    return f"{parts.scheme}://{parts.netloc}/C/{code}".upper()


def qr_matrix(text: str, *, mask: int | None = None) -> Matrix:
    """The modules, True is dark, without quiet zone; error correction M.

    `mask` None lets the standard's penalty decide (tries all eight).
    Raises ValueError for empty text; qrcode's DataOverflowError if it does not fit version 40.
    """
    if not text:
        raise ValueError("an empty QR code says nothing")
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
    for segment in _LONG_RUNS.split(text):
        if segment:
            code.add_data(QRData(segment.encode(), mode=_mode(segment)))
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.modules)


def _mode(segment: str) -> int:
    if re.fullmatch("[0-9]+", segment):
        return int(MODE_NUMBER)
    return int(MODE_ALPHA_NUM if re.fullmatch(f"{_ALNUM}+", segment) else MODE_8BIT_BYTE)


def qr_path(matrix: Matrix, *, offset: int = 0) -> str:
    """One SVG path for all dark modules, a rectangle for each run in a row; unit: one module."""
    runs = []
    for y, row in enumerate(matrix, start=offset):
        x = offset
        for dark, same in groupby(row):
            length = sum(1 for _ in same)
            if dark:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return "".join(runs)


def qr_svg(
    matrix: Matrix,
    *,
    quiet: int = QUIET_ZONE,
    dark: str = "#000",
    light: str | None = "#fff",
    title: str = "",
) -> str:
    """A whole SVG document, scaled by whoever places it. `light` None leaves the ground as it is."""
    side = len(matrix) + 2 * quiet
    ground = "" if light is None else f'<path fill="{light}" d="M0 0h{side}v{side}h-{side}z"/>'
    name = ""
    if title:
        escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        name = f"<title>{escaped}</title>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"'
        f"{' role=' + chr(34) + 'img' + chr(34) if title else ''}>{name}{ground}"
        f'<path fill="{dark}" d="{qr_path(matrix, offset=quiet)}"/></svg>'
    )


def qr_png(matrix: Matrix, *, quiet: int = QUIET_ZONE, module_pixels: int = 8) -> bytes:
    """A black and white PNG with `module_pixels` pixels a module."""
    side = len(matrix)
    picture = Image.new("1", (side + 2 * quiet, side + 2 * quiet), 1)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + quiet, y + quiet), 0)
    scaled = picture.resize(
        (picture.width * module_pixels, picture.height * module_pixels), Image.Resampling.NEAREST
    )
    sink = io.BytesIO()
    scaled.save(sink, "PNG", optimize=True)
    return sink.getvalue()

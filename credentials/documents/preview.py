"""A picture of the certificate for a screen; what is printed and filed is the PDF."""

from __future__ import annotations

import io

from PIL import Image

from credentials.documents.certificate import compile_page
from credentials.rules.snapshot import CertificateFacts

PPI = 144.0  # 1191 by 1684 pixels: sharp on a phone, and its QR code still scans
COLOURS = 64  # a quarter of the bytes of true colour, for a page that has a dozen inks


def preview(facts: CertificateFacts, qr_text: str, *, demonstration: bool = False, ppi: float = PPI) -> bytes:
    """The page as a PNG of about 250 kB at the usual size. Raises CannotDraw."""
    drawn = compile_page(facts, qr_text, demonstration=demonstration, format="png", ppi=ppi)
    sink = io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(sink, "PNG", optimize=True)
    return sink.getvalue()

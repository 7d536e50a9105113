"""A picture of the certificate for a screen; what is printed and filed is the PDF."""

from __future__ import annotations

from credentials.documents.certificate import compile_page
from credentials.rules.snapshot import CertificateFacts

PPI = 144.0  # 1191 by 1684 pixels: sharp on a phone, and its QR code still scans


def preview(facts: CertificateFacts, qr_text: str, *, demonstration: bool = False, ppi: float = PPI) -> bytes:
    """The page as PNG. Raises CannotDraw."""
    return compile_page(facts, qr_text, demonstration=demonstration, format="png", ppi=ppi)

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image

from credentials.documents.certificate import CannotDraw
from credentials.documents.preview import preview
from credentials.documents.qr import qr_text
from tests.credentials.examples import CAREGIVER, facts

QR = qr_text("http://127.0.0.1:8000", CAREGIVER.verify_code)


def test_the_picture_is_the_page_at_144_dots_and_light_enough_for_a_phone() -> None:
    raw = preview(CAREGIVER, QR)
    with Image.open(io.BytesIO(raw)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1191, 1684))
    assert len(raw) < 400_000


@pytest.mark.parametrize("ppi", [72.0, 144.0])
def test_its_code_scans_from_the_screen(ppi: float) -> None:
    with Image.open(io.BytesIO(preview(CAREGIVER, QR, ppi=ppi))) as picture:
        (found,) = zxingcpp.read_barcodes(picture.convert("RGB"))
    assert found.text == QR


def test_a_demonstration_is_seen() -> None:
    # The red of the watermark lies where a real certificate is plain paper.
    def reds(demonstration: bool) -> int:
        with Image.open(io.BytesIO(preview(CAREGIVER, QR, demonstration=demonstration, ppi=72))) as picture:
            pixels = picture.convert("RGB").crop((60, 480, 300, 600)).tobytes()
        return sum(pixels[at] - pixels[at + 2] > 40 for at in range(0, len(pixels), 3))

    assert reds(False) < reds(True)


def test_a_name_that_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(CannotDraw):
        preview(facts(holder_name="𬞞"), QR)

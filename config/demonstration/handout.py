"""A4 handouts set by Typst, in the largest type at which they fit one page."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

import typst
from PIL import Image
from pypdf import PdfReader

from config.demonstration.content import DemoBlock
from config.demonstration.palette import AMBER, APRICOT, INK, JADE, MIST, PAPER, face_of, hexadecimal
from config.demonstration.pictograms import figure

TEMPLATE = Path(__file__).with_name("handout.typ")
SIZES = (
    14.0,
    13.5,
    13.0,
    12.5,
    12.0,
    11.5,
    11.0,
    10.5,
    10.0,
)  # points, the last one on as many pages as it takes


def make_pdf(
    title: str,
    blocks: Sequence[DemoBlock],
    path: Path,
    *,
    font: Path,
    topic: str,
    course: str,
    basis: Sequence[str],
) -> int:
    """Write a tagged PDF (PDF/UA-1) and answer its pages. A character the font lacks is an error."""
    face = face_of(font)
    said = {
        "title": title,
        "course": course,
        "basis": list(basis),
        "blocks": [asdict(block) for block in blocks],
        "family": face.family,
        "colours": {
            "jade": hexadecimal(JADE),
            "apricot": hexadecimal(APRICOT),
            "amber": hexadecimal(AMBER),
            "ink": hexadecimal(INK),
            "mist": hexadecimal(MIST),
        },
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(TEMPLATE, root / TEMPLATE.name)
        Image.merge("RGBA", [*Image.new("RGB", (320, 320), PAPER).split(), figure(topic, 320)]).save(
            root / "figure.png"
        )
        for size in SIZES:
            (root / "handout.json").write_text(json.dumps(said | {"size": size}, ensure_ascii=False), "utf-8")
            made = typst.compile(
                root / TEMPLATE.name,
                root=root,
                font_paths=[font.parent],
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
            )
            pages = len(PdfReader(BytesIO(made)).pages)
            if pages == 1:
                break
    path.write_bytes(made)
    return pages

"""The printed certificate: frozen facts in, A4 PDF/A-3b out, with the signed text attached.

Typst sets it from `certificate.typ`. Only the vendored fonts are used, and PDF/A makes a
character that none of them has an error, so nothing is ever printed with an empty box. The
same arguments give the same bytes.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Literal

import typst

from credentials.documents import fonts, guilloche, words
from credentials.documents.glyphs import faces_for, undrawable
from credentials.documents.qr import qr_matrix, qr_svg
from credentials.rules import code, number
from credentials.rules.snapshot import CertificateFacts

TEMPLATE = Path(__file__).with_name("certificate.typ")
ATTACHMENT = "certificate.json"

_turn = threading.Lock()
_compiler: typst.Compiler | None = None
_lame = False


class CannotDraw(ValueError):
    """Some text of the certificate has characters that no vendored font can draw; `characters` names them."""

    def __init__(self, characters: list[str]) -> None:
        super().__init__("no font draws " + ", ".join(f"{char!r} U+{ord(char):04X}" for char in characters))
        self.characters = characters


def render(facts: CertificateFacts, qr_text: str, *, demonstration: bool = False) -> bytes:
    """The certificate as PDF/A-3b, one A4 page; `certificate.json` inside is `facts.canonical_bytes()`.

    With `demonstration` it says across its face that it is worth nothing. Raises CannotDraw.
    """
    return compile_page(facts, qr_text, demonstration=demonstration, format="pdf")


def compile_page(
    facts: CertificateFacts,
    qr_text: str,
    *,
    demonstration: bool,
    format: Literal["pdf", "png"],
    ppi: float | None = None,
) -> bytes:
    """The page in one of two formats; see `render` and `preview`.

    Raises RuntimeError in a process that was forked from one that had rendered before.
    """
    if _lame:
        raise RuntimeError("this process was forked after its parent had rendered; render in a fresh process")
    missing = undrawable("".join(_texts(facts)))
    if missing:
        raise CannotDraw(missing)
    matrix = qr_matrix(qr_text)
    page = _page(facts, qr_text) | {"modules": len(matrix), "demonstration": demonstration}
    inputs = {
        "page": json.dumps(page, ensure_ascii=False),
        "frame": guilloche.frame(),
        "qr": qr_svg(matrix, quiet=0, light=None),
        "snapshot": facts.canonical_bytes().decode(),
    }
    with _turn:
        made = _this_compiler().compile(
            format=format,
            ppi=ppi,
            sys_inputs=inputs,
            pdf_standards=["a-3b"] if format == "pdf" else [],
        )
    if not isinstance(made, bytes):
        raise AssertionError("a certificate is one page")
    return made


def _this_compiler() -> typst.Compiler:
    """One per process: reading the fonts costs more than setting the page."""
    global _compiler  # noqa: PLW0603 - a process has one, and makes it when it first needs it
    if _compiler is None:
        _compiler = typst.Compiler(
            str(TEMPLATE),
            root=str(TEMPLATE.parent),
            font_paths=[str(fonts.FOLDER)],
            ignore_system_fonts=True,
        )
    return _compiler


def _mark_lame() -> None:
    """A forked child has its parent's compiler without its threads: using it would wait for ever."""
    global _lame  # noqa: PLW0603
    _lame = _lame or _compiler is not None


os.register_at_fork(after_in_child=_mark_lame)


def _texts(facts: CertificateFacts) -> list[str]:
    return [
        facts.holder_name, facts.title, facts.title_en, facts.occupation_title, facts.occupation_title_en,
        facts.standard_title, facts.citation, facts.authority, facts.facility, facts.document_tail,
        *(line.title for line in facts.hours),
    ]  # fmt: skip


def _page(facts: CertificateFacts, qr_text: str) -> dict[str, object]:
    """Everything the template prints, already in words."""
    last = words.last_day(facts.valid_until)
    return {
        "title": facts.title,
        "title_en": facts.title_en,
        "name": facts.holder_name,
        "name_faces": list(faces_for(facts.holder_name)),
        "tail": facts.document_tail,
        "occupation": facts.occupation_title,
        "facility": facts.facility,
        "standard": facts.standard_title,
        "standard_version": facts.standard_version,
        "citation": facts.citation,
        "hours_in_words": words.number(facts.class_hours),
        "hours_in_digits": str(facts.class_hours),
        "hours": [
            {"title": line.title, "hours": words.hours(line.minutes, facts.class_hour_minutes)}
            for line in facts.hours
        ],
        "class_hour_minutes": facts.class_hour_minutes,
        "cycle_from": words.day(facts.cycle_starts_on),
        "cycle_to": words.day(facts.issued_on),
        "valid_from": words.day_in_digits(facts.valid_from),
        "valid_to": words.day_in_digits(last),
        "issued_on": words.day(facts.issued_on),
        "issued_date": [facts.issued_on.year, facts.issued_on.month, facts.issued_on.day],
        "authority": facts.authority,
        "number": number.grouped(facts.number),
        "code": code.grouped(facts.verify_code),
        "address": qr_text.partition("#")[0].lower().rpartition("/c/")[0] + "/C/",
        "edition": facts.edition,
        "replaces": number.grouped(facts.replaces) if facts.replaces else None,
        "english": _english(facts),
    }


def _english(facts: CertificateFacts) -> str:
    post = f" for the post of {facts.occupation_title_en}" if facts.occupation_title_en else ""
    return (
        f"This is to certify that the person named above completed {facts.class_hours} class hours "
        f"({facts.class_hour_minutes} minutes each) of training{post} "
        f"between {words.day_in_english(facts.cycle_starts_on)} and {words.day_in_english(facts.issued_on)}. "
        f"Valid from {words.day_in_english(facts.valid_from)} "
        f"to {words.day_in_english(words.last_day(facts.valid_until))}, both days included."
    )
